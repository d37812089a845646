"""Holds every field's value against what its page shows: the signer saw the appearance, the reader reads the value.

Three things count as shown (verification.md of the design, trap 2): the exact drawing this service makes; or a drawing
inside the plain grammar of `parsers.content`, in a font whose glyphs and widths are known, whose letters are those of
the value, and whose picture by PDFium equals the picture of these letters set plainly. A drawing outside the grammar
is no proof of anything; a person compares it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from forms.catalog import blank_bytes
from forms.fill import FONT, appearance, capacity, lay_out, normal, shown_text
from forms.glyph_widths import published_face
from forms.schema import Field, Form, Kind
from parsers.content import MOST_BYTES, Drawing, Run, default_style, has_plain_entries, plain_drawing
from parsers.errors import Unreadable
from parsers.fonts import KnownFonts, fonts_of, form_fonts, published_fonts
from parsers.pdf import Terminal, acroform_of, inflated_whole, looking_into, name_of
from parsers.records import Problem
from parsers.stamps import Stamp, over_text, stamps_of
from parsers.widgets import Box, Place, box_of, is_signature, is_upright, out_of_sight, places_of

_SLACK = 0.02  # points: boxes are written with two decimals, and two of them are subtracted here
_SMALLEST = 6.9
# A baseline this far (em) from the edges of what is seen: below it descenders are cut, above it capitals (pdf-lib needs
# the first as small as that).
_BELOW, _ABOVE = 0.16, 0.70
# What stands on a capital is told apart when its lower half is seen; most programs cut some of it at 10 points.
_ABOVE_MARKED = 0.80
# Letters that end at the baseline, in every face here.
_ON_THE_BASELINE = dict.fromkeys(
    map(ord, " ABCDEFGHIKLMNOPRSTUVWXYZabcdehiklmnorstuvwxz0123456789.:!?'\"-+=*%^<>"), None
)
_WIDER = 1.15  # how much wider than ours the letters of another face may be
_PADDING = 3.0  # points that some programs keep free at the end of a line
_WIDEST_BOX = 1000.0  # points; a form has no wider field, and a picture of one costs memory
_MOST_PICTURES = 60
_MOST_LETTERS = 10_000  # no field shows a quarter of it; to lay out megabytes takes minutes
# PDFium puts letters on whole pixels: where one lies between two, the smallest rounding moves it. What differs is set
# again a little further (points), where such letters fall otherwise; another letter differs everywhere.
_SHIFTS = (0.0, 0.31, 0.17)
_LIGATURES = re.compile("[\N{LATIN SMALL LIGATURE FF}-\N{LATIN SMALL LIGATURE ST}]")
_SPACES = re.compile(" *")
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_AGAIN = "Isi ulang formulir kosong dengan aplikasi lain, atau isi langsung di layanan ini."
_COMPARED = "Biro SDM akan membandingkan gambar kolom itu dengan isinya; Anda tidak perlu menandatangani ulang."
_SHORTER = "Isi ulang pada formulir baru, langsung di layanan ini atau dengan isi yang lebih pendek, agar tampak utuh."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A field whose drawing is plain and says its value; whether it also looks like it is seen on a picture."""

    field: Field
    place: Place
    drawing: Drawing


def hidden_or_differing(pdf: bytes, form: Form) -> tuple[Problem, ...]:
    """List the fields whose value is not, not wholly, or not certainly what the page shows, in the order of the form.

    Last come stamps over what people read. Codes: value_differs_from_appearance, drawing_not_plain, too_long,
    stamp_over_text. Unreadable as for `raw_answers`.
    """
    return looking_into(pdf, lambda opened: hidden_or_differing_in(opened, form))


def hidden_or_differing_in(
    opened: Pdf, form: Form, *, fields: tuple[Terminal, ...] | None = None, stamps: Sequence[Stamp] | None = None
) -> tuple[Problem, ...]:
    """The same for a file already opened; `fields` and `stamps` where they were looked for before."""
    everything = places_of(opened, fields)
    known = KnownFonts(published=_fonts_of_blank(form))
    redrawn = _is_redrawn(opened)
    names = {question.name for question in form.fields}
    found: list[Problem] = []
    candidates: list[_Candidate] = []
    for place in everything:
        if place.name not in names or is_signature(place):
            continue
        question = form.field(place.name)
        if place.value and (out_of_sight(place, everything) or place.appearance is None):
            found.append(_unseen(question))
        elif len(place.value) > _MOST_LETTERS:
            found.append(_too_long(question, place))
        elif place.moody or not _counts_its_choice(question, place):
            found.append(_not_plain(question))
        elif place.appearance is None:
            continue
        elif (place.value and not _styled_plainly(place, opened)) or (
            redrawn and not _redrawn_plainly(question, place, opened, known)
        ):
            found.append(_not_plain(question))
        elif not _is_exact(place, place.appearance, form, known):
            judged = _judge(question, place, place.appearance, known)
            if isinstance(judged, _Candidate):
                candidates.append(judged)
            else:
                found += judged
    found += _seen_otherwise(candidates, opened)
    order = {question.name: number for number, question in enumerate(form.fields)}
    return (
        *sorted(dict.fromkeys(found), key=lambda problem: order[problem.field or ""]),
        *over_text(stamps_of(opened) if stamps is None else stamps, form, everything),
    )


@cache
def _fonts_of_blank(form: Form) -> Mapping[str, str]:
    """A published blank never changes, so its fonts are read once."""
    return looking_into(blank_bytes(form), published_fonts)


# --- Our own spelling ------------------------------------------------------------------------------------------------


def _is_exact(place: Place, drawn: Object, form: Form, known: KnownFonts) -> bool:
    """Tell whether the drawing is byte for byte ours for the value, unscaled, in our font.

    A value with characters that our drawing leaves out (soft hyphens, no-break spaces) is not its own spelling.
    """
    if _composed(place.value) != normal(place.value):
        return False
    try:
        ours = appearance(form, place.name, place.value, place.box)
    except ValueError:  # the value does not fit or has letters our font lacks: another drawing may still show it
        return False
    if inflated_whole(drawn, most=MOST_BYTES) != ours or not has_plain_entries(drawn) or not _is_as_large(place, drawn):
        return False
    font = fonts_of(drawn).get(f"/{FONT}") if place.value else None
    return not place.value or (font is not None and known.digest(font) == known.published.get(f"/{FONT}"))


def _is_unscaled(place: Place, drawn: Object) -> bool:
    """Tell whether a viewer draws the appearance as it stands (ISO 32000-1 12.5.5)."""
    return is_upright(drawn) and _is_as_large(place, drawn)


def _is_as_large(place: Place, drawn: Object) -> bool:
    width, height = place.box[2] - place.box[0], place.box[3] - place.box[1]
    bounds = box_of(drawn.get("/BBox"))
    return all(abs(one - two) < _SLACK for one, two in zip(bounds, (0.0, 0.0, width, height), strict=True))


# --- Drawings of other programs --------------------------------------------------------------------------------------


def _judge(field: Field, place: Place, drawn: Object, known: KnownFonts) -> _Candidate | list[Problem]:
    drawing = plain_drawing(drawn, known) if _is_unscaled(place, drawn) else None
    if drawing is None or max(place.box[2] - place.box[0], place.box[3] - place.box[1]) > _WIDEST_BOX:
        return [_not_plain(field)]
    values = {place.value, dict(field.options).get(place.value, place.value)}
    several = field.kind is Kind.LONG_TEXT
    if not any(_says(drawing, value, several_lines=several) for value in values):
        return [_differs(field) if "".join(drawing.text()).strip() else _unseen(field)]
    if not "".join(drawing.text()).strip():
        return []
    if drawing.size < _SMALLEST or not _is_inside(drawing, below=0.0, marked=_ABOVE):
        return [_too_long(field, place)]
    # Where descenders are cut, a comma may be seen as a full stop, or an accent not at all: somebody looks.
    return _Candidate(field=field, place=place, drawing=drawing) if _is_inside(drawing) else [_not_plain(field)]


def _is_inside(drawing: Drawing, *, below: float = _BELOW, marked: float = _ABOVE_MARKED) -> bool:
    """Tell whether every letter lies inside what is seen, down to `below` (em) under its baseline.

    Lines with something on a capital reach up to `marked` (em).
    """
    left, bottom, right, top = drawing.window
    return all(
        left - _SLACK <= line[0].x
        and line[-1].x + line[-1].width - _blank_end(line[-1].text, drawing) <= right + _SLACK
        and bottom + min(below, _depth(line)) * drawing.size
        <= line[0].y
        <= top - (marked if _is_marked(line) else _ABOVE) * drawing.size
        for line in drawing.lines
        if "".join(run.text for run in line).strip()
    )


def _depth(line: Sequence[Run]) -> float:
    """How far (em) letters may go below the baseline before something of them is cut that tells them apart."""
    return 0.02 if all(run.text.translate(_ON_THE_BASELINE) == "" for run in line) else _BELOW


def _is_marked(line: Sequence[Run]) -> bool:
    """Tell whether something stands on a capital."""
    letters = unicodedata.normalize("NFD", "".join(run.text for run in line))
    return any(one.isupper() and unicodedata.combining(other) for one, other in pairwise(letters))


def _blank_end(text: str, drawing: Drawing) -> float:
    """Points that the spaces at the end of a run take; nobody sees them cut."""
    space = (
        next((width for letter, width in drawing.font.glyphs.values() if letter == " "), 0.0) if drawing.font else 0.0
    )
    return (len(text) - len(text.rstrip(" "))) * space * drawing.size / 1000


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _says(drawing: Drawing, value: str, *, several_lines: bool) -> bool:
    """Tell whether the lines say the value, letter by letter.

    Compared after NFC, with ligatures (U+FB00 to U+FB06) as their letters. Hyphens, powers and spaces of any kind mean
    themselves; a run of plain spaces may be drawn shorter. A line ends at white space, behind a hyphen, or where the
    next letter has no room.
    """
    rest = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), _composed(value))
    if any(unicodedata.category(letter) in _INVISIBLE for letter in rest if letter != "\n"):
        return False
    lines = [(text, line) for text, line in zip(drawing.text(), drawing.lines, strict=True)]
    filled = [number for number, (text, _) in enumerate(lines) if text.strip(" ")]
    if not filled:
        return not rest
    if len(filled) > 1 and not several_lines:
        return False
    for number in filled:
        text, line = lines[number]
        after = _without_line(rest, text.strip(" "), drawing)
        if after is None:
            return False
        rest = after.lstrip(" \n")
        broken = rest == after and rest and not text.endswith(("-", "\N{HYPHEN}"))
        if broken and not _is_full(line, rest[0], drawing):
            return False
    return not rest


def _without_line(value: str, line: str, drawing: Drawing) -> str | None:
    """What is left of the value behind the line, None where the value does not begin with it."""
    place = 0
    for part in re.split(r"( +)", line):
        if part.startswith(" "):
            spaces = _SPACES.match(value, place)
            if spaces is None or len(spaces[0]) < len(part):
                return None
            place = spaces.end()
        else:
            if _as_drawn(value[place : place + len(part)], drawing) != part:
                return None
            place += len(part)
    return value[place:]


def _as_drawn(text: str, drawing: Drawing) -> str:
    """Letters that share a glyph of our composite font (hyphens) are read as the plainest of them."""
    if drawing.font is None or drawing.font.code_bytes == 1:
        return text
    face = published_face().glyphs
    return "".join(
        drawing.font.glyphs.get(face[letter][0], ("", 0))[0] if letter in face else letter for letter in text
    )


def _is_full(line: Sequence[Run], following: str, drawing: Drawing) -> bool:
    """Tell whether the next letter has no room on the line."""
    return line[-1].x + line[-1].width + drawing.width_of(following) > drawing.window[2] - _PADDING


# --- Pictures --------------------------------------------------------------------------------------------------------


def _seen_otherwise(candidates: Sequence[_Candidate], opened: Pdf) -> list[Problem]:
    """The fields whose drawing looks different from the same letters set plainly, and those no picture was made of."""
    if not candidates:
        return []
    # Renderers are slow to load; forms filled by this service never come here.
    from parsers.pictures import boxes_differ

    compared, rest = candidates[:_MOST_PICTURES], candidates[_MOST_PICTURES:]
    try:
        for shift in _SHIFTS:
            differ = boxes_differ(*_two_pages(compared, opened, shift=shift)) if compared else ()
            compared = [candidate for candidate, other in zip(compared, differ, strict=True) if other]
    except Unreadable:
        return [_not_plain(candidate.field) for candidate in candidates]
    return [_differs(candidate.field) for candidate in compared] + [_not_plain(candidate.field) for candidate in rest]


def _two_pages(candidates: Sequence[_Candidate], opened: Pdf, *, shift: float) -> tuple[bytes, list[Box]]:
    """Lay the drawings out twice, one above the other: on page 1 as received, on page 2 their letters set plainly."""
    width = max(candidate.place.box[2] - candidate.place.box[0] for candidate in candidates)
    boxes: list[Box] = []
    height = 0.0
    for candidate in candidates:
        left, bottom, right, top = candidate.place.box
        boxes.append((shift, height + shift, shift + right - left, height + shift + top - bottom))
        height += top - bottom + 2
    with Pdf.new() as laid_out:
        fonts = _Fonts(opened=opened, laid_out=laid_out)
        for plainly in (False, True):
            page = laid_out.add_blank_page(page_size=(width + 2, height + 2))
            drawings = Dictionary()
            content = []
            for number, (candidate, box) in enumerate(zip(candidates, boxes, strict=True)):
                drawings[f"/X{number}"] = _set(candidate, fonts, plainly=plainly)
                content.append(b"q 1 0 0 1 %.6f %.6f cm /X%d Do Q" % (box[0], box[1], number))
            page.Contents = laid_out.make_stream(b"\n".join(content))
            page.Resources = Dictionary(XObject=drawings)
        out = BytesIO()
        laid_out.save(out, static_id=True)
    return out.getvalue(), boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fonts:
    """Fonts of the received file in the new document, each copied once."""

    opened: Pdf
    laid_out: Pdf
    copied: dict[tuple[int, int], Object] = field(default_factory=dict)

    def copy(self, font: Object) -> Object:
        if not font.is_indirect:
            return self.laid_out.copy_foreign(self.opened.make_indirect(font))
        if font.objgen not in self.copied:
            self.copied[font.objgen] = self.laid_out.copy_foreign(font)
        return self.copied[font.objgen]


def _set(candidate: _Candidate, fonts: _Fonts, *, plainly: bool) -> Stream:
    drawn, drawing = candidate.place.appearance, candidate.drawing
    if drawn is None or drawing.font is None:
        raise TypeError("a candidate has a drawing in a font")
    source = drawing.font.source
    if not plainly:
        content = inflated_whole(drawn, most=MOST_BYTES) or b""
        used = {name: fonts.copy(font) for name, font in fonts_of(drawn).items()}
    elif name_of(source.get("/Subtype")) == "/Type1":
        content = _plain_setting(drawing)
        name = source.get("/BaseFont")
        used = {"/F": Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=name, Encoding=Name.WinAnsiEncoding)}
    else:
        content, used = _plain_setting(drawing), {"/F": fonts.copy(source)}
    return fonts.laid_out.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array(box_of(drawn.get("/BBox"))),
        Resources=Dictionary(Font=Dictionary(used)),
    )


def _plain_setting(drawing: Drawing) -> bytes:
    left, bottom, right, top = drawing.window
    parts = [b"q %.6f %.6f %.6f %.6f re W n BT " % (left, bottom, right - left, top - bottom), drawing.colour]
    parts.append(b" /F %.6f Tf" % drawing.size)
    parts += [
        b" 1 0 0 1 %.6f %.6f Tm <%s> Tj" % (run.x, run.y, run.codes.hex().encode())
        for line in drawing.lines
        for run in line
        if run.codes
    ]
    return b"".join((*parts, b" ET Q"))


# --- Viewers that draw values anew -----------------------------------------------------------------------------------


def _is_redrawn(pdf: Pdf) -> bool:
    """Tell whether viewers are told to draw every answer anew (ISO 32000-1 table 218)."""
    wanted: Any = (acroform_of(pdf) or Dictionary()).get("/NeedAppearances")
    return wanted is True


def _counts_its_choice(field: Field, place: Place) -> bool:
    """Tell whether the options that a choice counts (12.7.4.4) are its value; poppler draws those, others the value."""
    if place.chosen is None or not (place.value or place.chosen):
        return True
    return place.chosen in [(number,) for number, option in enumerate(field.options) if place.value in option]


def _style_of(place: Place, pdf: Pdf) -> str:
    return place.style or str((acroform_of(pdf) or Dictionary()).get("/DA") or "")


def _styled_plainly(place: Place, pdf: Pdf) -> bool:
    """Tell whether the default appearance, if there is one, writes dark and legible letters on the ground of the page.

    Viewers in which a form can be typed into (pdf.js) show the value in this style whatever its drawing looks like.
    """
    written = _style_of(place, pdf)
    style = default_style(written)
    # Size 0 lets the viewer choose one that fits.
    return not place.dressed and (not written or (style is not None and (style[1] == 0 or style[1] >= _SMALLEST)))


def _redrawn_plainly(field: Field, place: Place, pdf: Pdf, known: KnownFonts) -> bool:
    """Tell whether the default appearance writes the value whole, in a font that is known."""
    style = default_style(_style_of(place, pdf))
    if style is None:
        return False
    name, size = style
    font = known.of(form_fonts(pdf)).get(name)
    letters = {letter for letter, _ in font.glyphs.values()} if font else set()
    if not letters >= set(_composed(place.value)) - {"\n"}:
        return False
    return size == 0 or _has_room(shown_text(field, place.value), field, place, size)


def _has_room(text: str, field: Field, place: Place, size: float) -> bool:
    """Tell whether text of that size (points) fits, with some room to spare: viewers choose their own letters."""
    face = published_face()
    if not text:
        return True
    if face.missing(text):
        return False
    left, bottom, right, top = place.box
    box = (left, bottom, left + (right - left) / _WIDER, top)
    layout = lay_out(text, box=box, face=face, multiline=field.kind is Kind.LONG_TEXT)
    return layout is not None and layout.size >= size


# --- What is said ----------------------------------------------------------------------------------------------------


def _problem(field: Field, message: str, *, code: str = "value_differs_from_appearance", hint: str = _AGAIN) -> Problem:
    return Problem(field=field.name, code=code, message=message, hint=hint)


def _differs(field: Field) -> Problem:
    return _problem(field, f"Kolom “{field.label}” menyimpan nilai lain dari yang tampak di halaman.")


def _unseen(field: Field) -> Problem:
    return _problem(field, f"Kolom “{field.label}” menyimpan nilai yang tidak tampak di halaman.")


def _not_plain(field: Field) -> Problem:
    message = f"Tampilan kolom “{field.label}” dibuat dengan cara yang tidak dapat diperiksa dengan pasti."
    return _problem(field, message, code="drawing_not_plain", hint=_COMPARED)


def _too_long(field: Field, place: Place) -> Problem:
    face, text = published_face(), shown_text(field, place.value)
    limit = ""
    if not face.missing(text):
        _, letters = capacity(text, box=place.box, face=face, multiline=field.kind is Kind.LONG_TEXT)
        limit = f"; kolom ini memuat sekitar {letters} karakter"
    message = f"Isi kolom “{field.label}” tidak tampak utuh pada ukuran huruf 7 poin{limit}."
    return _problem(field, message, code="too_long", hint=_SHORTER)
