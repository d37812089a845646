"""Sign whole forms in unusual ways: certified first, all at once, with a stamp anywhere on the page."""

from __future__ import annotations

from pyhanko.pdf_utils.generic import DictionaryObject

from forms.catalog import form_font
from signing.cms import sign_detached
from signing.fields import SlotPlace, Target, open_for_signing, slot_target
from signing.sign import sign
from signing.stamp import Stamp
from support.hand_made_signatures import filled_by_hand
from support.incremental_updates import NameObject, NumberObject
from support.office import CAHYA, DIAH, EKO, HERI, keys, signing_time

Box = tuple[float, float, float, float]


def certified(pdf: bytes, level: int) -> bytes:
    """Sign as the employee with a certification that allows filling (2) or also annotations (3), then as the others."""
    writer = open_for_signing(pdf)
    holder = keys().people[CAHYA].holder()

    def loosened(_: Target, dictionary: DictionaryObject) -> None:
        dictionary["/Reference"][-1]["/TransformParams"][NameObject("/P")] = NumberObject(level)

    first = filled_by_hand(
        writer,
        slot_target(writer, "ttd_pegawai"),
        lambda digest: sign_detached(digest, holder=holder, algorithm="sha256"),
        certify=True,
        late=loosened,
    )
    return signed_by_the_others(first)


def signed_by_the_others(pdf: bytes) -> bytes:
    for slot, nip in (("ttd_pembimbing", HERI), ("ttd_atasan", DIAH)):
        pdf = sign(pdf, holder=keys().people[nip].holder(), at=signing_time(pdf), field=slot)
    return pdf


def all_signed(pdf: bytes) -> bytes:
    return signed_by_the_others(
        sign(pdf, holder=keys().people[CAHYA].holder(), at=signing_time(pdf), field="ttd_pegawai")
    )


def own_stamp(pdf: bytes, box: Box, nip: str = EKO) -> bytes:
    """Sign in a field of one's own, with a stamp."""
    stamp = Stamp(name="Menteri", qr_text="https://contoh.example", font=form_font(), lines=())
    place = SlotPlace(name="sig_1", page=0, box=box, locks=(), label="Tanda tangan")
    return sign(pdf, holder=keys().people[nip].holder(), at=signing_time(pdf), field=None, place=place, stamp=stamp)
