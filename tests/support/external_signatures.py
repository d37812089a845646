"""Sign in an application of one's own, in our slot or in a field of its own (as BSrE does)."""

from __future__ import annotations

import datetime as dt

from forms.catalog import LAMPIRAN_I_V1, form_font
from forms.schema import Role
from signing.fields import SlotPlace
from signing.sign import sign
from signing.stamp import Stamp
from support.office import CAHYA, DIAH, EKO, HERI, NOW, keys


def sign_elsewhere(content: bytes, nip: str, *, own_field: bool, at: dt.datetime = NOW) -> bytes:
    roles = {CAHYA: Role.PEGAWAI, HERI: Role.PEMBIMBING, EKO: Role.PEMBIMBING, DIAH: Role.ATASAN}
    slot = next(candidate for candidate in LAMPIRAN_I_V1.slots if candidate.role is roles[nip])
    place = SlotPlace(name=f"sig_{nip}", page=0, box=slot.box, locks=(), label="Tanda tangan")
    stamp = Stamp(heading="Ditandatangani oleh:", name=nip, lines=(), qr_text="contoh", font=form_font())
    return sign(
        content,
        holder=keys().people[nip].holder(),
        at=at,
        field=None if own_field else slot.name,
        place=place if own_field else None,
        stamp=stamp,
    )
