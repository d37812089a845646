"""Forgeries of a form signed once by the employee, one function for every lie, named after it.

They append revisions, as any program can do without a key; the signed bytes stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from forgeries.structure import (
    catalogue_replaced,
    lock_removed_from_an_empty_slot,
    object_appended_without_cross_references,
    object_freed,
    only_an_end_marker_appended,
    optional_content_added,
    page_added,
    page_content_appended_without_cross_references,
    page_content_overwritten_in_place,
    page_content_replaced,
    page_rotated,
    script_added,
    security_store_that_carries_a_drawing,
    signature_cleared,
    stamp_of_the_signer_redrawn,
    structure_tree_removed,
    unlisted_object_hidden_in_a_revision,
    viewers_told_to_redraw_all_answers,
    words_after_the_end,
)
from support.incremental_updates import (
    DictionaryObject,
    NameObject,
    NumberObject,
    annotate,
    appended,
    default_font,
    field,
    form_stream,
    pdf_string,
    rectangle,
)

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
        reference = writer.root["/AcroForm"]["/DR"]["/Font"].raw_get(default_font(writer))
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
        form["/DR"]["/Font"][NameObject(default_font(writer))] = writer.add_object(other)
        writer.update_container(form)

    return appended(pdf, change)


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
