"""Programs that fill forms, each used as its users use it: blank and answers in, filled form out."""

from __future__ import annotations

import ctypes
import io
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pikepdf
import pypdf
import pypdfium2
from pikepdf.form import ExtendedAppearanceStreamGenerator, Form
from pypdfium2 import raw as pdfium

from forms.catalog import LAMPIRAN_I_V1
from forms.fill import fill
from interop.pdfjs_browser import fill_in_browser
from interop.tools import INTEROP, command, node_modules, pymupdf, run

Answers = Mapping[str, str]
_MULTILINE = 1 << 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Filler:
    """`fill` gets the blank, the answers and an empty folder. `note` is what its user has to know, for the docs."""

    name: str
    fill: Callable[[bytes, Answers, Path], bytes]
    note: str = ""


def ours(blank: bytes, answers: Answers, _: Path) -> bytes:
    return fill(LAMPIRAN_I_V1, blank, answers)


def by_pypdf(blank: bytes, answers: Answers, _: Path) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(blank))
    for annotation in writer.pages[0]["/Annots"]:
        widget = annotation.get_object()
        if int(widget.get("/Ff", 0)) & _MULTILINE:
            smaller = pypdf.generic.TextStringObject("/CmbF 0 Tf 0 g")
            widget[pypdf.generic.NameObject("/DA")] = smaller
    writer.update_page_form_field_values(writer.pages[0], dict(answers), auto_regenerate=False)
    return _bytes_written_by(writer.write)


def by_pikepdf(blank: bytes, answers: Answers, _: Path) -> bytes:
    with pikepdf.open(io.BytesIO(blank)) as pdf:
        form = Form(pdf, ExtendedAppearanceStreamGenerator)
        for name, value in answers.items():
            form[name].value = value
        return _bytes_written_by(pdf.save)


def by_pymupdf(blank: bytes, answers: Answers, folder: Path) -> bytes:
    environ = dict(os.environ) | {"PYTHONPATH": str(pymupdf())}
    return _run_filler([sys.executable, str(INTEROP / "fill_pymupdf.py")], blank, answers, folder, environ)


def by_pdf_lib(blank: bytes, answers: Answers, folder: Path) -> bytes:
    return _run_filler([command("node"), str(node_modules() / "fill.mjs")], blank, answers, folder, None)


def by_pdftk(blank: bytes, answers: Answers, folder: Path) -> bytes:
    pdftk = command("pdftk")
    fields = "".join(f'<field name="{name}"><value>{escape(value)}</value></field>' for name, value in answers.items())
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    xfdf = f'{head}<xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve"><fields>{fields}</fields></xfdf>'
    (folder / "blank.pdf").write_bytes(blank)
    (folder / "answers.xfdf").write_text(xfdf, encoding="utf-8")
    run([pdftk, folder / "blank.pdf", "fill_form", folder / "answers.xfdf", "output", folder / "filled.pdf"])
    return (folder / "filled.pdf").read_bytes()


def by_pdf_js(blank: bytes, answers: Answers, _: Path) -> bytes:
    return fill_in_browser(blank, json.dumps(dict(answers)).encode())


def by_pdfium(blank: bytes, answers: Answers, _: Path) -> bytes:
    """Fill field by field as a person types: focus, select all, replace, leave."""
    document = pypdfium2.PdfDocument(blank)
    document.init_forms()
    form, page = document.formenv, document[0]
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        widget = pdfium.FPDFPage_GetAnnot(page, index)
        size = pdfium.FPDFAnnot_GetFormFieldName(form, widget, None, 0)
        name = ctypes.create_string_buffer(size)
        pdfium.FPDFAnnot_GetFormFieldName(form, widget, ctypes.cast(name, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
        value = answers.get(name.raw.decode("utf-16-le").rstrip("\0"))
        if value is not None:
            typed = ctypes.create_string_buffer(f"{value}\0".encode("utf-16-le"))
            pdfium.FORM_SetFocusedAnnot(form, widget)
            pdfium.FORM_SelectAllText(form, page)
            pdfium.FORM_ReplaceSelection(form, page, ctypes.cast(typed, ctypes.POINTER(pdfium.FPDF_WCHAR)))
            pdfium.FORM_ForceToKillFocus(form)
        pdfium.FPDFPage_CloseAnnot(widget)
    page.close()
    filled = _bytes_written_by(document.save)
    document.close()
    return filled


def _run_filler(
    arguments: list[str], blank: bytes, answers: Answers, folder: Path, environ: Mapping[str, str] | None
) -> bytes:
    """Run a program that gets three files: blank, answers, and where to put the filled form."""
    files = [folder / "blank.pdf", folder / "answers.json", folder / "filled.pdf"]
    files[0].write_bytes(blank)
    files[1].write_text(json.dumps(dict(answers)), encoding="utf-8")
    run([*arguments, *files], environ=environ)
    return files[2].read_bytes()


def _bytes_written_by(write: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    write(out)
    return out.getvalue()


FILLERS = (
    Filler(name="ours", fill=ours),
    Filler(
        name="pypdf",
        fill=by_pypdf,
        note="letter size 0 (automatic) in the long fields: with a fixed size pypdf draws each paragraph as one line, "
        "cut off at the edge, and what nobody could read is refused",
    ),
    Filler(
        name="pikepdf",
        fill=by_pikepdf,
        note="with `ExtendedAppearanceStreamGenerator`: without a generator pikepdf draws nothing, some signers would "
        "see an empty form, and it is refused",
    ),
    Filler(name="PyMuPDF", fill=by_pymupdf),
    Filler(name="pdftk", fill=by_pdftk, note="pdftk-java, `fill_form` with XFDF"),
    Filler(name="pdf-lib", fill=by_pdf_lib),
    Filler(name="pdf.js", fill=by_pdf_js, note="in headless Chromium, saved with `saveDocument`"),
    Filler(
        name="PDFium",
        fill=by_pdfium,
        note="its form-fill interface, as Chrome's own viewer uses it, through pypdfium2; typographic quotes and "
        "dashes it draws in a Chinese font that is not in the file, and such a form goes to a person, because what a "
        "signer sees depends on his machine",
    ),
)
