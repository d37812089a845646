"""A certificate drawn: its words set on sheets, the border and the code beneath the first, made a document."""

from __future__ import annotations

from pikepdf import Dictionary, OutlineItem

from forms.archive import Describing, attach, describe
from forms.artwork import border
from forms.bound import Sheets, refuse_missing_glyphs, written
from forms.certificate import ATTACHMENT, CertificateContent, canonical_json
from forms.certificate_front import set_front
from forms.certificate_list import set_list
from forms.certificate_words import front, listing
from forms.guilloche import MM
from forms.letters import Letters
from forms.qr import squares
from forms.sheet import Ink
from forms.tags import Tag

# Left, bottom and side of the code on the first page, points.
_CODE = (49.0 * MM, 47.0 * MM, 26.0 * MM)


def draw(content: CertificateContent, letters: Letters) -> bytes:
    """See `forms.certificate.draw_certificate`."""
    said, listed = front(content), listing(content)
    refuse_missing_glyphs(
        (part for page in (said, listed) for texts in page.values() for part in texts), letters, what="Sertifikat"
    )
    sheets = Sheets()
    first = set_front(sheets.new(), said, letters)
    left, bottom, side = _CODE
    code = squares(content.check_url, left=left, bottom=bottom, side=side)
    sheets.all[0].beneath(b"/Border Do %s rg %s" % (Ink.NAVY.value.encode("ascii"), code))
    rest = set_list(listed, letters, sheets.new)
    pdf = sheets.bound(Tag(role="Document", kids=(first, rest)))
    pdf.pages[0].obj.Resources.XObject = Dictionary(Border=border(pdf))
    describe(pdf, Describing(title=f"Sertifikat {content.number}", author=content.agency, day=content.issued_on))
    attach(pdf, ATTACHMENT, canonical_json(content), content.issued_on)
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem(said["heading"][0], 0))
        outline.root.append(OutlineItem(listed["list"][0], 1))
    return written(pdf)
