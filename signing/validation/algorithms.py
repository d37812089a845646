"""The dates until which algorithms are strong enough.

They are those of the default policy of the European Commission's DSS (constraint.xml), which takes them from ETSI
TS 102 176-1 V2.0.0 and V2.1.1 (MD5, SHA-1, RSA up to 1024 bits, curves up to 192 bits) and from ETSI TS 119 312 V1.1.1
and V1.3.1 (the others). After its date an algorithm counts only for what a time stamp proves to be older; without a
date it is still strong. RSA of 2048 bits and SHA-256 have no date: national certificates are made with them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pyhanko_certvalidator.policy_decl import AlgorithmUsageConstraint, AlgorithmUsagePolicy

from signing.asn1 import algos, keys

_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
_End = dt.datetime | None  # None: no end in sight


def _until(year: int) -> dt.datetime:
    return dt.datetime(year, 1, 1, tzinfo=dt.UTC)


_DIGESTS: dict[str, _End] = {
    "md5": _until(2005),
    "sha1": _until(2009),
    "sha224": _until(2023),
    "sha3_224": _until(2023),
    **dict.fromkeys(("sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512", "shake256"), None),
}
# Keys up to this many bits, until this date; larger keys have no date.
_RSA = ((1023, _NEVER), (1535, _until(2009)), (1899, _until(2016)), (2047, _until(2023)))
_CURVES = ((159, _NEVER), (223, _until(2013)), (255, _until(2016)))

# Every date on which some algorithm ends.
ENDS = tuple({date for date in (*_DIGESTS.values(), *(end for _, end in (*_RSA, *_CURVES))) if date is not None})


def digest_resists(name: str, at: dt.datetime | None) -> bool:
    """Tell whether a digest (as CMS names it) was strong at `at`, None for all times; unknown ones never are."""
    return _before(at, _DIGESTS.get(name, _NEVER))


def key_resists(key: keys.PublicKeyInfo, at: dt.datetime | None) -> bool:
    """Tell whether a key was long enough at `at`. RSA, curves and Edwards curves; DSA and others never are."""
    kind = str(key.algorithm)
    if kind in {"rsa", "rsassa_pss", "ec"}:
        return _before(at, _end(_CURVES if kind == "ec" else _RSA, int(key.bit_size)))
    return kind in {"ed25519", "ed448"}


def mechanism_digest(mechanism: algos.SignedDigestAlgorithm) -> str | None:
    """Return the digest a signature mechanism itself names; None when it names or needs none."""
    try:
        return str(mechanism.hash_algo)
    except ValueError:
        return None


class DatedAlgorithms(AlgorithmUsagePolicy):
    """The same dates applied to the certificates of a chain."""

    def digest_algorithm_allowed(self, algo: Any, moment: dt.datetime | None) -> AlgorithmUsageConstraint:
        return AlgorithmUsageConstraint(digest_resists(str(algo["algorithm"].native), moment))

    def signature_algorithm_allowed(
        self, algo: Any, moment: dt.datetime | None, public_key: Any
    ) -> AlgorithmUsageConstraint:
        digest = mechanism_digest(algo)
        sound = digest is None or digest_resists(digest, moment)
        return AlgorithmUsageConstraint(sound and (public_key is None or key_resists(public_key, moment)))


def _end(steps: tuple[tuple[int, dt.datetime], ...], bits: int) -> _End:
    return next((until for most, until in steps if bits <= most), None)


def _before(at: dt.datetime | None, end: _End) -> bool:
    return end is None or (at is not None and at < end)
