"""Step (3), whose each signature is: enrolled certificate -> NIP -> role by the form's NIPs, never by field name."""

from __future__ import annotations

import base64
import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from forms.schema import Form, Role
from parsers.stamps import StampOverSlot
from service.language import Message
from service.names import Likeness, likeness, resemblance
from service.records import Enrolment
from service.store.delegations import Delegation, is_in_force
from service.verification.reasons import Party, Reason, Verdict, delegated, parties, reason, role_label, unproven
from signing.policy import faults
from signing.report import SignatureReport, TimeSource

_SIGNED_ALREADY, _ROLE_SIGNED = Message("further.signed_already"), Message("further.role_signed")
EnrolmentOf = Callable[[str], Enrolment | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Which signature counts for which role, and what was wrong.

    `nips` are those of the signers; `delegations` say in which roles they signed for the official the form names.
    `may_sign` says by signature field in which roles its signer may sign here, even if another signature counts for
    them; fields whose signer is wrong or unknown are absent.
    """

    by_role: Mapping[Role, SignatureReport]
    nips: Mapping[Role, str]
    reasons: tuple[Reason, ...]
    delegations: Mapping[Role, Delegation] = field(default_factory=dict)
    unknown: tuple[UnknownSigner, ...] = ()
    may_sign: Mapping[str, frozenset[Role]] = field(default_factory=dict)


def attribute(
    signatures: tuple[SignatureReport, ...],
    *,
    answers: Mapping[str, str],
    form: Form,
    enrolment_of: EnrolmentOf,
    between: Between,
    calendar: Calendar,
) -> Attribution:
    """Attribute each signature to the roles its enrolled signer has in this form, in person or by delegation.

    A person who is both pembimbing and atasan signs once for both (a coach is the supervisor, circular 5.a.2), or once
    for each. Any further signature, and a delegate's after the official's own, is not asked for: it proves nothing
    more, and a person looks why it is there. A signature by an enrolled person the form does not name, or in another
    role's slot, is a wrong signer.
    """
    named = parties(answers)
    slot_roles = {slot.name: slot.role for slot in form.slots}
    by_role: dict[Role, SignatureReport] = {}
    by_delegates: dict[Role, tuple[SignatureReport, str, Delegation]] = {}
    official_of: dict[str, str] = {}
    reasons: list[Reason] = []
    unknown: list[UnknownSigner] = []
    may_sign: dict[str, frozenset[Role]] = {}
    made: Counter[str] = Counter()
    for signature in signatures:
        if signature.kind != "signature":
            continue
        signer = signature.signer.name if signature.signer else ""
        enrolment = enrolment_at_signing(signature, enrolment_of)
        if enrolment is None:
            reasons.append(_unknown_signer(signer, named))
            role_of_field = slot_roles.get(signature.field)
            found = unknown_signer(signature, named, field_role=role_of_field.value if role_of_field else None)
            unknown += [found] if found else []
            continue
        held = {party.role for party in named if party.nip == enrolment.nip}
        wanted = slot_roles.get(signature.field)
        delegated_to = delegated_roles(
            signature, enrolment.nip, named, wanted=wanted, between=between, calendar=calendar
        )
        if delegated_to.proven:
            official = next(iter(delegated_to.proven.values())).from_nip
            if official_of.setdefault(enrolment.nip, official) != official:
                reasons.append(_wrong_signer(signer, wanted, named))
                continue
            _allow(may_sign, signature, delegated_to.proven)
            made[enrolment.nip] += 1
            others_signed = all(
                role in by_role or (role in by_delegates and by_delegates[role][1] != enrolment.nip)
                for role in delegated_to.proven
            )
            if others_signed or made[enrolment.nip] > len(delegated_to.proven):
                reasons.append(_further(signature, signer, _ROLE_SIGNED if others_signed else _SIGNED_ALREADY))
            for role, delegation in delegated_to.proven.items():
                by_delegates.setdefault(role, (signature, enrolment.nip, delegation))
        elif delegated_to.unproven:
            _allow(may_sign, signature, delegated_to.unproven)
            role = wanted or next(iter(delegated_to.unproven))
            reasons.append(unproven(_as(role, enrolment.nip, signer), _of(role, named), delegated_to.unproven[role]))
        elif not held or (wanted is not None and wanted not in held):
            reasons.append(_wrong_signer(signer, wanted, named))
        else:
            _allow(may_sign, signature, held)
            made[enrolment.nip] += 1
            if made[enrolment.nip] > len(held):
                reasons.append(_further(signature, signer, _SIGNED_ALREADY))
            for role in held:
                by_role.setdefault(role, signature)
    nips = {party.role: party.nip for party in named if party.role in by_role}
    delegations = _add_delegates(by_role, nips, by_delegates)
    reasons += [
        delegated(_as(role, nips[role], _name(by_role[role], nips[role])), _of(role, named), delegation)
        for role, delegation in delegations.items()
    ]
    reasons += _missing(by_role, named, answers, reasons)
    return Attribution(
        by_role=by_role,
        nips=nips,
        reasons=tuple(reasons),
        delegations=delegations,
        unknown=tuple(unknown),
        may_sign=may_sign,
    )


def _add_delegates(
    by_role: dict[Role, SignatureReport],
    nips: dict[Role, str],
    by_delegates: Mapping[Role, tuple[SignatureReport, str, Delegation]],
) -> dict[Role, Delegation]:
    """Add delegates' signatures for the roles nobody signed in person, and return their delegations."""
    delegations: dict[Role, Delegation] = {}
    for role, (signature, nip, delegation) in by_delegates.items():
        if role not in by_role:
            by_role[role], nips[role], delegations[role] = signature, nip, delegation
    return delegations


def _name(signature: SignatureReport, otherwise: str) -> str:
    return signature.signer.name if signature.signer else otherwise


def stamp_reasons(over_slots: Sequence[StampOverSlot], attribution: Attribution, form: Form) -> tuple[Reason, ...]:
    """Return reasons for stamps over the slot of a role in which their signer may not sign; a person looks at them.

    People place the stamps of their own applications over the slot they were to sign in, which stays empty and hides no
    answer. Wrong and unknown signers have a reason of their own.
    """
    slots = {slot.name: slot.role for slot in form.slots}
    reasons = [
        reason("stamp_over_text.slot", stamp=stamp.stamp, role=role_label(slots[stamp.slot]))
        for stamp in over_slots
        if slots[stamp.slot] not in attribution.may_sign.get(stamp.stamp, frozenset())
    ]
    return tuple(replace(found, weight=Verdict.REVIEW) for found in reasons)


def _as(role: Role, nip: str, name: str) -> Party:
    return Party(role=role, nip=nip, name=name)


def _of(role: Role, named: tuple[Party, ...]) -> Party:
    return next(party for party in named if party.role is role)


def enrolment_at_signing(signature: SignatureReport, enrolment_of: EnrolmentOf) -> Enrolment | None:
    """Return the enrolment that was in force when the signature was made; None when there was none.

    After its end only a trusted time stamp proves that a signature is older: anybody can write a claimed time.
    """
    if signature.signer is None:
        return None
    enrolment = enrolment_of(signature.signer.fingerprint)
    if enrolment is None or enrolment.ended_at is None:
        return enrolment
    made = signature.signed_at if signature.time_source is TimeSource.TIMESTAMP else None
    return enrolment if made is not None and made < enrolment.ended_at else None


def _unknown_signer(name: str, named: tuple[Party, ...]) -> Reason:
    """Name whom the signer resembles. That attributes nothing: a certificate may bear any name."""
    alike = dict.fromkeys(
        party.name for party in named if name and likeness(name, party.name) is not Likeness.DIFFERENT
    )
    signer = name or Message("nobody_known")
    if alike:
        return reason("unknown_signer.alike", signer=signer, alike=" / ".join(alike))
    return reason("unknown_signer", signer=signer)


def _allow(may_sign: dict[str, frozenset[Role]], signature: SignatureReport, roles: Collection[Role]) -> None:
    """Record in which roles the signer may sign; for two fields of one name, the roles of both."""
    may_sign[signature.field] = may_sign.get(signature.field, frozenset(roles)) & frozenset(roles)


def _further(signature: SignatureReport, signer: str, cause: Message) -> Reason:
    return reason("further_signature", signer=signer, field=signature.field, cause=cause)


def _wrong_signer(signer: str, wanted: Role | None, named: tuple[Party, ...]) -> Reason:
    in_slot = [party for party in named if party.role is wanted]
    listed = in_slot or list(named)
    return reason(
        "wrong_signer",
        role=role_label(wanted) if wanted else Message("role.further"),
        signer=signer,
        named=" / ".join(dict.fromkeys(party.name for party in listed)) or Message("somebody_else"),
    )


def _missing(
    by_role: Mapping[Role, SignatureReport],
    named: tuple[Party, ...],
    answers: Mapping[str, str],
    found: list[Reason],
) -> list[Reason]:
    """Return the required roles that did not sign. Self-study has no pembimbing (circular 5.e).

    A signature of an unknown signer, or of a delegate whose day is not proven, may be the missing one. Then the form
    is not called incomplete: a person decides, and the employee is not sent away to collect it again.
    """
    required = [Role.PEGAWAI, Role.ATASAN]
    if answers.get("jenis_kegiatan", "").strip() != "belajar_mandiri":
        required.insert(1, Role.PEMBIMBING)
    names = {party.role: party.name for party in named}
    absent = [role for role in required if role not in by_role]
    unknown = sum(entry.code in {"unknown_signer", "delegation_unproven"} for entry in found)
    holders = {next((party.nip for party in named if party.role is role), role.value) for role in absent}
    if len(holders) <= unknown:
        return []
    return [
        reason("missing_signature", role=role_label(role), signer=names.get(role) or role_label(role))
        for role in absent
    ]


# --- Delegates (Plt. and Plh.)

Between = Callable[[str, str], Sequence[Delegation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """`seen_at`: when the file existed for certain; `zone`: the time zone of a delegation's days."""

    seen_at: dt.datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegatedRoles:
    """The roles of a delegate's signature: `proven` ones, and those only its own clock vouches for."""

    proven: Mapping[Role, Delegation]
    unproven: Mapping[Role, Delegation]


def delegated_roles(
    signature: SignatureReport,
    signer_nip: str,
    named: tuple[Party, ...],
    *,
    wanted: Role | None,
    between: Between,
    calendar: Calendar,
) -> DelegatedRoles:
    """Return the roles of officials this signer was delegated for when signing.

    A person the form names signs only as themselves: an employee never approves their own form, and a mentor never
    approves on behalf of the supervisor whose approval it needs (circular 5.d.1.b). A delegation counts only directly
    from the official to the signer.

    In one form a delegate signs for one official only, so that two approvals never become one person's: for the
    official of the slot `wanted`, else for the supervisor.

    A trusted time stamp proves the day. Anybody can write a claimed time, so it counts only if the delegation is still
    in force when the file is first seen; later it goes to a person.
    """
    proven: dict[Role, Delegation] = {}
    unproven: dict[Role, Delegation] = {}
    if any(party.nip == signer_nip for party in named):
        return DelegatedRoles(proven=proven, unproven=unproven)
    for party in named:
        for delegation in between(party.nip, signer_nip):
            # Nobody signs for the employee, even if the register has such a delegation.
            if party.role is Role.PEGAWAI or party.role.value not in delegation.scope:
                continue
            kept = _certainty(delegation, signature, calendar, proven, unproven)
            if kept is not None:
                kept.setdefault(party.role, delegation)
    unproven = {role: delegation for role, delegation in unproven.items() if role not in proven}
    return DelegatedRoles(proven=_of_one(proven, wanted), unproven=_of_one(unproven, wanted))


def _of_one(given: Mapping[Role, Delegation], wanted: Role | None) -> dict[Role, Delegation]:
    """Keep the delegations of one official: of the wanted role, else of the last role named (the supervisor's)."""
    chosen = given.get(wanted) if wanted else given[max(given, key=list(Role).index)] if given else None
    return {role: delegation for role, delegation in given.items() if chosen and delegation.from_nip == chosen.from_nip}


def _certainty(
    delegation: Delegation,
    signature: SignatureReport,
    calendar: Calendar,
    proven: dict[Role, Delegation],
    unproven: dict[Role, Delegation],
) -> dict[Role, Delegation] | None:
    made = signature.signed_at
    if made is None or not is_in_force(delegation, made, calendar.zone):
        return None
    if signature.time_source is TimeSource.TIMESTAMP or is_in_force(delegation, calendar.seen_at, calendar.zone):
        return proven
    return unproven


# --- UnknownSigner signers

# With these faults a signature says nothing about its key, or nobody we trust vouches for its certificate.
NOT_WORTH_ASKING = frozenset(
    {"signature_broken", "changed_after_signature", "untrusted_chain", "key_usage", "weak_algorithm"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSigner:
    """A signature nobody is enrolled for, and the person it may be: named for its slot, else most similar by name."""

    signature: SignatureReport
    party: Party


def unknown_signer(
    signature: SignatureReport, named: tuple[Party, ...], *, field_role: str | None
) -> UnknownSigner | None:
    """Return whom to ask about a signature; None if it is faulty itself, or the form names nobody."""
    signer = signature.signer
    if signer is None or set(faults(signature)) & NOT_WORTH_ASKING or not named:
        return None
    in_slot = [party for party in named if party.role.value == field_role]
    best = max(in_slot or named, key=lambda party: resemblance(signer.name, party.name))
    return UnknownSigner(signature=signature, party=best)


def unknown_json(unknown: UnknownSigner) -> dict[str, Any]:
    """What a proposal needs (`service.people.enrolment`); the certificate is base64 of its DER."""
    signer = unknown.signature.signer
    assert signer is not None
    return {
        "field": unknown.signature.field,
        "fingerprint": signer.fingerprint,
        "name": signer.name,
        "subject": signer.subject,
        "certificate": base64.b64encode(signer.certificate).decode("ascii"),
        "nip": unknown.party.nip,
        "likeness": str(resemblance(signer.name, unknown.party.name)),
    }
