"""One signature on one of our forms: the right slot, the visible stamp, and a look at whose key it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.catalog import form_font
from forms.schema import Form, Role, Slot
from parsers.appearance import hidden_or_differing
from parsers.build import build
from parsers.parse import read
from parsers.values import indonesian_date
from service.errors import BadInput, NotGranted
from service.store import Transaction
from service.store.delegations import Delegation, is_in_force
from service.verification.reasons import SPOKEN, STANDING_IN, parties
from signing.keys import KeyHolder
from signing.sign import sign
from signing.stamp import Stamp
from signing.timestamps import Timestamper


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The signed bytes, and sentences the signer should read (nothing that forbids signing)."""

    content: bytes
    warnings: tuple[str, ...]


def sign_form(
    content: bytes,
    *,
    role: Role,
    holder: KeyHolder,
    at: dt.datetime,
    zone: ZoneInfo,
    timestamper: Timestamper | None,
    enrolled_nip: str | None,
    instead: StandingIn | None = None,
) -> Signed:
    """Sign the role's slot, in person or as the Plt. or Plh. the caller found to stand in (`instead`).

    NotGranted when the key is known to be somebody else's than the form names for the role.
    """
    turn = turn_of(content, role)
    if enrolled_nip is not None and enrolled_nip != (instead.nip if instead else turn.nip):
        raise NotGranted(
            f"Kunci ini terdaftar untuk NIP {enrolled_nip}, sedangkan {SPOKEN[role]} pada formulir adalah "
            f"{turn.name} (NIP {turn.nip}).",
            f"Minta {turn.name} menandatangani dengan kuncinya sendiri, atau pilih peran yang sesuai.",
        )
    warnings = shown_otherwise(content, turn)
    signed = sign(
        content,
        holder=holder,
        at=at,
        field=turn.slot.name,
        place=None,
        stamp=stamp_for(turn, content, at=at, zone=zone, instead=instead),
        timestamper=timestamper,
        reason=reason_for(turn, instead),
    )
    return Signed(content=signed, warnings=warnings)


def shown_otherwise(content: bytes, turn: Turn) -> tuple[str, ...]:
    """What nobody sees would be refused later, after all three have signed (some programs store values undrawn)."""
    problems = (*hidden_or_differing(content, turn.form), *build(turn.answers, turn.form).problems)
    return tuple(each.message for each in problems)


# --- Whose signature goes where on a form: the role's slot, and the person the form names for it


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


# --- What the visible signature on a form says, whoever draws it: name, NIP, role, moment, and a code

ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def stamp_for(
    turn: Turn, content: bytes, *, at: dt.datetime, zone: ZoneInfo, instead: StandingIn | None = None
) -> Stamp:
    """The stamp of the turn's person, or of who stands in; its code names the form and the bytes that are signed."""
    nip, name = (instead.nip, instead.name) if instead else (turn.nip, turn.name)
    return Stamp(
        heading="Ditandatangani secara elektronik oleh:",
        name=name,
        lines=(f"NIP {nip}", title_of(turn, instead), moment_text(at, zone)),
        qr_text=f"{turn.serial} {hashlib.sha256(content).hexdigest()[:16]}",
        font=form_font(),
    )


def title_of(turn: Turn, instead: StandingIn | None = None) -> str:
    """`Coach/mentor dan atasan langsung`, or `Plh. atasan langsung` for who stands in."""
    title = " dan ".join(SPOKEN[role] for role in (instead.roles if instead else turn.held))
    return f"{STANDING_IN[instead.kind]} {title}" if instead else title.capitalize()


def reason_for(turn: Turn, instead: StandingIn | None = None) -> str:
    """The reason a signature carries."""
    return f"{title_of(turn, instead)}, formulir {turn.serial}"


def moment_text(at: dt.datetime, zone: ZoneInfo) -> str:
    """`8 April 2026 09.12 WIB`."""
    local = at.astimezone(zone)
    offset = local.utcoffset() or dt.timedelta(0)
    name = ZONES.get(int(offset.total_seconds() // 3600), local.tzname() or "")
    return f"{indonesian_date(local.date())} {local:%H.%M} {name}".rstrip()


# --- Whether a delegation holds at a moment, and who may sign for whom then


def acting(tx: Transaction, nip: str, *, now: dt.datetime, zone: ZoneInfo) -> tuple[Delegation, ...]:
    """For whom this person may sign now."""
    return tuple(each for each in tx.delegations.of(nip) if each.to_nip == nip and is_in_force(each, now, zone))


def standing_in(tx: Transaction, turn: Turn, signer_nip: str, *, now: dt.datetime, zone: ZoneInfo) -> StandingIn | None:
    """As whom this person may sign the turn now without being the one it names; None when they may not.

    The rules are those of `service.verification.attribution`, which judges the signature later.
    """
    entry = tx.employees.get(signer_nip)
    if entry is None or any(party.nip == signer_nip for party in parties(turn.answers)):
        return None
    given = [each for each in tx.delegations.between(turn.nip, signer_nip) if is_in_force(each, now, zone)]
    fitting = next((each for each in given if turn.role.value in each.scope), None)
    if fitting is None:
        return None
    roles = tuple(role for role in turn.held if role.value in fitting.scope)
    return StandingIn(nip=signer_nip, name=entry.name, kind=fitting.kind, roles=roles)
