"""A certificate drawn: words into the template, then border and code beneath the first page."""

from __future__ import annotations

import datetime as dt
import hashlib

from forms.artwork import dress
from forms.certificate import ATTACHMENT, CertificateContent, canonical_json
from forms.certificate_words import Texts, front, listing
from forms.errors import FormsError
from forms.face import published_face
from forms.guilloche import MM
from forms.qr import squares
from forms.render import Renderer
from forms.setting import set_text

# Left, bottom and side of the code on the first page, points.
_CODE = (49.0 * MM, 47.0 * MM, 26.0 * MM)
_ACROSS, _COLUMN = 236 * MM, 70 * MM


class Undrawable(FormsError):
    """The content has characters that no glyph of our pinned face draws."""

    hint = "Perbaiki ejaannya pada data kepegawaian atau kegiatan; pakai huruf Latin."


def draw(content: CertificateContent, renderer: Renderer) -> bytes:
    """See `forms.certificate.draw_certificate`."""
    said, listed = front(content), listing(content)
    _refuse_missing_glyphs((said, listed), renderer)
    face = published_face()
    attached = canonical_json(content)
    context = {
        "it": content,
        "said": said,
        "listed": listed,
        "name": set_text(content.name, face, room=_ACROSS, sizes=(28, 25, 22, 19, 17)),
        "position": set_text(content.position, face, room=_ACROSS, sizes=(10.5, 9.5, 9), most=1),
        "unit": set_text(content.unit, face, room=_ACROSS, sizes=(10.5, 9.5, 9), most=1),
        "official_position": set_text(said["official_position"][0], face, room=_COLUMN, sizes=(9.5, 9, 8.5)),
        "official_name": set_text(content.official_name, face, room=_COLUMN, sizes=(10, 9.5, 9)),
    }
    drawn = renderer.render(
        "certificate.html",
        context,
        sheets=("print.css", "certificate.css"),
        variant="pdf/a-3a",
        attachments={ATTACHMENT: attached},
        identifier=hashlib.sha256(attached).digest()[:16],
        moment=dt.datetime.combine(content.issued_on, dt.time(), dt.UTC),
    )
    left, bottom, side = _CODE
    return dress(drawn, squares(content.check_url, left=left, bottom=bottom, side=side))


def _refuse_missing_glyphs(pages: tuple[Texts, ...], renderer: Renderer) -> None:
    """A system's substitute font would look strange and differ from machine to machine."""
    text = "".join("".join(parts) for texts in pages for parts in texts.values())
    strange = published_face().missing(text.replace("\u00a0", " "))
    missing = [each for each in strange if not renderer.can_draw(each)]
    if missing:
        shown = " ".join(f"“{each}” (U+{ord(each):04X})" for each in missing)
        raise Undrawable(f"Sertifikat memuat huruf yang tidak dapat dicetak: {shown}.")
