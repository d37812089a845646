"""Signatures nobody is enrolled for: whose they may be, so that somebody can be asked; nobody is given any here."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from service.names import resemblance
from service.proof.spoken import Party
from signing.report import SignatureReport
from signing.require import faults

# With these a signature says nothing about whose key it was, or nobody we believe vouches for its certificate.
FORBIDDING = frozenset(
    {"signature_broken", "changed_after_signature", "untrusted_chain", "key_usage", "weak_algorithm"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """One such signature, and the person of the form it may be: named for its slot, else most alike by name."""

    signature: SignatureReport
    party: Party


def unknown_signer(signature: SignatureReport, named: tuple[Party, ...], *, field_role: str | None) -> Unknown | None:
    """None where the signature itself is not worth asking about, or the form names nobody."""
    signer = signature.signer
    if signer is None or set(faults(signature)) & FORBIDDING or not named:
        return None
    in_slot = [party for party in named if party.role.value == field_role]
    best = max(in_slot or named, key=lambda party: resemblance(signer.name, party.name))
    return Unknown(signature=signature, party=best)


def unknown_json(each: Unknown) -> dict[str, Any]:
    """What a proposal needs (`service.proposals`); the certificate is base64 of its DER."""
    signer = each.signature.signer
    assert signer is not None
    return {
        "field": each.signature.field,
        "fingerprint": signer.fingerprint,
        "name": signer.name,
        "subject": signer.subject,
        "certificate": base64.b64encode(signer.certificate).decode("ascii"),
        "nip": each.party.nip,
        "likeness": str(resemblance(signer.name, each.party.name)),
    }
