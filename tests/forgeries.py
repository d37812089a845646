"""Lies told about a signed form, one function each, named after the lie. Each takes a form signed once by the employee.

`increments` does what any program can do without a key; what is signed stays byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from increments import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    annotate,
    appended,
    field,
    form_stream,
    page,
    pdf_string,
    raw_revision,
    rectangle,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Lie = Callable[[bytes], bytes]


def value_changed(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, text = field(writer, "nama_kegiatan")
        text[NameObject("/V")] = pdf_string("Belajar memalsukan")
        writer.mark_update(reference)

    return appended(pdf, change)


def value_and_appearance_changed(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, text = field(writer, "nama_kegiatan")
        text[NameObject("/V")] = pdf_string("Belajar memalsukan")
        drawn = writer.add_object(form_stream(b"BT /Helv 10 Tf 2 5 Td (Belajar memalsukan) Tj ET"))
        text[NameObject("/AP")] = DictionaryObject({NameObject("/N"): drawn})
        writer.mark_update(reference)

    return appended(pdf, change)


def appearance_swapped(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, text = field(writer, "tanggal")
        drawn = writer.add_object(form_stream(b"BT /Helv 10 Tf 2 5 Td (9 April 2026) Tj ET"))
        text[NameObject("/AP")] = DictionaryObject({NameObject("/N"): drawn})
        writer.mark_update(reference)

    return appended(pdf, change)


def appearance_overwritten_in_place(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        _, text = field(writer, "tanggal")
        drawn = text["/AP"].raw_get("/N")
        writer.objects[drawn.generation, drawn.idnum] = form_stream(b"BT /Helv 10 Tf 2 5 Td (9 April 2026) Tj ET")

    return appended(pdf, change)


def field_hidden(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, text = field(writer, "hasil_pengembangan")
        text[NameObject("/F")] = NumberObject(2)
        writer.mark_update(reference)

    return appended(pdf, change)


def field_moved_off_the_page(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, text = field(writer, "hasil_pengembangan")
        text[NameObject("/Rect")] = rectangle(-900, -900, -500, -880)
        writer.mark_update(reference)

    return appended(pdf, change)


def field_removed(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]
        del form["/Fields"][0]
        writer.update_container(form["/Fields"])
        writer.update_container(form)

    return appended(pdf, change)


def text_field_added(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        drawn = writer.add_object(form_stream(b"BT /Helv 10 Tf 2 5 Td (20 JP) Tj ET"))
        added = annotate(
            writer,
            {
                "/Subtype": NameObject("/Widget"),
                "/FT": NameObject("/Tx"),
                "/T": pdf_string("tambahan"),
                "/V": pdf_string("20 JP"),
                "/F": NumberObject(4),
                "/Rect": rectangle(60, 400, 500, 420),
                "/AP": DictionaryObject({NameObject("/N"): drawn}),
            },
        )
        fields = writer.root["/AcroForm"]["/Fields"]
        fields.append(added)
        writer.update_container(fields)

    return appended(pdf, change)


def stamp_annotation_over_an_answer(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        drawn = writer.add_object(form_stream(b"1 g 0 0 440 20 re f"))
        annotate(
            writer,
            {
                "/Subtype": NameObject("/Stamp"),
                "/F": NumberObject(4),
                "/Rect": rectangle(60, 660, 500, 680),
                "/AP": DictionaryObject({NameObject("/N"): drawn}),
            },
        )

    return appended(pdf, change)


def free_text_annotation(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        annotate(
            writer,
            {
                "/Subtype": NameObject("/FreeText"),
                "/Contents": pdf_string("disetujui 20 JP"),
                "/DA": pdf_string("/Helv 12 Tf 0 g"),
                "/Rect": rectangle(60, 400, 300, 420),
            },
        )

    return appended(pdf, change)


def unsigned_signature_field_that_paints_an_answer(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        drawn = writer.add_object(form_stream(b"1 g 0 0 440 20 re f 0 g BT /Helv 10 Tf 2 5 Td (Mahir) Tj ET"))
        added = annotate(
            writer,
            {
                "/Subtype": NameObject("/Widget"),
                "/FT": NameObject("/Sig"),
                "/T": pdf_string("sig_1"),
                "/F": NumberObject(4),
                "/Rect": rectangle(60, 400, 300, 420),
                "/AP": DictionaryObject({NameObject("/N"): drawn}),
            },
        )
        fields = writer.root["/AcroForm"]["/Fields"]
        fields.append(added)
        writer.update_container(fields)
        writer.update_container(writer.root["/AcroForm"])

    return appended(pdf, change)


def font_overwritten(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference = writer.root["/AcroForm"]["/DR"]["/Font"].raw_get("/Helv")
        font = reference.get_object()
        font[NameObject("/BaseFont")] = NameObject("/Symbol")
        writer.mark_update(reference)

    return appended(pdf, change)


def default_resource_replaced(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]
        other = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/ZapfDingbats"),
            }
        )
        form["/DR"]["/Font"][NameObject("/Helv")] = writer.add_object(other)
        writer.update_container(form)

    return appended(pdf, change)


def page_content_replaced(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, sheet = page(writer)
        content = form_stream(b"BT /Helv 12 Tf 60 780 Td (FORMULIR LAIN) Tj ET")
        sheet[NameObject("/Contents")] = writer.add_object(content)
        writer.mark_update(reference)

    return appended(pdf, change)


def page_content_overwritten_in_place(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        _, sheet = page(writer)
        content = sheet.raw_get("/Contents")
        writer.objects[content.generation, content.idnum] = form_stream(b"BT /Helv 12 Tf 60 780 Td (LAIN) Tj ET")

    return appended(pdf, change)


def page_added(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        pages = writer.root["/Pages"]
        sheet = {
            NameObject("/Type"): NameObject("/Page"),
            NameObject("/Parent"): writer.root.raw_get("/Pages"),
            NameObject("/MediaBox"): rectangle(0, 0, 595, 842),
        }
        pages["/Kids"].append(writer.add_object(DictionaryObject(sheet)))
        pages[NameObject("/Count")] = NumberObject(int(pages["/Count"]) + 1)
        writer.update_container(pages)

    return appended(pdf, change)


def page_rotated(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, sheet = page(writer)
        sheet[NameObject("/Rotate")] = NumberObject(180)
        writer.mark_update(reference)

    return appended(pdf, change)


def optional_content_added(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        layers = DictionaryObject({NameObject("/OCGs"): ArrayObject(), NameObject("/D"): DictionaryObject()})
        writer.root[NameObject("/OCProperties")] = layers
        writer.update_root()

    return appended(pdf, change)


def script_added(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): pdf_string("app.alert(1)")}
        writer.root[NameObject("/OpenAction")] = DictionaryObject(action)
        writer.update_root()

    return appended(pdf, change)


def viewers_told_to_redraw_all_answers(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        from pyhanko.pdf_utils.generic import BooleanObject

        form = writer.root["/AcroForm"]
        form[NameObject("/NeedAppearances")] = BooleanObject(True)
        writer.update_container(form)

    return appended(pdf, change)


def lock_removed_from_an_empty_slot(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, slot = field(writer, "ttd_atasan")
        del slot["/Lock"]
        writer.mark_update(reference)

    return appended(pdf, change)


def signature_cleared(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, slot = field(writer, "ttd_pegawai")
        signature = slot.raw_get("/V")
        copied = writer.add_object(signature.get_object())
        slot[NameObject("/V")] = copied
        writer.mark_update(reference)

    return appended(pdf, change)


def stamp_of_the_signer_redrawn(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, slot = field(writer, "ttd_pegawai")
        drawn = writer.add_object(form_stream(b"BT /Helv 12 Tf (Orang lain) Tj ET", width=190, height=70))
        slot[NameObject("/AP")] = DictionaryObject({NameObject("/N"): drawn})
        writer.mark_update(reference)

    return appended(pdf, change)


def catalogue_replaced(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer._root = writer.add_object(DictionaryObject(writer.root))

    return appended(pdf, change)


def structure_tree_removed(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        del writer.root["/StructTreeRoot"]
        writer.update_root()

    return appended(pdf, change)


def security_store_that_carries_a_drawing(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        drawing = writer.add_object(form_stream(b"1 g 0 0 595 842 re f"))
        store = {NameObject("/Certs"): ArrayObject([drawing])}
        writer.root[NameObject("/DSS")] = writer.add_object(DictionaryObject(store))
        writer.update_root()

    return appended(pdf, change)


def object_appended_without_cross_references(pdf: bytes) -> bytes:
    return raw_revision(pdf, {900: b"<< /Type /Catalog >>"}, table=False)


def page_content_appended_without_cross_references(pdf: bytes) -> bytes:
    content = b"BT /Helv 12 Tf 60 780 Td (FORMULIR LAIN) Tj ET"
    number = int(re.findall(rb"/Contents (\d+) 0 R", unpacked(pdf))[0])
    body = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    return raw_revision(pdf, {number: body}, table=False)


def unlisted_object_hidden_in_a_revision(pdf: bytes) -> bytes:
    hidden = raw_revision(pdf, {901: b"<< /Type /Catalog >>"}, table=False)
    return raw_revision(hidden, {902: b"<< /Nothing true >>"})


def only_an_end_marker_appended(pdf: bytes) -> bytes:
    return pdf + b"\nstartxref\n0\n%%EOF\n"


def words_after_the_end(pdf: bytes) -> bytes:
    return pdf + b"\n<< /JP 20 >>\n"


def object_freed(pdf: bytes) -> bytes:
    revised = raw_revision(pdf, {903: b"null"})
    number = int(re.findall(rb"/Contents (\d+) 0 R", unpacked(pdf))[0])
    return revised.replace(b"trailer\n", b"%d 1\n0000000000 00001 f \ntrailer\n" % number, 1)


def unpacked(pdf: bytes) -> bytes:
    """All objects as text, to look something up."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return b"\n".join(
            b"/Contents %d 0 R" % sheet.obj.Contents.objgen[0] for sheet in document.pages if "/Contents" in sheet.obj
        )


AFTER_SIGNING: tuple[Lie, ...] = (
    value_changed,
    value_and_appearance_changed,
    appearance_swapped,
    appearance_overwritten_in_place,
    field_hidden,
    field_moved_off_the_page,
    field_removed,
    text_field_added,
    stamp_annotation_over_an_answer,
    free_text_annotation,
    unsigned_signature_field_that_paints_an_answer,
    font_overwritten,
    default_resource_replaced,
    page_content_replaced,
    page_content_overwritten_in_place,
    page_added,
    page_rotated,
    optional_content_added,
    script_added,
    viewers_told_to_redraw_all_answers,
    lock_removed_from_an_empty_slot,
    signature_cleared,
    stamp_of_the_signer_redrawn,
    catalogue_replaced,
    structure_tree_removed,
    security_store_that_carries_a_drawing,
    object_appended_without_cross_references,
    page_content_appended_without_cross_references,
    unlisted_object_hidden_in_a_revision,
    only_an_end_marker_appended,
    words_after_the_end,
    object_freed,
)
