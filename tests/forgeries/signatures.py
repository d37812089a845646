"""Forgeries of the signatures of a form signed by all: universal forgery, wrapping, copies, weak values."""

from __future__ import annotations

import re
from collections.abc import Callable

from forgeries.readers import FREE, by_hand, field_number, root_of, spelled, startxref
from support.hand_made_cms import RANGE, byte_range, with_byte_range


def gap(pdf: bytes) -> tuple[int, int]:
    """Where the newest signature's value stands, angle brackets included."""
    _, first, second, _ = byte_range(pdf)
    return first, second


def with_value(pdf: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The newest value replaced by another of the same length."""
    first, second = gap(pdf)
    value = change(pdf[first:second])
    assert len(value) == second - first
    return pdf[:first] + value + pdf[second:]


def dictionary_start(pdf: bytes) -> int:
    return pdf.rindex(b"/ByteRange")


# Universal signature forgery: a part is missing or says nothing, and a careless verifier skips what it cannot check.


def byte_range_renamed(pdf: bytes) -> bytes:
    at = dictionary_start(pdf)
    return pdf[:at] + b"/ByteRang_" + pdf[at + 10 :]


def byte_range_null(pdf: bytes) -> bytes:
    found = list(RANGE.finditer(pdf))[-1]
    return pdf[: found.start()] + b"/ByteRange null".ljust(len(found[0])) + pdf[found.end() :]


def byte_range_empty(pdf: bytes) -> bytes:
    return with_byte_range(pdf, b"")


def byte_range_of_nothing(pdf: bytes) -> bytes:
    return with_byte_range(pdf, b"0 0 0 0")


def byte_range_with_a_negative_length(pdf: bytes) -> bytes:
    return with_byte_range(pdf, b"0 %d %d -9" % gap(pdf))


def byte_range_that_ends_where_it_begins(pdf: bytes) -> bytes:
    return with_byte_range(pdf, b"0 %d %d 0" % gap(pdf))


def byte_range_beyond_the_file(pdf: bytes) -> bytes:
    return with_byte_range(pdf, b"0 %d %d 99999999" % gap(pdf))


def byte_range_of_two_numbers(pdf: bytes) -> bytes:
    return with_byte_range(pdf, b"0 %d" % len(pdf))


def byte_range_of_fractions(pdf: bytes) -> bytes:
    return with_byte_range(pdf, b"0 %d.5 %d 5" % gap(pdf))


def value_removed(pdf: bytes) -> bytes:
    first, _ = gap(pdf)
    at = pdf.rindex(b"/Contents", 0, first + 1)
    return pdf[:at] + b"/Contemts" + pdf[at + 9 :]


def value_of_zeros(pdf: bytes) -> bytes:
    return with_value(pdf, lambda value: b"<" + b"0" * (len(value) - 2) + b">")


def value_null(pdf: bytes) -> bytes:
    return with_value(pdf, lambda value: b"null".ljust(len(value)))


def value_empty(pdf: bytes) -> bytes:
    return with_value(pdf, lambda value: b"<>".ljust(len(value)))


# Signature wrapping: what is covered and what is shown are two things.


def gap_wider_than_the_value(pdf: bytes) -> bytes:
    _, first, second, rest = byte_range(pdf)
    return with_byte_range(pdf, b"0 %d %d %d" % (first - 20, second, rest))


def gap_with_a_second_value_in_it(pdf: bytes) -> bytes:
    return with_value(pdf, lambda value: value[:-60] + b"> /Contents <".ljust(59, b"0") + b">")


def gap_with_words_behind_the_value(pdf: bytes) -> bytes:
    return with_value(pdf, lambda value: value[:-9] + b"DEADBEEF>")


def covered_part_moved_to_make_room(pdf: bytes) -> bytes:
    """The classic: the second covered part moves on, a table stands where its startxref points, and it lists lies.

    Digest and value still fit: a copy of the signature, in the room made, tells where the covered parts are now.
    """
    _, first, second, rest = byte_range(pdf)
    table_at = startxref(pdf)
    slot, number = field_number(pdf, "ttd_atasan"), field_number(pdf)
    value = int(re.findall(rb"/V (\d+) 0 R", spelled(pdf, slot))[0])
    lie = re.sub(rb"/V \([^)]*\)", b"/V (9 Maret 2025)", spelled(pdf, number))
    table = b"xref\n%d 1\n%%010d 00000 n \n%d 1\n%%010d 00000 n \ntrailer\n<< /Size 1800 /Root %d 0 R /Prev %d >>\n" % (
        value,
        number,
        root_of(pdf),
        startxref(pdf, -2),
    )
    copy_at = table_at + len(table % (0, 0))
    parts = re.sub(rb"/ByteRange \[[^]]*\]", b"/ByteRange [0 %d %%010d %d]" % (first, rest), spelled(pdf, value))
    copy = b"%d 0 obj\n%s\nendobj\n" % (value, parts)
    lie_at = copy_at + len(copy % 0)
    room = pdf[first:second].ljust(table_at - first) + table % (copy_at, lie_at)
    lies = b"%d 0 obj\n%s\nendobj\n" % (number, lie)
    moved = first + len(room) + len(copy % 0) + len(lies)
    return pdf[:first] + room + copy % moved + lies + pdf[second:]


def covered_part_left_open_at_the_start(pdf: bytes) -> bytes:
    _, first, second, rest = byte_range(pdf)
    return with_byte_range(pdf, b"9 %d %d %d" % (first - 9, second, rest))


def covered_part_cut_before_the_end(pdf: bytes) -> bytes:
    _, first, second, rest = byte_range(pdf)
    return with_byte_range(pdf, b"0 %d %d %d" % (first, second, rest - 40))


def covered_parts_that_overlap(pdf: bytes) -> bytes:
    _, first, second, rest = byte_range(pdf)
    return with_byte_range(pdf, b"0 %d %d %d" % (first, first - 9, rest + second - first + 9))


def byte_range_of_an_earlier_signature(pdf: bytes) -> bytes:
    """Two signatures that cover the same, though the second was made later."""
    earlier = list(RANGE.finditer(pdf))[-2]
    return with_byte_range(pdf, b" ".join(earlier.group(1, 2, 3, 4)))


# Copies: a value somebody made for something else.


def value_of_an_earlier_signature(pdf: bytes) -> bytes:
    earlier = list(RANGE.finditer(pdf))[-2]
    made = pdf[int(earlier[2]) : int(earlier[3])]
    return with_value(pdf, lambda value: made.ljust(len(value), b"0")[: len(value) - 1].replace(b">", b"0") + b">")


def signature_of_an_earlier_signer_shown_in_another_slot(pdf: bytes) -> bytes:
    """One signature dictionary as the value of two fields."""
    number = field_number(pdf, "ttd_atasan")
    value = re.findall(rb"/V (\d+ 0 R)", spelled(pdf, field_number(pdf, "ttd_pegawai")))[0]
    return by_hand(pdf, [(number, re.sub(rb"/V \d+ 0 R", b"/V " + value, spelled(pdf, number)))])


def signature_copied_into_an_object_of_its_own(pdf: bytes) -> bytes:
    number = field_number(pdf, "ttd_atasan")
    value = int(re.findall(rb"/V (\d+) 0 R", spelled(pdf, number))[0])
    field = re.sub(rb"/V \d+ 0 R", b"/V %d 0 R" % FREE, spelled(pdf, number))
    return by_hand(pdf, [(FREE, spelled(pdf, value)), (number, field)])


def signature_moved_to_a_field_of_another_name(pdf: bytes) -> bytes:
    number = field_number(pdf, "ttd_atasan")
    return by_hand(pdf, [(number, spelled(pdf, number).replace(b"ttd_atasan", b"ttd_atasam"))])


def signature_date_rewritten(pdf: bytes) -> bytes:
    number = field_number(pdf, "ttd_atasan")
    value = int(re.findall(rb"/V (\d+) 0 R", spelled(pdf, number))[0])
    return by_hand(pdf, [(value, re.sub(rb"/M \([^)]*\)", b"/M (D:20250101000000Z)", spelled(pdf, value)))])


def signatures_removed_from_the_field_list(pdf: bytes) -> bytes:
    form = int(re.findall(rb"/AcroForm (\d+) 0 R", spelled(pdf, root_of(pdf)))[0])
    without = re.sub(rb"%d 0 R" % field_number(pdf, "ttd_pegawai"), b"", spelled(pdf, form))
    return by_hand(pdf, [(form, without)])


def lock_widened_after_signing(pdf: bytes) -> bytes:
    lock = int(re.findall(rb"/Lock (\d+) 0 R", spelled(pdf, field_number(pdf, "ttd_pegawai")))[0])
    return by_hand(pdf, [(lock, b"<< /Type /SigFieldLock /Action /Include /Fields [(tempat)] >>")])


def bit_flipped_in_the_newest_value(pdf: bytes) -> bytes:
    # The last digit before the padding: what the key made stands last in the value, wherever its parts lie.
    first, second = gap(pdf)
    at = first + len(pdf[first:second].rstrip(b"0>")) - 1
    return pdf[:at] + (b"1" if pdf[at : at + 1] != b"1" else b"2") + pdf[at + 1 :]


def covered_word_replaced(pdf: bytes) -> bytes:
    return pdf.replace(b"%PDF-1.", b"%PDF-2.", 1)


SIGNATURES = (
    byte_range_renamed,
    byte_range_null,
    byte_range_empty,
    byte_range_of_nothing,
    byte_range_with_a_negative_length,
    byte_range_that_ends_where_it_begins,
    byte_range_beyond_the_file,
    byte_range_of_two_numbers,
    byte_range_of_fractions,
    value_removed,
    value_of_zeros,
    value_null,
    value_empty,
    gap_wider_than_the_value,
    gap_with_a_second_value_in_it,
    gap_with_words_behind_the_value,
    covered_part_moved_to_make_room,
    covered_part_left_open_at_the_start,
    covered_part_cut_before_the_end,
    covered_parts_that_overlap,
    byte_range_of_an_earlier_signature,
    value_of_an_earlier_signature,
    signature_of_an_earlier_signer_shown_in_another_slot,
    signature_copied_into_an_object_of_its_own,
    signature_moved_to_a_field_of_another_name,
    signature_date_rewritten,
    signatures_removed_from_the_field_list,
    lock_widened_after_signing,
    bit_flipped_in_the_newest_value,
    covered_word_replaced,
)
