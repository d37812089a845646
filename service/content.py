"""What a yearly certificate says: the accumulation of one person's year, put into the certificate's own values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from forms.certificate import CertificateContent, CertifiedActivity, KindTotal
from parsers.values import pangkat
from service.accumulation import Accumulation
from service.config import Official
from service.policy import AssessedActivity
from service.records import EmployeeEntry, Submission
from service.store import Tenure

KIND_LABELS = {"coaching": "Coaching", "mentoring": "Mentoring", "belajar_mandiri": "Belajar Mandiri"}


def certificate_content(
    accumulation: Accumulation,
    employee: EmployeeEntry | Tenure,
    *,
    number: str,
    official: Official,
    check_url: str,
    issued_on: dt.date,
) -> CertificateContent:
    """The certificate of that year; only counted activities are listed, their JP add up to the total."""
    counted = [
        (submission, item)
        for submission, item in zip(accumulation.submissions, accumulation.assessment.items, strict=True)
        if item.counted
    ]
    name, grade, position, unit = face_of(employee)
    return CertificateContent(
        number=number,
        year=accumulation.year,
        nip=employee.nip,
        name=name,
        grade=grade,
        position=position,
        unit=unit,
        total_jp=accumulation.assessment.total,
        target=accumulation.assessment.target,
        by_kind=tuple(_kind_total(kind, label, counted) for kind, label in KIND_LABELS.items()),
        activities=tuple(_activity(submission, item) for submission, item in counted),
        norms=_norms(counted),
        place=official.place,
        issued_on=issued_on,
        official_name=official.name,
        official_nip=official.nip,
        official_position=official.position,
        check_url=f"{check_url}/{number}",
    )


def face_of(employee: EmployeeEntry | Tenure) -> tuple[str, str, str, str]:
    """Name, grade with its pangkat, position and unit, as a certificate shows them."""
    rank = pangkat(employee.grade)
    grade = f"{rank}, {employee.grade}" if rank else employee.grade
    return employee.name, grade, employee.position, employee.unit


def _kind_total(kind: str, label: str, counted: list[tuple[Submission, AssessedActivity]]) -> KindTotal:
    jps = [item.jp for _, item in counted if item.activity.kind == kind]
    return KindTotal(kind=kind, label=label, activities=len(jps), jp=sum(jps, Decimal(0)))


def _activity(submission: Submission, item: AssessedActivity) -> CertifiedActivity:
    facts = submission.facts
    title = facts.title if facts else ""
    guide = (facts.pembimbing_name or facts.source or "") if facts else ""
    activity = item.activity
    return CertifiedActivity(
        date=activity.date, kind=activity.kind, scope=activity.scope, title=title, guide=guide, jp=item.jp
    )


def _norms(counted: list[tuple[Submission, AssessedActivity]]) -> tuple[str, ...]:
    """Every norm a counted activity rests on, once, in the order met."""
    texts = [cite.text for _, item in counted for finding in item.findings for cite in finding.cites]
    return tuple(dict.fromkeys(texts))
