"""Forgeries by people who may sign: a visible signature that covers what somebody reads.

Every function takes a filled form and signs it as the forger and the others do.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from forgeries.impostors import signed_by
from signing.sign import sign
from support.hand_made_forms import saved
from support.office import CAHYA, DIAH, HERI, NOW, keys
from support.unusually_signed_forms import Box, own_stamp

FOOT: Box = (51, 38, 205, 98)
LABELS: Box = (360, 150, 500, 178)
SERIAL: Box = (410, 20, 560, 40)
QR: Box = (486, 46, 540, 100)
COACH: Box = (62.4, 181.7, 247.4, 251.7)
# The first digit of the hour at which the activity begins.
DIGIT: Box = (56, 665, 57, 676)


def with_field(pdf: bytes, box: Box, **entries: Any) -> bytes:
    """Add an empty signature field `sig_9`, painted white; `entries` replace its own."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        add_field(opened, box, **entries)
        return saved(opened)


def add_field(opened: Pdf, box: Box, **entries: Any) -> None:
    drawn = opened.make_stream(b"1 g 0 0 100 100 re f", Type=Name.XObject, Subtype=Name.Form)
    drawn.BBox = Array([0, 0, 100, 100])
    page = opened.pages[0].obj
    widget = {"Type": Name.Annot, "Subtype": Name.Widget, "FT": Name.Sig, "T": String("sig_9"), "F": 4, "P": page}
    widget |= {"Rect": Array(list(box)), "AP": Dictionary(N=drawn)} | entries
    page.Annots.append(
        opened.make_indirect(Dictionary(**{key: value for key, value in widget.items() if value is not None}))
    )
    opened.Root.AcroForm.Fields.append(page.Annots[-1])


def _signed_there(pdf: bytes, box: Box, **entries: Any) -> bytes:
    """The supervisor signs in a field that was there before, the others in their slots."""
    pdf = sign(with_field(pdf, box, **entries), holder=keys().people[DIAH].holder(), at=NOW, field="sig_9")
    return signed_by(pdf, leave="ttd_atasan")


def _stamped_last(pdf: bytes, box: Box) -> bytes:
    return own_stamp(signed_by(pdf, leave="ttd_atasan"), box, DIAH)


def stamp_over_the_note_at_the_foot(pdf: bytes) -> bytes:
    return _stamped_last(pdf, FOOT)


def stamp_over_the_labels_below_a_slot(pdf: bytes) -> bytes:
    return _stamped_last(pdf, LABELS)


def stamp_over_the_serial(pdf: bytes) -> bytes:
    return _stamped_last(pdf, SERIAL)


def stamp_over_the_qr_of_the_serial(pdf: bytes) -> bytes:
    return _stamped_last(pdf, QR)


def stamp_over_the_empty_slot_of_somebody_else(pdf: bytes) -> bytes:
    """The coach signs beside it, with nothing to be seen."""
    pdf = own_stamp(signed_by(pdf, only="ttd_pegawai"), COACH, DIAH)
    return sign(pdf, holder=keys().people[HERI].holder(), at=NOW, field=None)


def stamp_over_a_slot_that_is_signed_afterwards(pdf: bytes) -> bytes:
    return signed_by(own_stamp(pdf, COACH, DIAH), leave="ttd_atasan")


def field_over_an_answer_that_is_signed_there(pdf: bytes) -> bytes:
    return _signed_there(pdf, (60, 640, 220, 656))


def field_as_thin_as_a_hair_over_a_digit(pdf: bytes) -> bytes:
    return _signed_there(pdf, DIGIT)


def field_with_its_corners_the_other_way_round(pdf: bytes) -> bytes:
    return _signed_there(pdf, (220, 656, 60, 640))


def field_that_is_only_printed(pdf: bytes) -> bytes:
    return _signed_there(pdf, (60, 640, 220, 656), F=36)


def field_that_keeps_its_size_when_the_page_grows(pdf: bytes) -> bytes:
    return _signed_there(pdf, (10, 5, 30, 15), F=12)


def field_with_a_background_and_no_drawing(pdf: bytes) -> bytes:
    return _signed_there(pdf, (60, 640, 220, 656), AP=None, MK=Dictionary(BG=Array([1, 1, 1])))


def field_partly_beside_the_page_over_an_answer(pdf: bytes) -> bytes:
    return _signed_there(pdf, (-500, 640, 70, 656))


def employee_signs_once_more_at_the_end(pdf: bytes) -> bytes:
    return sign(signed_by(pdf), holder=keys().people[CAHYA].holder(), at=NOW, field=None)


def employee_signs_twice_before_the_coach(pdf: bytes) -> bytes:
    pdf = sign(signed_by(pdf, only="ttd_pegawai"), holder=keys().people[CAHYA].holder(), at=NOW, field=None)
    for slot, nip in (("ttd_pembimbing", HERI), ("ttd_atasan", DIAH)):
        pdf = sign(pdf, holder=keys().people[nip].holder(), at=NOW, field=slot)
    return pdf


STAMPS: tuple[Callable[[bytes], bytes], ...] = (
    stamp_over_the_note_at_the_foot,
    stamp_over_the_labels_below_a_slot,
    stamp_over_the_serial,
    stamp_over_the_qr_of_the_serial,
    stamp_over_the_empty_slot_of_somebody_else,
    stamp_over_a_slot_that_is_signed_afterwards,
    field_over_an_answer_that_is_signed_there,
    field_as_thin_as_a_hair_over_a_digit,
    field_with_its_corners_the_other_way_round,
    field_that_is_only_printed,
    field_that_keeps_its_size_when_the_page_grows,
    field_with_a_background_and_no_drawing,
    field_partly_beside_the_page_over_an_answer,
    employee_signs_once_more_at_the_end,
    employee_signs_twice_before_the_coach,
)
