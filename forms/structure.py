"""The structure tree reduced to what a screen reader needs: headings, paragraphs and fields, in reading order.

The renderer wraps every box and every run of text in an element of its own. Each is an object that has to be written
and checked again with every form; two thirds of them say nothing (ISO 32000-1 14.8.4).
"""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

_KEPT = frozenset({"/H1", "/H2", "/H3", "/P", "/Form"})
# Content belongs to one of these; a run of text that stands alone becomes a paragraph.
_BLOCKS = frozenset({"/Div", "/Span"})


def simplify_structure(pdf: Pdf) -> None:
    """Keep headings, paragraphs and form elements below one Document; the parent tree follows (14.7.4.4)."""
    tree = pdf.Root.StructTreeRoot
    document = tree.K[0] if isinstance(tree.K, Array) else tree.K
    document.K = Array(_kept(document, inside=False))
    owners: dict[int, Any] = {}
    for element in document.K:
        element.P = document
        owners.update({int(kid): element for kid in element.K if isinstance(kid, int)})
    marked = next(entry for entry in tree.ParentTree.Nums if isinstance(entry, Array))
    for mark in range(len(marked)):
        marked[mark] = owners[mark]


def _kept(element: Any, *, inside: bool) -> list[Any]:
    """The kids of `element` as they shall stand: block elements, or marks and references when `inside` a block."""
    kids: list[Any] = []
    for kid in element.K if isinstance(element.K, Array) else [element.K]:
        if isinstance(kid, int):
            kids.append(kid)
        elif str(kid.get("/Type")) == "/OBJR":
            kids.append(Dictionary({str(key): value for key, value in kid.items()}))  # direct: one object less
        elif "/K" in kid:
            kids += _kept_kid(kid, str(kid.S), inside=inside)
    return kids


def _kept_kid(kid: Any, role: str, *, inside: bool) -> list[Any]:
    block = not inside and (role in _KEPT or role in _BLOCKS)
    below = _kept(kid, inside=inside or block)
    if not block or not below:
        return below
    if role in _BLOCKS:
        kid.S = Name.P
    kid.K = Array(below)
    return [kid]


def drop_unused_resources(page: pikepdf.Page) -> None:
    """Remove resources that the page's content never names: fonts of fields that use ours now, empty categories."""
    said = set(b" ".join(part.read_bytes() for part in page.obj.Contents).split())
    for category in ("/Font", "/ColorSpace", "/Pattern", "/Shading", "/ExtGState"):
        if category not in page.obj.Resources:
            continue
        entries = page.obj.Resources[category]
        for name in list(entries.keys()):
            if name.encode() not in said:
                del entries[name]
        if not list(entries.keys()):
            del page.obj.Resources[category]
