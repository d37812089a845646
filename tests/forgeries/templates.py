"""Forgeries of the form itself made while filling it: its page, its fields, its slots."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from forgeries.drawings import Tamper, Widgets, drawing, helvetica
from support.incremental_updates import raw_revision


def _content(pdf: Pdf) -> Any:
    """The part of the page's content that prints the form's words."""
    return max(pdf.pages[0].obj.Contents.as_list(), key=lambda part: len(part.read_bytes()))


def words_painted_over(pdf: Pdf, _: Widgets) -> None:
    pdf.pages[0].contents_add(b"1 1 1 rg 50 740 300 60 re f")


def words_moved(pdf: Pdf, _: Widgets) -> None:
    part = _content(pdf)
    part.write(part.read_bytes().replace(b"1 0 0", b"2 0 0", 1))


def words_unprinted_by_vertical_tabs(pdf: Pdf, _: Widgets) -> None:
    """White space to Python, a letter to every reader of PDF: `BT` is no word any more."""
    part = _content(pdf)
    part.write(re.sub(rb"\sBT\s", b"\x0bBT\x0b", part.read_bytes()))


def page_font_swapped(pdf: Pdf, _: Widgets) -> None:
    fonts = pdf.pages[0].obj.Resources.Font
    fonts[next(iter(fonts.keys()))] = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Symbol)


def page_font_with_other_outlines(pdf: Pdf, _: Widgets) -> None:
    fonts = pdf.pages[0].obj.Resources.Font
    program = fonts[next(iter(fonts.keys()))].DescendantFonts[0].FontDescriptor.FontFile2
    program.write(program.read_bytes()[:-4] + b"....")


def page_cropped_from_above(pdf: Pdf, _: Widgets) -> None:
    pdf.Root.Pages.CropBox = Array([0, 300, 595, 842])


def page_in_a_unit_of_its_own(pdf: Pdf, _: Widgets) -> None:
    pdf.pages[0].obj.UserUnit = 0.2


def page_behind_another_page(pdf: Pdf, _: Widgets) -> None:
    pdf.add_blank_page(page_size=(595, 842))


def layer_switched_off(pdf: Pdf, _: Widgets) -> None:
    pdf.Root.OCProperties.D.OFF = pdf.Root.OCProperties.OCGs


def note_over_an_answer(pdf: Pdf, widgets: Widgets) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=widgets["tempat"].Rect, Contents=String("Bandung"))
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(note))


def field_made_invisible(_: Pdf, widgets: Widgets) -> None:
    widgets["hasil_pengembangan"].F = 2


def field_made_transparent(_: Pdf, widgets: Widgets) -> None:
    widgets["hasil_pengembangan"].ca = 0


def field_put_beside_the_page(_: Pdf, widgets: Widgets) -> None:
    widgets["hasil_pengembangan"].Rect = Array([-900, -900, -500, -800])


def fields_that_change_names(_: Pdf, widgets: Widgets) -> None:
    widgets["waktu_mulai"].T, widgets["waktu_selesai"].T = String("waktu_selesai"), String("waktu_mulai")


def field_read_that_nobody_sees(pdf: Pdf, _: Widgets) -> None:
    hidden = Dictionary(FT=Name.Tx, T=String("catatan"), V=String("20 JP"))
    pdf.Root.AcroForm.Fields.append(pdf.make_indirect(hidden))


def field_of_the_same_name_on_no_page(pdf: Pdf, _: Widgets) -> None:
    twin = Dictionary(FT=Name.Tx, T=String("tanggal"), V=String("9 Maret 2025"))
    pdf.Root.AcroForm.Fields.append(pdf.make_indirect(twin))


def option_that_says_another_kind(_: Pdf, widgets: Widgets) -> None:
    widgets["jenis_kegiatan"].Opt[0] = Array([String("mentoring"), String("Coaching")])


def field_that_acts(_: Pdf, widgets: Widgets) -> None:
    widgets["tempat"].AA = Dictionary(K=Dictionary(S=Name.JavaScript, JS=String("1")))


def document_that_acts(pdf: Pdf, _: Widgets) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))


def second_form_in_xml(pdf: Pdf, _: Widgets) -> None:
    pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")


def words_read_aloud_only(pdf: Pdf, _: Widgets) -> None:
    tree = pdf.Root.StructTreeRoot.K
    (tree[0] if isinstance(tree, Array) else tree).ActualText = String("Disetujui 20 JP")


def slot_painted_as_if_signed(pdf: Pdf, widgets: Widgets) -> None:
    """For a form in which one slot stays empty; here one slot more."""
    _painted_slot(pdf, widgets, Array([60, 5, 200, 30]))


def slot_painted_over_printed_words(pdf: Pdf, widgets: Widgets) -> None:
    _painted_slot(pdf, widgets, Array([54, 790, 300, 830]))


def slot_painted_over_an_answer(pdf: Pdf, widgets: Widgets) -> None:
    _painted_slot(pdf, widgets, widgets["tempat"].Rect)


def _painted_slot(pdf: Pdf, _: Widgets, box: Any) -> None:
    page = pdf.pages[0].obj
    slot = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("sig_9"), F=4, Rect=box, P=page)
    slot.AP = Dictionary(N=drawing(pdf, slot, b"BT /Helv 8 Tf 0 g 2 3 Td (Ditandatangani: Menteri) Tj ET"))
    page.Annots.append(pdf.make_indirect(slot))
    pdf.Root.AcroForm.Fields.append(page.Annots[-1])


def slots_that_change_places(_: Pdf, widgets: Widgets) -> None:
    """The coach signs where the form says supervisor."""
    widgets["ttd_pembimbing"].T, widgets["ttd_atasan"].T = String("ttd_atasan"), String("ttd_pembimbing")


def serial_drawn_otherwise(pdf: Pdf, _: Widgets) -> None:
    drawn = pdf.pages[0].obj.Resources.XObject.Serial
    drawn.write(drawn.read_bytes() + b"0 0 10 10 re f\n")


def serial_removed(pdf: Pdf, _: Widgets) -> None:
    pdf.pages[0].obj.Resources.XObject.Serial.write(b"")


def name_of_another_employee(_: Pdf, widgets: Widgets) -> None:
    widgets["nip_pegawai"].V = String("198811052011011005")


TEMPLATES: tuple[Tamper, ...] = (
    words_painted_over,
    words_moved,
    words_unprinted_by_vertical_tabs,
    page_font_swapped,
    page_font_with_other_outlines,
    page_cropped_from_above,
    page_in_a_unit_of_its_own,
    page_behind_another_page,
    layer_switched_off,
    note_over_an_answer,
    field_made_invisible,
    field_made_transparent,
    field_put_beside_the_page,
    fields_that_change_names,
    field_read_that_nobody_sees,
    field_of_the_same_name_on_no_page,
    option_that_says_another_kind,
    field_that_acts,
    document_that_acts,
    second_form_in_xml,
    words_read_aloud_only,
    slot_painted_as_if_signed,
    slot_painted_over_printed_words,
    slot_painted_over_an_answer,
    slots_that_change_places,
    serial_drawn_otherwise,
    serial_removed,
    name_of_another_employee,
)


# The same by hand, for what no library writes.


def value_given_twice(pdf: bytes) -> bytes:
    """Some readers take the first, some the last."""
    number, written = _spelled(pdf, "tempat")
    return raw_revision(pdf, {number: written[: written.rindex(b">>")] + b" /V (Bandung) /V (Jakarta) >>"})


def value_given_twice_in_two_spellings(pdf: bytes) -> bytes:
    number, written = _spelled(pdf, "tempat")
    return raw_revision(pdf, {number: written.replace(b"<<", b"<< /#56 (Bandung)", 1)})


def drawing_with_two_boxes(pdf: bytes) -> bytes:
    return _drawing_again(pdf, b"/BBox [0 0 1 1]", b"")


def drawing_longer_than_it_says(pdf: bytes) -> bytes:
    return _drawing_again(pdf, b"", b"\nBT /CmbF 10 Tf 0 g 40 3 Td (Bandung) Tj ET")


def field_with_two_objects_in_one_table(pdf: bytes) -> bytes:
    number, written = _spelled(pdf, "tempat")
    lie = raw_revision(pdf, {number: written.replace(b"(Jakarta)", b"(Bandung)"), 990: b"null"})
    at = lie.index(b"990 0 obj")
    honest = b"%d 0 obj\n%s\nendobj\n" % (number, written)
    both = raw_revision(pdf, {number: written.replace(b"(Jakarta)", b"(Bandung)"), 990: b"<< /Room (%s) >>" % honest})
    place = both.index(honest, at)
    entry = b"%d 1\n%010d 00000 n \n" % (number, place)
    return both.replace(b"trailer\n<< /Size", entry + b"trailer\n<< /Size", 1)


def field_shown_that_nobody_reads(pdf: bytes) -> bytes:
    """It stands on the page, but not in the list of the form's fields."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        form, field = opened.Root.AcroForm, opened.Root.AcroForm.Fields.as_list()[15]
        assert str(field.T) == "sumber_pembelajaran"
        listed = Dictionary({key: form[key] for key in form.keys()})  # noqa: SIM118 - pikepdf's keys
        listed.Fields = Array([member for member in form.Fields.as_list() if member.objgen != field.objgen])
        number, place = form.objgen[0], field.objgen[0]
        drawn, written = b"BT /Helv 8 Tf 0 g 2 3 Td (Disetujui 20 JP) Tj ET", field.unparse(resolved=True)
        fonts = helvetica().unparse()
        fields = listed.unparse()
    written = re.sub(rb"/AP <<.*?>>", b"", written)
    written = written[: written.rindex(b">>")] + b" /V (Disetujui 20 JP) /AP << /N 991 0 R >> >>"
    entries = b"/Subtype /Form /BBox [0 0 300 12] /Resources << /Font << /Helv %s >> >>" % fonts
    stream = b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(drawn), drawn)
    return raw_revision(pdf, {number: fields, place: written, 991: stream})


def _spelled(pdf: bytes, name: str) -> tuple[int, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        widget: Any = next(
            annotation for annotation in opened.pages[0].obj.Annots.as_list() if str(annotation.T) == name
        )
        return widget.objgen[0], widget.unparse(resolved=True)


def _drawing_again(pdf: bytes, entry: bytes, more: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        widget: Any = next(
            annotation for annotation in opened.pages[0].obj.Annots.as_list() if str(annotation.T) == "tempat"
        )
        drawn = widget.AP.N
        content, number = drawn.read_bytes(), drawn.objgen[0]
        kept = Dictionary({key: drawn[key] for key in drawn.keys() if key not in ("/Length", "/Filter")})  # noqa: SIM118 - pikepdf's keys
        entries = kept.unparse().removeprefix(b"<<").removesuffix(b">>")
    body = b"<< %s %s /Length %d >>\nstream\n%s%s\nendstream" % (entries, entry, len(content), content, more)
    return raw_revision(pdf, {number: body})


BY_HAND = (
    value_given_twice,
    value_given_twice_in_two_spellings,
    drawing_with_two_boxes,
    drawing_longer_than_it_says,
    field_shown_that_nobody_reads,
    field_with_two_objects_in_one_table,
)
