"""The certificate as a reader, a printer and a machine find it."""

from __future__ import annotations

import json
from io import BytesIO

import certified
import pikepdf
import pytest
from pypdf import PdfReader

from forms.certificate import ATTACHMENT, SEAL_BOX, CertificateContent, canonical_json, draw_certificate
from forms.certificate_face import Undrawable
from forms.face import published_face
from forms.guilloche import MM
from forms.render import Renderer
from forms.setting import set_text

A4_LANDSCAPE = (841.89, 595.28)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture(scope="module")
def drawn(renderer: Renderer) -> bytes:
    return draw_certificate(certified.content(), renderer)


def words(pdf: bytes, page: int) -> str:
    return " ".join(PdfReader(BytesIO(pdf)).pages[page].extract_text().split())


def test_the_json_comes_back_as_the_same_content() -> None:
    content = certified.content(7)
    assert CertificateContent.from_json(json.loads(canonical_json(content))) == content


def test_json_of_something_else_is_refused() -> None:
    with pytest.raises(KeyError):
        CertificateContent.from_json({"number": "1"})


def test_the_same_content_gives_the_same_bytes_whoever_draws_it(drawn: bytes) -> None:
    assert draw_certificate(certified.content(), Renderer()) == drawn


def test_every_page_is_a4_landscape(drawn: bytes) -> None:
    for page in PdfReader(BytesIO(drawn)).pages:
        assert tuple(map(float, page.mediabox[2:])) == pytest.approx(A4_LANDSCAPE, abs=0.1)


def test_the_first_page_says_who_what_how_much_and_where_to_check(drawn: bytes) -> None:
    first = words(drawn, 0)
    for text in (
        "Nomor CMB-2026-000123-K7Q2M9XD",
        "Contoh Pegawai, S.Kom. NIP 19970821 202012 2 005 · Penata Muda Tingkat I, III/b",
        "selama tahun 2026",
        "Surat Edaran Kepala Badan Kepegawaian Negara Nomor 3 Tahun 2022",
        "20,8 JP",
        "https://contoh.example/periksa dan masukkan nomor CMB-2026-000123-K7Q2M9XD",
        "Jakarta, 11 Januari 2027",
    ):
        assert text in first


def test_the_head_row_is_repeated_and_every_page_is_numbered(renderer: Renderer) -> None:
    pdf = draw_certificate(certified.content(60), renderer)
    count = len(PdfReader(BytesIO(pdf)).pages)
    assert count > 3
    for page in range(1, count):
        assert "No. Tanggal Jenis Kegiatan" in words(pdf, page)
        assert words(pdf, page).endswith(f"Halaman {page + 1} dari {count}")


def test_a_year_without_counted_activities_says_so(renderer: Renderer) -> None:
    assert "Tidak ada kegiatan yang dihitung." in words(draw_certificate(certified.content(0), renderer), 1)


def test_a_contract_employee_has_a_grade_without_rank(renderer: Renderer) -> None:
    assert "· IX Analis" in words(draw_certificate(certified.content(grade="IX"), renderer), 0)


def test_long_texts_stay_on_the_first_page_and_leave_room_for_the_seal(renderer: Renderer) -> None:
    pdf = draw_certificate(certified.content(10, **certified.LONG), renderer)
    reached: list[tuple[float, float]] = []

    def note(text: str, _cm: object, matrix: list[float], _font: object, _size: float) -> None:
        if text.strip():
            reached.append((matrix[4], matrix[5]))

    reader = PdfReader(BytesIO(pdf))
    reader.pages[0].extract_text(visitor_text=note)
    left, bottom, right, top = SEAL_BOX
    assert len(reader.pages) == 2
    assert certified.LONG_NAME in words(pdf, 0)
    assert not [at for at in reached if left < at[0] < right and bottom < at[1] < top]


def test_the_seal_gets_at_least_62_by_24_millimetres_inside_the_border() -> None:
    left, bottom, right, top = SEAL_BOX
    assert right - left >= 62 * MM
    assert top - bottom >= 24 * MM
    assert 18 * MM < left < right < 279 * MM


def test_the_attachment_is_the_canonical_json_and_belongs_to_the_document(drawn: bytes) -> None:
    with pikepdf.open(BytesIO(drawn)) as pdf:
        assert pdf.attachments[ATTACHMENT].get_file().read_bytes() == canonical_json(certified.content())
        assert [str(each.AFRelationship) for each in pdf.Root.AF] == ["/Data"]


def test_the_document_is_tagged_in_indonesian_archivable_and_accessible(drawn: bytes) -> None:
    with pikepdf.open(BytesIO(drawn)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
        assert b'pdfaid:part="3"' in metadata
        assert b'pdfuaid:part="1"' in metadata
        assert str(pdf.Root.Lang) == "id-ID"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/OutputIntents" in pdf.Root
        assert "/JavaScript" not in pdf.Root.get("/Names", {})


def test_border_and_code_are_artifacts_that_a_screen_reader_skips(drawn: bytes) -> None:
    with pikepdf.open(BytesIO(drawn)) as pdf:
        first = pikepdf.parse_content_stream(pdf.pages[0])
        names = [str(each.operator) for each in first]
        assert names[0] in {"q", "BMC"}
        drawn_at = names.index("Do")
        assert names.index("BMC") < drawn_at < names.index("EMC")
        assert "/Border" not in pdf.pages[1].Contents.read_bytes().decode("latin-1")


def test_a_character_without_a_glyph_is_refused_by_name(renderer: Renderer) -> None:
    with pytest.raises(Undrawable, match="字"):
        draw_certificate(certified.content(name="Contoh 字"), renderer)


def test_a_rare_latin_letter_that_the_face_has_is_drawn(renderer: Renderer) -> None:
    assert "ṣ" not in published_face().glyphs
    assert "Contoh Faṣīḥ" in words(draw_certificate(certified.content(name="Contoh Faṣīḥ"), renderer), 0)


def test_a_title_is_never_left_alone_on_the_second_line() -> None:
    setting = set_text(certified.LONG_NAME, published_face(), room=660, sizes=(28, 17))
    assert " ".join(setting.lines) == certified.LONG_NAME
    assert len(setting.lines[1]) > len(setting.lines[0]) / 2


def test_what_does_not_fit_at_all_becomes_smaller_and_is_never_cut() -> None:
    setting = set_text("Panjang" * 40, published_face(), room=100, sizes=(10, 8))
    assert setting.size < 8
    assert setting.lines == ("Panjang" * 40,)
