"""Whose signature goes where on a form: the role's slot, the person the form names for it, and the stamp they get."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.catalog import form_font
from forms.schema import Form, Role, Slot
from parsers.parse import read
from parsers.values import indonesian_date
from service.errors import BadInput
from service.proof.spoken import SPOKEN, STANDING_IN
from signing.stamp import Stamp

ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


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

    def stamp(self, content: bytes, *, at: dt.datetime, zone: ZoneInfo, instead: StandingIn | None = None) -> Stamp:
        """What the visible signature says; the code names the form and the bytes that are signed."""
        nip, name = (instead.nip, instead.name) if instead else (self.nip, self.name)
        return Stamp(
            heading="Ditandatangani secara elektronik oleh:",
            name=name,
            lines=(f"NIP {nip}", self.titled(instead), moment_text(at, zone)),
            qr_text=f"{self.serial} {hashlib.sha256(content).hexdigest()[:16]}",
            font=form_font(),
        )

    def titled(self, instead: StandingIn | None = None) -> str:
        """`Coach/mentor dan atasan langsung`, or `Plh. atasan langsung` for who stands in."""
        title = " dan ".join(SPOKEN[role] for role in (instead.roles if instead else self.held))
        return f"{STANDING_IN[instead.kind]} {title}" if instead else title.capitalize()

    def reason(self, instead: StandingIn | None = None) -> str:
        """The reason a signature carries."""
        return f"{self.titled(instead)}, formulir {self.serial}"


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


def moment_text(at: dt.datetime, zone: ZoneInfo) -> str:
    """`8 April 2026 09.12 WIB`."""
    local = at.astimezone(zone)
    offset = local.utcoffset() or dt.timedelta(0)
    name = ZONES.get(int(offset.total_seconds() // 3600), local.tzname() or "")
    return f"{indonesian_date(local.date())} {local:%H.%M} {name}".rstrip()


def _nip(answers: Mapping[str, str], role: Role) -> str:
    return re.sub(r"\D", "", answers.get(f"nip_{role.value}", ""))
