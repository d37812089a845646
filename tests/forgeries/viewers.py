"""Forgeries made while filling a form that need not change letters: spellings, font tables, what viewers draw.

They are made before anyone signs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, String

from forgeries.drawings import SHOWN, Tamper, Widgets, drawing, redrawn

_EM = 7 * 0.556  # a digit of Helvetica at 7 points


def letters_moved_by_runs_of_nothing(pdf: Pdf, widgets: Widgets) -> None:
    """Recorded 21 April, seen 12 April: each step is as small as rounding, and shows no letter."""
    widgets["tanggal"].V = String("21 April 2025")
    steps = [b"BT /Helv 7 Tf 0 g 1 0 0 1 12 3 Tm (2) Tj"]
    place = 12 + _EM
    for goal, letters in ((12 - _EM, b"1"), (12 + _EM + 2, b" April 2025")):
        while abs(place - goal) > 0.02:
            place += 0.0195 if goal > place else -0.0195
            steps.append(b"1 0 0 1 %.4f 3 Tm () Tj" % place)
        steps.append(b"(%s) Tj" % letters)
        place += _EM
    redrawn(pdf, widgets, b" ".join((*steps, b"ET")), field="tanggal")


def letters_moved_by_many_small_steps(pdf: Pdf, widgets: Widgets) -> None:
    text = "Kegiatan " + "i" * 60
    widgets["nama_kegiatan"].V = String(text)
    wide = {"K": 667, "e": 556, "g": 556, "i": 222, "a": 556, "t": 278, "n": 556, " ": 278}
    place, steps = 2.0, [b"BT /Helv 8 Tf 0 g"]
    for letter in text:
        steps.append(b"1 0 0 1 %.4f 3 Tm (%s) Tj" % (place, letter.encode()))
        place += wide[letter] * 8 / 1000 - 0.0195
    redrawn(pdf, widgets, b" ".join((*steps, b"ET")), field="nama_kegiatan")


def box_in_strings_that_spell_numbers(pdf: Pdf, widgets: Widgets) -> None:
    """Nothing is seen: a string is no number to a viewer."""
    redrawn(pdf, widgets, SHOWN)
    drawn = widgets["tempat"].AP.N
    drawn.BBox = Array([String(str(number)) for number in drawn.BBox.as_list()])


def matrix_in_strings_that_spell_numbers(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN)
    widgets["tempat"].AP.N.Matrix = Array([String(digit) for digit in "100100"])


def picture_by_name_and_drawing_by_content(pdf: Pdf, widgets: Widgets) -> None:
    redrawn(pdf, widgets, SHOWN)
    widgets["tempat"].AP.N.Subtype = Name.Image


def accent_cut_off_above(pdf: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].V = String("Ruang \N{LATIN CAPITAL LETTER E WITH ACUTE}")
    redrawn(pdf, widgets, b"BT /Helv 12 Tf 0 g 2 4 Td (Ruang \xc9) Tj ET")


def _own_font_with(change: Callable[[Any, Any], None]) -> Tamper:
    """Our own drawing in our own font, but for one table of it; the font of the page stays as it is."""

    def tamper(pdf: Pdf, widgets: Widgets) -> None:
        resources = widgets["tempat"].AP.N.Resources
        font = Dictionary(dict(resources.Font.CmbU.items()))
        descendant = Dictionary(dict(font.DescendantFonts[0].items()))
        descendant.FontDescriptor = Dictionary(dict(descendant.FontDescriptor.items()))
        change(descendant, descendant.FontDescriptor)
        font.DescendantFonts = Array([descendant])
        widgets["tempat"].AP.N.Resources = Dictionary(Font=Dictionary(CmbU=pdf.make_indirect(font)))

    return tamper


def _widths_in_a_key(descendant: Any, _: Any) -> None:
    widths = descendant.W
    del descendant["/W"]
    del descendant["/Type"]
    descendant[Name("/Type /Font /W")] = widths


def _outlines_in_a_key(_: Any, descriptor: Any) -> None:
    program, box = descriptor.FontFile2, descriptor.FontBBox.unparse().decode("ascii")
    del descriptor["/FontFile2"]
    del descriptor["/FontBBox"]
    descriptor[Name(f"/FontBBox {box}/FontFile2")] = program


def widths_of_our_font_hidden_in_a_key(pdf: Pdf, widgets: Widgets) -> None:
    """A key may hold blanks and slashes: this one is spelled as three of the font's entries are."""
    _own_font_with(_widths_in_a_key)(pdf, widgets)


def outlines_of_our_font_hidden_in_a_key(pdf: Pdf, widgets: Widgets) -> None:
    _own_font_with(_outlines_in_a_key)(pdf, widgets)


def empty_answer_drawn_by_a_state(pdf: Pdf, widgets: Widgets) -> None:
    """The record holds nothing; every viewer shows words."""
    widget = widgets["sumber_pembelajaran"]
    widget.AP = Dictionary(N=Dictionary(Ya=drawing(pdf, widget, SHOWN)))
    widget.AS = Name.Ya


def typed_in_white(_: Pdf, widgets: Widgets) -> None:
    """Viewers in which people type (pdf.js) show the value in the style of /DA in the place of the drawing."""
    widgets["tempat"].DA = String("/CmbF 10 Tf 1 g")


def typed_on_black(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].MK = Dictionary(BG=Array([0, 0, 0]))


def _drawn_anew(looks: Callable[[Any], None], name: str) -> Tamper:
    def tamper(pdf: Pdf, widgets: Widgets) -> None:
        pdf.Root.AcroForm.NeedAppearances = True
        looks(widgets["tanggal"])

    tamper.__name__ = name
    return tamper


def _on_black(widget: Any) -> None:
    widget.MK = Dictionary(BG=Array([0]))


def _upside_down(widget: Any) -> None:
    widget.MK = Dictionary(R=180)


def _under_its_border(widget: Any) -> None:
    widget.MK, widget.BS = Dictionary(BC=Array([0])), Dictionary(W=40)


def _under_an_older_border(widget: Any) -> None:
    widget.Border = Array([0, 0, 40])


def _too_large(widget: Any) -> None:
    widget.DA = String("/CmbF 60 Tf 0 g")


def option_counted_is_another(pdf: Pdf, widgets: Widgets) -> None:
    """Recorded nasional; poppler draws the option that /I counts, MuPDF the value."""
    pdf.Root.AcroForm.NeedAppearances = True
    widgets["tingkat"].I = Array([1])


def choice_as_a_list_of_values(pdf: Pdf, widgets: Widgets) -> None:
    """Nothing is seen in a viewer that draws it anew and does not expect a list."""
    pdf.Root.AcroForm.NeedAppearances = True
    widgets["tingkat"].V = Array([widgets["tingkat"].V])


def _annotation_called_a_signature(subtype: str) -> Tamper:
    """A mark outside its own rectangle, over an answer; no widget, but of the field type of signatures."""

    def tamper(pdf: Pdf, widgets: Widgets) -> None:
        left, bottom, _, top = (float(edge) for edge in widgets["tanggal"].Rect)
        mark = Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), FT=Name.Sig, F=4, C=Array([0, 0, 0]))
        mark.Rect = Array([2, 2, 5, 5])
        mark.QuadPoints = Array([left, top, left + 30, top, left, bottom, left + 30, bottom])
        mark.InkList = Array([Array([left, bottom + 5, left + 40, bottom + 5])])
        mark.BS = Dictionary(W=8)
        pdf.pages[0].obj.Annots.append(pdf.make_indirect(mark))

    tamper.__name__ = f"{subtype.lower()}_over_an_answer_called_a_signature"
    return tamper


def page_blended_in_a_colour_space_of_its_own(pdf: Pdf, _: Widgets) -> None:
    """MuPDF shows the answers and not one printed word."""
    gray = Array([Name.CalGray, Dictionary(WhitePoint=Array([0.95, 1, 1.08]), Gamma=0.00001)])
    pdf.pages[0].obj.Group = Dictionary(S=Name.Transparency, CS=gray)


def script_in_a_field_above_that_has_no_kids(pdf: Pdf, widgets: Widgets) -> None:
    """What acts is inherited (ISO 32000-1 12.7.3.1), and nobody comes there from the list of fields."""
    script = Dictionary(S=Name.JavaScript, JS=String("event.value = 'Bali'"))
    widgets["tempat"].Parent = pdf.make_indirect(Dictionary(AA=Dictionary(F=script)))


def length_limit_in_a_field_above_that_has_no_kids(pdf: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].Parent = pdf.make_indirect(Dictionary(MaxLen=3))


VIEWERS: tuple[Tamper, ...] = (
    letters_moved_by_runs_of_nothing,
    letters_moved_by_many_small_steps,
    box_in_strings_that_spell_numbers,
    matrix_in_strings_that_spell_numbers,
    picture_by_name_and_drawing_by_content,
    accent_cut_off_above,
    widths_of_our_font_hidden_in_a_key,
    outlines_of_our_font_hidden_in_a_key,
    empty_answer_drawn_by_a_state,
    typed_in_white,
    typed_on_black,
    _drawn_anew(_on_black, "viewers_told_to_draw_anew_on_black"),
    _drawn_anew(_upside_down, "viewers_told_to_draw_anew_upside_down"),
    _drawn_anew(_under_its_border, "viewers_told_to_draw_anew_under_a_border"),
    _drawn_anew(_under_an_older_border, "viewers_told_to_draw_anew_under_an_older_border"),
    _drawn_anew(_too_large, "viewers_told_to_draw_anew_too_large"),
    option_counted_is_another,
    choice_as_a_list_of_values,
    *(_annotation_called_a_signature(subtype) for subtype in ("Highlight", "StrikeOut", "Underline", "Ink")),
    page_blended_in_a_colour_space_of_its_own,
    script_in_a_field_above_that_has_no_kids,
    length_limit_in_a_field_above_that_has_no_kids,
)
