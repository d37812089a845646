"""The certificate as a reader, a printer and a machine find it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from forms.certificate import ATTACHMENT, SEAL_BOX, CertificateContent
from forms.certificate_pdf import FOOT, draw_certificate
from forms.errors import Undrawable
from forms.glyph_widths import published_metrics
from forms.typesetting.fonts import FontFamily
from forms.typesetting.page import Line, set_text, wrapped
from forms.typesetting.paper import MM
from support import certificate_contents as certified

A4_LANDSCAPE = (841.89, 595.28)
FONTS = files("forms") / "templates" / "fonts"


@pytest.fixture(scope="module")
def fonts() -> FontFamily:
    return FontFamily()


@pytest.fixture(scope="module")
def drawn(fonts: FontFamily) -> bytes:
    return draw_certificate(certified.content(), fonts)


def words(pdf: bytes, page: int) -> str:
    return " ".join(PdfReader(BytesIO(pdf)).pages[page].extract_text().split())


def test_the_json_comes_back_as_the_same_content() -> None:
    content = certified.content(7)
    assert CertificateContent.from_json(json.loads(content.canonical())) == content


def test_json_of_something_else_is_refused() -> None:
    with pytest.raises(KeyError):
        CertificateContent.from_json({"number": "1"})


def test_the_same_content_gives_the_same_bytes_whoever_draws_it(drawn: bytes) -> None:
    assert draw_certificate(certified.content(), FontFamily()) == drawn


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


def test_the_head_row_is_repeated_and_every_page_is_numbered(fonts: FontFamily) -> None:
    pdf = draw_certificate(certified.content(60), fonts)
    count = len(PdfReader(BytesIO(pdf)).pages)
    assert count > 3
    for page in range(1, count):
        assert "No. Tanggal Jenis Kegiatan" in words(pdf, page)
        assert words(pdf, page).endswith(f"Halaman {page + 1} dari {count}")


def test_a_year_without_counted_activities_says_so(fonts: FontFamily) -> None:
    assert "Tidak ada kegiatan yang dihitung." in words(draw_certificate(certified.content(0), fonts), 1)


def test_a_contract_employee_has_a_grade_without_rank(fonts: FontFamily) -> None:
    assert "· IX Analis" in words(draw_certificate(certified.content(grade="IX"), fonts), 0)


def test_long_texts_stay_on_the_first_page_and_leave_room_for_the_seal(fonts: FontFamily) -> None:
    pdf = draw_certificate(certified.content(10, **certified.LONG), fonts)
    left, bottom, right, top = SEAL_BOX
    assert len(PdfReader(BytesIO(pdf)).pages) == 2
    assert certified.LONG_NAME in words(pdf, 0)
    assert not [at for at in reached(pdf, 0) if left < at[0] < right and bottom < at[1] < top]


def test_the_seal_gets_at_least_62_by_24_millimetres_inside_the_border() -> None:
    left, bottom, right, top = SEAL_BOX
    assert right - left >= 62 * MM
    assert top - bottom >= 24 * MM
    assert 18 * MM < left < right < 279 * MM


def test_the_attachment_is_the_canonical_json_and_belongs_to_the_document(drawn: bytes) -> None:
    with pikepdf.open(BytesIO(drawn)) as pdf:
        assert pdf.attachments[ATTACHMENT].get_file().read_bytes() == certified.content().canonical()
        assert [str(file.AFRelationship) for file in pdf.Root.AF] == ["/Data"]


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
        names = [str(instruction.operator) for instruction in first]
        assert names[0] in {"q", "BMC"}
        drawn_at = names.index("Do")
        assert names.index("BMC") < drawn_at < names.index("EMC")
        assert "/Border" not in pdf.pages[1].Contents.read_bytes().decode("latin-1")


def test_a_character_without_a_glyph_is_refused_by_name(fonts: FontFamily) -> None:
    with pytest.raises(Undrawable, match="字"):
        draw_certificate(certified.content(name="Contoh 字"), fonts)


def test_a_rare_latin_letter_that_the_face_has_is_drawn(fonts: FontFamily) -> None:
    assert "ṣ" not in published_metrics().glyphs
    assert "Contoh Faṣīḥ" in words(draw_certificate(certified.content(name="Contoh Faṣīḥ"), fonts), 0)


def test_an_accent_drawn_apart_from_its_letter_is_read_back_with_it(fonts: FontFamily) -> None:
    assert "Contoh Fas\u0323i\u0304h\u0323" in words(
        draw_certificate(certified.content(name="Contoh Fas\u0323i\u0304h\u0323"), fonts), 0
    )


def test_a_letter_with_more_accents_than_the_face_can_set_is_refused_by_name(fonts: FontFamily) -> None:
    with pytest.raises(Undrawable, match=r"À.*U\+031B"):
        draw_certificate(certified.content(name="Contoh À\u031b"), fonts)


def test_the_glyph_that_is_painted_is_the_one_of_the_letter_that_is_read(fonts: FontFamily) -> None:
    pdf = draw_certificate(certified.content(10, name="Contoh Faṣīḥ, fi-fl AVATAR"), fonts)
    compared = 0
    for font in PdfReader(BytesIO(pdf)).pages[1]["/Resources"]["/Font"].values():
        compared += painted_like_read(font)
    assert compared > 100


def painted_like_read(font: Any) -> int:
    """Return how many codes an embedded font has; assert that each has the outline of its text in the whole font."""
    descendant = font["/DescendantFonts"][0]
    program = TTFont(BytesIO(descendant["/FontDescriptor"]["/FontFile2"].get_data()))
    whole = TTFont(FONTS / f"{font['/BaseFont'].partition('+')[2]}.ttf")
    places = descendant["/CIDToGIDMap"].get_data()
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", font["/ToUnicode"].get_data())[1:]
    read = {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
    single = {code: text for code, text in read.items() if len(text) == 1}
    for code, text in single.items():
        place = int.from_bytes(places[2 * code : 2 * code + 2], "big")
        name, true = program.getGlyphName(place), whole.getBestCmap()[ord(text)]
        assert outline(program, name) == outline(whole, true), text
        assert program["hmtx"][name][0] == whole["hmtx"][true][0] == descendant["/W"][1][code - 1]
    return len(single)


def outline(font: TTFont, name: str) -> list[Any]:
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    return pen.value


def test_every_table_has_heads_that_say_which_column_they_head(drawn: bytes) -> None:
    roles = Counter()
    with pikepdf.open(BytesIO(drawn)) as pdf:
        for element in elements(pdf.Root.StructTreeRoot.K):
            roles[str(element.S)] += 1
            if element.S == "/TH":
                assert element.A.Scope == "/Column"
    assert roles["/H1"] == roles["/H2"] == roles["/H3"] == 1
    assert roles["/TH"] == 3 + 6
    assert roles["/TR"] == 5 + 12
    assert roles["/TD"] == 4 * 3 + 10 * 6 + 2
    assert roles["/LI"] == 2


def test_every_text_of_every_page_is_an_element_or_an_artifact(fonts: FontFamily) -> None:
    with pikepdf.open(BytesIO(draw_certificate(certified.content(60), fonts))) as pdf:
        parents = dict(zip(*[iter(pdf.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
        for page in pdf.pages:
            marks, open_marks = [], 0
            for step in pikepdf.parse_content_stream(page):
                open_marks += {"BMC": 1, "BDC": 1, "EMC": -1}.get(str(step.operator), 0)
                assert open_marks or str(step.operator) not in {"TJ", "f", "Do"}
                if str(step.operator) == "BDC" and "/MCID" in step.operands[1]:
                    marks.append(int(step.operands[1].MCID))
            owners = parents[page.obj.StructParents]
            assert marks == list(range(len(owners)))
            assert [int(owner.K) for owner in owners] == marks


def elements(element: Any) -> Iterator[Any]:
    yield element
    for kid in element.K if isinstance(element.K, pikepdf.Array) else []:
        yield from elements(kid)


def reached(pdf: bytes, page: int) -> list[tuple[float, float, str]]:
    """Return the texts of a page and where they begin: points from the left and from the bottom."""
    texts: list[tuple[float, float, str]] = []

    def note(text: str, _cm: object, matrix: list[float], _font: object, _size: float) -> None:
        if text.strip():
            texts.append((matrix[4], matrix[5], text.strip()))

    PdfReader(BytesIO(pdf)).pages[page].extract_text(visitor_text=note)
    return texts


@pytest.mark.no_cover  # as many drawings of the same lines as pages can end
def test_the_sum_is_never_alone_on_a_page_and_nothing_runs_into_the_foot(fonts: FontFamily) -> None:
    for activities in range(8, 34):
        pdf = draw_certificate(certified.content(activities), fonts)
        count = len(PdfReader(BytesIO(pdf)).pages)
        (page,) = [page for page in range(1, count) if "Jumlah jam pelajaran" in words(pdf, page)]
        assert f"bagian {activities}" in words(pdf, page)
        for number in range(1, count):
            lowest = [at[1] for at in reached(pdf, number) if at[2] not in FOOT and "Halaman" not in at[2]]
            assert min(lowest) > 25 * MM


def test_a_title_without_blanks_breaks_inside_its_column(fonts: FontFamily) -> None:
    unbroken = replace(certified.activity(0), title="Panjangsekali" * 20, guide="https://contoh.example/" + "a" * 90)
    pdf = draw_certificate(replace(certified.content(1), activities=(unbroken,)), fonts)
    broken = [at[2] for at in reached(pdf, 1) if "anjang" in at[2]]
    assert len(broken) > 1
    assert max(fonts.regular.width(line) * 9 / 1000 for line in broken) < 92 * MM
    assert "".join(broken) == "Panjangsekali" * 20


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("undang-undang dan/atau", ["undang-", "undang ", "dan/atau"]),
        ("nomor 2026-000123", ["nomor ", "2026-000123"]),
        ("  jarak   ganda\n baru", ["jarak ", "ganda ", "baru"]),
        ("tahun\u00a02026 ini", ["tahun\u00a02026 ", "ini"]),
    ],
)
def test_lines_break_at_blanks_and_inside_compounds_but_never_inside_numbers(
    text: str, lines: list[str], fonts: FontFamily
) -> None:
    room = max(fonts.regular.width(text.strip(" ")) for text in lines) * 9 / 1000 + 0.1
    assert [text_of(set_line) for set_line in wrapped(text, fonts.regular, 9, room=room)] == lines


def test_a_text_longer_than_a_page_is_refused_with_its_place(fonts: FontFamily) -> None:
    long_activity = replace(certified.activity(0), title="Pengembangan kompetensi " * 200)
    with pytest.raises(Undrawable, match="nomor 2"):
        draw_certificate(replace(certified.content(2), activities=(certified.activity(0), long_activity)), fonts)


def test_a_title_is_never_left_alone_on_the_second_line(fonts: FontFamily) -> None:
    first, second = set_text(certified.LONG_NAME, fonts.semibold, room=560, sizes=(28, 17))
    assert text_of(first, second) == certified.LONG_NAME
    assert second.width > first.width / 2


def test_what_does_not_fit_at_all_becomes_smaller_and_is_never_cut(fonts: FontFamily) -> None:
    (first,) = set_text("Panjang" * 40, fonts.regular, room=100, sizes=(10, 8))
    assert first.size < 8
    assert first.width <= 100.5
    assert text_of(first) == "Panjang" * 40


def text_of(*lines: Line) -> str:
    return "".join(glyph.text for line in lines for glyph in line.run)
