"""Prints and scans: what can be read of a form without fields."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from forms.catalog import LAMPIRAN_I_V1
from parsers.build import build
from parsers.errors import Unreadable
from parsers.layout import has_text, printed_answers
from parsers.parse import find_form_of, read
from support.filled_forms import SERIAL, filled, printed
from support.hand_made_forms import answers, saved
from support.said import said

LONG = "Naskah dinas selesai disusun dan telah diperiksa bersama atasan. " * 4


def moved(pdf: bytes, *, scale: float = 1.0, shift: float = 0.0, rotate: int = 0, margin: float = 0.0) -> bytes:
    """Return the print on a page of another size or origin, rotated (with /Rotate to turn it back), or cropped."""
    with pikepdf.open(BytesIO(pdf)) as document:
        page = document.pages[0]
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        width, height = (right - left) * scale, (top - bottom) * scale
        matrix = f"{scale} 0 0 {scale} {shift} {shift}"
        box = [shift, shift, shift + width, shift + height]
        if rotate:
            matrix, box = f"0 {scale} {-scale} 0 {height} 0", [0, 0, height, width]
            page.obj.Rotate = rotate
        page.obj.MediaBox = Array(box)
        if margin:
            page.obj.CropBox = Array(box)
            page.obj.MediaBox = Array([box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin])
        page.contents_add(f"q {matrix} cm\n".encode(), prepend=True)
        page.contents_add(b"\nQ")
        return saved(document)


def test_a_print_is_said_to_be_one_and_still_read() -> None:
    result = read(printed(filled(hasil_pengembangan=LONG)))
    assert [problem.code for problem in result.problems] == ["flattened"]
    assert "Print to PDF" in said(result.problems[0])
    assert (result.source, result.serial) == ("layout", SERIAL)
    assert result.form == LAMPIRAN_I_V1
    record = build(result.answers, LAMPIRAN_I_V1).record
    assert record is not None
    assert " ".join(record.sections[3].split()) == LONG.strip()
    assert (record.kind, record.minutes, record.employee.nip) == ("coaching", 90, answers()["nip_pegawai"])


def test_a_print_is_no_form_to_fill_in() -> None:
    with pytest.raises(Unreadable) as caught:
        find_form_of(printed(filled()))
    assert caught.value.problem.code == "flattened"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"scale": 0.9}, id="smaller"),
        pytest.param({"shift": 100.0}, id="another_origin"),
        pytest.param({"rotate": 90}, id="turned"),
        pytest.param({"margin": 50.0}, id="cropped_from_a_larger_sheet"),
    ],
)
def test_a_print_is_read_wherever_the_page_lies(changes: dict[str, float]) -> None:
    pdf = moved(printed(filled()), **changes)  # type: ignore[arg-type]  # the names are those of `moved`
    texts = printed_answers(pdf, LAMPIRAN_I_V1)
    expected = answers()
    shown = expected | {"jenis_kegiatan": "Coaching", "tingkat": "Nasional"}
    assert {name: texts[name] for name in expected} == shown


def test_a_print_of_something_else_has_no_serial_and_no_answers() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0].obj
    page.Resources = Dictionary(
        Font=Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    )
    page.Contents = pdf.make_stream(b"BT /F 12 Tf 60 700 Td (Surat lain) Tj ET")
    content = saved(pdf)
    result = read(content)
    assert (result.form, result.serial, dict(result.answers)) == (None, None, {})
    assert [problem.code for problem in result.problems] == ["flattened"]
    assert has_text(content)


def test_a_scan_has_no_text_and_is_said_to_be_a_picture() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0].obj
    picture = pdf.make_stream(bytes(64), Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8, BitsPerComponent=8)
    picture.ColorSpace = Name.DeviceGray
    page.Resources = Dictionary(XObject=Dictionary(Im=picture))
    page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im Do Q")
    content = saved(pdf)
    assert not has_text(content)
    result = read(content)
    assert [problem.code for problem in result.problems] == ["no_text"]
    assert "hasil pindai" in said(result.problems[0])


def test_a_page_of_endless_drawing_steps_is_not_started() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"q Q " * 600_000)
    assert [problem.code for problem in read(saved(pdf)).problems] == ["too_large"]
