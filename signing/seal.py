"""Sealing: the one signature that closes a document we issue."""

from __future__ import annotations

import datetime as dt

from signing.sign import sign
from signing.signers import KeyHolder
from signing.slots import SlotPlace
from signing.stamp import Stamp
from signing.timestamps import Timestamper

FIELD = "segel"


def seal(
    pdf: bytes,
    *,
    holder: KeyHolder,
    at: dt.datetime,
    timestamper: Timestamper | None,
    stamp: Stamp | None,
    box: tuple[float, float, float, float],
    reason: str | None,
    page: int = 0,
) -> bytes:
    """A certification signature that permits no change (DocMDP P 1), PAdES B-T with a timestamper, else B-B.

    `box` is (left, bottom, right, top) in points on that page, counted from 0. Raises CannotSign or
    TimestampUnavailable; then nothing was sealed.
    """
    place = SlotPlace(name=FIELD, page=page, box=box, locks=(), label="Segel elektronik")
    return sign(
        pdf,
        holder=holder,
        at=at,
        field=None,
        place=place,
        stamp=stamp,
        timestamper=timestamper,
        reason=reason,
        certify=True,
    )
