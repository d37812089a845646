"""Whose signature goes where on a form: the role's slot, and the person the form names for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from forms.schema import Form, Role, Slot
from parsers.parse import read
from service.errors import BadInput
from service.proof.spoken import SPOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingIn:
    """Who signs instead of the official the form names, and in which of their roles; `kind` is `plt` or `plh`."""

    nip: str
    name: str
    kind: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One role of one form, and the person named for it; `held` are all roles that person has there."""

    form: Form
    serial: str
    answers: Mapping[str, str]
    role: Role
    slot: Slot
    nip: str
    name: str
    held: tuple[Role, ...]


def turn_of(content: bytes, role: Role) -> Turn:
    """Read the form and find the role's place; BadInput for what is no form of ours, or names nobody in that role."""
    reading = read(content)
    form = reading.form
    if form is None or reading.source != "acroform":
        first = reading.problems[0] if reading.problems else None
        raise BadInput(
            first.message if first else "Berkas ini bukan formulir Lampiran I dari layanan ini.",
            first.hint if first else "Unduh formulir baru dari layanan ini.",
        )
    nip = _nip(reading.answers, role)
    if not nip:
        raise BadInput(
            f"Formulir ini tidak menyebut {SPOKEN[role]}.", "Isi nama dan NIP-nya, atau pilih peran yang lain."
        )
    held = [each for each in (role, *Role) if _nip(reading.answers, each) == nip]
    return Turn(
        form=form,
        serial=str(reading.serial or ""),
        answers=reading.answers,
        role=role,
        slot=next(slot for slot in form.slots if slot.role is role),
        nip=nip,
        name=reading.answers.get(f"nama_{role.value}", "").strip(),
        held=tuple(dict.fromkeys(held)),
    )


def _nip(answers: Mapping[str, str], role: Role) -> str:
    return re.sub(r"\D", "", answers.get(f"nip_{role.value}", ""))
