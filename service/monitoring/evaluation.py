"""The four-monthly evaluation (circular 5.f.5): everybody against the period's target, and what can still be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from parsers.values import indonesian_date
from service.errors import BadInput, NotGranted
from service.law import KINDS, assess, jp_text
from service.law.month import Tally
from service.law.outlook import (
    A_MONTH,
    Suggestion,
    month_end,
    most,
    outlook,
    period_end,
    period_months,
    pro_rata,
    suggest,
)
from service.law.se_bkn_3_2022 import TARGET_JP
from service.store import Transaction
from service.store.totals import YearTotal

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
    standings = tx.totals.year_totals(year, last=ends.month, now=horizon.month, nips=some)
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


# --- What an evaluation says of one person and of all together: frozen values, for the page, the paper and the
# command

# Where the columns of the unit's picture begin, in JP; the last one is the year's target reached.
STEPS = (Decimal(0), Decimal("0.2"), Decimal(4), Decimal(8), Decimal(12), Decimal(16), TARGET_JP)


class Mark(StrEnum):
    """How somebody stands at the end of a period. REACHED and BEHIND are about the period's own target."""

    REACHED = "tercapai"
    BEHIND = "tertinggal"
    OUT_OF_REACH = "tidak_terjangkau"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """One person. `standing` is the year's approved CMB, `target` the period's own.

    `most` is the bound until 31 December with everything that awaits a decision counted in, `most_national` the same
    with national activities only. `other_jp` is approved other learning, never part of `jp`. `came` is set for who
    joined in the year. `waiting` activities await Biro SDM, `assigned` assignments are open.
    """

    nip: str
    name: str
    position: str
    grade: str
    unit: str
    came: dt.date | None
    standing: YearTotal
    target: Decimal
    other_jp: Decimal
    most: Decimal
    most_national: Decimal
    left: Mapping[str, int]
    suggestion: Suggestion
    waiting: int
    assigned: int

    @property
    def jp(self) -> Decimal:
        """Approved CMB until the period's end."""
        return self.standing.jp

    @property
    def by_kind(self) -> Mapping[str, Tally]:
        """The same kind by kind."""
        return self.standing.by_kind

    @property
    def year_jp(self) -> Decimal:
        """Everything approved of the year so far."""
        return self.standing.year_jp

    @property
    def with_other(self) -> Decimal:
        """What 5.f.6 looks at: CMB until the period's end together with approved other learning."""
        return self.jp + self.other_jp

    @property
    def short(self) -> Decimal:
        """What is missing of the period's target."""
        return max(Decimal(0), self.target - self.jp)

    @property
    def reachable(self) -> bool:
        """Whether CMB can still give 20 JP this year."""
        return self.most >= TARGET_JP

    @property
    def only_international(self) -> bool:
        """Whether it takes international activities."""
        return self.most_national < TARGET_JP <= self.most

    @property
    def mark(self) -> Mark:
        if self.jp >= self.target:
            return Mark.REACHED
        return Mark.BEHIND if self.reachable else Mark.OUT_OF_REACH


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everybody (of `unit`, None: all) at the end of a period; what can still be reached is seen from `day` on."""

    year: int
    period: int
    unit: str | None
    ends: dt.date
    day: dt.date
    people: tuple[Evaluated, ...]

    def marked(self, mark: Mark) -> tuple[Evaluated, ...]:
        return tuple(each for each in self.people if each.mark is mark)

    @property
    def lost(self) -> tuple[Evaluated, ...]:
        """Who cannot reach 20 JP by CMB any more, whether or not the period's own target was reached."""
        return tuple(each for each in self.people if not each.reachable)

    @property
    def total(self) -> Decimal:
        return sum((each.jp for each in self.people), Decimal(0))

    @property
    def distribution(self) -> tuple[int, ...]:
        """How many people stand in each of `STEPS`."""
        counts = [0] * len(STEPS)
        for each in self.people:
            counts[max(place for place, step in enumerate(STEPS) if each.jp >= step)] += 1
        return tuple(counts)

    @property
    def units(self) -> Mapping[str, tuple[Evaluated, ...]]:
        """The people of each unit, units in order."""
        gathered: dict[str, list[Evaluated]] = {}
        for each in self.people:
            gathered.setdefault(each.unit, []).append(each)
        return {unit: tuple(gathered[unit]) for unit in sorted(gathered)}


# --- What everybody can still reach, from the months' sums: the numbers of `service.law.outlook`, in one pass

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
    """A day, and what empty months from then to the end of `year` can give; the year may be over on that day."""

    def __init__(self, year: int, day: dt.date) -> None:
        self.year, self.day, self.over = year, day, day.year > year
        self.month = _DECEMBER + 1 if self.over else day.month
        self._later = max(0, _DECEMBER - self.month)
        december = dt.date(year, _DECEMBER, 1)
        self._full, self._full_national = _both(december, month_end(december))
        self._now, self._now_national = _both(day, month_end(day))
        self._narrow = day == month_end(day)

    def of(self, standing: YearTotal) -> Reach:
        """Exact while two days of the month are left; on its last day never too low, and `open` where that matters."""
        if self.over:
            return Reach(most=standing.year_jp, most_national=standing.year_jp, left=dict.fromkeys(KINDS, 0))
        empty = standing.now_national is None
        before, later = standing.before_jp, self._later * self._full
        later_national = standing.later_national + (self._later - standing.later_months) * self._full_national
        now = self._full if self._narrow and not empty else self._now
        now_national = standing.now_national or self._now_national
        highest, national = before + now + later, before + now_national + later_national
        least, least_national = before + self._now + later, before + self._now_national + later_national
        return Reach(
            most=highest,
            most_national=national,
            left=_left(standing.now_counted),
            open=self._narrow
            and not empty
            and (least < TARGET_JP <= highest or least_national < TARGET_JP <= national),
        )


def reaches(
    nips: Sequence[str],
    horizon: Horizon,
    standings: Mapping[str, YearTotal],
    waiting: Mapping[str, int],
    tx: Transaction,
) -> Mapping[str, Reach]:
    """By NIP. Who seems to need what awaits a decision is looked at with all of it approved."""
    found = {nip: horizon.of(standings.get(nip, NOTHING)) for nip in nips}
    exactly = [nip for nip, each in found.items() if each.open or (each.most_national < TARGET_JP and waiting.get(nip))]
    first, last = dt.date(horizon.year, 1, 1), dt.date(horizon.year, _DECEMBER, 31)
    for nip, activities in tx.awaiting.activities(exactly, first, last, waiting=True).items():
        if horizon.over:
            total = assess(activities).total
            found[nip] = replace(found[nip], most=total, most_national=total)
        else:
            told = outlook(activities, horizon.day)
            found[nip] = replace(found[nip], most=told.most, most_national=told.most_national, open=False)
    return found


@cache
def _left(counted: tuple[int, ...]) -> Mapping[str, int]:
    return {kind: max(0, A_MONTH[kind] - each) for kind, each in zip(KINDS, counted, strict=True)}


def _both(day: dt.date, ends: dt.date) -> tuple[Decimal, Decimal]:
    return most((), day, ends, international=True), most((), day, ends, international=False)


# --- An evaluation as JSON: decimals as strings, dates ISO 8601


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """The whole evaluation as one object."""
    return {
        "year": evaluation.year,
        "period": evaluation.period,
        "unit": evaluation.unit,
        "ends": evaluation.ends.isoformat(),
        "day": evaluation.day.isoformat(),
        "target": jp_text(pro_rata(evaluation.year, evaluation.period)),
        "people": [person_json(each) for each in evaluation.people],
        "total": jp_text(evaluation.total),
        "distribution": list(evaluation.distribution),
    }


def person_json(each: Evaluated) -> dict[str, Any]:
    """One person, with what can still be done."""
    return {
        "nip": each.nip,
        "name": each.name,
        "unit": each.unit,
        "joined": each.came.isoformat() if each.came else None,
        "jp": jp_text(each.jp),
        "kinds": {
            kind: {"activities": tally.activities, "counted": tally.counted, "jp": jp_text(tally.jp)}
            for kind, tally in each.by_kind.items()
        },
        "target": jp_text(each.target),
        "short": jp_text(each.short),
        "year_jp": jp_text(each.year_jp),
        "other_jp": jp_text(each.other_jp),
        "with_other": jp_text(each.with_other),
        "state": each.mark.value,
        "reachable": each.reachable,
        "only_international": each.only_international,
        "most": jp_text(each.most),
        "most_national": jp_text(each.most_national),
        "room": dict(each.left),
        "ways": [
            {"kind": way.kind, "scope": way.scope, "times": way.times, "jp": jp_text(way.jp), "until": way.until}
            for way in each.suggestion.ways
        ],
        "rest": jp_text(each.suggestion.rest),
        "waiting": each.waiting,
        "assigned": each.assigned,
    }
