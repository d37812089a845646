"""Answers into a blank: everything that is kept is shown whole, everything else is refused with all reasons at once."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from typing import Any

import pdfplumber
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from forms.catalog import LAMPIRAN_I_V1, blank_bytes
from forms.errors import AlreadySigned, FillProblem, NotThisForm, Unfillable
from forms.fill import appearance, fill, fits, prefill
from forms.glyph_widths import published_metrics
from forms.schema import Kind
from support.filled_forms import PREFILLED, SERIAL, filled, prefilled_blank, printed, tampered
from support.hand_made_forms import answers

SENTENCE = "Pegawai perlu memperdalam cara menyusun bahan kebijakan berbasis data agar keputusan tepat waktu. "
# One character for each glyph: those that share one (such as hyphens) look the same on paper.
LETTERS = sorted(
    {glyph: character for character, (glyph, _) in sorted(published_metrics().glyphs.items(), reverse=True)}.values()
)
DRAWN = [
    character
    for character in LETTERS
    if not character.isspace() and unicodedata.normalize("NFC", character) == character
]


def values(pdf: bytes) -> dict[str, str]:
    return {name: str(field.get("/V", "")) for name, field in (PdfReader(BytesIO(pdf)).get_fields() or {}).items()}


def widget(pdf: pikepdf.Pdf, name: str) -> Any:
    return next(annotation for annotation in pdf.pages[0].obj.Annots if str(annotation.T) == name)


def box_of(name: str) -> tuple[float, float, float, float]:
    with pikepdf.open(BytesIO(blank_bytes(LAMPIRAN_I_V1))) as pdf:
        left, bottom, right, top = (float(edge) for edge in widget(pdf, name).Rect)
    return left, bottom, right, top


def problems(answers_given: dict[str, str], pdf: bytes | None = None) -> list[FillProblem]:
    with pytest.raises(Unfillable) as caught:
        fill(LAMPIRAN_I_V1, pdf or prefilled_blank(), answers_given)
    return list(caught.value.problems)


def seen_in(pdf: bytes, name: str) -> list[dict[str, Any]]:
    """Return the letters that a print of the form shows inside the box of the field."""
    left, bottom, right, top = box_of(name)
    with pdfplumber.open(BytesIO(printed(pdf))) as document:
        page = document.pages[0]
        high = float(page.height)
        return [
            letter
            for letter in page.chars
            if letter["x0"] >= left - 0.1
            and letter["x1"] <= right + 0.1
            and letter["top"] >= high - top - 0.1
            and letter["bottom"] <= high - bottom + 0.1
        ]


def shown(pdf: bytes, name: str) -> str:
    return "".join(letter["text"] for letter in seen_in(pdf, name) if not letter["text"].isspace())


def test_what_was_answered_is_kept_and_what_was_prefilled_stays() -> None:
    kept = values(filled())
    assert {name: kept[name] for name in answers()} == answers()


def test_a_choice_is_kept_by_value_and_shown_by_label() -> None:
    pdf = fill(LAMPIRAN_I_V1, prefilled_blank(), {"jenis_kegiatan": "Belajar Mandiri", "tingkat": "internasional"})
    assert values(pdf)["jenis_kegiatan"] == "belajar_mandiri"
    assert shown(pdf, "jenis_kegiatan") == "BelajarMandiri"
    assert shown(pdf, "tingkat") == "Internasional"


def test_every_appearance_is_exactly_the_one_a_reader_can_draw_again() -> None:
    with pikepdf.open(BytesIO(filled())) as pdf:
        for name, value in answers().items():
            filled_widget = widget(pdf, name)
            box = tuple(float(edge) for edge in filled_widget.Rect)
            assert filled_widget.AP.N.read_bytes() == appearance(LAMPIRAN_I_V1, name, value, box)  # type: ignore[arg-type]  # four numbers
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_signs_beyond_the_simple_font_are_drawn() -> None:
    text = "Skor ≥ 80 → lulus; naïve – “kutipan” € 5"
    pdf = fill(LAMPIRAN_I_V1, prefilled_blank(), {"hasil_pengembangan": text})
    assert shown(pdf, "hasil_pengembangan") == text.replace(" ", "")


def test_prefilled_fields_are_read_only_and_the_others_are_not() -> None:
    with pikepdf.open(BytesIO(prefilled_blank())) as pdf:
        for field in LAMPIRAN_I_V1.fields:
            assert bool(int(widget(pdf, field.name).Ff) & 1) == (field.name in PREFILLED)


def test_a_prefilled_value_cannot_be_changed_but_may_be_repeated() -> None:
    same = {"nama_pegawai": answers()["nama_pegawai"]}
    assert values(fill(LAMPIRAN_I_V1, prefilled_blank(), same))["nama_pegawai"] == same["nama_pegawai"]
    (problem,) = problems({"nama_pegawai": "Orang Lain"})
    assert (problem.field, problem.code) == ("nama_pegawai", "read_only")
    assert "Nama Pegawai" in problem.message


def test_all_problems_are_told_at_once_each_with_its_field_and_a_way_out() -> None:
    listed = problems(
        {
            "jenis_kegiatan": "rapat",
            "warna": "biru",
            "tempat": "Ruang " * 80,
            "nip_pegawai": "1",
            "hasil_pengembangan": "Baik \N{THUMBS UP SIGN}",
        }
    )
    assert {problem.field: problem.code for problem in listed} == {
        "jenis_kegiatan": "invalid_value",
        "warna": "unknown_field",
        "tempat": "too_long",
        "nip_pegawai": "read_only",
        "hasil_pengembangan": "invalid_value",
    }
    assert all(problem.message and problem.hint for problem in listed)
    assert "coaching, mentoring, belajar_mandiri" in next(
        problem.hint for problem in listed if problem.field == "jenis_kegiatan"
    )
    assert "\N{THUMBS UP SIGN}" in next(problem.message for problem in listed if problem.field == "hasil_pengembangan")


def test_a_refused_answer_leaves_the_file_as_it_was() -> None:
    before = prefilled_blank()
    problems({"tempat": "Jakarta", "warna": "biru"}, before)
    assert values(before)["tempat"] == ""


@pytest.mark.parametrize("name", [field.name for field in LAMPIRAN_I_V1.fields if field.kind is Kind.LONG_TEXT])
def test_long_answers_shrink_to_seven_points_and_then_are_refused_with_field_and_limit(name: str) -> None:
    box, sizes, times = box_of(name), [], 1
    while fits(LAMPIRAN_I_V1, name, SENTENCE * times, box):
        drawn = appearance(LAMPIRAN_I_V1, name, SENTENCE * times, box)
        sizes.append(float(drawn.split(b"/CmbU ")[1].split()[0]))
        times += 1
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (10.0, 7.0)
    (problem,) = problems({name: SENTENCE * times})
    assert (problem.field, problem.code) == (name, "too_long")
    assert LAMPIRAN_I_V1.field(name).label in problem.message
    assert "baris" in problem.message
    assert "7 pt" in problem.message


@pytest.mark.parametrize("name", [field.name for field in LAMPIRAN_I_V1.fields if field.kind is Kind.LONG_TEXT])
def test_each_box_holds_five_lines_of_ordinary_writing(name: str) -> None:
    text = SENTENCE * 6
    box = box_of(name)
    assert fits(LAMPIRAN_I_V1, name, text, box)
    assert float(appearance(LAMPIRAN_I_V1, name, text, box).split(b"/CmbU ")[1].split()[0]) >= 8


def test_many_short_lines_are_refused_by_the_number_of_lines() -> None:
    (problem,) = problems({"hasil_pengembangan": "satu\n" * 30 + "dua"})
    assert problem.code == "too_long"
    assert "31 paragraf" in problem.message


@settings(max_examples=30, deadline=None)
@given(
    text=st.lists(st.text(alphabet=DRAWN, min_size=1, max_size=24), min_size=1, max_size=40).map(" ".join),
    name=st.sampled_from(["identifikasi_kebutuhan", "hasil_pengembangan", "tempat", "nama_kegiatan", "unit_kerja"]),
)
def test_whatever_fits_is_drawn_whole_inside_its_field(text: str, name: str) -> None:
    blank = blank_bytes(LAMPIRAN_I_V1)
    if not fits(LAMPIRAN_I_V1, name, text, box_of(name)):
        with pytest.raises(Unfillable):
            fill(LAMPIRAN_I_V1, blank, {name: text})
        return
    pdf = fill(LAMPIRAN_I_V1, blank, {name: text})
    kept = values(pdf)[name]
    assert kept.split() == unicodedata.normalize("NFC", text).split()
    assert shown(pdf, name) == "".join(kept.split())
    assert all(letter["size"] >= 6.99 for letter in seen_in(pdf, name))


def test_an_unbroken_word_longer_than_the_line_is_shown_whole() -> None:
    word = "x" * 300
    assert shown(fill(LAMPIRAN_I_V1, prefilled_blank(), {"hasil_pengembangan": word}), "hasil_pengembangan") == word


def test_line_breaks_in_a_long_answer_are_kept() -> None:
    pdf = fill(LAMPIRAN_I_V1, prefilled_blank(), {"hasil_pengembangan": "pertama\r\n\r\nkedua"})
    assert values(pdf)["hasil_pengembangan"] == "pertama\n\nkedua"
    tops = {letter["text"]: letter["top"] for letter in seen_in(pdf, "hasil_pengembangan")}
    assert tops["k"] - tops["p"] > 20


def test_an_answer_can_be_taken_back() -> None:
    emptied = fill(LAMPIRAN_I_V1, filled(), {"tempat": ""})
    assert values(emptied)["tempat"] == ""
    assert shown(emptied, "tempat") == ""


def test_filling_again_over_another_programs_drawing_shows_only_the_new_value() -> None:
    def share(_: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        widgets["tempat"].AP.N = widgets["tanggal"].AP.N

    pdf = fill(LAMPIRAN_I_V1, tampered(filled(), share), {"tempat": "Bandung"})
    assert shown(pdf, "tempat") == "Bandung"
    assert shown(pdf, "tanggal") == answers()["tanggal"].replace(" ", "")


def test_a_signed_form_is_not_filled_any_more() -> None:
    def sign(pdf: pikepdf.Pdf, _: dict[str, Any]) -> None:
        value = pikepdf.Dictionary(Type=pikepdf.Name.Sig, ByteRange=[0, 1, 2, 3], Contents=b"")
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String("sig_1"), V=pdf.make_indirect(value))
        pdf.Root.AcroForm.Fields.append(pdf.make_indirect(field))

    with pytest.raises(AlreadySigned, match="sudah ditandatangani"):
        fill(LAMPIRAN_I_V1, tampered(filled(), sign), {"tempat": "Bandung"})


def test_another_pdf_is_not_filled() -> None:
    def lose_a_field(pdf: pikepdf.Pdf, _: dict[str, Any]) -> None:
        del pdf.pages[0].obj.Annots[5]

    def lose_the_font(pdf: pikepdf.Pdf, _: dict[str, Any]) -> None:
        del pdf.Root.AcroForm.DR

    with pikepdf.new() as empty:
        out = BytesIO()
        empty.save(out)
    for pdf in (b"junk", out.getvalue(), tampered(filled(), lose_a_field), tampered(filled(), lose_the_font)):
        with pytest.raises(NotThisForm):
            fill(LAMPIRAN_I_V1, pdf, {"tempat": "Bandung"})


def test_prefilling_twice_gives_the_same_bytes() -> None:
    assert prefilled_blank() == prefilled_blank()


def test_prefilled_values_that_do_not_fit_are_refused_too() -> None:
    with pytest.raises(Unfillable, match="Unit Kerja"):
        prefill(
            LAMPIRAN_I_V1,
            blank_bytes(LAMPIRAN_I_V1),
            serial=SERIAL,
            answers={"unit_kerja": "Direktorat " * 30},
            read_only=(),
        )


def test_a_form_without_a_single_answer_is_still_a_form() -> None:
    bare = prefill(LAMPIRAN_I_V1, blank_bytes(LAMPIRAN_I_V1), serial=SERIAL, answers={}, read_only=())
    assert set(values(bare).values()) == {""}
