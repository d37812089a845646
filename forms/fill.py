"""Answers into a blank: our prefill, and the employee's hand; what cannot be shown whole is refused, all at once."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from forms.appearance import FONT, appearance, shown_text
from forms.errors import AlreadySigned, FillProblem, NotThisForm, Unfillable
from forms.face import published_face
from forms.fit import Box, capacity, lay_out, normal
from forms.schema import Field, Form, Kind
from forms.serialdraw import KEY, draw_serial
from forms.serialdraw import NAME as SERIAL

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
    """The PDF with these answers in it, shown as `forms.appearance` draws them; other fields stay as they are.

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
