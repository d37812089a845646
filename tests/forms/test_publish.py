"""The published blank: frozen bytes, faithful page, usable by every filler and by a screen reader."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pypdf import PdfReader

from forms.catalog import FORMS, LAMPIRAN_I_V1, blank_bytes, find_form, form_font
from forms.errors import UnknownForm
from forms.genuine import static_digest
from forms.publish import main, make_blank, render_form, subset_font
from forms.render import Renderer
from forms.schema import Form, Kind, Role
from forms.typesetting.paper import MM

# Pinned when published. A change means a new version of the form, never a new digest here.
PUBLISHED = {("lampiran-i", 1): "999b8ae23b4fa1f32afd85a5bdea67dc2ed79445697631fb2c19a8dcdade5a42"}
CONTRACT = [
    "pertemuan_ke",
    "jenis_kegiatan",
    "tingkat",
    "tanggal",
    "waktu_mulai",
    "waktu_selesai",
    "tempat",
    "nama_pegawai",
    "nip_pegawai",
    "unit_kerja",
    "jabatan",
    "pangkat_gol",
    "identifikasi_kebutuhan",
    "hubungan_tanggung_jawab",
    "nama_kegiatan",
    "sumber_pembelajaran",
    "kegiatan_pengembangan",
    "hasil_pengembangan",
    "nama_pembimbing",
    "nip_pembimbing",
    "tempat_tanda_tangan",
    "tanggal_tanda_tangan",
    "nama_atasan",
    "nip_atasan",
]


@pytest.fixture(scope="module")
def blank() -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(blank_bytes(LAMPIRAN_I_V1)))


@pytest.fixture(scope="module")
def rendered_today() -> bytes:
    return make_blank(LAMPIRAN_I_V1, render_form(LAMPIRAN_I_V1, Renderer()), subset_font(form_font()))


def widgets(pdf: pikepdf.Pdf) -> list[Any]:
    return list(pdf.pages[0].obj.Annots)


def rectangle(widget: Any) -> list[float]:
    return [float(edge) for edge in widget.Rect]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.id}-{form.version}")
def test_a_published_form_is_never_edited(form: Form) -> None:
    assert hashlib.sha256(blank_bytes(form)).hexdigest() == PUBLISHED[form.id, form.version]
    assert static_digest(blank_bytes(form)) == form.static_digest


def test_a_published_form_cannot_be_published_again() -> None:
    with pytest.raises(SystemExit, match="new version"):
        main("lampiran-i", "1")


def test_forms_are_found_by_id_and_version_and_others_are_unknown() -> None:
    assert find_form("lampiran-i", 1) is LAMPIRAN_I_V1
    with pytest.raises(UnknownForm, match="lampiran-i versi 2"):
        find_form("lampiran-i", 2)


def test_the_blank_has_the_fields_of_the_contract_in_reading_order(blank: pikepdf.Pdf) -> None:
    assert [field.name for field in LAMPIRAN_I_V1.fields] == CONTRACT
    assert [str(field.T) for field in blank.Root.AcroForm.Fields] == CONTRACT
    assert [str(field.T) for field in widgets(blank)] == CONTRACT


def test_every_field_has_a_tooltip_a_real_empty_appearance_and_an_upright_rectangle(blank: pikepdf.Pdf) -> None:
    for widget, field in zip(widgets(blank), LAMPIRAN_I_V1.fields, strict=True):
        left, bottom, right, top = rectangle(widget)
        assert left < right
        assert bottom < top
        assert str(widget.TU) == field.tooltip
        assert widget.AP.N.read_bytes() == b"/Tx BMC\nEMC\n"
        assert "/V" not in widget


def test_choices_offer_value_and_label_and_long_answers_have_many_lines(blank: pikepdf.Pdf) -> None:
    for widget, field in zip(widgets(blank), LAMPIRAN_I_V1.fields, strict=True):
        options = [(str(value), str(shown)) for value, shown in widget.get("/Opt", [])]
        assert tuple(options) == field.options
        assert bool(int(widget.Ff) & (1 << 12)) == (field.kind is Kind.LONG_TEXT)


def test_the_blank_is_one_tagged_a4_page_in_indonesian_without_anything_active(blank: pikepdf.Pdf) -> None:
    root, page = blank.Root, blank.pages[0]
    assert len(blank.pages) == 1
    assert [round(float(edge) / MM) for edge in page.mediabox] == [0, 0, 210, 297]
    assert str(root.Lang) == "id-ID"
    assert bool(root.MarkInfo.Marked)
    assert str(page.obj.Tabs) == "/S"
    assert str(blank.docinfo.Title) == LAMPIRAN_I_V1.title
    assert set(root.AcroForm.keys()) == {"/Fields", "/DR", "/DA"}
    assert not {"/OpenAction", "/AA", "/Names"} & set(root.keys())
    assert b"/JavaScript" not in blank_bytes(LAMPIRAN_I_V1)


def test_the_structure_tree_names_every_field_and_every_mark_once(blank: pikepdf.Pdf) -> None:
    tree = blank.Root.StructTreeRoot
    elements = list(tree.K[0].K)
    fields = [str(kid.Obj.T) for element in elements for kid in element.K if isinstance(kid, pikepdf.Dictionary)]
    marks = [kid for element in elements for kid in element.K if isinstance(kid, int)]
    assert fields == CONTRACT
    assert sorted(marks) == list(range(len(marks)))
    numbers = list(tree.ParentTree.Nums)
    owners = dict(zip([int(number) for number in numbers[::2]], numbers[1::2], strict=True))
    page_owners = owners[int(blank.pages[0].obj.StructParents)]
    assert all(mark in list(page_owners[mark].K) for mark in marks)
    for widget in widgets(blank):
        assert str(owners[int(widget.StructParent)].K[0].Obj.T) == str(widget.T)


def test_one_simple_font_stands_ready_for_any_filler(blank: pikepdf.Pdf) -> None:
    fonts = blank.Root.AcroForm.DR.Font
    assert (str(fonts.CmbF.Subtype), str(fonts.CmbF.Encoding)) == ("/TrueType", "/WinAnsiEncoding")
    shared = fonts.CmbU.DescendantFonts[0].FontDescriptor.FontFile2
    assert shared.objgen == fonts.CmbF.FontDescriptor.FontFile2.objgen
    assert all(str(field.DA).startswith("/CmbF ") for field in widgets(blank))


def test_the_page_says_what_the_circular_prints() -> None:
    text = " ".join(PdfReader(BytesIO(blank_bytes(LAMPIRAN_I_V1))).pages[0].extract_text().split())
    for phrase in (
        "Lampiran I Surat Edaran",
        "3 Tahun 2022",
        "1 Februari 2022",
        "FORMULIR COACHING, MENTORING, DAN BELAJAR MANDIRI",
        "Pertemuan ke 1/2/3/4",
        "Jenis Kegiatan",
        "Pangkat/Gol",
        "A. IDENTIFIKASI KEBUTUHAN PENGEMBANGAN",
        "B. HUBUNGAN TANGGUNG JAWAB PEKERJAAN",
        "C. KEGIATAN PENGEMBANGAN",
        "D. HASIL PENGEMBANGAN",
        "Coach/Mentor",
        "Mengetahui",
        "UU ITE No. 11 Tahun 2008 Pasal 5 Ayat 1",
        "sertifikat elektronik yang diterbitkan oleh BSrE",
    ):
        assert phrase in text


def test_rendering_today_gives_the_same_words_and_places(rendered_today: bytes, blank: pikepdf.Pdf) -> None:
    def text_of(pdf: bytes) -> list[str]:
        return PdfReader(BytesIO(pdf)).pages[0].extract_text().split()

    assert text_of(rendered_today) == text_of(blank_bytes(LAMPIRAN_I_V1))
    with pikepdf.open(BytesIO(rendered_today)) as today:
        for now, then in zip(widgets(today), widgets(blank), strict=True):
            assert str(now.T) == str(then.T)
            assert rectangle(now) == pytest.approx(rectangle(then), abs=0.5)


def test_publishing_the_same_template_gives_the_same_bytes(rendered_today: bytes) -> None:
    again = make_blank(LAMPIRAN_I_V1, render_form(LAMPIRAN_I_V1, Renderer()), subset_font(form_font()))
    assert again == rendered_today


def test_a_template_that_lacks_a_field_cannot_be_published() -> None:
    rendered = render_form(LAMPIRAN_I_V1, Renderer())
    with pikepdf.open(BytesIO(rendered)) as pdf:
        del pdf.pages[0].obj.Annots[3]
        out = BytesIO()
        pdf.save(out)
    with pytest.raises(ValueError, match="tanggal"):
        make_blank(LAMPIRAN_I_V1, out.getvalue(), subset_font(form_font()))


def test_three_roles_sign_in_boxes_large_enough_each_for_the_whole_record() -> None:
    assert {slot.role for slot in LAMPIRAN_I_V1.slots} == set(Role)
    for slot in LAMPIRAN_I_V1.slots:
        left, bottom, right, top = slot.box
        assert right - left >= 62 * MM
        assert top - bottom >= 24 * MM
        assert list(slot.locks) == CONTRACT


def test_no_place_to_sign_and_no_field_covers_another(blank: pikepdf.Pdf) -> None:
    boxes = [rectangle(field) for field in widgets(blank)] + [list(slot.box) for slot in LAMPIRAN_I_V1.slots]
    for place, (left, bottom, right, top) in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert right <= other[0] or other[2] <= left or top <= other[1] or other[3] <= bottom


def test_an_independent_reader_finds_no_fault(tmp_path: Any) -> None:
    path = tmp_path / "blank.pdf"
    path.write_bytes(blank_bytes(LAMPIRAN_I_V1))
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []


def coloured(*, printing: bool) -> int:
    """Count the pixels of the page that are neither black, white nor grey, as drawn by PDFium."""
    with pypdfium2.PdfDocument(blank_bytes(LAMPIRAN_I_V1)) as pdf:
        flags = pypdfium2.raw.FPDF_PRINTING if printing else 0
        pixels = bytes(pdf[0].render(scale=0.5, extra_flags=flags, may_draw_forms=False).buffer)
    # An opaque page has three bytes per pixel, which differ only where there is colour.
    return sum(abs(pixels[at] - pixels[at + 2]) > 3 for at in range(0, len(pixels) - 2, 3))


def test_fields_are_tinted_on_screen_and_clean_in_print() -> None:
    assert coloured(printing=False) > 10_000
    assert coloured(printing=True) == 0
