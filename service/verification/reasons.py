"""Every reason of the proof, how it weighs, and the verdict that follows; codes are of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from forms.schema import Role
from parsers.records import Problem
from service.language import Message, Param
from service.language.bridge import IndonesianWords
from service.language.message import public_code, wording_of
from service.law.interpretation import SIGNED_LATE
from service.sandbox.inputs import UnopenedFile
from service.sandbox.limits import GaveUp
from service.store.delegations import Delegation
from signing.policy import faults
from signing.report import ReadProblem, Report


class Verdict(StrEnum):
    """The verdict of the whole proof on one file. REVIEW: nothing is wrong, but a person has to decide.

    As the weight of a reason, PASSED is a notice: the approver should see it, the file still passes.
    """

    PASSED = "passed"
    REVIEW = "review"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason: its code, the code of its words where that differs, their parameters, and the norms behind it."""

    code: str
    wording: str = ""
    params: Mapping[str, Param] = field(default_factory=dict, hash=False)
    cites: tuple[str, ...] = ()
    weight: Verdict = Verdict.FAILED

    @property
    def message(self) -> str:
        return IndonesianWords(Message.of(self))


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a reason weighs, and the norms behind it."""

    weight: Verdict
    cites: tuple[str, ...] = ()


_INSTRUMENT = "SE Kepala BKN Nomor 3 Tahun 2022"
_SIGNED_BY_ALL = (
    f"{_INSTRUMENT} angka 5.b.4: “… pegawai wajib menyusun dokumen hasil kegiatan dalam formulir yang ditetapkan, dan "
    "kemudian ditandatangani oleh pihak-pihak yang terlibat dalam kegiatan.”"
)
_COACH = (
    f"{_INSTRUMENT} angka 5.a.2: “Sebagai seorang Coach, atasan langsung bertanggung jawab untuk melakukan aktivitas "
    "Coaching kepada bawahannya …”"
)
_FAILED, _REVIEW, _NOTICE = Verdict.FAILED, Verdict.REVIEW, Verdict.PASSED

_RULES: Mapping[str, _Rule] = {
    "missing_signature": _Rule(_FAILED, (_SIGNED_BY_ALL,)),
    "unknown_signer": _Rule(_REVIEW),
    "wrong_signer": _Rule(_FAILED),
    "delegated_signer": _Rule(_NOTICE),
    "delegation_unproven": _Rule(_REVIEW),
    "further_signature": _Rule(_REVIEW),
    "stamp_over_text": _Rule(_FAILED),
    "changed_after_signature": _Rule(_FAILED),
    "value_differs_between_signatures": _Rule(_FAILED),
    "signature_broken": _Rule(_FAILED),
    "weak_algorithm": _Rule(_FAILED),
    "untrusted_chain": _Rule(_FAILED),
    "expired": _Rule(_FAILED),
    "revoked": _Rule(_FAILED),
    "key_usage": _Rule(_FAILED),
    "not_yet_valid": _Rule(_FAILED),
    "unknown_signer_certificate": _Rule(_FAILED),
    "revocation_unknown": _Rule(_REVIEW),
    "value_differs_from_appearance": _Rule(_FAILED),
    "drawing_not_plain": _Rule(_REVIEW),
    "broken_pdf": _Rule(_FAILED),
    "reader_gave_up": _Rule(_REVIEW),
    "internal_error": _Rule(_REVIEW),
    "altered_template": _Rule(_FAILED),
    "hidden_from_some_readers": _Rule(_FAILED),
    "unknown_serial": _Rule(_FAILED),
    "off_its_way": _Rule(_REVIEW),
    "prefilled_value_changed": _Rule(_FAILED),
    "name_differs_from_register": _Rule(_REVIEW),
    "not_employed_then": _Rule(_REVIEW),
    "supervisor_of_another_day": _Rule(_NOTICE),
    "coach_is_not_supervisor": _Rule(_REVIEW, (_COACH,)),
    "duplicate_activity": _Rule(_FAILED),
    "overlapping_activity": _Rule(_NOTICE),
    "overlap_needs_look": _Rule(_NOTICE),
    "future_activity": _Rule(_FAILED, (_SIGNED_BY_ALL,)),
    "signed_before_activity": _Rule(_FAILED, (_SIGNED_BY_ALL,)),
    "form_date_before_activity": _Rule(_NOTICE, (_SIGNED_BY_ALL,)),
    "signed_long_after_activity": _Rule(_NOTICE, (SIGNED_LATE.text,)),
    "signed_in_future": _Rule(_REVIEW),
}
_UNLISTED = _Rule(_FAILED)  # what a reader found wrong in a file
# Every code with a weight of its own, so that a test can require its words.
CODES = frozenset(_RULES)


def reason(wording: str, /, **params: Param) -> Reason:
    """Return the reason whose words are `wording`, its code being what that says before a dot."""
    code = public_code(wording)
    rule = _RULES[code]
    return Reason(code=code, wording=_other(wording, code), params=params, cites=rule.cites, weight=rule.weight)


def reader_reason(found: Problem | ReadProblem | UnopenedFile | GaveUp) -> Reason:
    """Return the reason of what a reader found; a problem that is not grave goes to a person."""
    wording = wording_of(found)
    code = public_code(found.code)
    weight = _RULES.get(code, _UNLISTED).weight
    if isinstance(found, Problem) and not found.grave and weight is Verdict.FAILED:
        weight = Verdict.REVIEW
    return Reason(code=code, wording=_other(wording, code), params=found.params, weight=weight)


def _other(wording: str, code: str) -> str:
    return wording if wording != code else ""


def weigh(reasons: tuple[Reason, ...]) -> Verdict:
    """Return the verdict that follows from these reasons."""
    return heaviest(reason.weight for reason in reasons)


def heaviest(weights: Iterable[Verdict]) -> Verdict:
    """Return FAILED if one weight fails the file, else REVIEW if a person has to look, else PASSED."""
    found = set(weights)
    return next((verdict for verdict in (Verdict.FAILED, Verdict.REVIEW) if verdict in found), Verdict.PASSED)


# --- Faults of signatures


def signature_reasons(report: Report) -> tuple[Reason, ...]:
    """Return one reason per fault and signature, in the order the signatures were made; none twice."""
    found: dict[tuple[str, str], Reason] = {}
    for signature in report.signatures:
        name = signature.signer.name if signature.signer else signature.field
        for code in faults(signature):
            parts: dict[str, Param] = {"parts": Message("changed.file")} if code == "changed_after_signature" else {}
            found.setdefault((code, name), reason(code, signer=name, **parts))
    return tuple(found.values())


# --- People of a form

# As stamps and papers have them; in sentences a role is a message (`role_label`).
ROLE_LABELS = {Role.PEGAWAI: "pegawai", Role.PEMBIMBING: "coach/mentor", Role.ATASAN: "atasan langsung"}
DELEGATION_LABELS = {"plt": "Plt.", "plh": "Plh."}


def role_label(role: Role) -> Message:
    """Return the label of a role inside a sentence."""
    return Message(f"role.{role.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person the form names: NIP (18 digits) and name as written there."""

    role: Role
    nip: str
    name: str


def parties(answers: Mapping[str, str]) -> tuple[Party, ...]:
    """Return the people named in the answers; a role without a NIP is left out."""
    found = []
    for role in Role:
        nip = re.sub(r"\D", "", answers.get(f"nip_{role.value}", ""))
        if nip:
            found.append(Party(role=role, nip=nip, name=answers.get(f"nama_{role.value}", "").strip() or nip))
    return tuple(found)


# --- Signatures as Plt. or Plh.


def delegated(signer: Party, official: Party, delegation: Delegation) -> Reason:
    """Return the notice that a delegate signed for a role."""
    return reason("delegated_signer", **_words(signer, official, delegation))


def unproven(signer: Party, official: Party, delegation: Delegation) -> Reason:
    """Return the reason that asks a person whether the delegation still held."""
    return reason("delegation_unproven", **_words(signer, official, delegation))


def _words(signer: Party, official: Party, delegation: Delegation) -> dict[str, Param]:
    return {
        "role": role_label(official.role),
        "signer": signer.name,
        "kind": DELEGATION_LABELS[delegation.kind],
        "official": official.name,
        "starts": delegation.starts,
        "ends": delegation.ends,
        "number": delegation.id,
    }
