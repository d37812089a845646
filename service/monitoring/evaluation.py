"""The four-monthly evaluation (circular 5.f.5): everybody against the period's target, and what can still be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from parsers.values import indonesian_date
from service.errors import BadInput, NotGranted
from service.monitoring.evaluated import Evaluated, Evaluation
from service.monitoring.reach import NOTHING, Horizon, reaches
from service.policy.se_bkn_3_2022 import TARGET_JP
from service.policy.target import period_end, period_months, pro_rata
from service.policy.ways import Suggestion, suggest
from service.store import Transaction

NO_SUGGESTION = Suggestion(ways=(), rest=Decimal(0))


def evaluation_day(year: int, period: int, today: dt.date) -> dt.date:
    """From when on the rest of the year is looked at: today, or the day after the period when the year is over.

    NotGranted for a period that has not begun.
    """
    begins = dt.date(year, period_months(period)[0], 1)
    if today < begins:
        raise NotGranted(
            f"Masa {period} tahun {year} belum dimulai.", "Pilih masa yang sudah berjalan, atau tunggu sampai dimulai."
        )
    return today if today.year == year else period_end(year, period) + dt.timedelta(days=1)


def evaluate(
    year: int, period: int, tx: Transaction, *, today: dt.date, unit: str | None = None, day: dt.date | None = None
) -> Evaluation:
    """Everybody who is with us at the period's end (`NOT_HERE`), by unit and NIP; BadInput for a unit without people.

    `day`: from when on the rest of the year is looked at, unless it is that of `evaluation_day`.
    """
    day = evaluation_day(year, period, today) if day is None else day
    if day.year < year:
        raise BadInput(
            f"Hari {indonesian_date(day)} mendahului tahun {year}.", "Pilih hari pada tahun itu atau sesudahnya."
        )
    ends = period_end(year, period)
    people = list(tx.employees.present_on(ends, unit=unit))
    if unit is not None and not people:
        raise BadInput(
            f"Unit kerja “{unit}” tidak ada pada {indonesian_date(ends)}.", "Periksa namanya, huruf demi huruf."
        )
    nips = [person.nip for person in people]
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    horizon = Horizon(year, day)
    some = None if unit is None else nips
    standings = tx.standings.standings(year, last=ends.month, now=horizon.month, nips=some)
    waiting = tx.awaiting.counts(first, last)
    came, other = tx.employees.came_between(first, ends), tx.other_learning.sums(first, ends)
    assigned = tx.assignments.open_counts(year)
    reach = reaches(nips, horizon, standings, waiting, tx)
    targets: dict[dt.date | None, Decimal] = {}
    suggestions: dict[tuple[object, ...], Suggestion] = {}
    evaluated = []
    for person in people:
        standing, told = standings.get(person.nip, NOTHING), reach[person.nip]
        joined = came.get(person.nip)
        if joined not in targets:
            targets[joined] = pro_rata(year, period, joined)
        need = TARGET_JP - standing.year_jp
        asked = (need, *told.left.values())
        if asked not in suggestions:
            suggestions[asked] = NO_SUGGESTION if need <= 0 else _suggest(need, horizon, told.left)
        evaluated.append(
            Evaluated(
                nip=person.nip,
                name=person.name,
                position=person.position,
                grade=person.grade,
                unit=person.unit,
                came=joined,
                standing=standing,
                target=targets[joined],
                other_jp=other.get(person.nip, Decimal(0)),
                most=told.most,
                most_national=told.most_national,
                left=told.left,
                suggestion=suggestions[asked],
                waiting=waiting.get(person.nip, 0),
                assigned=assigned.get(person.nip, 0),
            )
        )
    evaluated.sort(key=lambda each: (each.unit, each.nip))
    return Evaluation(year=year, period=period, unit=unit, ends=ends, day=day, people=tuple(evaluated))


def _suggest(need: Decimal, horizon: Horizon, left: Mapping[str, int]) -> Suggestion:
    return Suggestion(ways=(), rest=need) if horizon.over else suggest(need, horizon.day, left)
