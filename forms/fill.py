"""Answers into a blank: our prefill, and the employee's hand; what cannot be shown whole is refused, all at once."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from forms.errors import AlreadySigned, FillProblem, NotThisForm, Unfillable
from forms.glyph_widths import Face, published_face
from forms.schema import Field, Form, Kind
from forms.serial import KEY, draw_serial
from forms.serial import NAME as SERIAL

_READ_ONLY = 1
# A signature's byte range stands in the clear in every signed file (ISO 32000-1 12.8.1): it could not be found else.
_SIGNED = b"/ByteRange"


def prefill(form: Form, blank: bytes, *, serial: str, answers: Mapping[str, str], read_only: Collection[str]) -> bytes:
    """A blank with its serial drawn and what we know filled in; `read_only` names fields nobody edits afterwards."""
    with Pdf.open(io.BytesIO(blank)) as pdf:
        widgets = _widgets(pdf)
        values = _checked(form, widgets, answers, check_read_only=False)
        for name, value in values.items():
            # The blank's own empty appearances are written into: a new object would cost as much as all the rest.
            widgets[name].V = String(value)
            widgets[name].AP.N.write(appearance(form, name, value, _box(widgets[name])))
        for name in read_only:
            widgets[name].Ff = int(widgets[name].get("/Ff", 0)) | _READ_ONLY
        drawn = pdf.pages[0].obj.Resources.XObject[SERIAL]
        drawn.write(draw_serial(serial))
        drawn[KEY] = String(serial)
        return _saved(pdf)


def fill(form: Form, pdf: bytes, answers: Mapping[str, str]) -> bytes:
    """The PDF with these answers in it, shown as `forms.fill` draws them; other fields stay as they are.

    Raises Unfillable with every problem, AlreadySigned for a file that carries a signature, NotThisForm for a PDF
    that is not a fillable copy of `form`.
    """
    try:
        opened = Pdf.open(io.BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise NotThisForm("Berkas itu bukan PDF yang dapat diisi.") from error
    with opened:
        widgets = _widgets(opened)
        if not all(field.name in widgets for field in form.fields):
            raise NotThisForm("Berkas itu tidak memuat semua kolom formulir Lampiran I.")
        if _SIGNED in pdf:
            raise AlreadySigned("Formulir itu sudah ditandatangani, sehingga isinya tidak dapat diubah.")
        fonts = opened.Root.get("/AcroForm", Dictionary()).get("/DR", Dictionary()).get("/Font", Dictionary())
        if f"/{FONT}" not in fonts:
            raise NotThisForm("Berkas itu tidak memuat huruf formulir Lampiran I.")
        for name, value in _checked(form, widgets, answers, check_read_only=True).items():
            widget, box = widgets[name], _box(widgets[name])
            widget.V = String(value)
            widget.AP = Dictionary(N=_drawn(opened, appearance(form, name, value, box), box, fonts[f"/{FONT}"]))
        return _saved(opened)


def _widgets(pdf: Pdf) -> dict[str, Any]:
    if not pdf.pages:
        raise NotThisForm("Berkas itu tidak memiliki halaman.")
    return {str(each.T): each for each in pdf.pages[0].obj.get("/Annots", []) if "/T" in each}


def _box(widget: Any) -> Box:
    left, bottom, right, top = (float(each) for each in widget.Rect)
    return left, bottom, right, top


def _drawn(pdf: Pdf, content: bytes, box: Box, font: pikepdf.Object) -> pikepdf.Object:
    """A new appearance: what another program left in its place may be shared or dressed in its own fonts."""
    shown = Stream(pdf, content)
    shown.Type, shown.Subtype, shown.FormType = Name.XObject, Name.Form, 1
    shown.BBox = Array([0, 0, round(box[2] - box[0], 2), round(box[3] - box[1], 2)])
    shown.Resources = Dictionary(Font=Dictionary({f"/{FONT}": font}))
    return pdf.make_indirect(shown)


def _checked(
    form: Form, widgets: Mapping[str, Any], answers: Mapping[str, str], *, check_read_only: bool
) -> dict[str, str]:
    """The values as they shall be kept; Unfillable with everything that is wrong."""
    known = {field.name: field for field in form.fields}
    problems: list[FillProblem] = []
    values: dict[str, str] = {}
    for name, given in answers.items():
        field = known.get(name)
        if field is None:
            problems.append(_problem(name, "unknown_field", f"Kolom “{name}” tidak ada pada formulir ini.", "Hapus."))
            continue
        value = _stored(field, given)
        wrong = _wrong(field, value, given, widgets[name], check_read_only=check_read_only)
        if wrong is not None:
            problems.append(wrong)
        else:
            values[name] = value
    if problems:
        raise Unfillable(tuple(problems))
    return values


def _stored(field: Field, given: str) -> str:
    """The value as kept: a choice may be given by its label."""
    value = normal(given)
    if field.kind is Kind.CHOICE:
        labels = {label.casefold(): stored for stored, label in field.options}
        return labels.get(value.casefold(), value)
    return value if field.kind is Kind.LONG_TEXT else " ".join(value.split("\n"))


def _wrong(field: Field, value: str, given: str, widget: Any, *, check_read_only: bool) -> FillProblem | None:
    label, face = field.label, published_face()
    if check_read_only and int(widget.get("/Ff", 0)) & _READ_ONLY:
        if value == str(widget.get("/V", "")):
            return None
        message = f"Kolom {label} sudah diisi layanan ini dan tidak dapat diubah."
        return _problem(field.name, "read_only", message, "Bila keliru, minta pengelola kepegawaian memperbaruinya.")
    if field.kind is Kind.CHOICE and value and value not in dict(field.options):
        listed = ", ".join(stored for stored, _ in field.options)
        return _problem(field.name, "invalid_value", f"Kolom {label}: “{given}” bukan pilihan.", f"Pilih: {listed}.")
    text = shown_text(field, value)
    missing = face.missing(text)
    if missing:
        message = f"Kolom {label} memuat karakter yang tidak dapat dicetak: {missing}"
        return _problem(field.name, "invalid_value", message, "Ganti dengan huruf, angka, atau tanda baca biasa.")
    box, multiline = _box(widget), field.kind is Kind.LONG_TEXT
    if lay_out(text, box=box, face=face, multiline=multiline) is None:
        lines, limit = capacity(text, box=box, face=face, multiline=multiline)
        room = f"{lines} baris, sekitar {limit} karakter," if multiline else f"sekitar {limit} karakter"
        given_length = f"{len(text)} karakter" + (f" dalam {text.count(chr(10)) + 1} paragraf" if "\n" in text else "")
        message = f"Kolom {label} hanya memuat {room} pada ukuran huruf terkecil 7 pt; isian Anda {given_length}."
        return _problem(field.name, "too_long", message, "Ringkas isian itu hingga muat; yang tertulis harus terbaca.")
    return None


def _problem(name: str, code: str, message: str, hint: str) -> FillProblem:
    return FillProblem(field=name, code=code, message=message, hint=hint)


def _saved(pdf: Pdf) -> bytes:
    written = io.BytesIO()
    pdf.save(
        written,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        fix_metadata_version=False,  # parsing the metadata costs a third of it all, and the version does not change
    )
    return written.getvalue()


# --- What fits: text laid out in a box at 10 points, shrinking to 7; below that nobody could read what they sign

LARGEST, SMALLEST, STEP = 10.0, 7.0, 0.5
PADDING = 2.0
LEADING = 1.18
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Lines of text at `size` points, `leading` points apart."""

    lines: tuple[str, ...]
    size: float
    leading: float


def normal(text: str) -> str:
    """Text as it is kept and drawn: composed characters, plain line ends, nothing invisible."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate({0x09: " ", 0xA0: " ", 0x200B: None, 0xAD: None}).strip()


def lay_out(text: str, *, box: Box, face: Face, multiline: bool) -> Layout | None:
    """The largest layout that shows all of `text` inside `box` (points); None when even 7 points are too large.

    Every character must be one the face can draw (`Face.missing`), else KeyError.
    """
    width, height = box[2] - box[0] - 2 * PADDING, box[3] - box[1]
    paragraphs = [_measured(part, face) for part in (text.split("\n") if multiline else [text.replace("\n", " ")])]
    size = LARGEST
    while size >= SMALLEST:
        lines = _wrap(paragraphs, width * 1000 / size, face)
        leading = size * LEADING
        tall = (len(lines) - 1) * leading + size * (face.ascent - face.descent) / 1000
        if tall <= height + 0.01 and (multiline or len(lines) == 1):
            return Layout(lines=tuple(lines), size=size, leading=leading)
        size -= STEP
    return None


def capacity(text: str, *, box: Box, face: Face, multiline: bool) -> tuple[int, int]:
    """(lines, characters) the box holds at 7 points, for letters as wide as those of `text`; down to tens."""
    width, height = box[2] - box[0] - 2 * PADDING, box[3] - box[1]
    tall = SMALLEST * (face.ascent - face.descent) / 1000
    lines = int((height + 0.01 - tall) / (SMALLEST * LEADING)) + 1 if multiline else 1
    letter = face.width(text.replace("\n", " "), SMALLEST) / len(text)
    return lines, int(lines * width / letter // 10 * 10)


def _measured(paragraph: str, face: Face) -> list[tuple[str, int]]:
    """Words with their widths in 1/1000 em; measured once for all sizes."""
    return [(word, sum(face.glyphs[character][1] for character in word)) for word in paragraph.split(" ")]


def _wrap(paragraphs: list[list[tuple[str, int]]], room: float, face: Face) -> list[str]:
    """Lines no wider than `room` (1/1000 em); a word longer than a line is broken where it must be."""
    space = face.glyphs[" "][1]
    lines: list[str] = []
    for paragraph in paragraphs:
        line, wide = "", 0
        for word, width in paragraph:
            if line and wide + space + width <= room:
                line, wide = f"{line} {word}", wide + space + width
                continue
            if line:
                lines.append(line)
            *broken, line = _broken(word, room, face) if width > room else [word]
            lines += broken
            wide = sum(face.glyphs[character][1] for character in line) if broken else width
        lines.append(line)
    return lines


def _broken(word: str, room: float, face: Face) -> list[str]:
    parts, wide = [""], 0
    for character in word:
        width = face.glyphs[character][1]
        if parts[-1] and wide + width > room:
            parts.append("")
            wide = 0
        parts[-1] += character
        wide += width
    return parts


# --- What a field shows: the one way this service draws a value, so that a reader can tell it at a glance

# Name of the composite font in every appearance of ours; it shares its program with the simple font of /DA.
FONT = "CmbU"


def shown_text(field: Field, value: str) -> str:
    """What people see for a stored value: a choice shows its label."""
    return dict(field.options).get(value, value) if field.kind is Kind.CHOICE else normal(value)


def appearance(form: Form, name: str, value: str, box: Box) -> bytes:
    """The appearance stream of that value in that box (points); ValueError when it does not fit or cannot be drawn."""
    field, face = form.field(name), published_face()
    text = shown_text(field, value)
    if not text:
        return b"/Tx BMC\nEMC\n"
    if face.missing(text):
        raise ValueError(face.missing(text))
    multiline = field.kind is Kind.LONG_TEXT
    layout = lay_out(text, box=box, face=face, multiline=multiline)
    if layout is None:
        raise ValueError("too long")
    height = box[3] - box[1]
    tall = layout.size * (face.ascent - face.descent) / 1000
    top = height if multiline else (height + tall) / 2
    baseline = top - layout.size * face.ascent / 1000
    parts = [f"/Tx BMC\nq\nBT\n0 g\n/{FONT} {_number(layout.size)} Tf\n{_number(layout.leading)} TL"]
    parts.append(f"{_number(PADDING)} {_number(baseline)} Td")
    parts += [f"<{_glyphs(line, face)}> Tj T*" for line in layout.lines]
    return ("\n".join(parts) + "\nET\nQ\nEMC\n").encode("ascii")


def fits(form: Form, name: str, value: str, box: Box) -> bool:
    """Whether the value can be shown whole at 7 points or more."""
    field, face = form.field(name), published_face()
    text = shown_text(field, value)
    if face.missing(text):
        return False
    return lay_out(text, box=box, face=face, multiline=field.kind is Kind.LONG_TEXT) is not None


def _glyphs(line: str, face: Face) -> str:
    return "".join([_code(face.glyphs[character][0]) for character in line])


@lru_cache(maxsize=1024)
def _code(glyph: int) -> str:
    return f"{glyph:04X}"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
