"""The structure tree of a document we set ourselves (ISO 32000-1 14.7): what a screen reader goes by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """An element with kids, or one marked run of a page (`page` and `mark` counted from 0).

    `across` and `down` are how many columns and rows a cell spans. A TH heads its columns.
    """

    role: str
    kids: tuple[Tag, ...] = ()
    page: int = 0
    mark: int | None = None
    across: int = 1
    down: int = 1


def write_structure(pdf: Pdf, document: Tag) -> None:
    """Put the tree below the catalog, and on every page the way back from its marks to it (14.7.4.4)."""
    pages = [page.obj for page in pdf.pages]
    owners: list[dict[int, Any]] = [{} for _ in pages]
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    tree.K = _element(pdf, document, tree, pages, owners)
    entries: list[Any] = []
    for number, (page, marks) in enumerate(zip(pages, owners, strict=True)):
        page.StructParents = number
        entries += [number, pdf.make_indirect(Array([marks[mark] for mark in range(len(marks))]))]
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(entries)))
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _element(pdf: Pdf, tag: Tag, parent: Any, pages: list[Any], owners: list[dict[int, Any]]) -> Any:
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{tag.role}"), P=parent))
    attributes: dict[str, Any] = {"/Scope": Name.Column} if tag.role == "TH" else {}
    attributes |= {name: spans for name, spans in (("/ColSpan", tag.across), ("/RowSpan", tag.down)) if spans > 1}
    if attributes:
        element.A = Dictionary({"/O": Name.Table, **attributes})
    if tag.mark is None:
        element.K = Array([_element(pdf, kid, element, pages, owners) for kid in tag.kids])
    else:
        element.K, element.Pg = tag.mark, pages[tag.page]
        owners[tag.page][tag.mark] = element
    return element
