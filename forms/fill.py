"""Fill answers into a form, ours (prefill) or the employee's; refuse all that cannot be shown whole, at once."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from forms.errors import AlreadySigned, FillProblem, NotThisForm, Unfillable
from forms.glyph_widths import FontMetrics, published_metrics
from forms.pdf import READ_ONLY
from forms.schema import Box, Field, Form, Kind
from forms.serial import SERIAL_KEY, XOBJECT_NAME, draw_serial

# The byte range of a signature is readable in every signed file, or nobody could find it (ISO 32000-1 12.8.1).
_SIGNED = b"/ByteRange"


def prefill(form: Form, blank: bytes, *, serial: str, answers: Mapping[str, str], read_only: Collection[str]) -> bytes:
    """Return the blank with its serial and these answers; the fields named in `read_only` cannot be edited."""
    with Pdf.open(io.BytesIO(blank)) as pdf:
        widgets = _widgets(pdf)
        values = _checked_values(form, widgets, answers, check_read_only=False)
        for name, value in values.items():
            # Write into the empty appearance of the blank: a new object would take as long as all the rest.
            widgets[name].V = String(value)
            widgets[name].AP.N.write(appearance(form, name, value, _box(widgets[name])))
        for name in read_only:
            widgets[name].Ff = int(widgets[name].get("/Ff", 0)) | READ_ONLY
        drawn = pdf.pages[0].obj.Resources.XObject[XOBJECT_NAME]
        drawn.write(draw_serial(serial))
        drawn[SERIAL_KEY] = String(serial)
        return _serialized(pdf)


def fill(form: Form, pdf: bytes, answers: Mapping[str, str]) -> bytes:
    """Return the PDF with these answers, drawn by us; other fields stay as they are.

    Raises Unfillable with every problem, AlreadySigned for a file that carries a signature, NotThisForm for a PDF
    that is not a fillable copy of `form`.
    """
    try:
        document = Pdf.open(io.BytesIO(pdf))
    except pikepdf.PdfError as error:
        raise NotThisForm("Berkas itu bukan PDF yang dapat diisi.") from error
    with document:
        widgets = _widgets(document)
        if not all(field.name in widgets for field in form.fields):
            raise NotThisForm("Berkas itu tidak memuat semua kolom formulir Lampiran I.")
        if _SIGNED in pdf:
            raise AlreadySigned("Formulir itu sudah ditandatangani, sehingga isinya tidak dapat diubah.")
        fonts = document.Root.get("/AcroForm", Dictionary()).get("/DR", Dictionary()).get("/Font", Dictionary())
        if f"/{FONT_NAME}" not in fonts:
            raise NotThisForm("Berkas itu tidak memuat huruf formulir Lampiran I.")
        for name, value in _checked_values(form, widgets, answers, check_read_only=True).items():
            widget, box = widgets[name], _box(widgets[name])
            widget.V = String(value)
            # The old appearance may be shared with other fields, or use fonts of another program.
            widget.AP = Dictionary(
                N=form_xobject(document, appearance(form, name, value, box), box, fonts[f"/{FONT_NAME}"])
            )
        return _serialized(document)


def value_check(form: Form, blank: bytes) -> Callable[[str, str], FillProblem | None]:
    """Return a function that says, of a field's name and a text, why the blank cannot show it whole (None: it can)."""
    with Pdf.open(io.BytesIO(blank)) as pdf:
        boxes = {name: _box(widget) for name, widget in _widgets(pdf).items()}

    def problem(name: str, text: str) -> FillProblem | None:
        field = form.field(name)
        return _unshowable(field, _stored_value(field, text), boxes[name])

    return problem


def _widgets(pdf: Pdf) -> dict[str, Any]:
    if not pdf.pages:
        raise NotThisForm("Berkas itu tidak memiliki halaman.")
    return {str(widget.T): widget for widget in pdf.pages[0].obj.get("/Annots", []) if "/T" in widget}


def _box(widget: Any) -> Box:
    left, bottom, right, top = (float(edge) for edge in widget.Rect)
    return left, bottom, right, top


def form_xobject(pdf: Pdf, content: bytes, box: Box, font: pikepdf.Object) -> pikepdf.Object:
    """Return a new form XObject of the size of the box, with our font."""
    drawing = Stream(pdf, content)
    drawing.Type, drawing.Subtype, drawing.FormType = Name.XObject, Name.Form, 1
    drawing.BBox = Array([0, 0, round(box[2] - box[0], 2), round(box[3] - box[1], 2)])
    drawing.Resources = Dictionary(Font=Dictionary({f"/{FONT_NAME}": font}))
    return pdf.make_indirect(drawing)


def _checked_values(
    form: Form, widgets: Mapping[str, Any], answers: Mapping[str, str], *, check_read_only: bool
) -> dict[str, str]:
    """Return the values to store; Unfillable with everything that is wrong."""
    known = {field.name: field for field in form.fields}
    problems: list[FillProblem] = []
    values: dict[str, str] = {}
    for name, answer in answers.items():
        field = known.get(name)
        if field is None:
            problems.append(
                _fill_problem(name, "unknown_field", f"Kolom “{name}” tidak ada pada formulir ini.", "Hapus.")
            )
            continue
        value = _stored_value(field, answer)
        problem = _problem_with(field, value, answer, widgets[name], check_read_only=check_read_only)
        if problem is not None:
            problems.append(problem)
        else:
            values[name] = value
    if problems:
        raise Unfillable(tuple(problems))
    return values


def _stored_value(field: Field, answer: str) -> str:
    """Return the value to store; a choice may be given by its label."""
    value = normalized(answer)
    if field.kind is Kind.CHOICE:
        labels = {label.casefold(): stored for stored, label in field.options}
        return labels.get(value.casefold(), value)
    return value if field.kind is Kind.LONG_TEXT else " ".join(value.split("\n"))


def _problem_with(field: Field, value: str, answer: str, widget: Any, *, check_read_only: bool) -> FillProblem | None:
    label = field.label
    if check_read_only and int(widget.get("/Ff", 0)) & READ_ONLY:
        if value == str(widget.get("/V", "")):
            return None
        message = f"Kolom {label} sudah diisi layanan ini dan tidak dapat diubah."
        return _fill_problem(
            field.name, "read_only", message, "Bila keliru, minta pengelola kepegawaian memperbaruinya."
        )
    if field.kind is Kind.CHOICE and value and value not in dict(field.options):
        listed = ", ".join(stored for stored, _ in field.options)
        return _fill_problem(
            field.name, "invalid_value", f"Kolom {label}: “{answer}” bukan pilihan.", f"Pilih: {listed}."
        )
    return _unshowable(field, value, _box(widget))


def _unshowable(field: Field, value: str, box: Box) -> FillProblem | None:
    """Return why the value cannot be shown whole in the box, or None when it can."""
    label, metrics = field.label, published_metrics()
    text = shown_text(field, value)
    missing = metrics.missing(text)
    if missing:
        message = f"Kolom {label} memuat karakter yang tidak dapat dicetak: {missing}"
        return _fill_problem(field.name, "invalid_value", message, "Ganti dengan huruf, angka, atau tanda baca biasa.")
    multiline = field.kind is Kind.LONG_TEXT
    if lay_out(text, box=box, metrics=metrics, multiline=multiline) is None:
        lines, limit = capacity(text, box=box, metrics=metrics, multiline=multiline)
        room = f"{lines} baris, sekitar {limit} karakter," if multiline else f"sekitar {limit} karakter"
        answer_length = f"{len(text)} karakter" + (f" dalam {text.count(chr(10)) + 1} paragraf" if "\n" in text else "")
        message = f"Kolom {label} hanya memuat {room} pada ukuran huruf terkecil 7 pt; isian Anda {answer_length}."
        return _fill_problem(
            field.name, "too_long", message, "Ringkas isian itu hingga muat; yang tertulis harus terbaca."
        )
    return None


def _fill_problem(name: str, code: str, message: str, hint: str) -> FillProblem:
    return FillProblem(field=name, code=code, message=message, hint=hint)


def _serialized(pdf: Pdf) -> bytes:
    written = io.BytesIO()
    pdf.save(
        written,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        fix_metadata_version=False,  # parsing the metadata takes a third of the time, and the version does not change
    )
    return written.getvalue()


# --- Layout of text in a box: at 10 points, shrinking to 7; smaller text would be illegible to its signers

LARGEST, SMALLEST, STEP = 10.0, 7.0, 0.5
PADDING = 2.0
LEADING = 1.18


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLayout:
    """Lines of text at `size` points, `leading` points apart."""

    lines: tuple[str, ...]
    size: float
    leading: float


def normalized(text: str) -> str:
    """Return the text as it is stored and drawn: composed characters, plain line ends, nothing invisible."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate({0x09: " ", 0xA0: " ", 0x200B: None, 0xAD: None}).strip()


def lay_out(text: str, *, box: Box, metrics: FontMetrics, multiline: bool) -> TextLayout | None:
    """Return the largest layout that shows all of `text` inside `box`; None when it does not fit even at 7 points.

    KeyError for a character without a glyph (`FontMetrics.missing`).
    """
    width, height = box[2] - box[0] - 2 * PADDING, box[3] - box[1]
    paragraphs = [_measured(part, metrics) for part in (text.split("\n") if multiline else [text.replace("\n", " ")])]
    size = LARGEST
    while size >= SMALLEST:
        lines = _wrap(paragraphs, width * 1000 / size, metrics)
        leading = size * LEADING
        tall = (len(lines) - 1) * leading + size * (metrics.ascent - metrics.descent) / 1000
        if tall <= height + 0.01 and (multiline or len(lines) == 1):
            return TextLayout(lines=tuple(lines), size=size, leading=leading)
        size -= STEP
    return None


def capacity(text: str, *, box: Box, metrics: FontMetrics, multiline: bool) -> tuple[int, int]:
    """Return (lines, characters) that the box holds at 7 points, for text as wide as `text`, rounded down to tens."""
    width, height = box[2] - box[0] - 2 * PADDING, box[3] - box[1]
    tall = SMALLEST * (metrics.ascent - metrics.descent) / 1000
    lines = int((height + 0.01 - tall) / (SMALLEST * LEADING)) + 1 if multiline else 1
    letter = metrics.width(text.replace("\n", " "), SMALLEST) / len(text)
    return lines, int(lines * width / letter // 10 * 10)


def _measured(paragraph: str, metrics: FontMetrics) -> list[tuple[str, int]]:
    """Return the words with their widths in 1/1000 em."""
    return [(word, sum(metrics.glyphs[character][1] for character in word)) for word in paragraph.split(" ")]


def _wrap(paragraphs: list[list[tuple[str, int]]], room: float, metrics: FontMetrics) -> list[str]:
    """Break paragraphs into lines of at most `room` (1/1000 em); a word longer than a line is broken."""
    space = metrics.glyphs[" "][1]
    lines: list[str] = []
    for paragraph in paragraphs:
        line, wide = "", 0
        for word, width in paragraph:
            if line and wide + space + width <= room:
                line, wide = f"{line} {word}", wide + space + width
                continue
            if line:
                lines.append(line)
            *broken, line = _broken_word(word, room, metrics) if width > room else [word]
            lines += broken
            wide = sum(metrics.glyphs[character][1] for character in line) if broken else width
        lines.append(line)
    return lines


def _broken_word(word: str, room: float, metrics: FontMetrics) -> list[str]:
    parts, wide = [""], 0
    for character in word:
        width = metrics.glyphs[character][1]
        if parts[-1] and wide + width > room:
            parts.append("")
            wide = 0
        parts[-1] += character
        wide += width
    return parts


# --- Appearance: values are always drawn the same way, so that `parsers.appearance` can recognise them byte for byte

# The composite font of every appearance of ours; it has the same font program as the simple font of /DA.
FONT_NAME = "CmbU"


def shown_text(field: Field, value: str) -> str:
    """Return the text people see for a stored value: a choice shows its label."""
    return dict(field.options).get(value, value) if field.kind is Kind.CHOICE else normalized(value)


def appearance(form: Form, name: str, value: str, box: Box) -> bytes:
    """Return the appearance stream of a value in a box; ValueError when it does not fit or cannot be drawn."""
    field, metrics = form.field(name), published_metrics()
    text = shown_text(field, value)
    if not text:
        return b"/Tx BMC\nEMC\n"
    if metrics.missing(text):
        raise ValueError(metrics.missing(text))
    multiline = field.kind is Kind.LONG_TEXT
    layout = lay_out(text, box=box, metrics=metrics, multiline=multiline)
    if layout is None:
        raise ValueError("too long")
    height = box[3] - box[1]
    tall = layout.size * (metrics.ascent - metrics.descent) / 1000
    top = height if multiline else (height + tall) / 2
    baseline = top - layout.size * metrics.ascent / 1000
    parts = [f"/Tx BMC\nq\nBT\n0 g\n/{FONT_NAME} {_number(layout.size)} Tf\n{_number(layout.leading)} TL"]
    parts.append(f"{_number(PADDING)} {_number(baseline)} Td")
    parts += [f"<{_glyphs(line, metrics)}> Tj T*" for line in layout.lines]
    return ("\n".join(parts) + "\nET\nQ\nEMC\n").encode("ascii")


def fits(form: Form, name: str, value: str, box: Box) -> bool:
    """Tell whether the value can be shown whole at 7 points or more."""
    field, metrics = form.field(name), published_metrics()
    text = shown_text(field, value)
    if metrics.missing(text):
        return False
    return lay_out(text, box=box, metrics=metrics, multiline=field.kind is Kind.LONG_TEXT) is not None


def _glyphs(line: str, metrics: FontMetrics) -> str:
    return "".join([_code(metrics.glyphs[character][0]) for character in line])


@lru_cache(maxsize=1024)
def _code(glyph: int) -> str:
    return f"{glyph:04X}"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
