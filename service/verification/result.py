"""The answer of the whole proof for one file, and its JSON as the outside contract words it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.schema import Form, Role
from parsers.records import ActivityRecord, Person
from service.law import AssessedActivity, jp_text
from service.sandbox.inputs import Unopened
from service.sandbox.limits import GaveUp
from service.verification.attribution import Attribution, unknown_json
from service.verification.policy import CURRENT, policy_json
from service.verification.reasons import Reason, Verdict, reason
from signing.report import Changes, Indication, ReadProblem, Report, SignatureReport, Signer, TimeSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What ingest found out. `form` is None when no published form was recognised, `record` when it cannot be built."""

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


def answer_json(answer: Answer) -> dict[str, Any]:
    """The object of `verify` (contract): inspection, verdict, reasons, form, record, roles, and the law's findings."""
    form = answer.form
    unknown = answer.attribution.unknown if answer.attribution else ()
    return {
        **report_json(answer.file, answer.report),
        "verdict": answer.verdict.value,
        "policy": policy_json(CURRENT),
        "reasons": [reason_json(each) for each in answer.reasons],
        "form": form and {"id": form.id, "version": form.version, "serial": answer.serial, "genuine": answer.genuine},
        "record": record_json(answer.record),
        "roles": {role.value: _role_json(answer.attribution, role) for role in Role},
        "assessment": assessed_json(answer.assessed) if answer.assessed else None,
        **({"unknown_signers": [unknown_json(each) for each in unknown]} if unknown else {}),
    }


def report_json(file: str, report: Report) -> dict[str, Any]:
    """The object of `inspect` (contract)."""
    problem = report.problem
    return {
        "file": file,
        "sha256": report.sha256 or None,
        "readable": report.readable,
        "problem": problem and {"code": problem.code, "message": problem.message, "hint": problem.hint},
        "signatures": [_signature_json(each) for each in report.signatures],
    }


def reason_json(each: Reason) -> dict[str, Any]:
    return {
        "code": each.code,
        "title": each.title,
        "message": each.message,
        "hint": each.hint,
        "cites": list(each.cites),
        "weight": each.weight.value,
    }


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
    """One entry of `items` in the answer of `jp` (contract)."""
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


def _signature_json(each: SignatureReport) -> dict[str, Any]:
    signer = each.signer
    return {
        "field": each.field,
        "kind": each.kind,
        "indication": each.indication.value,
        "sub_indication": each.sub_indication,
        "intact": each.intact,
        "valid": each.valid,
        "trusted": each.trusted,
        "covers_whole_file": each.covers_whole_file,
        "changes_after": each.changes_after.value,
        "permitted": each.permitted,
        "signer": signer
        and {
            "name": signer.name,
            "subject": signer.subject,
            "fingerprint": signer.fingerprint,
            "serial": signer.serial,
        },
        "signed_at": each.signed_at.isoformat() if each.signed_at else None,
        "time_source": each.time_source.value,
        "profile": each.profile,
        "registered": each.registered,
        "covered": each.covered,
        "early": each.early,
    }


def _role_json(attribution: Attribution | None, role: Role) -> dict[str, Any] | None:
    """`nip` is the signer's; `on_behalf_of` the official's whom the form names, when a delegate signed."""
    signature = attribution.by_role.get(role) if attribution else None
    if attribution is None or signature is None:
        return None
    told = {
        "nip": attribution.nips[role],
        "field": signature.field,
        "indication": signature.indication.value,
    }
    delegation = attribution.delegations.get(role)
    if delegation is None:
        return told
    return told | {"on_behalf_of": delegation.from_nip, "delegation": {"id": delegation.id, "kind": delegation.kind}}


# --- Answers for files that were not read, or not to the end: too large, not to be opened, or too much for the reader


def report_unread(error: Unopened | GaveUp, digest: str) -> Report:
    """Facts: none but the digest (SHA-256 hex; empty where nothing could be read), and why."""
    trouble = ReadProblem(code=error.code, message=error.message, hint=error.hint)
    return Report(sha256=digest, readable=False, problem=trouble, signatures=())


def answer_unread(file: str, error: Unopened | GaveUp, digest: str) -> Answer:
    """The answer of the proof: refused what cannot be read, to a person what only our reader could not follow."""
    if isinstance(error, GaveUp):
        verdict, why = Verdict.REVIEW, reason(error.code, sebab=error.what)
    else:
        verdict = Verdict.FAILED
        why = Reason(code=error.code, title=error.title, message=error.message, hint=error.hint)
    return Answer(file=file, report=report_unread(error, digest), verdict=verdict, reasons=(why,))


# --- Signature facts read back from a kept answer, so that an old judgement can be told again in another form


def signatures_of(told: Mapping[str, Any]) -> tuple[SignatureReport, ...]:
    """The signatures of an answer as `verify` gives it (contract). KeyError or ValueError for anything else."""
    return tuple(_signature(each) for each in told["signatures"])


def _signature(each: Mapping[str, Any]) -> SignatureReport:
    return SignatureReport(
        field=each["field"],
        kind=each["kind"],
        indication=Indication(each["indication"]),
        sub_indication=each["sub_indication"],
        intact=each["intact"],
        valid=each["valid"],
        trusted=each["trusted"],
        covers_whole_file=each["covers_whole_file"],
        changes_after=Changes(each["changes_after"]),
        permitted=each["permitted"],
        signer=Signer(**each["signer"]) if each["signer"] else None,
        signed_at=dt.datetime.fromisoformat(each["signed_at"]) if each["signed_at"] else None,
        time_source=TimeSource(each["time_source"]),
        profile=each["profile"],
        covered=each.get("covered", 0),
        registered=each.get("registered", True),
        early=each.get("early", False),
    )
