"""Whose each signature is: enrolled certificate -> NIP -> role by the NIPs in the form; never by field name alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from forms.schema import Form, Role
from service.names import Likeness, likeness
from service.proof.reasons import Reason, reason
from service.records import Enrolment
from signing.report import SignatureReport, TimeSource

SPOKEN = {Role.PEGAWAI: "pegawai", Role.PEMBIMBING: "coach/mentor", Role.ATASAN: "atasan langsung"}

EnrolmentOf = Callable[[str], Enrolment | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody the form names: NIP (18 digits) and name as written there."""

    role: Role
    nip: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Which signature stands for which role, which roles one signature covers, and what was wrong."""

    by_role: Mapping[Role, SignatureReport]
    nips: Mapping[Role, str]
    reasons: tuple[Reason, ...]


def parties(answers: Mapping[str, str]) -> tuple[Party, ...]:
    """The people named in the answers; a role whose NIP was left empty is absent."""
    found = []
    for role in Role:
        nip = re.sub(r"\D", "", answers.get(f"nip_{role.value}", ""))
        if nip:
            found.append(Party(role=role, nip=nip, name=answers.get(f"nama_{role.value}", "").strip() or nip))
    return tuple(found)


def attribute(
    signatures: tuple[SignatureReport, ...], *, answers: Mapping[str, str], form: Form, enrolment_of: EnrolmentOf
) -> Attribution:
    """Give each signature to the roles its enrolled signer holds in this form.

    One person who is both pembimbing and atasan signs once for both (a coach is the supervisor, circular 5.a.2).
    A signature by somebody enrolled whom the form does not name, or in another role's slot, is a wrong signer.
    """
    named = parties(answers)
    slot_roles = {slot.name: slot.role for slot in form.slots}
    by_role: dict[Role, SignatureReport] = {}
    reasons: list[Reason] = []
    for signature in signatures:
        if signature.kind != "signature":
            continue
        shown = signature.signer.name if signature.signer else "yang tidak dikenal"
        enrolment = _enrolment(signature, enrolment_of)
        if enrolment is None:
            reasons.append(reason("unknown_signer", nama=shown, petunjuk=_resembling(shown, named)))
            continue
        held = {party.role for party in named if party.nip == enrolment.nip}
        wanted = slot_roles.get(signature.field)
        if not held or (wanted is not None and wanted not in held):
            reasons.append(_wrong_signer(shown, wanted, named))
            continue
        for role in held:
            by_role.setdefault(role, signature)
    reasons += _missing(by_role, named, answers, reasons)
    return Attribution(
        by_role=by_role,
        nips={party.role: party.nip for party in named if party.role in by_role},
        reasons=tuple(reasons),
    )


def _enrolment(signature: SignatureReport, enrolment_of: EnrolmentOf) -> Enrolment | None:
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

    A signature nobody is enrolled for may be the missing one, so then the form is not called incomplete: a person
    decides, and the employee is not sent round again.
    """
    required = [Role.PEGAWAI, Role.ATASAN]
    if answers.get("jenis_kegiatan", "").strip() != "belajar_mandiri":
        required.insert(1, Role.PEMBIMBING)
    names = {party.role: party.name for party in named}
    absent = [role for role in required if role not in by_role]
    unknown = sum(each.code == "unknown_signer" for each in found)
    holders = {next((party.nip for party in named if party.role is role), role.value) for role in absent}
    if len(holders) <= unknown:
        return []
    return [reason("missing_signature", peran=SPOKEN[role], nama=names.get(role, SPOKEN[role])) for role in absent]
