"""Lies of whoever fills a form in, told before anyone signs: what the page shows is not what the fields hold.

Each takes the opened form and its widgets by name. Everybody then signs what they saw.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

Widgets = dict[str, Any]
Tamper = Callable[[Pdf, Widgets], None]
SHOWN = b"BT /Helv 8 Tf 0 g 2 3 Td (Jakarta) Tj ET"


def helvetica(**entries: Any) -> Dictionary:
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding, **entries
    )


def drawing(pdf: Pdf, widget: Any, content: bytes, *, font: Object | None = None, **resources: Any) -> Object:
    """An appearance of the widget's size with one font, /Helv."""
    left, bottom, right, top = (float(each) for each in widget.Rect)
    drawn = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form)
    drawn.BBox = Array([0, 0, right - left, top - bottom])
    drawn.Resources = Dictionary(Font=Dictionary(Helv=font if font is not None else helvetica()), **resources)
    return drawn


def redrawn(pdf: Pdf, widgets: Widgets, content: bytes, *, field: str = "tempat", **more: Any) -> None:
    widgets[field].AP = Dictionary(N=drawing(pdf, widgets[field], content, **more))


def honestly_redrawn(pdf: Pdf, widgets: Widgets) -> None:
    """No lie: what the lies below start from."""
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
)
