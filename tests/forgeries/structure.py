"""Forgeries of pages, resources and the file's own structure; `after_signing` lists them with the others."""

from __future__ import annotations

import io

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from support.incremental_updates import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    appended,
    content,
    field,
    form_stream,
    page,
    pdf_string,
    raw_revision,
    rectangle,
)


def page_content_replaced(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        reference, sheet = page(writer)
        drawn = form_stream(b"BT /Helv 12 Tf 60 780 Td (FORMULIR LAIN) Tj ET")
        sheet[NameObject("/Contents")] = writer.add_object(drawn)
        writer.mark_update(reference)

    return appended(pdf, change)


def page_content_overwritten_in_place(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        _, sheet = page(writer)
        drawn = content(sheet)
        writer.objects[drawn.generation, drawn.idnum] = form_stream(b"BT /Helv 12 Tf 60 780 Td (LAIN) Tj ET")

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
    drawn = b"BT /Helv 12 Tf 60 780 Td (FORMULIR LAIN) Tj ET"
    body = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)
    return raw_revision(pdf, {content_number(pdf): body}, table=False)


def unlisted_object_hidden_in_a_revision(pdf: bytes) -> bytes:
    hidden = raw_revision(pdf, {901: b"<< /Type /Catalog >>"}, table=False)
    return raw_revision(hidden, {902: b"<< /Nothing true >>"})


def only_an_end_marker_appended(pdf: bytes) -> bytes:
    return pdf + b"\nstartxref\n0\n%%EOF\n"


def words_after_the_end(pdf: bytes) -> bytes:
    return pdf + b"\n<< /JP 20 >>\n"


def object_freed(pdf: bytes) -> bytes:
    revised = raw_revision(pdf, {903: b"null"})
    return revised.replace(b"trailer\n", b"%d 1\n0000000000 00001 f \ntrailer\n" % content_number(pdf), 1)


def content_number(pdf: bytes) -> int:
    """The object number of the page's content."""
    _, sheet = page(IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False))
    return int(content(sheet).idnum)
