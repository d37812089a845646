"""What is said of a signature made as Plt. or Plh."""

from __future__ import annotations

from parsers.values import indonesian_date
from service.proof.reasons import Reason, reason
from service.proof.spoken import SPOKEN, STANDING_IN, Party
from service.store.delegations import Delegation


def delegated(signer: Party, official: Party, delegation: Delegation) -> Reason:
    """The notice that a role was signed by somebody standing in."""
    return reason("delegated_signer", **_words(signer, official, delegation))


def unproven(signer: Party, official: Party, delegation: Delegation) -> Reason:
    """The question for a person whether the delegation still held."""
    return reason("delegation_unproven", **_words(signer, official, delegation))


def _words(signer: Party, official: Party, delegation: Delegation) -> dict[str, str]:
    return {
        "peran": SPOKEN[official.role],
        "nama": signer.name,
        "jenis": STANDING_IN[delegation.kind],
        "pejabat": official.name,
        "masa": f"{indonesian_date(delegation.starts)} s.d. {indonesian_date(delegation.ends)}",
        "nomor": delegation.id,
    }
