"""Who would get a certificate of a year now, and who would not and why; nothing is issued and no number is taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from service.accumulation import accumulations
from service.issue import still_holds
from service.store import Transaction


class Prospect(StrEnum):
    """NEW: a first one; SAME: the one there stays; SUPERSEDES: a new one would end it; NONE: see `because`."""

    NEW = "new"
    SAME = "same"
    SUPERSEDES = "supersedes"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One employee's: `waiting` activities of the year still await a decision and would not count."""

    nip: str
    name: str
    jp: Decimal
    prospect: Prospect
    because: str
    waiting: int
    number: str | None = None


def foresee(year: int, *, today: dt.date, tx: Transaction) -> Iterator[Foreseen]:
    """Everybody with an approved or undecided activity in that year, by NIP; the same questions `issue` asks."""
    waiting = tx.submissions.undecided_nips(year)
    nips = sorted({*tx.submissions.approved_nips(year), *waiting})
    for each in accumulations(nips, year, tx):
        employee = tx.employees.in_year(each.nip, year) or tx.employees.get(each.nip)
        living = tx.certificates.living(each.nip, year)
        jp, prospect, because = each.assessment.total, Prospect.NEW, ""
        if employee is None:
            prospect, because = Prospect.NONE, "NIP tidak ada pada data kepegawaian."
        elif jp <= 0:
            prospect, because = Prospect.NONE, "Belum ada JP yang disahkan."
        elif living is not None:
            prospect = Prospect.SAME if still_holds(living, each, employee) else Prospect.SUPERSEDES
        if prospect in {Prospect.NEW, Prospect.SUPERSEDES} and year >= today.year:
            prospect, because = Prospect.NONE, f"Tahun {year} belum berakhir."
        yield Foreseen(
            nip=each.nip,
            name=employee.name if employee else "",
            jp=jp,
            prospect=prospect,
            because=because,
            waiting=waiting.get(each.nip, 0),
            number=living.number if living else None,
        )
