"""Holds every field's value against what its page shows: the signer saw the appearance, the reader reads the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pikepdf import Object, Pdf

from forms.appearance import FONT, appearance, shown_text
from forms.catalog import blank_bytes
from forms.face import published_face
from forms.fit import capacity
from forms.schema import Field, Form, Kind
from parsers.faces import face_digest, faces_of, is_standard, published_faces
from parsers.fields import Terminal
from parsers.likeness import shows
from parsers.opening import looking_into
from parsers.records import Problem
from parsers.redrawn import is_redrawn, redrawn_plainly
from parsers.sheet import NO_SHEETS, Sheets, sheets_of
from parsers.sight import out_of_sight
from parsers.stamps import over_printed_words
from parsers.streams import unpacked
from parsers.widgets import Place, box_of, is_signature, is_upright, places_of

if TYPE_CHECKING:
    from parsers.layout import Shown

_SLACK = 0.02  # points: boxes are written with two decimals, and two of them are subtracted here
_SMALLEST = 6.9
_AGAIN = "Isi ulang formulir kosong dengan aplikasi lain, atau isi langsung di layanan ini."
_SHORTER = "Isi ulang pada formulir baru, langsung di layanan ini atau dengan isi yang lebih pendek, agar tampak utuh."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """`found` and `stamps` are problems seen at once, `doubtful` places whose text has yet to be read from `sheets`."""

    found: tuple[Problem, ...]
    doubtful: tuple[Place, ...]
    sheets: Sheets
    stamps: tuple[Problem, ...]


def hidden_or_differing(pdf: bytes, form: Form) -> tuple[Problem, ...]:
    """List the fields whose value is not, not wholly, or not legibly what the page shows, in the order of the form.

    First the cheap exact test (the very drawing this service makes for the value, in the published font); only where
    it does not hold, the text is read from the drawing. Last come stamps over the form's own words. Codes:
    value_differs_from_appearance, too_long, altered_template.
    Unreadable as for `raw_answers`.
    """
    return looking_into(pdf, lambda opened: hidden_or_differing_in(opened, form))


def hidden_or_differing_in(
    opened: Pdf, form: Form, *, fields: tuple[Terminal, ...] | None = None
) -> tuple[Problem, ...]:
    """The same for a file already opened, and `fields` where they were walked before."""
    look = _look(opened, form, _faces_of_blank(form), places_of(opened, fields))
    found = list(look.found)
    if look.doubtful:
        # Reading printed text is slow to load and to run; forms filled by this service never come here.
        from parsers.layout import shown

        for place, each in zip(look.doubtful, shown(look.sheets), strict=True):
            found += _against_print(form.field(place.name), place, each)
    order = {each.name: number for number, each in enumerate(form.fields)}
    return (*sorted(dict.fromkeys(found), key=lambda each: order[each.field or ""]), *look.stamps)


@cache
def _faces_of_blank(form: Form) -> Mapping[str, str]:
    """A published blank never changes, so its fonts are read once."""
    return looking_into(blank_bytes(form), published_faces)


def _look(pdf: Pdf, form: Form, published: Mapping[str, str], everything: tuple[Place, ...]) -> _Look:
    names = {each.name for each in form.fields}
    places = [each for each in everything if each.name in names and not is_signature(each)]
    digests: dict[tuple[int, int], str] = {}
    redrawn = is_redrawn(pdf)
    found: list[Problem] = []
    doubtful: list[Place] = []
    for place in places:
        field = form.field(place.name)
        if place.value and out_of_sight(place, everything):
            found.append(_unseen(field))
        elif place.appearance is None:
            found += [_unseen(field)] if place.value else []
        elif place.moody or (
            redrawn and not redrawn_plainly(place.style, pdf, lambda font: _believed(font, published, digests))
        ):
            found.append(_unclear(field))
        elif _exact(place, form, published, digests):
            continue
        elif not all(_believed(font, published, digests) for font in faces_of(place.appearance).values()):
            found.append(_unclear(field))
        else:
            doubtful.append(place)
    return _Look(
        found=tuple(found),
        doubtful=tuple(doubtful),
        sheets=sheets_of(doubtful, pdf) if doubtful else NO_SHEETS,
        stamps=over_printed_words(pdf, form),
    )


def _exact(place: Place, form: Form, published: Mapping[str, str], digests: dict[tuple[int, int], str]) -> bool:
    """Tell whether the drawing is byte for byte ours for the value, unscaled, in our font."""
    drawn = place.appearance
    if drawn is None:
        return False
    try:
        ours = appearance(form, place.name, place.value, place.box)
    except ValueError:  # the value does not fit or has letters our font lacks: another drawing may still show it
        return False
    width, height = place.box[2] - place.box[0], place.box[3] - place.box[1]
    bounds = box_of(drawn.get("/BBox"))
    unscaled = all(abs(one - two) < _SLACK for one, two in zip(bounds, (0.0, 0.0, width, height), strict=True))
    # /F: the drawing stands in another file, and what is written here is left aside (ISO 32000-1 table 5).
    if not unscaled or not is_upright(drawn) or "/F" in drawn or unpacked(drawn) != ours:
        return False
    font = faces_of(drawn).get(f"/{FONT}")
    return not place.value or (font is not None and _digest(font, digests) == published.get(f"/{FONT}"))


def _believed(font: Object, published: Mapping[str, str], digests: dict[tuple[int, int], str]) -> bool:
    return is_standard(font) or _digest(font, digests) in published.values()


def _digest(font: Object, digests: dict[tuple[int, int], str]) -> str:
    """One font serves many fields: its program is read once per file."""
    if not font.is_indirect:
        return face_digest(font)
    if font.objgen not in digests:
        digests[font.objgen] = face_digest(font)
    return digests[font.objgen]


def _against_print(field: Field, place: Place, shown: Shown) -> list[Problem]:
    values = {place.value, shown_text(field, place.value)}
    if not shown.plain or "(cid:" in shown.written:
        return [_unclear(field)]
    if not shows(shown.written, values):
        return [_differs(field) if shown.written.strip() else _unseen(field)]
    legible = shown.smallest is None or shown.smallest >= _SMALLEST
    return [] if legible and shows(shown.seen, values) else [_too_long(field, place)]


def _problem(field: Field, message: str) -> Problem:
    return Problem(field=field.name, code="value_differs_from_appearance", message=message, hint=_AGAIN)


def _differs(field: Field) -> Problem:
    return _problem(field, f"Kolom “{field.label}” menyimpan nilai lain dari yang tampak di halaman.")


def _unseen(field: Field) -> Problem:
    return _problem(field, f"Kolom “{field.label}” menyimpan nilai yang tidak tampak di halaman.")


def _unclear(field: Field) -> Problem:
    return _problem(
        field, f"Tampilan kolom “{field.label}” dibuat dengan cara yang tidak dapat diperiksa dengan pasti."
    )


def _too_long(field: Field, place: Place) -> Problem:
    face, text = published_face(), shown_text(field, place.value)
    limit = ""
    if not face.missing(text):
        _, letters = capacity(text, box=place.box, face=face, multiline=field.kind is Kind.LONG_TEXT)
        limit = f"; kolom ini memuat sekitar {letters} karakter"
    message = f"Isi kolom “{field.label}” tidak tampak utuh pada ukuran huruf 7 poin{limit}."
    return Problem(field=field.name, code="too_long", message=message, hint=_SHORTER)
