"""A certificate drawn: its words set on sheets, the border and the code beneath the first, made a document."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Page, Pdf, Stream

from forms.archive import Describing, attach, describe
from forms.artwork import border
from forms.certificate import ATTACHMENT, CertificateContent, canonical_json
from forms.certificate_front import set_front
from forms.certificate_list import set_list
from forms.certificate_words import Texts, front, listing
from forms.embedding import Embedding
from forms.errors import Undrawable
from forms.guilloche import HEIGHT, MM, WIDTH
from forms.letters import Letters
from forms.qr import squares
from forms.sheet import Ink, Sheet
from forms.tags import Tag, write_structure

# Left, bottom and side of the code on the first page, points.
_CODE = (49.0 * MM, 47.0 * MM, 26.0 * MM)


def draw(content: CertificateContent, letters: Letters) -> bytes:
    """See `forms.certificate.draw_certificate`."""
    said, listed = front(content), listing(content)
    _refuse_missing_glyphs((said, listed), letters)
    embedding = Embedding()
    sheets: list[Sheet] = []

    def new_sheet() -> Sheet:
        sheets.append(Sheet(embedding, number=len(sheets)))
        return sheets[-1]

    first = set_front(new_sheet(), said, letters)
    left, bottom, side = _CODE
    code = squares(content.check_url, left=left, bottom=bottom, side=side)
    sheets[0].beneath(b"/Border Do %s rg %s" % (Ink.NAVY.value.encode("ascii"), code))
    rest = set_list(listed, letters, new_sheet)
    pdf = Pdf.new()
    _add_pages(pdf, sheets, embedding)
    write_structure(pdf, Tag(role="Document", kids=(first, rest)))
    describe(pdf, Describing(title=f"Sertifikat {content.number}", author=content.agency, day=content.issued_on))
    attach(pdf, ATTACHMENT, canonical_json(content), content.issued_on)
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem(said["heading"][0], 0))
        outline.root.append(OutlineItem(listed["list"][0], 1))
    written = io.BytesIO()
    pdf.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _add_pages(pdf: Pdf, sheets: list[Sheet], embedding: Embedding) -> None:
    fonts = pdf.make_indirect(embedding.fonts(pdf))
    for sheet in sheets:
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(WIDTH, 2), round(HEIGHT, 2)]),
            Resources=Dictionary(Font=fonts),
            Contents=Stream(pdf, sheet.content()),
            Tabs=Name.S,
        )
        pdf.pages.append(Page(pdf.make_indirect(page)))
    pdf.pages[0].obj.Resources.XObject = Dictionary(Border=border(pdf))


def _refuse_missing_glyphs(pages: tuple[Texts, ...], letters: Letters) -> None:
    """No name is set in italics; what the upright cuts lack would be an empty box."""
    text = "\n".join("\n".join(parts) for texts in pages for parts in texts.values())
    missing = dict.fromkeys([*letters.regular.missing(text), *letters.semibold.missing(text)])
    if missing:
        shown = " ".join(f"“{each}” (U+{ord(each):04X})" for each in missing)
        raise Undrawable(f"Sertifikat memuat huruf yang tidak dapat dicetak: {shown}.")
