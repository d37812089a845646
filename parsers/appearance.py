"""Compare the value of every field with what its page shows: signers saw the appearance, we read the value.

A value counts as shown in two cases (verification.md, trap 2). Either the appearance is exactly the drawing this
service makes. Or it is inside the plain grammar of `parsers.content`, in a font whose glyphs and widths are known; its
letters are those of the value; and its picture by PDFium equals that of the same letters set plainly. A drawing
outside the grammar proves nothing: a person compares it.
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
from forms.fill import FONT_NAME, appearance, capacity, lay_out, normalized, shown_text
from forms.glyph_widths import published_metrics
from forms.schema import Field, Form, Kind
from parsers.content import MOST_BYTES, Drawing, Run, default_style, plain_drawing
from parsers.errors import Unreadable
from parsers.fonts import KnownFonts, fonts_of, form_fonts, published_fonts
from parsers.pdf import TerminalField, acroform_of, inflate_unambiguous, name_of, read_with_qpdf
from parsers.records import Problem, field_label, make_problem
from parsers.stamps import Stamp, over_text, stamps_of
from parsers.widgets import Box, WidgetPlacement, box_of, is_out_of_sight, is_signature, is_upright, widgets_of

_SLACK = 0.02  # points: boxes are written with two decimals, and two are subtracted here
_SMALLEST = 6.9
# The baseline must be this far (em) from the edges of what is seen, or descenders and capitals are cut (pdf-lib needs
# the first as small as that).
_BELOW, _ABOVE = 0.16, 0.70
# An accent on a capital is recognised by its lower half; most programs cut some of it at 10 points.
_ABOVE_MARKED = 0.80
# Letters that end at the baseline in all of our fonts.
_ON_THE_BASELINE = dict.fromkeys(
    map(ord, " ABCDEFGHIKLMNOPRSTUVWXYZabcdehiklmnorstuvwxz0123456789.:!?'\"-+=*%^<>"), None
)
_WIDER = 1.15  # how much wider than ours the letters of another font may be
_PADDING = 3.0  # points that some programs keep free at the end of a line
_WIDEST_BOX = 1000.0  # points; a form has no wider field, and a picture of one costs memory
_MOST_PICTURES = 60
_MOST_LETTERS = 10_000  # no field shows a quarter of them; laying out megabytes takes minutes
# PDFium puts letters on whole pixels, so a letter between two pixels may move by rounding. What differs is compared
# again, shifted by these points: rounding then differs, but another letter differs in all positions.
_SHIFTS = (0.0, 0.31, 0.17)
_LIGATURES = re.compile("[\N{LATIN SMALL LIGATURE FF}-\N{LATIN SMALL LIGATURE ST}]")
_SPACES = re.compile(" *")
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A field with a plain drawing whose letters are its value; pictures show whether it also looks like it."""

    field: Field
    widget: WidgetPlacement
    drawing: Drawing


def appearance_problems(pdf: bytes, form: Form) -> tuple[Problem, ...]:
    """Return a problem for each field whose value is not, not wholly, or not certainly what the page shows.

    They are in the order of the form, followed by stamps over text. Codes: value_differs_from_appearance,
    drawing_not_plain, too_long, stamp_over_text. Unreadable as for `raw_answers`.
    """
    return read_with_qpdf(pdf, lambda opened: appearance_problems_in(opened, form))


def appearance_problems_in(
    opened: Pdf, form: Form, *, fields: tuple[TerminalField, ...] | None = None, stamps: Sequence[Stamp] | None = None
) -> tuple[Problem, ...]:
    """Return the same for an open file; `fields` and `stamps` are those of the file, if known."""
    widgets = widgets_of(opened, fields)
    known_fonts = KnownFonts(published=_fonts_of_blank(form))
    is_redrawn = _is_redrawn(opened)
    names = {question.name for question in form.fields}
    problems: list[Problem] = []
    candidates: list[_Candidate] = []
    for widget in widgets:
        if widget.name not in names or is_signature(widget):
            continue
        question = form.field(widget.name)
        if widget.value and (is_out_of_sight(widget, widgets) or widget.appearance is None):
            problems.append(_not_shown(question))
        elif len(widget.value) > _MOST_LETTERS:
            problems.append(_too_long(question, widget))
        elif widget.has_other_states or not _has_consistent_choice(question, widget):
            problems.append(_not_plain(question))
        elif widget.appearance is None:
            continue
        elif (widget.value and not _has_legible_style(widget, opened)) or (
            is_redrawn and not _redraws_whole_value(question, widget, opened, known_fonts)
        ):
            problems.append(_not_plain(question))
        elif not _is_our_drawing(widget, widget.appearance, form, known_fonts):
            checked = _check_drawing(question, widget, widget.appearance, known_fonts)
            if isinstance(checked, _Candidate):
                candidates.append(checked)
            else:
                problems += checked
    problems += _picture_problems(candidates, opened)
    order = {question.name: number for number, question in enumerate(form.fields)}
    return (
        *sorted(dict.fromkeys(problems), key=lambda problem: order[problem.field or ""]),
        *over_text(stamps_of(opened) if stamps is None else stamps, form, widgets),
    )


@cache
def _fonts_of_blank(form: Form) -> Mapping[str, str]:
    """Return the digests of the fonts of the blank. Cached, since it never changes."""
    return read_with_qpdf(blank_bytes(form), published_fonts)


# --- Our own drawing


# The entries of our drawing as qpdf writes them, so all that a viewer goes by: size, and one font (`forms.fill`).
_OUR_ENTRIES = re.compile(
    rb"<< /BBox \[ 0 0 (\d+(?:\.\d+)?) (\d+(?:\.\d+)?) \] /Filter /FlateDecode /FormType 1 /Length \d+ "
    rb"/Resources << /Font << /%s (\d+) 0 R >> >> /Subtype /Form /Type /XObject >>" % FONT_NAME.encode()
)


def _is_our_drawing(widget: WidgetPlacement, appearance_stream: Object, form: Form, known_fonts: KnownFonts) -> bool:
    """Tell whether the drawing is byte for byte ours for the value, unscaled, in our font.

    It is not for a value with characters that our drawing leaves out (soft hyphens, no-break spaces).
    """
    entries = _OUR_ENTRIES.fullmatch(appearance_stream.stream_dict.unparse(resolved=True))
    if entries is None or not _is_box_of_size(widget, (0.0, 0.0, float(entries[1]), float(entries[2]))):
        return False
    if _composed(widget.value) != normalized(widget.value):
        return False
    try:
        ours = appearance(form, widget.name, widget.value, widget.box)
    except ValueError:  # it does not fit, or our font lacks a letter: another drawing may still show it
        return False
    if inflate_unambiguous(appearance_stream, most=MOST_BYTES) != ours:
        return False
    if not widget.value:
        return True
    digest = known_fonts.digest_of(int(entries[3])) or _font_digest(appearance_stream, known_fonts)
    return digest == known_fonts.published[f"/{FONT_NAME}"]


def _font_digest(appearance_stream: Object, known_fonts: KnownFonts) -> str:
    font = fonts_of(appearance_stream).get(f"/{FONT_NAME}")
    return "" if font is None else known_fonts.digest(font)


def _is_unscaled(widget: WidgetPlacement, appearance_stream: Object) -> bool:
    """Tell whether a viewer draws the appearance without scaling or rotation (ISO 32000-1 12.5.5)."""
    return is_upright(appearance_stream) and _is_as_large(widget, appearance_stream)


def _is_as_large(widget: WidgetPlacement, appearance_stream: Object) -> bool:
    return _is_box_of_size(widget, box_of(appearance_stream.get("/BBox")))


def _is_box_of_size(widget: WidgetPlacement, box: Box) -> bool:
    """Tell whether the box begins at the origin and has the size of the widget."""
    left, bottom, right, top = widget.box
    return (
        abs(box[0]) < _SLACK
        and abs(box[1]) < _SLACK
        and abs(box[2] - (right - left)) < _SLACK
        and abs(box[3] - (top - bottom)) < _SLACK
    )


# --- Drawings of other programs


def _check_drawing(
    field: Field, widget: WidgetPlacement, appearance_stream: Object, known_fonts: KnownFonts
) -> _Candidate | list[Problem]:
    drawing = plain_drawing(appearance_stream, known_fonts) if _is_unscaled(widget, appearance_stream) else None
    if drawing is None or max(widget.box[2] - widget.box[0], widget.box[3] - widget.box[1]) > _WIDEST_BOX:
        return [_not_plain(field)]
    values = {widget.value, dict(field.options).get(widget.value, widget.value)}
    several_lines = field.kind is Kind.LONG_TEXT
    if not any(_is_text_of(drawing, value, several_lines=several_lines) for value in values):
        return [_differs(field) if "".join(drawing.text()).strip() else _not_shown(field)]
    if not "".join(drawing.text()).strip():
        return []
    if drawing.size < _SMALLEST or not _is_uncut(drawing, below=0.0, marked=_ABOVE):
        return [_too_long(field, widget)]
    # Where descenders are cut, a comma may look like a full stop and accents may be missing: a person must look.
    return _Candidate(field=field, widget=widget, drawing=drawing) if _is_uncut(drawing) else [_not_plain(field)]


def _is_uncut(drawing: Drawing, *, below: float = _BELOW, marked: float = _ABOVE_MARKED) -> bool:
    """Tell whether every letter is inside the window, down to `below` (em) under its baseline.

    Lines with an accent on a capital reach up to `marked` (em).
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
    """Return how far (em) the letters of the line reach below the baseline, as far as it distinguishes them."""
    return 0.02 if all(run.text.translate(_ON_THE_BASELINE) == "" for run in line) else _BELOW


def _is_marked(line: Sequence[Run]) -> bool:
    """Tell whether a capital has an accent above it."""
    letters = unicodedata.normalize("NFD", "".join(run.text for run in line))
    return any(one.isupper() and unicodedata.combining(other) for one, other in pairwise(letters))


def _blank_end(text: str, drawing: Drawing) -> float:
    """Return the width in points of the spaces at the end of a run, which may be cut unseen."""
    space = (
        next((width for letter, width in drawing.font.glyphs.values() if letter == " "), 0.0) if drawing.font else 0.0
    )
    return (len(text) - len(text.rstrip(" "))) * space * drawing.size / 1000


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _is_text_of(drawing: Drawing, value: str, *, several_lines: bool) -> bool:
    """Tell whether the lines have the letters of the value.

    Compared after NFC, with ligatures (U+FB00 to U+FB06) as their letters. Hyphens, superscripts and special spaces are
    not replaced; a run of plain spaces may be drawn shorter. A line may end at white space, after a hyphen, or where
    the next letter has no room.
    """
    rest = _LIGATURES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), _composed(value))
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
    """Return the rest of the value after the line; None where the value does not begin with it."""
    position = 0
    for part in re.split(r"( +)", line):
        if part.startswith(" "):
            spaces = _SPACES.match(value, position)
            if spaces is None or len(spaces[0]) < len(part):
                return None
            position = spaces.end()
        else:
            if _as_drawn(value[position : position + len(part)], drawing) != part:
                return None
            position += len(part)
    return value[position:]


def _as_drawn(text: str, drawing: Drawing) -> str:
    """Return the text as it is read back: letters that share a glyph (hyphens) are read as the plainest of them."""
    if drawing.font is None or drawing.font.code_bytes == 1:
        return text
    metrics = published_metrics().glyphs
    return "".join(
        drawing.font.glyphs.get(metrics[letter][0], ("", 0))[0] if letter in metrics else letter for letter in text
    )


def _is_full(line: Sequence[Run], following: str, drawing: Drawing) -> bool:
    """Tell whether the next letter has no room on the line."""
    return line[-1].x + line[-1].width + drawing.width_of(following) > drawing.window[2] - _PADDING


# --- Pictures


def _picture_problems(candidates: Sequence[_Candidate], opened: Pdf) -> list[Problem]:
    """Return the problems of fields that look different from the same letters set plainly, or that were not drawn."""
    if not candidates:
        return []
    # PDFium is slow to load, and forms filled by this service do not need it.
    from parsers.pictures import boxes_differ

    compared, rest = candidates[:_MOST_PICTURES], candidates[_MOST_PICTURES:]
    try:
        for shift in _SHIFTS:
            differences = boxes_differ(*_comparison_pages(compared, opened, shift=shift)) if compared else ()
            compared = [candidate for candidate, other in zip(compared, differences, strict=True) if other]
    except Unreadable:
        return [_not_plain(candidate.field) for candidate in candidates]
    return [_differs(candidate.field) for candidate in compared] + [_not_plain(candidate.field) for candidate in rest]


def _comparison_pages(candidates: Sequence[_Candidate], opened: Pdf, *, shift: float) -> tuple[bytes, list[Box]]:
    """Return a PDF of all drawings, as received on page 1, their letters set plainly on page 2; and their boxes."""
    width = max(candidate.widget.box[2] - candidate.widget.box[0] for candidate in candidates)
    boxes: list[Box] = []
    height = 0.0
    for candidate in candidates:
        left, bottom, right, top = candidate.widget.box
        boxes.append((shift, height + shift, shift + right - left, height + shift + top - bottom))
        height += top - bottom + 2
    with Pdf.new() as laid_out:
        fonts = _Fonts(opened=opened, laid_out=laid_out)
        for plainly in (False, True):
            page = laid_out.add_blank_page(page_size=(width + 2, height + 2))
            drawings = Dictionary()
            content = []
            for number, (candidate, box) in enumerate(zip(candidates, boxes, strict=True)):
                drawings[f"/X{number}"] = _copy_drawing(candidate, fonts, plainly=plainly)
                content.append(b"q 1 0 0 1 %.6f %.6f cm /X%d Do Q" % (box[0], box[1], number))
            page.Contents = laid_out.make_stream(b"\n".join(content))
            page.Resources = Dictionary(XObject=drawings)
        out = BytesIO()
        laid_out.save(out, static_id=True)
    return out.getvalue(), boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fonts:
    """Copies fonts of the received file into the new document, each of them once."""

    opened: Pdf
    laid_out: Pdf
    copied: dict[tuple[int, int], Object] = field(default_factory=dict)

    def copy(self, font: Object) -> Object:
        if not font.is_indirect:
            return self.laid_out.copy_foreign(self.opened.make_indirect(font))
        if font.objgen not in self.copied:
            self.copied[font.objgen] = self.laid_out.copy_foreign(font)
        return self.copied[font.objgen]


def _copy_drawing(candidate: _Candidate, fonts: _Fonts, *, plainly: bool) -> Stream:
    appearance_stream, drawing = candidate.widget.appearance, candidate.drawing
    if appearance_stream is None or drawing.font is None:
        raise TypeError("a candidate has a drawing in a font")
    source = drawing.font.source
    if not plainly:
        content = inflate_unambiguous(appearance_stream, most=MOST_BYTES) or b""
        used = {name: fonts.copy(font) for name, font in fonts_of(appearance_stream).items()}
    elif name_of(source.get("/Subtype")) == "/Type1":
        content = _plain_content(drawing)
        name = source.get("/BaseFont")
        used = {"/F": Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=name, Encoding=Name.WinAnsiEncoding)}
    else:
        content, used = _plain_content(drawing), {"/F": fonts.copy(source)}
    return fonts.laid_out.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array(box_of(appearance_stream.get("/BBox"))),
        Resources=Dictionary(Font=Dictionary(used)),
    )


def _plain_content(drawing: Drawing) -> bytes:
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


# --- Viewers that redraw values


def _is_redrawn(pdf: Pdf) -> bool:
    """Tell whether the file asks viewers to redraw every answer (ISO 32000-1 table 218)."""
    wanted: Any = (acroform_of(pdf) or Dictionary()).get("/NeedAppearances")
    return wanted is True


def _has_consistent_choice(field: Field, widget: WidgetPlacement) -> bool:
    """Tell whether the selected options of a choice (12.7.4.4), which poppler draws, are its value."""
    if widget.chosen_options is None or not (widget.value or widget.chosen_options):
        return True
    return widget.chosen_options in [(number,) for number, option in enumerate(field.options) if widget.value in option]


def _style_of(widget: WidgetPlacement, pdf: Pdf) -> str:
    return widget.style or str((acroform_of(pdf) or Dictionary()).get("/DA") or "")


def _has_legible_style(widget: WidgetPlacement, pdf: Pdf) -> bool:
    """Tell whether the default appearance, if there is one, has dark and legible letters and no decoration.

    Viewers with editable forms (pdf.js) show the value in this style, whatever its drawing looks like.
    """
    written = _style_of(widget, pdf)
    style = default_style(written)
    # With size 0 the viewer chooses one that fits.
    return not widget.is_decorated and (not written or (style is not None and (style[1] == 0 or style[1] >= _SMALLEST)))


def _redraws_whole_value(field: Field, widget: WidgetPlacement, pdf: Pdf, known_fonts: KnownFonts) -> bool:
    """Tell whether the default appearance shows the whole value, in a known font."""
    style = default_style(_style_of(widget, pdf))
    if style is None:
        return False
    name, size = style
    font = known_fonts.of(form_fonts(pdf)).get(name)
    letters = {letter for letter, _ in font.glyphs.values()} if font else set()
    if not letters >= set(_composed(widget.value)) - {"\n"}:
        return False
    return size == 0 or _has_room(shown_text(field, widget.value), field, widget, size)


def _has_room(text: str, field: Field, widget: WidgetPlacement, size: float) -> bool:
    """Tell whether text of that size (points) fits with some room to spare, since viewers use their own fonts."""
    metrics = published_metrics()
    if not text:
        return True
    if metrics.missing(text):
        return False
    left, bottom, right, top = widget.box
    box = (left, bottom, left + (right - left) / _WIDER, top)
    layout = lay_out(text, box=box, metrics=metrics, multiline=field.kind is Kind.LONG_TEXT)
    return layout is not None and layout.size >= size


# --- Problems


def _differs(field: Field) -> Problem:
    return make_problem("value_differs_from_appearance.other", field=field.name, label=field_label(field.name))


def _not_shown(field: Field) -> Problem:
    return make_problem("value_differs_from_appearance.hidden", field=field.name, label=field_label(field.name))


def _not_plain(field: Field) -> Problem:
    return make_problem("drawing_not_plain.field", field=field.name, label=field_label(field.name))


def _too_long(field: Field, widget: WidgetPlacement) -> Problem:
    metrics, text = published_metrics(), shown_text(field, widget.value)
    if metrics.missing(text):
        return make_problem("too_long.shown", field=field.name, label=field_label(field.name))
    _, letters = capacity(text, box=widget.box, metrics=metrics, multiline=field.kind is Kind.LONG_TEXT)
    return make_problem("too_long.room", field=field.name, label=field_label(field.name), room=letters)
