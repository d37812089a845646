"""Look up the attributes of stored objects that matter for access (`service.access`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from service.access import Act, Kind, Subject, Viewer, may
from service.circulation.turns import recipients
from service.records import BlankEntry, Certificate, Decision, EmployeeEntry, Submission
from service.spreadsheets.exports import EXPORTS
from service.store import Transaction
from service.store.circulations import WITH_EMPLOYEE, Circulation, State
from service.store.learning import OtherLearning

_NO_OFFICE = ("pegawai",)


def in_office(tx: Transaction, nip: str, day: dt.date) -> EmployeeEntry | None:
    """Return the employee with the roles held that day: a person who left keeps none."""
    entry = tx.employees.get(nip)
    if entry is None or entry.roles == _NO_OFFICE:
        return entry
    stands = tx.employees.as_of(nip, day)
    return entry if stands is None or stands.present else replace(entry, roles=_NO_OFFICE)


def viewer_of(employee: EmployeeEntry) -> Viewer:
    return Viewer(nip=employee.nip, roles=frozenset(employee.roles), unit=employee.unit)


def of_circulation(tx: Transaction, circulation: Circulation, *, now: dt.datetime, zone: ZoneInfo) -> Subject:
    """Return the subject of a circulating form; an unsigned one belongs to its employee alone."""
    blank = tx.blanks.find(circulation.serial)
    waits = circulation.state is State.AWAITING
    unsigned = circulation.state in WITH_EMPLOYEE or not circulation.signed
    return Subject(
        kind=Kind.DRAFT if unsigned else Kind.CIRCULATION,
        employee_nip=circulation.employee_nip,
        unit=_unit(tx, circulation.employee_nip),
        parties=_parties(blank),
        next=frozenset(recipients(tx, circulation, now=now, zone=zone)) if waits else frozenset(),
    )


def of_submission(tx: Transaction, submission: Submission) -> Subject:
    """Return the subject of a submission; without a readable record it belongs to its blank's employee, or Biro SDM."""
    form = submission.answer.get("form") or {}
    serial = submission.facts.serial if submission.facts else form.get("serial")
    blank = tx.blanks.find(serial) if serial else None
    employee = blank.employee_nip if blank else ""
    signed = {role["nip"] for role in (submission.answer.get("roles") or {}).values() if role}
    return Subject(
        kind=Kind.SUBMISSION,
        employee_nip=employee,
        unit=_unit(tx, employee),
        parties=_parties(blank) | signed - {employee},
    )


def of_attachments(tx: Transaction, serial: str) -> Subject:
    """Return the subject of an activity's attachments; closed once the activity was approved."""
    blank = tx.blanks.find(serial)
    employee = blank.employee_nip if blank else ""
    approved = any(submission.decision is Decision.APPROVED for submission in tx.submissions.of_blank(serial, employee))
    return Subject(
        kind=Kind.ATTACHMENT,
        employee_nip=employee,
        unit=_unit(tx, employee),
        parties=_parties(blank),
        closed=approved,
    )


def of_certificate(tx: Transaction, certificate: Certificate) -> Subject:
    return Subject(kind=Kind.CERTIFICATE, employee_nip=certificate.nip, unit=_unit(tx, certificate.nip))


def of_employee(tx: Transaction, nip: str, kind: Kind = Kind.EMPLOYEE) -> Subject:
    """Return the subject of a person, or (`kind`) of their card or account."""
    entry = tx.employees.get(nip)
    return Subject(
        kind=kind,
        employee_nip=entry.nip if entry else "",
        unit=entry.unit if entry else "",
        supervisor_nip=(entry.supervisor_nip or "") if entry else "",
    )


def of_learning(tx: Transaction, learning: OtherLearning) -> Subject:
    return Subject(kind=Kind.LEARNING, employee_nip=learning.nip, unit=_unit(tx, learning.nip))


def of_recap(unit: str) -> Subject:
    return Subject(kind=Kind.RECAP, unit=unit)


def of_batch(asked_by: str) -> Subject:
    return Subject(kind=Kind.BATCH, asked_by=asked_by)


def _parties(blank: BlankEntry | None) -> frozenset[str]:
    if blank is None:
        return frozenset()
    return frozenset(filter(None, (blank.pembimbing_nip, blank.supervisor_nip)))


def _unit(tx: Transaction, nip: str) -> str:
    entry = tx.employees.get(nip) if nip else None
    return entry.unit if entry else ""


# --- Tables for download

# What a row of each table is about.
_ABOUT: Mapping[str, Kind] = {
    "employees": Kind.EMPLOYEE,
    "activities": Kind.SUBMISSION,
    "certificates": Kind.CERTIFICATE,
    "learning": Kind.LEARNING,
    "events": Kind.HOUSE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One table of `EXPORTS` for one visitor: of everybody, or (`unit`) of those the register has in that unit now."""

    subject: str
    title: str
    yearly: bool
    unit: str | None


def offers_for(viewer: Viewer) -> Mapping[str, Offer]:
    """Return the tables the viewer may download, by subject, in the order of `EXPORTS`."""
    found: dict[str, Offer] = {}
    for subject, export in EXPORTS.items():
        everybody, unit = Subject(kind=_ABOUT[subject]), Subject(kind=_ABOUT[subject], unit=viewer.unit)
        if may(viewer, Act.SEE, unit):
            whose = None if may(viewer, Act.SEE, everybody) else viewer.unit
            found[subject] = Offer(subject=subject, title=export.title, yearly=export.yearly, unit=whose)
    return found
