"""Walks the page tree (ISO 32000-1 7.7.3) of an opened file within bounds."""

from __future__ import annotations

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from parsers.fields import dictionary, listed
from parsers.refusals import no_pages, tangled, too_many_pages

MOST_PAGES = 100
_DEEPEST = 32


def pages_of(reader: PdfReader) -> tuple[DictionaryObject, ...]:
    """List the page dictionaries in order. Unreadable for no page, more than 100 pages, or a cycle."""
    pages: list[DictionaryObject] = []
    seen: set[int] = set()
    waiting: list[tuple[object, int]] = [(reader.root_object.get("/Pages"), 0)]
    while waiting:
        source, depth = waiting.pop()
        node = dictionary(source)
        if node is None:
            continue
        if id(node) in seen or depth > _DEEPEST:
            raise tangled()
        seen.add(id(node))
        if "/Kids" not in node:
            pages.append(node)
        # Kids are counted before they are read: a long list costs nothing but its length.
        elif len(kids := listed(node["/Kids"])) + len(pages) > MOST_PAGES:
            raise too_many_pages(MOST_PAGES)
        else:
            waiting.extend((kid, depth + 1) for kid in reversed(kids))
        if len(pages) > MOST_PAGES:
            raise too_many_pages(MOST_PAGES)
    if not pages:
        raise no_pages()
    return tuple(pages)
