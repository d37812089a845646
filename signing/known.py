"""Signer certificates already read: the same few come back in every file of an agency."""

from __future__ import annotations

from functools import lru_cache

import pyhanko.sign.general  # noqa: F401 - extends asn1crypto's CMS definitions, which must not be used before
from asn1crypto import x509

_KEPT = 500  # some 30 KB each once everything of it was looked at
_LONGEST = 16_384  # no real one has half of it; longer ones are a stranger's, who would fill the memory with them


def known_certificate(der: bytes) -> x509.Certificate:
    """The certificate of these DER bytes, read once while it is in use; what it says is never changed."""
    return _known(der) if len(der) <= _LONGEST else x509.Certificate.load(der)


@lru_cache(maxsize=_KEPT)
def _known(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der)
