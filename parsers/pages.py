"""Walks the page tree (ISO 32000-1 7.7.3) of an opened file within bounds."""

from __future__ import annotations

from pikepdf import Object, Pdf

from parsers.objects import dictionary, listed
from parsers.refusals import no_pages, tangled, too_many_pages

MOST_PAGES = 100
_DEEPEST = 32


def pages_of(pdf: Pdf) -> tuple[Object, ...]:
    """List the page dictionaries in order. Unreadable for no page, more than 100 pages, or a cycle."""
    pages: list[Object] = []
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[object, int]] = [(pdf.Root.get("/Pages"), 0)]
    while waiting:
        source, depth = waiting.pop()
        node = dictionary(source)
        if node is None:
            continue
        if node.objgen in seen or depth > _DEEPEST:
            raise tangled()
        if node.is_indirect:
            seen.add(node.objgen)
        if "/Kids" not in node:
            pages.append(node)
        # Kids are counted before they are read: a long list costs nothing but its length.
        elif len(kids := listed(node.get("/Kids"))) + len(pages) > MOST_PAGES:
            raise too_many_pages(MOST_PAGES)
        else:
            waiting.extend((kid, depth + 1) for kid in reversed(kids))
        if len(pages) > MOST_PAGES:
            raise too_many_pages(MOST_PAGES)
    if not pages:
        raise no_pages()
    return tuple(pages)
