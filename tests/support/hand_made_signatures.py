"""Sign by hand, so that single parts of a signature can be wrong."""

from __future__ import annotations

import io
from collections.abc import Callable

from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing.fields import SlotPlace, Target, new_target, open_for_signing, slot_target
from support.pki import NOW

Cms = Callable[[bytes], bytes]
Late = Callable[[Target, SignatureObject], None]


def signed_with(pdf: bytes, cms: Cms, *, sub_filter: str = "/ETSI.CAdES.detached", digest: str = "sha256") -> bytes:
    """Sign in `ttd_pegawai` with the value that `cms` makes of the document's digest."""
    writer = open_for_signing(pdf)
    return filled_by_hand(writer, slot_target(writer, "ttd_pegawai"), cms, sub_filter=sub_filter, digest=digest)


def signed_own_with(
    pdf: bytes, place: SlotPlace, cms: Cms, tamper: Callable[[Target], None], late: Late | None = None
) -> bytes:
    """Sign in a new field after `tamper` changed it in the same revision; `late` sees it with its value."""
    writer = open_for_signing(pdf)
    target = new_target(writer, place, NOW)
    tamper(target)
    return filled_by_hand(writer, target, cms, late=late)


def signed_slot_with(pdf: bytes, slot: str, cms: Cms, tamper: Callable[[Target], None]) -> bytes:
    """Sign in a slot after `tamper` changed it in the same revision."""
    writer = open_for_signing(pdf)
    target = slot_target(writer, slot)
    tamper(target)
    return filled_by_hand(writer, target, cms)


def filled_by_hand(
    writer: IncrementalPdfFileWriter,
    target: Target,
    cms: Cms,
    *,
    sub_filter: str = "/ETSI.CAdES.detached",
    digest: str = "sha256",
    certify: bool = False,
    late: Late | None = None,
) -> bytes:
    """Sign in a field with the value `cms` makes of the digest; `late` may change the signature dictionary before."""
    dictionary = SignatureObject(subfilter=SigSeedSubFilter.PADES, bytes_reserved=16384)
    dictionary[NameObject("/SubFilter")] = NameObject(sub_filter)
    target.fill(dictionary, certify=certify)
    if late is not None:
        late(target, dictionary)
    filling = dictionary.fill(writer, digest, output=io.BytesIO())
    prepared, output = next(filling)
    filling.send(cms(prepared.document_digest))
    return bytes(output.getvalue())
