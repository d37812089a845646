"""Forgeries that readers read differently: bytes appended after the last signature, by hand."""

from __future__ import annotations

import io
import re
import zlib

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader

from forgeries.structure import content_number

FREE = 1700  # an object number no form reaches


def by_hand(
    pdf: bytes,
    objects: list[tuple[int, bytes]],
    *,
    root: int | None = None,
    previous: int | None = None,
    entries: bytes = b"",
    trailer: bytes = b"",
    between: bytes = b"",
    tail: bytes = b"",
) -> bytes:
    """Append a revision with a table; `entries` are extra rows, `between` goes before the table, `tail` at the end."""
    out = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    listed = b""
    for number, body in objects:
        listed += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    out += between
    start = len(out)
    out += b"xref\n" + listed + entries
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d %s >>\n" % (
        FREE + 99,
        root or root_of(pdf),
        previous or startxref(pdf),
        trailer,
    )
    out += tail + b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def startxref(pdf: bytes, turn: int = -1) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", pdf)[turn])


def root_of(pdf: bytes) -> int:
    return int(PdfFileReader(io.BytesIO(pdf), strict=False).root_ref.idnum)


def spelled(pdf: bytes, number: int) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return bytes(opened.get_object(number, 0).unparse(resolved=True))


def field_number(pdf: bytes, name: str = "tanggal") -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return next(int(field.objgen[0]) for field in opened.Root.AcroForm.Fields.as_list() if str(field.T) == name)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def another_field(pdf: bytes) -> bytes:
    return re.sub(rb"/V \([^)]*\)", b"/V (9 Maret 2025)", spelled(pdf, field_number(pdf)))


def another_catalogue(pdf: bytes) -> bytes:
    return re.sub(rb"/Lang \([^)]*\)", b"/Lang (en)", spelled(pdf, root_of(pdf)))


def trailer_that_names_two_catalogues(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, another_catalogue(pdf))], trailer=b"/Root %d 0 R" % FREE)


def trailer_that_names_two_catalogues_in_two_spellings(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, another_catalogue(pdf))], trailer=b"/R#6fot %d 0 R" % FREE)


def second_trailer_behind_the_first(pdf: bytes) -> bytes:
    second = b"trailer\n<< /Size 1800 /Root %d 0 R >>\n" % FREE
    return by_hand(pdf, [(FREE, another_catalogue(pdf))], tail=second)


def second_end_of_file_between_the_objects(pdf: bytes) -> bytes:
    second = b"trailer\n<< /Size 1800 /Root %d 0 R >>\nstartxref\n0\n%%%%EOF\n" % FREE
    return by_hand(pdf, [(FREE, another_catalogue(pdf))], between=second)


def object_hidden_behind_the_word_stream_in_a_string(pdf: bytes) -> bytes:
    hidden = b"%d 0 obj\n%s\nendobj\nendstream\n" % (field_number(pdf), another_field(pdf))
    return by_hand(pdf, [(FREE, b"<< /X (stream) >>")], between=hidden)


def object_hidden_in_the_data_of_a_stream_and_listed_first(pdf: bytes) -> bytes:
    return _listed_twice(pdf, lie_first=True)


def object_hidden_in_the_data_of_a_stream_and_listed_last(pdf: bytes) -> bytes:
    return _listed_twice(pdf, lie_first=False)


def _listed_twice(pdf: bytes, *, lie_first: bool) -> bytes:
    number = field_number(pdf)
    lie = b"%d 0 obj\n%s\nendobj\n" % (number, another_field(pdf))
    start = (len(pdf) if pdf.endswith(b"\n") else len(pdf) + 1) + len(b"%d 0 obj\n" % FREE)
    at = start + len(b"<< /Length %d  >>\nstream\n" % len(lie))
    honest = start + len(stream(lie)) + len(b"\nendobj\n")
    places = (at, honest) if lie_first else (honest, at)
    entries = b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for place in places)
    between = b"%d 0 obj\n%s\nendobj\n" % (number, spelled(pdf, number))
    return by_hand(pdf, [(FREE, stream(lie))], between=between, entries=entries)


def page_content_freed_without_a_generation(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, b"null")], entries=b"%d 1\n0000000000 00000 f \n" % content_number(pdf))


def page_content_freed_for_ever(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, b"null")], entries=b"%d 1\n0000000000 65535 f \n" % content_number(pdf))


def page_content_said_to_stand_at_byte_0(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, b"null")], entries=b"%d 1\n0000000000 00000 n \n" % content_number(pdf))


def entry_of_a_kind_nobody_knows(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, b"null")], entries=b"%d 1\n%010d 00000 x \n" % (field_number(pdf), len(pdf) + 1))


def numbers_shifted_by_a_table_that_begins_at_1(pdf: bytes) -> bytes:
    """Some readers count such a table from 0."""
    at = len(pdf) if pdf.endswith(b"\n") else len(pdf) + 1
    entries = b"1 2\n0000000000 65535 f \n%010d 00000 n \n" % at
    return by_hand(pdf, [(1, b"<< /Type /Catalog >>")], entries=entries)


def hybrid_table_that_hides_a_second_one(pdf: bytes) -> bytes:
    """Readers before 1.5 follow the table, later ones the stream it names (ISO 32000-1 7.5.8.4)."""
    number = field_number(pdf)
    at = (len(pdf) if pdf.endswith(b"\n") else len(pdf) + 1) + len(b"%d 0 obj\n%s\nendobj\n" % (FREE, b"null"))
    lie = b"%d 0 obj\n%s\nendobj\n" % (number, another_field(pdf))
    row = b"\x01" + at.to_bytes(4, "big") + b"\0"
    entries = b"/Type /XRef /W [1 4 1] /Index [%d 1] /Size %d /Root %d 0 R" % (number, FREE + 9, root_of(pdf))
    table = b"%d 0 obj\n%s\nendobj\n" % (FREE + 1, stream(row, entries))
    return by_hand(pdf, [(FREE, b"null")], between=lie + table, trailer=b"/XRefStm %d" % (at + len(lie)))


def old_table_said_to_be_the_last(pdf: bytes) -> bytes:
    """Rolled back: a reader that believes the last startxref shows the form before the others signed."""
    return pdf + b"startxref\n%d\n%%%%EOF\n" % startxref(pdf, -2)


def base_table_said_to_be_the_last(pdf: bytes) -> bytes:
    return pdf + b"startxref\n%d\n%%%%EOF\n" % startxref(pdf, 0)


def revision_that_skips_the_last_signature(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, b"null")], previous=startxref(pdf, -2))


def revision_that_skips_all_signatures(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, b"null")], previous=startxref(pdf, 0))


def tables_that_go_round_in_a_circle(pdf: bytes) -> bytes:
    at = len(pdf) if pdf.endswith(b"\n") else len(pdf) + 1
    at += len(b"%d 0 obj\nnull\nendobj\n" % FREE)
    return by_hand(pdf, [(FREE, b"null")], previous=at)


def table_said_to_begin_inside_a_stream(pdf: bytes) -> bytes:
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 9 /Root %d 0 R /Prev %d >>\n" % (FREE, startxref(pdf))
    forged = by_hand(pdf, [(FREE, another_catalogue(pdf)), (FREE + 1, stream(table))])
    inside = forged.index(table, len(pdf))
    head, _, _ = forged.rpartition(b"startxref")
    return head + b"startxref\n%d\n%%%%EOF\n" % inside


def encryption_added(pdf: bytes) -> bytes:
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >>" % (b"x" * 32, b"y" * 32)
    return by_hand(pdf, [(FREE, lock)], trailer=b"/Encrypt %d 0 R" % FREE)


def encryption_added_by_reference_to_nothing(pdf: bytes) -> bytes:
    return by_hand(pdf, [(FREE, b"null")], trailer=b"/Encrypt %d 0 R" % (FREE + 7))


def version_given_by_an_object(pdf: bytes) -> bytes:
    root = spelled(pdf, root_of(pdf))
    catalogue = root[: root.rindex(b">>")] + b"/Version %d 0 R >>" % FREE
    return by_hand(pdf, [(FREE, stream(b"/1.3")), (root_of(pdf), catalogue)])


def extensions_that_carry_a_drawing(pdf: bytes) -> bytes:
    root = spelled(pdf, root_of(pdf))
    catalogue = root[: root.rindex(b">>")] + b"/Extensions << /CMB_ << /BaseVersion /1.7 /X %d 0 R >> >> >>" % FREE
    return by_hand(pdf, [(FREE, stream(b"0 0 m")), (root_of(pdf), catalogue)])


def page_tree_swapped(pdf: bytes) -> bytes:
    root = re.sub(rb"/Pages \d+ 0 R", b"/Pages %d 0 R" % FREE, spelled(pdf, root_of(pdf)))
    sheet = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] >>" % FREE
    tree = b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (FREE + 1)
    return by_hand(pdf, [(FREE, tree), (FREE + 1, sheet), (root_of(pdf), root)])


def key_of_a_field_said_twice(pdf: bytes) -> bytes:
    number = field_number(pdf)
    written = spelled(pdf, number)
    return by_hand(pdf, [(number, written[: written.rindex(b">>")] + b"/V (9 Maret 2025) >>")])


def object_stream_that_shadows_a_field(pdf: bytes) -> bytes:
    """The field is written again in an object stream, through a cross-reference stream."""
    number, at = field_number(pdf), len(pdf) if pdf.endswith(b"\n") else len(pdf) + 1
    head = b"%d 0 " % number
    packed = b"%d 0 obj\n%s\nendobj\n" % (
        FREE,
        stream(head + another_field(pdf), b"/Type /ObjStm /N 1 /First %d" % len(head)),
    )
    place = at + len(packed)
    rows = b"\x02" + FREE.to_bytes(4, "big") + b"\0" + b"\x01" + at.to_bytes(4, "big") + b"\0"
    rows += b"\x01" + place.to_bytes(4, "big") + b"\0"
    entries = b"/Type /XRef /W [1 4 1] /Index [%d 1 %d 2] /Size %d /Root %d 0 R /Prev %d /Filter /FlateDecode" % (
        number,
        FREE,
        FREE + 9,
        root_of(pdf),
        startxref(pdf),
    )
    table = b"%d 0 obj\n%s\nendobj\n" % (FREE + 1, stream(zlib.compress(rows), entries))
    lead = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    return lead + packed + table + b"startxref\n%d\n%%%%EOF\n" % place


def field_under_another_generation(pdf: bytes) -> bytes:
    """Who goes by the number alone finds another answer."""
    number, at = field_number(pdf), len(pdf) if pdf.endswith(b"\n") else len(pdf) + 1
    lie = b"%d 1 obj\n%s\nendobj\n" % (number, another_field(pdf))
    return by_hand(pdf, [], between=lie, entries=b"%d 1\n%010d 00001 n \n" % (number, at))


def field_hidden_in_a_stream_and_the_end_pushed_out_of_sight(pdf: bytes) -> bytes:
    """Who looks for `startxref` in the last kilobyte only rebuilds the file from all the objects he finds."""
    lie = b"\n%d 0 obj\n%s\nendobj\n" % (field_number(pdf), another_field(pdf))
    return by_hand(pdf, [(FREE, stream(lie))]) + b"\n" * 5000


READERS = (
    field_under_another_generation,
    field_hidden_in_a_stream_and_the_end_pushed_out_of_sight,
    trailer_that_names_two_catalogues,
    trailer_that_names_two_catalogues_in_two_spellings,
    second_trailer_behind_the_first,
    second_end_of_file_between_the_objects,
    object_hidden_behind_the_word_stream_in_a_string,
    object_hidden_in_the_data_of_a_stream_and_listed_first,
    object_hidden_in_the_data_of_a_stream_and_listed_last,
    page_content_freed_without_a_generation,
    page_content_freed_for_ever,
    page_content_said_to_stand_at_byte_0,
    entry_of_a_kind_nobody_knows,
    numbers_shifted_by_a_table_that_begins_at_1,
    hybrid_table_that_hides_a_second_one,
    old_table_said_to_be_the_last,
    base_table_said_to_be_the_last,
    revision_that_skips_the_last_signature,
    revision_that_skips_all_signatures,
    tables_that_go_round_in_a_circle,
    table_said_to_begin_inside_a_stream,
    encryption_added,
    encryption_added_by_reference_to_nothing,
    version_given_by_an_object,
    extensions_that_carry_a_drawing,
    page_tree_swapped,
    key_of_a_field_said_twice,
    object_stream_that_shadows_a_field,
)
