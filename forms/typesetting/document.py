"""Sheets made a document: one set of fonts over all pages, a structure tree, the same sheets the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from forms.embedding import Embedding
from forms.errors import Undrawable
from forms.guilloche import HEIGHT, WIDTH
from forms.letters import Letters
from forms.sheet import Sheet
from forms.tags import Tag, write_structure


class Sheets:
    """The sheets of one document, in order; `new` gives the next."""

    def __init__(self) -> None:
        self.all: list[Sheet] = []
        self._embedding = Embedding()

    def new(self) -> Sheet:
        self.all.append(Sheet(self._embedding, number=len(self.all)))
        return self.all[-1]

    def bound(self, document: Tag) -> Pdf:
        """All of them as a PDF, A4 landscape, tagged."""
        pdf = Pdf.new()
        fonts = pdf.make_indirect(self._embedding.fonts(pdf))
        for sheet in self.all:
            page = Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, round(WIDTH, 2), round(HEIGHT, 2)]),
                Resources=Dictionary(Font=fonts),
                Contents=Stream(pdf, sheet.content()),
                Tabs=Name.S,
            )
            pdf.pages.append(Page(pdf.make_indirect(page)))
        write_structure(pdf, document)
        return pdf


def written(pdf: Pdf) -> bytes:
    """The bytes of a document of ours; what was put in alone decides them."""
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def refuse_missing_glyphs(texts: Iterable[str], letters: Letters, *, what: str) -> None:
    """Undrawable for a character the upright cuts lack: it would be an empty box. No name is set in italics."""
    text = "\n".join(texts)
    missing = dict.fromkeys([*letters.regular.missing(text), *letters.semibold.missing(text)])
    if missing:
        shown = " ".join(f"“{each}” (U+{ord(each):04X})" for each in missing)
        raise Undrawable(f"{what} memuat huruf yang tidak dapat dicetak: {shown}.")
