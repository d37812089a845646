"""The answer of the whole proof for one file, and its JSON (contract)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms.schema import Form, Role
from parsers.records import ActivityRecord, Person
from service.language.message import params_json
from service.law import AssessedActivity, jp_text
from service.records import ActivityFacts
from service.sandbox.inputs import UnopenedFile
from service.sandbox.limits import GaveUp
from service.verification.attribution import Attribution, unknown_json
from service.verification.policy import CURRENT, policy_json
from service.verification.reasons import Reason, Verdict, heaviest, reader_reason
from service.verification.register_checks import facts_of
from signing.report import Changes, Indication, ReadProblem, Report, SignatureReport, Signer, TimeSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The result of a proof. `form` is None when no published form was recognised, `record` when it cannot be built."""

    file: str
    report: Report
    verdict: Verdict
    reasons: tuple[Reason, ...]
    form: Form | None = None
    serial: str | None = None
    genuine: bool = False
    record: ActivityRecord | None = None
    attribution: Attribution | None = None
    assessed: AssessedActivity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPayload:
    """An answer as data that leaves the sandbox: its JSON, and the searchable facts (None: there is no record).

    `crls` and `ocsps` are the revocation data it rests on.
    """

    answer: Mapping[str, Any]
    facts: ActivityFacts | None = None
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.answer["verdict"])

    def with_reasons(self, added: Iterable[Reason]) -> ProofPayload:
        """Return the same answer with these reasons too, and the verdict that follows; codes it has are left out."""
        known = {entry["code"] for entry in self.answer["reasons"]}
        reasons = [*self.answer["reasons"], *(reason_json(entry) for entry in added if entry.code not in known)]
        verdict = heaviest(Verdict(entry["weight"]) for entry in reasons)
        return replace(self, answer={**self.answer, "verdict": verdict.value, "reasons": reasons})


def payload_of(answer: Answer) -> ProofPayload:
    """Return the part of an answer that a transaction keeps."""
    facts = facts_of(answer.record, answer.serial) if answer.record and answer.serial else None
    material = answer.report.material
    return ProofPayload(answer=answer_json(answer), facts=facts, crls=material.crls, ocsps=material.ocsps)


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return the object of `verify` (contract): inspection, verdict, reasons, form, record, roles, assessment."""
    form = answer.form
    unknown = answer.attribution.unknown if answer.attribution else ()
    return {
        **report_json(answer.file, answer.report),
        "verdict": answer.verdict.value,
        "policy": policy_json(CURRENT),
        "reasons": [reason_json(reason) for reason in answer.reasons],
        "form": form and {"id": form.id, "version": form.version, "serial": answer.serial, "genuine": answer.genuine},
        "record": record_json(answer.record),
        "roles": {role.value: _role_json(answer.attribution, role) for role in Role},
        "assessment": assessed_json(answer.assessed) if answer.assessed else None,
        **({"unknown_signers": [unknown_json(signer) for signer in unknown]} if unknown else {}),
    }


def report_json(file: str, report: Report) -> dict[str, Any]:
    """Return the object of `inspect` (contract)."""
    problem = report.problem
    return {
        "file": file,
        "sha256": report.sha256 or None,
        "readable": report.readable,
        "problem": problem and _problem_json(problem),
        "signatures": [_signature_json(signature) for signature in report.signatures],
    }


def reason_json(entry: Reason) -> dict[str, Any]:
    """Return a reason as it is stored: `wording` only where its words have another code; no sentence."""
    return {
        "code": entry.code,
        **({"wording": entry.wording} if entry.wording else {}),
        "params": params_json(entry.params),
        "cites": list(entry.cites),
        "weight": entry.weight.value,
    }


def _problem_json(problem: ReadProblem) -> dict[str, Any]:
    wording = {"wording": problem.wording} if problem.wording != problem.code else {}
    return {"code": problem.code, **wording, "params": params_json(problem.params)}


def record_json(record: ActivityRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    employee = record.employee
    return {
        "kind": record.kind,
        "scope": record.scope,
        "meeting": record.meeting,
        "date": record.date.isoformat(),
        "begins": f"{record.begins:%H:%M}",
        "ends": f"{record.ends:%H:%M}",
        "minutes": record.minutes,
        "place": record.place,
        "title": record.title,
        "source": record.source,
        "sections": dict(zip("abcd", record.sections, strict=True)),
        "employee": {
            "nip": employee.nip,
            "name": employee.name,
            "unit": employee.unit,
            "position": employee.position,
            "grade": employee.grade,
        },
        "pembimbing": _person_json(record.pembimbing),
        "supervisor": _person_json(record.supervisor),
        "signed_place": record.signed_place,
        "signed_on": record.signed_on.isoformat(),
    }


def assessed_json(item: AssessedActivity) -> dict[str, Any]:
    """Return one entry of `items` in the object of `jp` (contract)."""
    activity = item.activity
    return {
        "kind": activity.kind,
        "scope": activity.scope,
        "date": activity.date.isoformat(),
        "minutes": activity.minutes,
        "jp": jp_text(item.jp),
        "counted": item.counted,
        "findings": [
            {
                "rule": finding.rule,
                "outcome": finding.outcome.value,
                "because": finding.because,
                "cites": [cite.text for cite in finding.cites],
            }
            for finding in item.findings
        ],
    }


def _person_json(person: Person | None) -> dict[str, str] | None:
    return None if person is None else {"nip": person.nip, "name": person.name}


def _signature_json(signature: SignatureReport) -> dict[str, Any]:
    signer = signature.signer
    return {
        "field": signature.field,
        "kind": signature.kind,
        "indication": signature.indication.value,
        "sub_indication": signature.sub_indication,
        "intact": signature.intact,
        "valid": signature.valid,
        "trusted": signature.trusted,
        "covers_whole_file": signature.covers_whole_file,
        "changes_after": signature.changes_after.value,
        "permitted": signature.permitted,
        "signer": signer
        and {
            "name": signer.name,
            "subject": signer.subject,
            "fingerprint": signer.fingerprint,
            "serial": signer.serial,
        },
        "signed_at": signature.signed_at.isoformat() if signature.signed_at else None,
        "time_source": signature.time_source.value,
        "profile": signature.profile,
        "registered": signature.registered,
        "covered": signature.covered,
        "early": signature.early,
    }


def _role_json(attribution: Attribution | None, role: Role) -> dict[str, Any] | None:
    """Return one role: `nip` of the signer; `on_behalf_of` the official the form names, when a delegate signed."""
    signature = attribution.by_role.get(role) if attribution else None
    if attribution is None or signature is None:
        return None
    payload = {
        "nip": attribution.nips[role],
        "field": signature.field,
        "indication": signature.indication.value,
    }
    delegation = attribution.delegations.get(role)
    if delegation is None:
        return payload
    return payload | {"on_behalf_of": delegation.from_nip, "delegation": {"id": delegation.id, "kind": delegation.kind}}


# --- Files that were not read


def report_unread(error: UnopenedFile | GaveUp, digest: str) -> Report:
    """Return a report without facts but the digest (SHA-256 hex; empty if nothing could be read) and the reason."""
    trouble = ReadProblem(error.code, error.params)
    return Report(sha256=digest, readable=False, problem=trouble, signatures=())


def answer_unread(file: str, error: UnopenedFile | GaveUp, digest: str) -> Answer:
    """Return the answer for a file that was not read: to a person if only our reader gave up, else refused."""
    why = reader_reason(error)
    return Answer(file=file, report=report_unread(error, digest), verdict=why.weight, reasons=(why,))


# --- Reading kept answers


def signatures_of(answer: Mapping[str, Any]) -> tuple[SignatureReport, ...]:
    """Return the signatures of an `answer` of `verify` (contract). KeyError or ValueError for anything else."""
    return tuple(_signature(signature) for signature in answer["signatures"])


def _signature(payload: Mapping[str, Any]) -> SignatureReport:
    return SignatureReport(
        field=payload["field"],
        kind=payload["kind"],
        indication=Indication(payload["indication"]),
        sub_indication=payload["sub_indication"],
        intact=payload["intact"],
        valid=payload["valid"],
        trusted=payload["trusted"],
        covers_whole_file=payload["covers_whole_file"],
        changes_after=Changes(payload["changes_after"]),
        permitted=payload["permitted"],
        signer=Signer(**payload["signer"]) if payload["signer"] else None,
        signed_at=dt.datetime.fromisoformat(payload["signed_at"]) if payload["signed_at"] else None,
        time_source=TimeSource(payload["time_source"]),
        profile=payload["profile"],
        covered=payload.get("covered", 0),
        registered=payload.get("registered", True),
        early=payload.get("early", False),
    )
