"""Judge time-stamp tokens (RFC 3161)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from signing.asn1 import x509
from signing.revocation.checker import Revocations
from signing.validation.algorithms import digest_resists
from signing.validation.chain import EARLY, Roots, may_stamp_time
from signing.validation.signature import (
    BadValue,
    Check,
    Value,
    check_value,
    digest_with,
    embedded_evidence,
    open_signed_data,
)

Imprint = Callable[[str], bytes]
Others = Sequence[x509.Certificate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A judged time-stamp token. `check.intact` includes that its imprint is that of the bytes in question."""

    value: Value
    time: dt.datetime
    check: Check
    sub_indication: str | None

    @property
    def bound(self) -> bool:
        """Tell whether it is a real token over these bytes, from a trusted authority or not."""
        return self.check.intact and self.check.valid

    @property
    def trusted(self) -> bool:
        """Tell whether it proves the time: bound, strong, and by an authority under one of our time-stamp roots."""
        return self.bound and self.check.strong and self.sub_indication is None


def judge_token(
    signed_data: Any, imprint: Imprint, *, roots: Roots, revocations: Revocations, stored: Others, at: dt.datetime
) -> Token:
    """Judge the SignedData of a token; `imprint` digests the bytes it must be about. Raises BadValue.

    `at` is the moment at which the authority's certificate must be valid: now, or the time a later stamp proves.
    `stored` are certificates from elsewhere in the file, for the authority's chain.
    """
    value = open_signed_data(signed_data, stored)
    content = value.content("tst_info")
    if content is None:
        raise BadValue("an empty time-stamp token")
    facts = value.signed_data["encap_content_info"]["content"].parsed
    time = facts["gen_time"].native
    stated = facts["message_imprint"]
    name = str(stated["hash_algorithm"]["algorithm"].native)
    about_these_bytes = imprint(name) == stated["hashed_message"].native
    check = check_value(value, kind="tst_info", digest=digest_with(value.digest_name)((memoryview(content),)), at=at)
    strong = check.strong and digest_resists(name, at)
    check = Check(
        intact=check.intact and about_these_bytes, valid=check.valid, names_signer=check.names_signer, strong=strong
    )
    failure = _failure(value, check, roots=roots, revocations=revocations, stored=stored, at=at)
    return Token(value=value, time=time, check=check, sub_indication=failure)


def _failure(
    value: Value, check: Check, *, roots: Roots, revocations: Revocations, stored: Others, at: dt.datetime
) -> str | None:
    """Return the sub-indication of the first failure; None when the authority may be believed."""
    if check.names_signer is False:
        return "NO_SIGNING_CERTIFICATE_FOUND"
    if not check.strong:
        return "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    chain = roots.chain(value.certificate, (*value.others, *stored), at)
    if chain.early:
        return EARLY
    if chain.sub_indication is not None:
        return chain.sub_indication
    if not may_stamp_time(value.certificate):
        return "CHAIN_CONSTRAINTS_FAILURE"
    return revocations.status(chain.path, embedded_evidence(value), at).sub_indication
