"""The value of a field against what its page shows: honest programs pass, lies and cut-off text do not."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from pikepdf.form import DefaultAppearanceStreamGenerator, ExtendedAppearanceStreamGenerator, Form
from pypdf import PdfReader, PdfWriter

from forms.catalog import LAMPIRAN_I_V1
from parsers.appearance import appearance_problems
from parsers.errors import Unreadable
from parsers.records import Problem
from support.filled_forms import filled, prefilled_blank, tampered
from support.hand_made_forms import answers, saved
from support.said import advice, said

CLIPPED = b"%s BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET"
Tamper = Callable[[pikepdf.Pdf, dict[str, Any]], None]


def helvetica() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)


def problems_of(pdf: bytes) -> tuple[Problem, ...]:
    return appearance_problems(pdf, LAMPIRAN_I_V1)


def codes(pdf: bytes) -> list[tuple[str | None, str]]:
    return [(problem.field, problem.code) for problem in problems_of(pdf)]


def draw(content: bytes, field: str = "tempat", **resources: Any) -> Callable[[pikepdf.Pdf, dict[str, Any]], None]:
    """Return a change that draws the field with this content; /Helv is Helvetica."""

    def tamper(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        left, bottom, right, top = (float(edge) for edge in widgets[field].Rect)
        stream = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form)
        stream.BBox = Array([0, 0, right - left, top - bottom])
        stream.Resources = Dictionary(Font=Dictionary(Helv=helvetica()), **resources)
        widgets[field].AP = Dictionary(N=stream)

    return tamper


def by_pypdf(**changed: str) -> bytes:
    """Fill in the prefilled form with pypdf."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(prefilled_blank())))
    own_answers = {name: value for name, value in answers(**changed).items() if not LAMPIRAN_I_V1.field(name).prefilled}
    writer.update_page_form_field_values(writer.pages[0], own_answers)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def by_pikepdf(generator: Any) -> bytes:
    """Fill in the prefilled form with pikepdf, with or without drawing the values."""
    with pikepdf.open(BytesIO(prefilled_blank())) as pdf:
        form = Form(pdf, generator)
        for name, value in answers().items():
            if value and not LAMPIRAN_I_V1.field(name).prefilled:
                form[name].value = value
        return saved(pdf)


def test_a_form_filled_by_this_service_shows_what_it_holds() -> None:
    assert problems_of(filled()) == ()
    assert problems_of(prefilled_blank()) == ()


def test_a_form_filled_by_another_program_shows_what_it_holds() -> None:
    assert problems_of(by_pypdf()) == ()


@pytest.mark.parametrize("generator", [DefaultAppearanceStreamGenerator, ExtendedAppearanceStreamGenerator])
def test_appearances_written_by_qpdf_show_what_they_hold(generator: Any) -> None:
    assert problems_of(by_pikepdf(generator)) == ()


def test_a_program_that_writes_values_without_drawing_them_is_told_so() -> None:
    problems = problems_of(by_pikepdf(None))
    assert {problem.code for problem in problems} == {"value_differs_from_appearance"}
    assert all("tidak tampak" in said(problem) for problem in problems)


def test_a_text_that_another_program_lets_run_out_of_its_box_is_too_long() -> None:
    problems = problems_of(by_pypdf(hasil_pengembangan="Naskah selesai. " * 20))
    assert [(problem.field, problem.code) for problem in problems] == [("hasil_pengembangan", "too_long")]
    assert "D. Hasil Pengembangan" in said(problems[0])
    assert "7 poin" in said(problems[0])
    assert advice(problems[0])


@pytest.mark.parametrize("field", ["tanggal", "jenis_kegiatan", "hasil_pengembangan", "nip_atasan", "pertemuan_ke"])
def test_a_value_changed_behind_its_appearance_is_found(field: str) -> None:
    def tamper(_: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        widgets[field].V = {"jenis_kegiatan": "mentoring", "pertemuan_ke": "2"}.get(field, "7 Mei 2026")

    problems = problems_of(tampered(filled(), tamper))
    assert [(problem.field, problem.code) for problem in problems] == [(field, "value_differs_from_appearance")]
    assert LAMPIRAN_I_V1.field(field).label in said(problems[0])


def test_a_value_cleared_behind_its_appearance_is_found() -> None:
    def tamper(_: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        del widgets["nip_pembimbing"].V

    assert codes(tampered(filled(), tamper)) == [("nip_pembimbing", "value_differs_from_appearance")]


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(b"/Tx BMC q 1 1 218 20 re W n BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET Q EMC", id="clipped"),
        # As pdf-lib draws: matrices that move nothing, an outline never painted, a clip made of lines.
        pytest.param(
            b"1 0 0 1 0 0 cm q 0 0 m 0 12 l 221 12 l 221 0 l h h Q 1 1 m 1 11 l 219 11 l 219 1 l h W n "
            b"/Tx BMC q BT 0 g /Helv 8 Tf 1 0 0 1 1 3 Tm <4A616B61727461> Tj ET Q EMC",
            id="outlined",
        ),
        pytest.param(b"q 2 0 216 12 re W BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET Q", id="clipped_without_an_end"),
    ],
)
def test_an_honest_drawing_in_a_standard_font_passes(drawing: bytes) -> None:
    assert codes(tampered(filled(), draw(drawing))) == []


@pytest.mark.parametrize(
    ("value", "drawing"),
    [
        pytest.param("Rp\xa05", b"BT /Helv 8 Tf 0 g 2 3 Td (Rp\\2405) Tj ET", id="a_no_break_space"),
        pytest.param("5 \u20ac", b"BT /Helv 8 Tf 0 g 2 3 Td (5 \\200) Tj ET", id="the_euro"),
        pytest.param("Ruang  2", b"BT /Helv 8 Tf 0 g 2 3 Td (Ruang 2) Tj ET", id="two_spaces_drawn_as_one"),
        pytest.param("e\u0301", b"BT /Helv 8 Tf 0 g 2 3 Td (\\351) Tj ET", id="an_accent_of_its_own"),
        pytest.param("pro\ufb01l", b"BT /Helv 8 Tf 0 g 2 3 Td (profil) Tj ET", id="a_ligature"),
        pytest.param("Lantai 2", b"BT /Helv 8 Tf 0 g 2 0.3 Td (Lantai 2) Tj ET", id="at_the_edge_without_descenders"),
        pytest.param(
            "Ruang 2", b"BT /Helv 8 Tf 0 g 2 3 Td (Ruang ) Tj 25.8 0 Td (2) Tj ET", id="word_by_word_as_acrobat_does"
        ),
    ],
)
def test_a_value_drawn_letter_by_letter_as_it_is_passes(value: str, drawing: bytes) -> None:
    def tamper(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        draw(drawing)(pdf, widgets)
        widgets["tempat"].V = String(value)

    assert codes(tampered(filled(), tamper)) == []


@pytest.mark.parametrize(
    ("value", "drawing"),
    [
        pytest.param("Rp 5", b"BT /Helv 8 Tf 0 g 2 3 Td (Rp\\2405) Tj ET", id="a_no_break_space"),
        pytest.param("Ruang 2", b"BT /Helv 8 Tf 0 g 2 3 Td (Ruang  2) Tj ET", id="one_space_drawn_as_two"),
        pytest.param("12", b"BT /Helv 8 Tf 0 g 2 3 Td (1-2) Tj ET", id="a_hyphen"),
        pytest.param("1-2", b"BT /Helv 8 Tf 0 g 2 3 Td (12) Tj ET", id="no_hyphen"),
        pytest.param("1\xad2", b"BT /Helv 8 Tf 0 g 2 3 Td (12) Tj ET", id="no_soft_hyphen"),
        pytest.param("1\xb2", b"BT /Helv 8 Tf 0 g 2 3 Td (12) Tj ET", id="a_digit_for_a_power"),
        pytest.param("Jakarta\u200b", b"BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET", id="something_nobody_sees"),
    ],
)
def test_hyphens_powers_and_spaces_mean_themselves(value: str, drawing: bytes) -> None:
    def tamper(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        draw(drawing)(pdf, widgets)
        widgets["tempat"].V = String(value)

    assert codes(tampered(filled(), tamper)) == [("tempat", "value_differs_from_appearance")]


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Bandung) Tj ET", id="another_text"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (jakarta) Tj ET", id="another_case"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jakart\\252) Tj ET", id="a_power"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jakarta ) Tj (palsu) Tj ET", id="more_text"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jak) Tj ET", id="less_text"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jak) Tj 0 -8 Td (arta) Tj ET", id="two_lines_in_a_field_of_one"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jakart\\1419) Tj ET", id="an_octal_and_a_digit_more"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"/Tx BMC q BT 0 g /Helv 8 Tf 2 3 Td () Tj ET Q EMC", id="no_letters"),
    ],
)
def test_a_plain_drawing_of_something_else_is_found(drawing: bytes) -> None:
    assert codes(tampered(filled(), draw(drawing))) == [("tempat", "value_differs_from_appearance")]


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(b"BT /Helv 8 Tf 0 g 3 Tr 2 3 Td (Jakarta) Tj ET", id="invisible_mode"),
        pytest.param(b"BT /Helv 8 Tf 1 g 2 3 Td (Jakarta) Tj ET", id="white_on_white"),
        pytest.param(b"BT /Helv 8 Tf 1 1 -10 rg 2 3 Td (Jakarta) Tj ET", id="colour_out_of_range"),
        pytest.param(b"0 g 0 0 90 12 re f BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET", id="black_on_black"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET 1 g 0 0 90 12 re f", id="painted_over"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj 0 9 Td (palsu) Tj ET", id="with_another_text_above"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jak) Tj 30 0 Td (arta) Tj ET", id="with_a_gap"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jak) Tj /Helv 7 Tf (arta) Tj ET", id="in_two_sizes"),
        pytest.param(b"BT /Helv 8 Tf 2 3 Td (Jak) Tj 0.5 g (arta) Tj ET", id="in_two_colours"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td [(Jak) 20 (arta)] TJ ET", id="kerned"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td 1 Tc (Jakarta) Tj ET", id="spaced"),
        pytest.param(b'BT /Helv 8 Tf 0 g 2 3 Td 1 1 (Jakarta) " ET', id="next_line_with_spacing"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET BT ET", id="two_text_objects"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td q (Jakarta) Tj Q ET", id="state_saved_inside_text"),
        pytest.param(b"/Helv 8 Tf 2 3 Td (Jakarta) Tj", id="letters_outside_text"),
        pytest.param(b"q BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET", id="state_never_restored"),
        pytest.param(b"/OC /x BDC BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET EMC", id="layer_switched_off"),
        pytest.param(b"/Span BMC BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET EMC", id="another_mark"),
        pytest.param(b"BT /Helv 8 Tf 1 Tz 0 g 2 3 Td (Jakarta) Tj ET", id="hair_thin"),
        pytest.param(b"0 0 m 5 9 9 9 9 0 c f BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET", id="drawn_letters"),
        pytest.param(b"1 0 0 1 500 0 cm BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET", id="moved_away"),
        pytest.param(b"BT /Helv 8 Tf 0 g % (Bandung)\n2 3 Td (Jakarta) Tj ET", id="a_comment"),
        pytest.param(b"BT /He#6cv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET", id="a_name_in_disguise"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2-2 3 Td (Jakarta) Tj ET", id="two_numbers_or_one"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jak\\\narta) Tj ET", id="a_string_over_two_lines"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td (Jakart\\19) Tj ET", id="an_octal_of_two_digits"),
        pytest.param(b"BT /Helv 8 Tf 0 g 2 3 Td 9 (Jakarta) Tj ET", id="an_operand_too_many"),
        pytest.param(b"BT /Helv 8 Tf 0 g (2) 3 Td (Jakarta) Tj ET", id="an_operand_of_another_type"),
        pytest.param(CLIPPED % b"0 0 8 20 re W n", id="cut_off_by_a_narrow_clip"),
        pytest.param(CLIPPED % b"0 0 99 12 re 1 11 98 -10 re W n", id="hole_turned_the_other_way"),
        pytest.param(CLIPPED % b"0 0 99 12 re 1 1 98 10 re W* n", id="hole_by_the_even_odd_rule"),
        pytest.param(CLIPPED % b"1 1 98 10 re W 0 12 99 -12 re n", id="hole_cut_after_the_clip"),
        pytest.param(CLIPPED % b"0 0 m 0 12 l 1 12 l h 1 1 98 10 re W n", id="clipped_by_a_triangle_too"),
        pytest.param(CLIPPED % b"0 0 1 1 re 1 1 l 1 11 l 98 11 l 98 1 l h W n", id="clipped_by_a_line_that_goes_on"),
        pytest.param(b"BT /Nope 8 Tf 0 g 2 3 Td (Jakarta) Tj ET", id="font_missing"),
    ],
)
def test_a_drawing_outside_the_plain_grammar_goes_to_a_person(drawing: bytes) -> None:
    assert codes(tampered(filled(), draw(drawing))) == [("tempat", "drawing_not_plain")]


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(b"BT /Helv 8 Tf 0 g 2000 3 Td (Jakarta) Tj ET", id="beside_the_box"),
        pytest.param(b"BT /Helv 3 Tf 0 g 2 3 Td (Jakarta) Tj ET", id="tiny"),
    ],
)
def test_a_text_that_cannot_be_read_whole_is_too_long(drawing: bytes) -> None:
    assert codes(tampered(filled(), draw(drawing))) == [("tempat", "too_long")]


def test_a_drawing_shrunk_into_its_box_goes_to_a_person() -> None:
    def tamper(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        draw(b"BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET")(pdf, widgets)
        widgets["tempat"].AP.N.BBox = Array([0, 0, 2000, 200])

    assert codes(tampered(filled(), tamper)) == [("tempat", "drawing_not_plain")]


def test_see_through_ink_is_found() -> None:
    ghost = Dictionary(GS=Dictionary(ca=0))
    drawing = b"/GS gs BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET"
    assert codes(tampered(filled(), draw(drawing, ExtGState=ghost))) == [("tempat", "drawing_not_plain")]


def test_a_font_that_reads_otherwise_than_it_looks_is_not_believed() -> None:
    def tamper(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        draw(b"BT /Helv 8 Tf 0 g 2 3 Td (Bandung) Tj ET")(pdf, widgets)
        lie = b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 7 beginbfchar <42> <004A> <61> <0061> "
        lie += b"<6E> <006B> <64> <0061> <75> <0072> <6E> <0074> <67> <0061> endbfchar endcmap"
        widgets["tempat"].AP.N.Resources.Font.Helv.ToUnicode = pdf.make_stream(lie)

    assert codes(tampered(filled(), tamper)) == [("tempat", "drawing_not_plain")]


def test_our_own_drawing_with_a_swapped_font_is_not_believed() -> None:
    def tamper(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        widgets["tempat"].AP.N.Resources.Font["/CmbU"] = pdf.make_indirect(helvetica())

    assert codes(tampered(filled(), tamper)) == [("tempat", "drawing_not_plain")]


def _entries(**entries: Any) -> Tamper:
    def tamper(_: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        for key, value in entries.items():
            widgets["tempat"][f"/{key}"] = value

    return tamper


@pytest.mark.parametrize("redraw", [False, True])
@pytest.mark.parametrize(
    "tamper",
    [
        _entries(MK=Dictionary(), BS=Dictionary(W=1, S=Name.S), Border=Array([0, 0, 1])),
        _entries(MK=Dictionary(R=0, BC=Array(), BG=Array()), BS=Dictionary(W=0), Border=Array([0, 0, 0, Array([3])])),
        _entries(DA=String("0 0 0 rg /CmbF 0 Tf")),
        _entries(DA=String("/CmbF 8 Tf 0.2 0.2 0.6 rg")),
    ],
)
def test_looks_that_change_nothing_pass_whether_a_viewer_draws_anew_or_not(tamper: Tamper, *, redraw: bool) -> None:
    def change(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        tamper(pdf, widgets)
        pdf.Root.AcroForm.NeedAppearances = redraw

    assert problems_of(tampered(filled(), change)) == ()


@pytest.mark.parametrize("redraw", [False, True])
def test_a_choice_may_count_the_option_it_holds(*, redraw: bool) -> None:
    def counted(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        widgets["jenis_kegiatan"].I = Array([1])
        pdf.Root.AcroForm.NeedAppearances = redraw

    assert problems_of(tampered(filled(jenis_kegiatan="mentoring"), counted)) == ()
    assert codes(tampered(filled(jenis_kegiatan="coaching"), counted)) == [("jenis_kegiatan", "drawing_not_plain")]


def test_a_text_of_a_megabyte_is_too_long_at_once() -> None:
    def endless(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        widgets["hasil_pengembangan"].V = String("a " * 20_000 + "b" * 1_000_000)
        draw(b"BT /Helv 8 Tf 0 g 2 40 Td (a a a) Tj ET", "hasil_pengembangan")(pdf, widgets)

    before = time.process_time()
    assert codes(tampered(filled(), endless)) == [("hasil_pengembangan", "too_long")]
    assert time.process_time() - before < 3


def test_a_font_that_refers_to_itself_in_every_way_costs_no_time() -> None:
    def self_referring(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
        draw(CLIPPED % b"")(pdf, widgets)
        knot = pdf.make_indirect(Dictionary())
        for _ in range(10):
            knot = pdf.make_indirect(Dictionary(A=Array([knot] * 40)))
        font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, A=Array([knot, knot]))
        widgets["tempat"].AP.N.Resources.Font.Knot = pdf.make_indirect(font)

    before = time.process_time()
    assert problems_of(tampered(filled(), self_referring)) == ()
    assert time.process_time() - before < 3


def test_a_text_too_long_for_viewers_that_draw_it_anew_goes_to_a_person() -> None:
    """Our drawing uses smaller letters; the default appearance of the field does not."""
    honest = filled(nama_kegiatan="Coaching pemahaman pola karier " * 3)
    assert problems_of(honest) == ()

    def redraw(pdf: pikepdf.Pdf, _: dict[str, Any]) -> None:
        pdf.Root.AcroForm.NeedAppearances = True

    assert codes(tampered(honest, redraw)) == [("nama_kegiatan", "drawing_not_plain")]


def test_an_accent_on_a_capital_needs_its_room() -> None:
    def drawn(height: float) -> Tamper:
        def tamper(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
            widgets["tempat"].V = String("Ruang É")
            draw(b"BT /Helv 8 Tf 0 g 2 %.2f Td (Ruang \xc9) Tj ET" % height)(pdf, widgets)

        return tamper

    assert problems_of(tampered(filled(), drawn(4))) == ()
    assert codes(tampered(filled(), drawn(6.7))) == [("tempat", "drawing_not_plain")]


def _flag(flag: int) -> Tamper:
    return lambda _, widgets: widgets["tempat"].__setattr__("F", flag)


def _rect(*box: float) -> Tamper:
    return lambda _, widgets: widgets["tempat"].__setattr__("Rect", Array(box))


def _unlisted(pdf: pikepdf.Pdf, _: dict[str, Any]) -> None:
    page = pdf.pages[0].obj
    page.Annots = Array([annotation for annotation in page.Annots.as_list() if str(annotation.T) != "tempat"])


def _layer(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
    widgets["tempat"].OC = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="mati"))


def _covered(pdf: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
    white = pdf.make_stream(b"1 g 0 0 900 900 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 900, 900]))
    stamp = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="sig_1", AP=Dictionary(N=white), F=4)
    stamp.Rect = widgets["tempat"].Rect
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(stamp))
    pdf.Root.AcroForm.Fields.append(pdf.pages[0].obj.Annots[-1])


def _undrawn(_: pikepdf.Pdf, widgets: dict[str, Any]) -> None:
    del widgets["tempat"].AP


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(_flag(6), id="hidden"),
        pytest.param(_flag(36), id="no_view"),
        pytest.param(_rect(60, 400, 60, 420), id="no_width"),
        pytest.param(_rect(-300, 400, -200, 420), id="off_the_page"),
        pytest.param(_unlisted, id="on_no_page"),
        pytest.param(_layer, id="on_a_layer"),
        pytest.param(_covered, id="under_a_stamp"),
        pytest.param(_undrawn, id="without_appearance"),
    ],
)
def test_a_value_out_of_sight_is_found(tamper: Tamper) -> None:
    problem_codes = codes(tampered(filled(), tamper))
    # A stamp that hides an answer may also touch the words beside it.
    assert [problem for problem in problem_codes if problem[0]] == [("tempat", "value_differs_from_appearance")]


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_a_damaged_form_raises_nothing_but_unreadable(place: int, damage: bytes) -> None:
    at = place % len(WHOLE)
    with suppress(Unreadable):
        problems_of(WHOLE[:at] + damage + WHOLE[at + len(damage) :])


WHOLE = filled()
