"""Judge a time-stamp authority before its stamp is set: what proves it must lie under the stamp, not after it."""

from __future__ import annotations

from collections.abc import Sequence

from signing.revocation.checker import Evidence, Material, Revocations
from signing.trust import Trust
from signing.validation.chain import Roots, may_stamp_time
from signing.validation.dss import stored_certificates


def material_of_authority(certificates: Sequence[bytes], *, trust: Trust) -> Material:
    """Return what proves the authority whose certificates (DER, its own first) these are, at the moment of judgement.

    Incomplete when it does not lead to a time-stamp root of ours, was revoked, or nothing says whether it was.
    """
    parsed = stored_certificates((*certificates, *trust.certificates))
    if not parsed or not may_stamp_time(parsed[0]):
        return Material(complete=False)
    chain = Roots(trust.timestamp_roots).chain(parsed[0], parsed[1:], trust.moment)
    if chain.sub_indication is not None:
        return Material(complete=False)
    given = Evidence(crls=trust.crls, ocsps=trust.ocsps)
    revocations = Revocations(stored=given, network=trust.network, now=trust.moment)
    status = revocations.status(chain.path, Evidence(), trust.moment)
    return revocations.used + Material(complete=status.sub_indication is None)
