"""Forgeries made while filling a form: the page shows other answers than the fields hold.

Every function takes the opened form and its widgets by name. Everybody then signs what they saw.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

Widgets = dict[str, Any]
Tamper = Callable[[Pdf, Widgets], None]
SHOWN = b"BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET"


def helvetica(**entries: Any) -> Dictionary:
    plain = {"Type": Name.Font, "Subtype": Name.Type1, "BaseFont": Name.Helvetica, "Encoding": Name.WinAnsiEncoding}
    return Dictionary(**(plain | entries))


def drawing(pdf: Pdf, widget: Any, content: bytes, *, font: Object | None = None, **resources: Any) -> Object:
    """Return an appearance of the widget's size with one font, /Helv."""
    left, bottom, right, top = (float(edge) for edge in widget.Rect)
    drawn = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form)
    drawn.BBox = Array([0, 0, right - left, top - bottom])
    drawn.Resources = Dictionary(Font=Dictionary(Helv=font if font is not None else helvetica()), **resources)
    return drawn


def redrawn(pdf: Pdf, widgets: Widgets, content: bytes, *, field: str = "tempat", **more: Any) -> None:
    widgets[field].AP = Dictionary(N=drawing(pdf, widgets[field], content, **more))


def honestly_redrawn(pdf: Pdf, widgets: Widgets) -> None:
    """Draw honestly; the forgeries below start from this."""
    redrawn(pdf, widgets, SHOWN)


def value_changed_behind_its_drawing(_: Pdf, widgets: Widgets) -> None:
    widgets["tanggal"].V = String("14 Maret 2025")


def value_of_a_choice_changed_behind_its_drawing(_: Pdf, widgets: Widgets) -> None:
    widgets["tingkat"].V = String("internasional")


def drawing_of_another_word(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN.replace(b"Jakarta", b"Bandung"))


def letters_without_ink(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN.replace(b"0 g", b"0 g 3 Tr"))


def letters_of_white_outlines(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"1 G 1 Tr " + SHOWN)


def letters_under_thick_outlines(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"0 G 30 w 2 Tr " + SHOWN)


def letters_as_white_as_the_page(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN.replace(b"0 g", b"1 g"))


def letters_on_a_stroke_as_black_as_they_are(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"0 G 40 w 0 5 m 200 5 l S " + SHOWN)


def letters_on_a_black_frame_as_wide_as_the_field(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"0 G 40 w 0 0 90 12 re S " + SHOWN)


def three_made_an_eight_by_a_stroke(pdf: Pdf, widgets: Widgets) -> None:
    widgets["tanggal"].V = String("3 Maret 2025")
    stroke = b"0 G 1 w 2.6 4 m 2.6 8 l S "
    redrawn(pdf, widgets, stroke + b"BT /Helv 8 Tf 0 g 2 3 Td (3 Maret 2025) Tj ET", field="tanggal")


def six_turned_around_into_a_nine(pdf: Pdf, widgets: Widgets) -> None:
    widgets["tanggal"].V = String("6 Maret 2025")
    content = b"BT /Helv 8 Tf 0 g -1 0 0 -1 7 9 Tm (6) Tj 1 0 0 1 9.2 3 Tm (Maret 2025) Tj ET"
    redrawn(pdf, widgets, content, field="tanggal")


def letters_upside_down_by_a_negative_size(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"BT /Helv -8 Tf 0 g 60 9 Td (Jakarta) Tj ET")


def letters_as_thin_as_hair(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"BT /Helv 8 Tf 0 g 0.01 0 0 1 2 3 Tm (Jakarta) Tj ET")


def letters_too_small_to_read(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN.replace(b"8 Tf", b"2 Tf"))


def letters_heaped_on_one_place(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"BT /Helv 8 Tf 0 g -4 Tc 2 3 Td (Jakarta) Tj ET")


def letters_heaped_by_kerning(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"BT /Helv 8 Tf 0 g 2 3 Td [(J) 450 (a) 500 (k) 450 (a) 500 (r) 300 (t) 250 (a)] TJ ET")


def letters_put_in_another_order_by_false_widths(pdf: Pdf, widgets: Widgets) -> None:
    backwards = helvetica(FirstChar=0, LastChar=255, Widths=Array([-556] * 256))
    redrawn(pdf, widgets, SHOWN.replace(b"2 3", b"60 3"), font=backwards)


def letters_heaped_by_a_width_of_nothing(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN, font=helvetica(FirstChar=0, LastChar=255, Widths=Array([0] * 256)))


def letters_heaped_by_widths_for_the_space_only(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN, font=helvetica(FirstChar=32, LastChar=32, Widths=Array([278])))


def letters_outside_the_field(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN.replace(b"2 3", b"2000 3"))


def letters_cut_off_by_a_clip(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"q 0 0 8 20 re W n " + SHOWN + b" Q")


def letters_cut_off_by_two_equal_clips(pdf: Pdf, widgets: Widgets) -> None:
    """Even-odd: what is in both is outside."""
    redrawn(pdf, widgets, b"0 0 200 20 re 0 0 200 20 re W* n " + SHOWN)


def letters_painted_over(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN + b" 1 g 0 0 90 12 re f")


def letters_no_reader_of_text_knows(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN + b" 0 g 40 2 m 44 9 48 9 52 2 c f")


def letters_on_a_layer_that_is_off(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"/OC /x BDC " + SHOWN + b" EMC")


def letters_of_see_through_ink(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, b"/GS gs " + SHOWN, ExtGState=Dictionary(GS=Dictionary(ca=0)))


def font_that_reads_otherwise_than_it_looks(pdf: Pdf, widgets: Widgets) -> None:
    lie = b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 7 beginbfchar <42> <004A> <61> <0061> "
    lie += b"<6E> <006B> <64> <0061> <75> <0072> <6E> <0074> <67> <0061> endbfchar endcmap"
    font = helvetica(ToUnicode=pdf.make_stream(lie))
    redrawn(pdf, widgets, SHOWN.replace(b"Jakarta", b"Bandung"), font=font)


def font_with_its_letters_exchanged(pdf: Pdf, widgets: Widgets) -> None:
    font = helvetica()
    font.Encoding = Dictionary(Type=Name.Encoding, Differences=Array([74, Name.B]))
    redrawn(pdf, widgets, SHOWN, font=font)


def font_of_our_own_drawing_swapped(_: Pdf, widgets: Widgets) -> None:
    fonts = widgets["tempat"].AP.N.Resources.Font
    for name in list(fonts.keys()):
        fonts[name] = helvetica()


def font_that_is_nowhere(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN.replace(b"/Helv", b"/Nope"))


def drawing_for_the_mouse_says_another_word(pdf: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].AP.R = drawing(pdf, widgets["tempat"], SHOWN.replace(b"Jakarta", b"Bandung"))


def drawing_kept_in_another_file(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].AP.N.F = String("lain.bin")


def drawing_shrunk_into_a_corner(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].AP.N.BBox = Array([0, 0, 2000, 200])


def drawing_turned_by_a_matrix(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].AP.N.Matrix = Array([-1, 0, 0, -1, 0, 0])


def drawing_by_state_of_the_field(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].AP.N = Dictionary(Ya=widgets["tempat"].AP.N)


def no_drawing_at_all(_: Pdf, widgets: Widgets) -> None:
    del widgets["tempat"].AP


def viewers_told_to_draw_anew_in_another_font(pdf: Pdf, _: Widgets) -> None:
    pdf.Root.AcroForm.NeedAppearances = True
    fonts = pdf.Root.AcroForm.DR.Font
    for name in list(fonts.keys()):
        fonts[name].BaseFont = Name.Symbol


def viewers_told_to_draw_anew_in_white(pdf: Pdf, widgets: Widgets) -> None:
    pdf.Root.AcroForm.NeedAppearances = True
    widgets["tempat"].DA = String("/CmbF 10 Tf 1 g")


def viewers_told_to_draw_anew_in_dots(pdf: Pdf, widgets: Widgets) -> None:
    pdf.Root.AcroForm.NeedAppearances = True
    widgets["tempat"].DA = String("/CmbF 1 Tf 0 g")


def own_drawing_made_white_by_a_colour_space(_: Pdf, widgets: Widgets) -> None:
    """Viewers map DeviceGray through /DefaultGray (ISO 32000-1 8.6.5.6); the steps stay ours, byte for byte."""
    gray = Array([Name.CalGray, Dictionary(WhitePoint=Array([0.9505, 1, 1.089]), Gamma=0.0001)])
    widgets["tempat"].AP.N.Resources.ColorSpace = Dictionary(DefaultGray=gray)


def own_drawing_of_a_value_with_a_soft_hyphen(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].V = String("Jakar\N{SOFT HYPHEN}ta")


def drawing_cut_short_in_its_packing(pdf: Pdf, widgets: Widgets) -> None:
    """Some readers show what came before the fault, some nothing."""
    whole = zlib.compress(SHOWN + b" " * 400)
    widgets["tempat"].AP.N = drawing(pdf, widgets["tempat"], b"")
    widgets["tempat"].AP.N.write(whole[:-6], filter=Name.FlateDecode)


def widget_that_is_none_to_a_viewer(_: Pdf, widgets: Widgets) -> None:
    """A string where a name belongs (ISO 32000-1 7.3.5); the same in the six below."""
    widgets["tempat"].Subtype = String("/Widget")


def answer_of_no_kind_to_a_viewer(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].FT = String("/Tx")


def own_drawing_in_a_font_without_encoding_to_a_viewer(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].AP.N.Resources.Font.CmbU.Encoding = String("/Identity-H")


def own_drawing_in_a_font_of_no_kind_to_a_viewer(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].AP.N.Resources.Font.CmbU.Subtype = String("/Type0")


def drawing_in_a_standard_font_without_encoding_to_a_viewer(pdf: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].V = String("10\xb2 m")
    redrawn(pdf, widgets, SHOWN.replace(b"Jakarta", b"10\\262 m"), font=helvetica(Encoding=String("/WinAnsiEncoding")))


def page_in_a_font_without_encoding_to_a_viewer(pdf: Pdf, _: Widgets) -> None:
    fonts = pdf.pages[0].obj.Resources.Font
    for name in list(fonts.keys()):
        fonts[name].Encoding = String(str(fonts[name].Encoding))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOtherwise:
    """A drawing in one field that shows something else than `value`, for an eye or for a voice that reads it aloud."""

    __name__: str
    field: str
    value: str
    content: bytes
    font: Mapping[str, Any] | None = None

    def __call__(self, pdf: Pdf, widgets: Widgets) -> None:
        widget = widgets[self.field]
        widget.V = String(self.value)
        drawn = drawing(pdf, widget, self.content, font=helvetica(**(self.font or {})))
        drawn.Resources.Font.Norm = helvetica()
        widget.AP = Dictionary(N=drawn)


# What a reader of letters and positions took for the value, and an eye did not.
SEEN_OTHERWISE = (
    SeenOtherwise(
        __name__="the_operator_for_next_line_and_spacing_moves_the_text",
        field="tanggal",
        value="21 April 2025",
        content=b'BT /Helv 8 Tf 0 g 0 TL 1 0 0 1 2 3 Tm [-556.25] TJ 0 0 (1) " 1 0 0 1 6.45 3 Tm [556.25] TJ 0 0 (2) " '
        b"/Norm 8 Tf 1 0 0 1 14 3 Tm (April 2025) Tj ET",
    ),
    SeenOtherwise(
        __name__="the_beginning_of_a_word_moved_out_of_sight",
        field="tingkat",
        value="internasional",
        content=b'BT /Helv 8 Tf 0 g 900 TL 1 0 0 1 2 3 Tm 0 0 (inter) " 0 TL 1 0 0 1 18.2 3 Tm (nasional) Tj ET',
    ),
    SeenOtherwise(
        __name__="yellow_on_yellow_by_a_colour_out_of_range",
        field="tanggal",
        value="21 April 2025",
        content=b"1 1 0 rg 0 0 90 20 re f BT /Helv 8 Tf 1 1 -10 rg 2 3 Td (2) Tj 0 g (1 April 2025) Tj ET",
    ),
    SeenOtherwise(
        __name__="a_digit_set_higher_is_read_first",
        field="tanggal",
        value="21 April 2025",
        content=b"BT /Helv 7 Tf 0 g 1 0 0 1 2 2 Tm (1) Tj 1 0 0 1 5.9 5.2 Tm (2) Tj 1 0 0 1 12 2 Tm (April 2025) Tj ET",
    ),
    SeenOtherwise(
        __name__="a_hyphen_taken_for_the_end_of_a_line",
        field="tanggal",
        value="12 April 2025",
        content=b"BT /Helv 7 Tf 0 g 1 0 0 1 2 5.2 Tm (1-) Tj 1 0 0 1 8.3 2 Tm (2 April 2025) Tj ET",
    ),
    SeenOtherwise(
        __name__="a_power_read_as_a_digit",
        field="nama_kegiatan",
        value="Luas 102 meter",
        content=b"BT /Helv 8 Tf 0 g 2 3 Td (Luas 10\\262 meter) Tj ET",
    ),
    SeenOtherwise(
        __name__="a_space_of_negative_width",
        field="tanggal",
        value="21 April 2025",
        content=b"BT /Helv 8 Tf 0 g 1 0 0 1 6.45 3 Tm (2 1) Tj /Norm 8 Tf 1 0 0 1 20 3 Tm (April 2025) Tj ET",
        font={"FirstChar": 32, "LastChar": 126, "Widths": [-1112, *[556] * 94]},
    ),
    SeenOtherwise(
        __name__="a_glyph_name_that_no_font_has",
        field="tanggal",
        value="21 April 2025",
        content=b"BT /Helv 8 Tf 0 g 2 3 Td (\\0011 April 2025) Tj ET",
        font={"Encoding": {"/BaseEncoding": Name.WinAnsiEncoding, "/Differences": [1, Name("/two.x")]}},
    ),
    SeenOtherwise(
        __name__="words_read_aloud_instead_of_what_is_seen",
        field="tanggal",
        value="21 April 2025",
        content=b"/Span <</ActualText (1 Mei 2025)>> BDC BT /Helv 8 Tf 0 g 2 3 Td (21 April 2025) Tj ET EMC",
    ),
    SeenOtherwise(
        __name__="a_soft_hyphen_seen_and_not_recorded",
        field="tempat",
        value="Ruang 1\N{SOFT HYPHEN}2",
        content=b"BT /Helv 8 Tf 0 g 2 3 Td (Ruang 1\\2552) Tj ET",
    ),
    SeenOtherwise(
        __name__="letters_shown_outside_a_text_object",
        field="tempat",
        value="Jakarta",
        content=b"BT /Helv 8 Tf 0 g 2 3 Td ET (Jakarta) Tj",
    ),
    SeenOtherwise(
        __name__="state_saved_inside_a_text_object",
        field="tempat",
        value="Jakarta",
        content=b"BT /Helv 8 Tf 0 g 2 3 Td q 1 g Q (Jakarta) Tj ET",
    ),
)

DRAWINGS: tuple[Tamper, ...] = (
    value_changed_behind_its_drawing,
    value_of_a_choice_changed_behind_its_drawing,
    drawing_of_another_word,
    letters_without_ink,
    letters_of_white_outlines,
    letters_under_thick_outlines,
    letters_as_white_as_the_page,
    letters_on_a_stroke_as_black_as_they_are,
    letters_on_a_black_frame_as_wide_as_the_field,
    three_made_an_eight_by_a_stroke,
    six_turned_around_into_a_nine,
    letters_upside_down_by_a_negative_size,
    letters_as_thin_as_hair,
    letters_too_small_to_read,
    letters_heaped_on_one_place,
    letters_heaped_by_kerning,
    letters_put_in_another_order_by_false_widths,
    letters_heaped_by_a_width_of_nothing,
    letters_heaped_by_widths_for_the_space_only,
    letters_outside_the_field,
    letters_cut_off_by_a_clip,
    letters_cut_off_by_two_equal_clips,
    letters_painted_over,
    letters_no_reader_of_text_knows,
    letters_on_a_layer_that_is_off,
    letters_of_see_through_ink,
    font_that_reads_otherwise_than_it_looks,
    font_with_its_letters_exchanged,
    font_of_our_own_drawing_swapped,
    font_that_is_nowhere,
    drawing_for_the_mouse_says_another_word,
    drawing_kept_in_another_file,
    drawing_shrunk_into_a_corner,
    drawing_turned_by_a_matrix,
    drawing_by_state_of_the_field,
    no_drawing_at_all,
    viewers_told_to_draw_anew_in_another_font,
    viewers_told_to_draw_anew_in_white,
    viewers_told_to_draw_anew_in_dots,
    own_drawing_made_white_by_a_colour_space,
    own_drawing_of_a_value_with_a_soft_hyphen,
    drawing_cut_short_in_its_packing,
    widget_that_is_none_to_a_viewer,
    answer_of_no_kind_to_a_viewer,
    own_drawing_in_a_font_without_encoding_to_a_viewer,
    own_drawing_in_a_font_of_no_kind_to_a_viewer,
    drawing_in_a_standard_font_without_encoding_to_a_viewer,
    page_in_a_font_without_encoding_to_a_viewer,
    *SEEN_OTHERWISE,
)
