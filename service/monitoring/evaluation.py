"""The four-monthly evaluation (circular 5.f.5): everybody against the period's target, and what is still possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from parsers.values import indonesian_date
from service.errors import BadInput, NotGranted
from service.law import KINDS, assess, jp_text, target_of
from service.law.month import Tally
from service.law.outlook import (
    Suggestion,
    a_month,
    month_end,
    most,
    outlook,
    period_end,
    period_months,
    pro_rata,
    suggest,
)
from service.store import Transaction
from service.store.totals import YearTotal

NO_SUGGESTION = Suggestion(ways=(), rest=Decimal(0))


def evaluation_day(year: int, period: int, today: dt.date) -> dt.date:
    """Return the day from which the rest of the year is planned: today, or the day after the period of a past year.

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
    """Evaluate everybody employed at the period's end (`NOT_HERE`), by unit and NIP; BadInput for an empty unit.

    `day` is the day from which the rest of the year is planned, by default that of `evaluation_day`.
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
    only_nips = None if unit is None else nips
    standings = tx.totals.year_totals(year, last=ends.month, now=horizon.month, nips=only_nips)
    waiting = tx.awaiting.counts(first, last)
    came, other = tx.employees.came_between(first, ends), tx.other_learning.sums(first, ends)
    assigned = tx.assignments.open_counts(year)
    reaches = reach_by_nip(nips, horizon, standings, waiting, tx)
    targets: dict[dt.date | None, Decimal] = {}
    suggestions: dict[tuple[object, ...], Suggestion] = {}
    evaluated = []
    for person in people:
        totals, reach = standings.get(person.nip, NOTHING), reaches[person.nip]
        joined = came.get(person.nip)
        if joined not in targets:
            targets[joined] = pro_rata(year, period, joined)
        need = horizon.target - totals.year_jp
        key = (need, *reach.left.values())
        if key not in suggestions:
            suggestions[key] = NO_SUGGESTION if need <= 0 else _suggest(need, horizon, reach.left)
        evaluated.append(
            EvaluatedPerson(
                nip=person.nip,
                name=person.name,
                position=person.position,
                grade=person.grade,
                unit=person.unit,
                came=joined,
                totals=totals,
                target=targets[joined],
                year_target=horizon.target,
                other_jp=other.get(person.nip, Decimal(0)),
                most=reach.most,
                most_national=reach.most_national,
                left=reach.left,
                suggestion=suggestions[key],
                waiting=waiting.get(person.nip, 0),
                assigned=assigned.get(person.nip, 0),
            )
        )
    evaluated.sort(key=lambda person: (person.unit, person.nip))
    return Evaluation(year=year, period=period, unit=unit, ends=ends, day=day, people=tuple(evaluated))


def _suggest(need: Decimal, horizon: Horizon, left: Mapping[str, int]) -> Suggestion:
    return Suggestion(ways=(), rest=need) if horizon.over else suggest(need, horizon.day, left)


# --- The result

# The least that counts (`0.2`: the addition to one JP).
_LEAST = Decimal("0.2")
_FIFTHS = 5


def steps_of(year: int) -> tuple[Decimal, ...]:
    """Return where the columns of the chart begin, in JP: nothing, something, then by fifths to the year's target."""
    target = target_of(year).value
    return (Decimal(0), _LEAST, *(target * part / _FIFTHS for part in range(1, _FIFTHS + 1)))


class Mark(StrEnum):
    """An employee's state at the end of a period. REACHED and BEHIND refer to the period's own target."""

    REACHED = "tercapai"
    BEHIND = "tertinggal"
    OUT_OF_REACH = "tidak_terjangkau"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedPerson:
    """One person. `totals` is the year's approved CMB, `target` the period's own, `year_target` the law's.

    `most` is the bound until 31 December with everything that awaits a decision counted in, `most_national` the same
    with national activities only. `other_jp` is approved other learning, never part of `jp`. `came` is set for those
    who joined in the year. `waiting` activities await Biro SDM, `assigned` assignments are open.
    """

    nip: str
    name: str
    position: str
    grade: str
    unit: str
    came: dt.date | None
    totals: YearTotal
    target: Decimal
    year_target: Decimal
    other_jp: Decimal
    most: Decimal
    most_national: Decimal
    left: Mapping[str, int]
    suggestion: Suggestion
    waiting: int
    assigned: int

    @property
    def jp(self) -> Decimal:
        """Return approved CMB until the period's end."""
        return self.totals.jp

    @property
    def by_kind(self) -> Mapping[str, Tally]:
        """Return the same by kind."""
        return self.totals.by_kind

    @property
    def year_jp(self) -> Decimal:
        """Return all approved CMB of the year so far."""
        return self.totals.year_jp

    @property
    def with_other(self) -> Decimal:
        """Return what 5.f.6 considers: CMB until the period's end plus approved other learning."""
        return self.jp + self.other_jp

    @property
    def short(self) -> Decimal:
        """Return what is missing to the period's target."""
        return max(Decimal(0), self.target - self.jp)

    @property
    def reachable(self) -> bool:
        """Tell whether CMB can still give the target of this year."""
        return self.most >= self.year_target

    @property
    def only_international(self) -> bool:
        """Tell whether that needs international activities."""
        return self.most_national < self.year_target <= self.most

    @property
    def mark(self) -> Mark:
        if self.jp >= self.target:
            return Mark.REACHED
        return Mark.BEHIND if self.reachable else Mark.OUT_OF_REACH


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everybody (of `unit`, None: all) at the end of a period; what can still be reached counts from `day`."""

    year: int
    period: int
    unit: str | None
    ends: dt.date
    day: dt.date
    people: tuple[EvaluatedPerson, ...]

    def marked(self, mark: Mark) -> tuple[EvaluatedPerson, ...]:
        return tuple(person for person in self.people if person.mark is mark)

    @property
    def lost(self) -> tuple[EvaluatedPerson, ...]:
        """Return who cannot reach the year's target by CMB any more, whether or not they reached the period's."""
        return tuple(person for person in self.people if not person.reachable)

    @property
    def year_target(self) -> Decimal:
        """Return what the law asks of the year."""
        return target_of(self.year).value

    @property
    def total(self) -> Decimal:
        return sum((person.jp for person in self.people), Decimal(0))

    @property
    def distribution(self) -> tuple[int, ...]:
        """Return how many people are in each of `steps_of`."""
        steps = steps_of(self.year)
        counts = [0] * len(steps)
        for person in self.people:
            counts[max(place for place, step in enumerate(steps) if person.jp >= step)] += 1
        return tuple(counts)

    @property
    def units(self) -> Mapping[str, tuple[EvaluatedPerson, ...]]:
        """Return the people of each unit, units in order."""
        gathered: dict[str, list[EvaluatedPerson]] = {}
        for person in self.people:
            gathered.setdefault(person.unit, []).append(person)
        return {unit: tuple(gathered[unit]) for unit in sorted(gathered)}


# --- What can still be reached, from monthly sums

_DECEMBER = 12
_NONE = Decimal(0)
NOTHING = YearTotal(
    jp=_NONE,
    year_jp=_NONE,
    before_jp=_NONE,
    now_counted=(0,) * len(KINDS),
    now_national=None,
    later_national=_NONE,
    later_months=0,
    tallies=(0, 0, 0) * len(KINDS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The bound until 31 December, and how many of each kind the month of the day still counts.

    `open` means that the sums alone do not tell whether the target can be reached.
    """

    most: Decimal
    most_national: Decimal
    left: Mapping[str, int]
    open: bool = False


class Horizon:
    """What the rest of `year` can give from `day` on; the year may be over on that day.

    Gives the numbers of `service.law.outlook` for everybody in one pass.
    """

    def __init__(self, year: int, day: dt.date) -> None:
        self.year, self.day, self.over = year, day, day.year > year
        self.target = target_of(year).value
        self.month = _DECEMBER + 1 if self.over else day.month
        firsts = [dt.date(year, month, 1) for month in range(self.month + 1, _DECEMBER + 1)]
        whole = [_both(first, month_end(first)) for first in firsts]
        self._later = sum((most_of_month for most_of_month, _ in whole), _NONE)
        self._later_national = [national for _, national in whole]
        first = day.replace(day=1)
        self._full, _ = _both(first, month_end(first))
        self._now, self._now_national = _both(day, month_end(day))
        self._narrow = day == month_end(day)

    def of(self, totals: YearTotal) -> Reach:
        """Return the reach: exact while two days of the month are left; on its last day never too low, maybe `open`."""
        if self.over:
            return Reach(most=totals.year_jp, most_national=totals.year_jp, left=dict.fromkeys(KINDS, 0))
        empty = totals.now_national is None
        before, later = totals.before_jp, self._later
        fewest, later_national = (totals.later_national + rest for rest in self._free(totals.later_months))
        now = self._full if self._narrow and not empty else self._now
        now_national = totals.now_national or self._now_national
        highest, national = before + now + later, before + now_national + later_national
        least, least_national = before + self._now + later, before + self._now_national + fewest
        return Reach(
            most=highest,
            most_national=national,
            left=_left(self.day, totals.now_counted),
            open=((self._narrow and not empty) or fewest < later_national)
            and (least < self.target <= highest or least_national < self.target <= national),
        )

    def _free(self, taken: int) -> tuple[Decimal, Decimal]:
        """Return the least and the most that later months give when so many of them, whichever, have something."""
        free = sorted(self._later_national)
        count = len(free) - taken
        return sum(free[:count], _NONE), sum(free[taken:], _NONE)


def reach_by_nip(
    nips: Sequence[str],
    horizon: Horizon,
    standings: Mapping[str, YearTotal],
    waiting: Mapping[str, int],
    tx: Transaction,
) -> Mapping[str, Reach]:
    """Return the reach by NIP; where waiting activities matter, they are assessed as if approved."""
    reaches = {nip: horizon.of(standings.get(nip, NOTHING)) for nip in nips}
    exactly = [
        nip
        for nip, reach in reaches.items()
        if reach.open or (reach.most_national < horizon.target and waiting.get(nip))
    ]
    first, last = dt.date(horizon.year, 1, 1), dt.date(horizon.year, _DECEMBER, 31)
    for nip, activities in tx.awaiting.activities(exactly, first, last, waiting=True).items():
        if horizon.over:
            total = assess(activities).total
            reaches[nip] = replace(reaches[nip], most=total, most_national=total)
        else:
            possible = outlook(activities, horizon.day)
            reaches[nip] = replace(reaches[nip], most=possible.most, most_national=possible.most_national, open=False)
    return reaches


def _left(day: dt.date, counted: tuple[int, ...]) -> Mapping[str, int]:
    allowed = a_month(day)
    return {kind: max(0, allowed[kind] - count) for kind, count in zip(KINDS, counted, strict=True)}


def _both(day: dt.date, ends: dt.date) -> tuple[Decimal, Decimal]:
    return most((), day, ends, international=True), most((), day, ends, international=False)


# --- JSON


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return the evaluation as one JSON object: decimals as strings, dates ISO 8601."""
    return {
        "year": evaluation.year,
        "period": evaluation.period,
        "unit": evaluation.unit,
        "ends": evaluation.ends.isoformat(),
        "day": evaluation.day.isoformat(),
        "target": jp_text(pro_rata(evaluation.year, evaluation.period)),
        "people": [person_json(person) for person in evaluation.people],
        "total": jp_text(evaluation.total),
        "distribution": list(evaluation.distribution),
    }


def person_json(person: EvaluatedPerson) -> dict[str, Any]:
    """Return one person, with what is still possible."""
    return {
        "nip": person.nip,
        "name": person.name,
        "unit": person.unit,
        "joined": person.came.isoformat() if person.came else None,
        "jp": jp_text(person.jp),
        "kinds": {
            kind: {"activities": tally.activities, "counted": tally.counted, "jp": jp_text(tally.jp)}
            for kind, tally in person.by_kind.items()
        },
        "target": jp_text(person.target),
        "short": jp_text(person.short),
        "year_jp": jp_text(person.year_jp),
        "other_jp": jp_text(person.other_jp),
        "with_other": jp_text(person.with_other),
        "state": person.mark.value,
        "reachable": person.reachable,
        "only_international": person.only_international,
        "most": jp_text(person.most),
        "most_national": jp_text(person.most_national),
        "room": dict(person.left),
        "ways": [
            {"kind": way.kind, "scope": way.scope, "times": way.times, "jp": jp_text(way.jp), "until": way.until}
            for way in person.suggestion.ways
        ],
        "rest": jp_text(person.suggestion.rest),
        "waiting": person.waiting,
        "assigned": person.assigned,
    }
