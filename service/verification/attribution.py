"""Whose each signature is: enrolled certificate -> NIP -> role by the NIPs in the form; never by field name alone."""

from __future__ import annotations

import base64
import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from forms.schema import Form, Role
from parsers.stamps import OverSlot
from service.names import Likeness, likeness, resemblance
from service.records import Enrolment
from service.store.delegations import Delegation, is_in_force
from service.verification.reasons import SPOKEN, Party, Reason, Verdict, delegated, parties, reason, unproven
from signing.policy import faults
from signing.report import SignatureReport, TimeSource

_SIGNED_ALREADY = "penanda tangannya sudah menandatangani"
_ROLE_SIGNED = "untuk peran itu sudah ada tanda tangan lain"
EnrolmentOf = Callable[[str], Enrolment | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Which signature stands for which role, which roles one signature covers, and what was wrong.

    `nips` are those of the signers; `delegations` say in which roles they stood in for the official the form names.
    `may_sign` tells by signature field in which roles its signer may sign here, whichever signature stands for them;
    fields whose signer is wrong or not known are absent.
    """

    by_role: Mapping[Role, SignatureReport]
    nips: Mapping[Role, str]
    reasons: tuple[Reason, ...]
    delegations: Mapping[Role, Delegation] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()
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
    """Give each signature to the roles its enrolled signer holds in this form, or stood in for (`delegates`).

    One person who is both pembimbing and atasan signs once for both (a coach is the supervisor, circular 5.a.2), or
    once for each. A signature beyond that, and a delegate's after the official's own, is one the form does not ask
    for: it proves nothing more, and a person looks why it is there. A signature by somebody enrolled whom the form
    does not name, or in another role's slot, is a wrong signer.
    """
    named = parties(answers)
    slot_roles = {slot.name: slot.role for slot in form.slots}
    by_role: dict[Role, SignatureReport] = {}
    standing_in: dict[Role, tuple[SignatureReport, str, Delegation]] = {}
    stands_for: dict[str, str] = {}
    reasons: list[Reason] = []
    unknown: list[Unknown] = []
    may_sign: dict[str, frozenset[Role]] = {}
    made: Counter[str] = Counter()
    for signature in signatures:
        if signature.kind != "signature":
            continue
        shown = _name(signature, "yang tidak dikenal")
        enrolment = bound_by(signature, enrolment_of)
        if enrolment is None:
            reasons.append(reason("unknown_signer", nama=shown, petunjuk=_resembling(shown, named)))
            role_of_field = slot_roles.get(signature.field)
            found = unknown_signer(signature, named, field_role=role_of_field.value if role_of_field else None)
            unknown += [found] if found else []
            continue
        held = {party.role for party in named if party.nip == enrolment.nip}
        wanted = slot_roles.get(signature.field)
        acting = acting_as(signature, enrolment.nip, named, wanted=wanted, between=between, calendar=calendar)
        if acting.proven:
            official = next(iter(acting.proven.values())).from_nip
            if stands_for.setdefault(enrolment.nip, official) != official:
                reasons.append(_wrong_signer(shown, wanted, named))
                continue
            _allow(may_sign, signature, acting.proven)
            made[enrolment.nip] += 1
            taken = all(
                role in by_role or (role in standing_in and standing_in[role][1] != enrolment.nip)
                for role in acting.proven
            )
            if taken or made[enrolment.nip] > len(acting.proven):
                reasons.append(_further(signature, shown, _ROLE_SIGNED if taken else _SIGNED_ALREADY))
            for role, delegation in acting.proven.items():
                standing_in.setdefault(role, (signature, enrolment.nip, delegation))
        elif acting.unproven:
            _allow(may_sign, signature, acting.unproven)
            role = wanted or next(iter(acting.unproven))
            reasons.append(unproven(_as(role, enrolment.nip, shown), _of(role, named), acting.unproven[role]))
        elif not held or (wanted is not None and wanted not in held):
            reasons.append(_wrong_signer(shown, wanted, named))
        else:
            _allow(may_sign, signature, held)
            made[enrolment.nip] += 1
            if made[enrolment.nip] > len(held):
                reasons.append(_further(signature, shown, _SIGNED_ALREADY))
            for role in held:
                by_role.setdefault(role, signature)
    nips = {party.role: party.nip for party in named if party.role in by_role}
    delegations = _stand_in(by_role, nips, standing_in)
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


def _stand_in(
    by_role: dict[Role, SignatureReport],
    nips: dict[Role, str],
    standing_in: Mapping[Role, tuple[SignatureReport, str, Delegation]],
) -> dict[Role, Delegation]:
    """Fill the roles nobody signed in person with delegates' signatures. Who signed needs nobody standing in."""
    delegations: dict[Role, Delegation] = {}
    for role, (signature, nip, delegation) in standing_in.items():
        if role not in by_role:
            by_role[role], nips[role], delegations[role] = signature, nip, delegation
    return delegations


def _name(signature: SignatureReport, otherwise: str) -> str:
    return signature.signer.name if signature.signer else otherwise


def stamp_reasons(over_slots: Sequence[OverSlot], attribution: Attribution, form: Form) -> tuple[Reason, ...]:
    """Stamps over the slot of a role in which their signer may not sign; a person looks, for it hides no answer.

    People place the stamps of their own applications over the slot they were to sign in, which stays empty. Signers
    who are wrong or not known have a reason of their own.
    """
    slots = {slot.name: slot.role for slot in form.slots}
    found = [
        reason("stamp_over_text", kolom=each.stamp, peran=SPOKEN[slots[each.slot]])
        for each in over_slots
        if slots[each.slot] not in attribution.may_sign.get(each.stamp, frozenset())
    ]
    return tuple(replace(each, weight=Verdict.REVIEW) for each in found)


def _as(role: Role, nip: str, name: str) -> Party:
    return Party(role=role, nip=nip, name=name)


def _of(role: Role, named: tuple[Party, ...]) -> Party:
    return next(party for party in named if party.role is role)


def bound_by(signature: SignatureReport, enrolment_of: EnrolmentOf) -> Enrolment | None:
    """The enrolment that held when the signature was made; one ended earlier binds nobody.

    After its end only a trusted time stamp tells that a signature is older: a claimed time is anybody's to write.
    """
    if signature.signer is None:
        return None
    enrolment = enrolment_of(signature.signer.fingerprint)
    if enrolment is None or enrolment.ended_at is None:
        return enrolment
    made = signature.signed_at if signature.time_source is TimeSource.TIMESTAMP else None
    return enrolment if made is not None and made < enrolment.ended_at else None


def _resembling(shown: str, named: tuple[Party, ...]) -> str:
    """A hint for the person who decides. It gives the signature to nobody: anyone may be called anything."""
    alike = dict.fromkeys(party.name for party in named if likeness(shown, party.name) is not Likeness.DIFFERENT)
    if not alike:
        return ""
    return f" Namanya menyerupai {' / '.join(alike)} pada formulir ini; itu petunjuk, bukan bukti."


def _allow(may_sign: dict[str, frozenset[Role]], signature: SignatureReport, roles: Collection[Role]) -> None:
    """Note in which roles the signer may sign; of two fields of one name, what both may."""
    may_sign[signature.field] = may_sign.get(signature.field, frozenset(roles)) & frozenset(roles)


def _further(signature: SignatureReport, shown: str, why: str) -> Reason:
    return reason("further_signature", nama=shown, kolom=signature.field, sebab=why)


def _wrong_signer(shown: str, wanted: Role | None, named: tuple[Party, ...]) -> Reason:
    in_slot = [party for party in named if party.role is wanted]
    listed = in_slot or list(named)
    return reason(
        "wrong_signer",
        peran=SPOKEN[wanted] if wanted else "tambahan",
        nama=shown,
        nama_formulir=" / ".join(dict.fromkeys(party.name for party in listed)) or "orang lain",
    )


def _missing(
    by_role: Mapping[Role, SignatureReport],
    named: tuple[Party, ...],
    answers: Mapping[str, str],
    found: list[Reason],
) -> list[Reason]:
    """Roles that have to sign and did not. Self-study has no pembimbing (circular 5.e).

    A signature nobody is enrolled for, or by a delegate of whom the day is not proven, may be the missing one, so then
    the form is not called incomplete: a person decides, and the employee is not sent round again.
    """
    required = [Role.PEGAWAI, Role.ATASAN]
    if answers.get("jenis_kegiatan", "").strip() != "belajar_mandiri":
        required.insert(1, Role.PEMBIMBING)
    names = {party.role: party.name for party in named}
    absent = [role for role in required if role not in by_role]
    unknown = sum(each.code in {"unknown_signer", "delegation_unproven"} for each in found)
    holders = {next((party.nip for party in named if party.role is role), role.value) for role in absent}
    if len(holders) <= unknown:
        return []
    return [reason("missing_signature", peran=SPOKEN[role], nama=names.get(role, SPOKEN[role])) for role in absent]


# --- Signatures made as Plt. or Plh.: in whose roles somebody not named in the form may sign, and what proves the day

Between = Callable[[str, str], Sequence[Delegation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """`seen_at`: when the file was there for certain; `zone`: where the days of a delegation are counted."""

    seen_at: dt.datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What a delegate's signature stands for: `proven` roles, and roles only its own clock vouches for."""

    proven: Mapping[Role, Delegation]
    unproven: Mapping[Role, Delegation]


def acting_as(
    signature: SignatureReport,
    signer_nip: str,
    named: tuple[Party, ...],
    *,
    wanted: Role | None,
    between: Between,
    calendar: Calendar,
) -> Acting:
    """The roles of officials this signer stood in for when signing. Nobody named in the form stands in for another.

    Whoever reports, coaches or supervises here signs as that: an employee never approves their own form, and a mentor
    never approves on behalf of the supervisor whose approval it needs (circular 5.d.1.b). A delegation counts straight
    from the official to the signer only.

    In one form a delegate stands in for one official only, so that two approvals never become one person's: for the
    official of the slot `wanted`, else for the supervisor.

    A trusted time stamp proves the day. A claimed time is anybody's to write, so it counts while the delegation still
    holds when the file is first seen; later it goes to a person.
    """
    proven: dict[Role, Delegation] = {}
    unproven: dict[Role, Delegation] = {}
    if any(party.nip == signer_nip for party in named):
        return Acting(proven=proven, unproven=unproven)
    for party in named:
        for each in between(party.nip, signer_nip):
            # Not even a row in the register makes an employee's signature somebody else's to give.
            if party.role is Role.PEGAWAI or party.role.value not in each.scope:
                continue
            kept = _certainty(each, signature, calendar, proven, unproven)
            if kept is not None:
                kept.setdefault(party.role, each)
    unproven = {role: each for role, each in unproven.items() if role not in proven}
    return Acting(proven=_of_one(proven, wanted), unproven=_of_one(unproven, wanted))


def _of_one(given: Mapping[Role, Delegation], wanted: Role | None) -> dict[Role, Delegation]:
    """Only what the one official gave: of the wanted role, else of the last role named (the supervisor's)."""
    chosen = given.get(wanted) if wanted else given[max(given, key=list(Role).index)] if given else None
    return {role: each for role, each in given.items() if chosen and each.from_nip == chosen.from_nip}


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


# --- Signatures nobody is enrolled for: whose they may be, so that somebody can be asked; nobody is given any here

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
    """What a proposal needs (`service.people.enrolment`); the certificate is base64 of its DER."""
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
