"""Signatures put together by hand, so that single parts of them can be wrong."""

from __future__ import annotations

import io
from collections.abc import Callable

from pyhanko.pdf_utils.generic import NameObject
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing.fields import open_for_signing, slot_target

Cms = Callable[[bytes], bytes]


def signed_with(pdf: bytes, cms: Cms, *, sub_filter: str = "/ETSI.CAdES.detached", digest: str = "sha256") -> bytes:
    """Fill `ttd_pegawai` with whatever `cms` makes of the document's digest."""
    writer = open_for_signing(pdf)
    target = slot_target(writer, "ttd_pegawai")
    dictionary = SignatureObject(subfilter=SigSeedSubFilter.PADES, bytes_reserved=16384)
    dictionary[NameObject("/SubFilter")] = NameObject(sub_filter)
    target.fill(dictionary, certify=False)
    filling = dictionary.fill(writer, digest, output=io.BytesIO())
    prepared, output = next(filling)
    filling.send(cms(prepared.document_digest))
    return bytes(output.getvalue())
