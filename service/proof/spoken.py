"""The people a form names, and how their roles are called in sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from forms.schema import Role

SPOKEN = {Role.PEGAWAI: "pegawai", Role.PEMBIMBING: "coach/mentor", Role.ATASAN: "atasan langsung"}
STANDING_IN = {"plt": "Plt.", "plh": "Plh."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody the form names: NIP (18 digits) and name as written there."""

    role: Role
    nip: str
    name: str


def parties(answers: Mapping[str, str]) -> tuple[Party, ...]:
    """The people named in the answers; a role whose NIP was left empty is absent."""
    found = []
    for role in Role:
        nip = re.sub(r"\D", "", answers.get(f"nip_{role.value}", ""))
        if nip:
            found.append(Party(role=role, nip=nip, name=answers.get(f"nama_{role.value}", "").strip() or nip))
    return tuple(found)
