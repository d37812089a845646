"""One signature on one of our forms: its slot and signer, the visible stamp, and signing for an official."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.catalog import form_font
from forms.indonesian import moment_text
from forms.schema import Form, Role, Slot
from parsers.appearance import appearance_problems
from parsers.build import build
from parsers.parse import read
from service.errors import BadInput, NotGranted
from service.language import Message
from service.store import Transaction
from service.store.delegations import Delegation, is_in_force
from service.verification.reasons import DELEGATION_LABELS, ROLE_LABELS, parties, role_label
from signing.keys import KeyHolder
from signing.sign import sign
from signing.stamp import Stamp
from signing.timestamps import Timestamper


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedForm:
    """The signed bytes, and warnings for the signer (nothing that forbids signing)."""

    content: bytes
    warnings: tuple[Message, ...]


def sign_form(
    content: bytes,
    *,
    role: Role,
    holder: KeyHolder,
    at: dt.datetime,
    zone: ZoneInfo,
    timestamper: Timestamper | None,
    enrolled_nip: str | None,
    instead: ActingSigner | None = None,
) -> SignedForm:
    """Sign the role's slot, in person or as Plt. or Plh. (`instead`).

    Raises NotGranted when the key is enrolled for somebody else than the form names for the role.
    """
    slot = signature_slot(content, role)
    if enrolled_nip is not None and enrolled_nip != (instead.nip if instead else slot.nip):
        raise NotGranted("key_of_another", enrolled=enrolled_nip, role=role_label(role), name=slot.name, nip=slot.nip)
    warnings = display_warnings(content, slot)
    signed = sign(
        content,
        holder=holder,
        at=at,
        field=slot.slot.name,
        place=None,
        stamp=stamp_for(slot, content, at=at, zone=zone, instead=instead),
        timestamper=timestamper,
        reason=reason_for(slot, instead),
    )
    return SignedForm(content=signed, warnings=warnings)


def display_warnings(content: bytes, slot: SignatureSlot) -> tuple[Message, ...]:
    """Return warnings about answers that are not shown or not readable, which the proof would refuse later.

    Some programs store values without drawing them; then all three people would sign in vain.
    """
    problems = (*appearance_problems(content, slot.form), *build(slot.answers, slot.form).problems)
    return tuple(map(Message.of, problems))


# --- Slots and signers


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingSigner:
    """A delegate who signs for the official the form names, in which of their roles; `kind` is `plt` or `plh`."""

    nip: str
    name: str
    kind: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureSlot:
    """The slot of one role on one form, and the person named for it; `held` are all roles of that person there."""

    form: Form
    serial: str
    answers: Mapping[str, str]
    role: Role
    slot: Slot
    nip: str
    name: str
    held: tuple[Role, ...]


def signature_slot(content: bytes, role: Role) -> SignatureSlot:
    """Read the form and return the slot of a role; BadInput for another file, or a form with nobody in that role."""
    reading = read(content)
    form = reading.form
    if form is None or reading.source != "acroform":
        for problem in reading.problems:
            raise BadInput(problem.wording, **problem.params)
        raise BadInput("not_our_form")
    nip = _nip(reading.answers, role)
    if not nip:
        raise BadInput("form_names_nobody", role=role_label(role))
    held = [other for other in (role, *Role) if _nip(reading.answers, other) == nip]
    return SignatureSlot(
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


# --- The visible stamp


def stamp_for(
    slot: SignatureSlot, content: bytes, *, at: dt.datetime, zone: ZoneInfo, instead: ActingSigner | None = None
) -> Stamp:
    """Return the signer's stamp; its code names the form and the bytes that are signed."""
    nip, name = (instead.nip, instead.name) if instead else (slot.nip, slot.name)
    return Stamp(
        heading="Ditandatangani secara elektronik oleh:",
        name=name,
        lines=(f"NIP {nip}", title_of(slot, instead), moment_text(at, zone)),
        qr_text=f"{slot.serial} {hashlib.sha256(content).hexdigest()[:16]}",
        font=form_font(),
    )


def title_of(slot: SignatureSlot, instead: ActingSigner | None = None) -> str:
    """Return `Coach/mentor dan atasan langsung`, or `Plh. atasan langsung` for a delegate."""
    title = " dan ".join(ROLE_LABELS[role] for role in (instead.roles if instead else slot.held))
    return f"{DELEGATION_LABELS[instead.kind]} {title}" if instead else title.capitalize()


def reason_for(slot: SignatureSlot, instead: ActingSigner | None = None) -> str:
    """Return the reason a signature carries."""
    return f"{title_of(slot, instead)}, formulir {slot.serial}"


# --- Signing for an official


def active_delegations(tx: Transaction, nip: str, *, now: dt.datetime, zone: ZoneInfo) -> tuple[Delegation, ...]:
    """Return the delegations by which this person may sign now."""
    received = (delegation for delegation in tx.delegations.of(nip) if delegation.to_nip == nip)
    return tuple(delegation for delegation in received if is_in_force(delegation, now, zone))


def acting_signer(
    tx: Transaction, slot: SignatureSlot, signer_nip: str, *, now: dt.datetime, zone: ZoneInfo
) -> ActingSigner | None:
    """Return in whose place this person may sign the slot now; None when they may not.

    The rules are those of `service.verification.attribution`, which judges the signature later.
    """
    entry = tx.employees.get(signer_nip)
    if entry is None or any(party.nip == signer_nip for party in parties(slot.answers)):
        return None
    given = [
        delegation for delegation in tx.delegations.between(slot.nip, signer_nip) if is_in_force(delegation, now, zone)
    ]
    fitting = next((delegation for delegation in given if slot.role.value in delegation.scope), None)
    if fitting is None:
        return None
    roles = tuple(role for role in slot.held if role.value in fitting.scope)
    return ActingSigner(nip=signer_nip, name=entry.name, kind=fitting.kind, roles=roles)
