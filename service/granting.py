"""Whether an employee gets a year's certificate, without giving it: what the issue asks first, and the dry run only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from service.accumulation import Accumulation, accumulate
from service.config import Settings, local_day
from service.content import face_of
from service.errors import NotGranted
from service.records import Certificate, EmployeeEntry
from service.store import Tenure, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Who gets it for what, and what there is already: the one that holds now, and one intended but not finished."""

    employee: EmployeeEntry | Tenure
    accumulation: Accumulation
    living: Certificate | None
    intention: Certificate | None


def grant(nip: str, year: int, *, tx: Transaction, settings: Settings, now: dt.datetime, early: bool) -> Granted:
    """What the certificate would rest on; NotGranted, with the reason, when there is none to give."""
    require_over(year, settings=settings, now=now, early=early)
    employee = tx.employees.in_year(nip, year) or tx.employees.get(nip)
    if employee is None:
        raise NotGranted(f"NIP {nip} tidak ada pada data kepegawaian.", "Periksa NIP itu.")
    accumulation = accumulate(nip, year, tx)
    if accumulation.assessment.total <= 0:
        raise nothing_approved(employee.name, year)
    return Granted(
        employee=employee,
        accumulation=accumulation,
        living=tx.certificates.living(nip, year),
        intention=tx.certificates.intention(nip, year),
    )


def require_over(year: int, *, settings: Settings, now: dt.datetime, early: bool) -> None:
    """The year is over (5.b.8: once a year), or somebody said it must be now."""
    if year >= local_day(now, settings).year and not early:
        raise NotGranted(
            f"Tahun {year} belum berakhir; sertifikat dikeluarkan setahun sekali.",
            "Tunggu sampai tahun berakhir, atau pakai --early bila memang harus terbit sekarang.",
        )


def nothing_approved(name: str, year: int) -> NotGranted:
    """The refusal of somebody without anything that counts."""
    return NotGranted(
        f"Belum ada JP yang disahkan untuk {name} pada tahun {year}.",
        "Sahkan kegiatannya lebih dahulu dengan `cmb approve`.",
    )


def still_says(living: Certificate, accumulation: Accumulation, employee: EmployeeEntry | Tenure) -> bool:
    """Whether a living certificate says what would be issued now.

    What it says of the person is held only against what was told after it was set: an older certificate is not
    superseded for what its own time did not know.
    """
    told = employee.recorded_at if isinstance(employee, Tenure) else None
    corrected = told is not None and told > living.intended_at and face_of(employee) != _face(living)
    return same_activities(living, accumulation) and not corrected


def same_activities(living: Certificate, accumulation: Accumulation) -> bool:
    """Whether a certificate rests on these activities."""
    return living.basis in {accumulation.basis, accumulation.basis_with(_face(living))}


def _face(certificate: Certificate) -> tuple[str, ...]:
    return tuple(str(certificate.content[name]) for name in ("name", "grade", "position", "unit"))
