"""People as they were: what held of each of them on a day. What holds now stands in the staff register itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, exists, or_, select

from service.store.learning_tables import EMPLOYEE_HISTORY
from service.store.rows import stream

# What was told of a person first holds from here: nobody is refused because the register is younger than the activity.
BEGINNING = dt.date.min

_H = EMPLOYEE_HISTORY.c
_LATER = EMPLOYEE_HISTORY.alias("later")
_BEFORE = EMPLOYEE_HISTORY.alias("before")
_NAMES = tuple(column.name for column in EMPLOYEE_HISTORY.c)
# Asked for every file, so put together once.
_OF_THESE = select(EMPLOYEE_HISTORY).where(_H.nip.in_(bindparam("nips", expanding=True))).order_by(_H.nip, _H.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """What held of a person from `since` on, until their next tenure begins.

    `departure` is `berhenti` or `pensiun` for somebody who left on that day, else None. `recorded_at` is when it was
    told; None: before anybody wrote that down.
    """

    nip: str
    since: dt.date
    name: str
    position: str
    grade: str
    unit: str
    supervisor_nip: str | None
    departure: str | None = None
    recorded_at: dt.datetime | None = None

    @property
    def present(self) -> bool:
        """Belongs to the agency; False for who has left or retired."""
        return self.departure is None


class TenuresRead:
    """Finding what held when. A year or span counts a person where they stood last in it: totals follow the person."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def as_of(self, nip: str, day: dt.date) -> Tenure | None:
        """What held of a person on that day (`present` tells who had left); None: unknown, or not with us yet."""
        query = select(EMPLOYEE_HISTORY).where(_H.nip == nip, _H.since <= day).order_by(_H.since.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return tenure_of(row) if row else None

    def tenures(self, nip: str) -> Sequence[Tenure]:
        """Everything that ever held of a person, oldest first."""
        query = select(EMPLOYEE_HISTORY).where(_H.nip == nip).order_by(_H.since)
        return [tenure_of(row) for row in self._connection.execute(query)]

    def tenures_of(self, nips: Collection[str]) -> Mapping[str, Sequence[Tenure]]:
        """The same for each of these people, in one question; nothing for who is unknown."""
        found: dict[str, list[Tenure]] = {nip: [] for nip in nips}
        for row in self._connection.execute(_OF_THESE, {"nips": tuple(found)}):
            found[row.nip].append(tenure_of(row))
        return found

    def present_on(self, day: dt.date, *, unit: str | None = None) -> Iterator[Tenure]:
        """Everybody who belonged to the agency (or that unit) on that day, by NIP."""
        return self._stream(and_(_H.since <= day, _H.departure.is_(None), ~_follows(_LATER.c.since <= day)), unit)

    def in_year(self, nip: str, year: int) -> Tenure | None:
        """Where a person stood last in that year while still with us; None: was not with us in it."""
        first, last = _span(year)
        row = self._connection.execute(_query(_last_within(first, last), None).where(_H.nip == nip)).one_or_none()
        return tenure_of(row) if row else None

    def of_year(self, year: int, *, unit: str | None = None) -> Iterator[Tenure]:
        """Everybody who was with us on any day of the year, each as they stood last in it; of that unit, by NIP."""
        return self.during(*_span(year), unit=unit)

    def during(self, first: dt.date, last: dt.date, *, unit: str | None = None) -> Iterator[Tenure]:
        """The same for any span of days, both inclusive."""
        return self._stream(_last_within(first, last), unit)

    def came_between(self, first: dt.date, last: dt.date) -> Mapping[str, dt.date]:
        """Who joined (or came back) on these days, and when last; by NIP."""
        earlier = and_(_BEFORE.c.nip == _H.nip, _BEFORE.c.since < _H.since)
        had_left = (
            select(_BEFORE.c.departure).where(earlier).order_by(_BEFORE.c.since.desc()).limit(1).scalar_subquery()
        )
        came = or_(~exists().where(earlier), had_left.is_not(None))
        query = select(_H.nip, _H.since).where(_H.since.between(first, last), _H.departure.is_(None), came)
        return {row.nip: row.since for row in self._connection.execute(query.order_by(_H.since))}

    def units(self, day: dt.date) -> Sequence[str]:
        """The names of the units that had people on that day, in order."""
        condition = and_(_H.since <= day, _H.departure.is_(None), ~_follows(_LATER.c.since <= day))
        return self._connection.scalars(select(_H.unit).where(condition).distinct().order_by(_H.unit)).all()

    def _stream(self, condition: ColumnElement[bool], unit: str | None) -> Iterator[Tenure]:
        return stream(self._connection, _query(condition, unit), tenure_of)


def held_on(tenures: Sequence[Tenure], day: dt.date) -> Tenure | None:
    """`as_of` among everything that ever held of a person, oldest first."""
    return next((each for each in reversed(tenures) if each.since <= day), None)


def held_from(tenures: Sequence[Tenure], day: dt.date) -> Sequence[Tenure]:
    """What held on that day and everything later, oldest first."""
    return [each for each, after in _with_next(tenures) if after is None or after.since > day]


def tenure_of(row: Row[Any]) -> Tenure:
    return Tenure(**dict(zip(_NAMES, row, strict=True)))  # by the thousand: faster than asking the row for a dict


def _query(condition: ColumnElement[bool], unit: str | None) -> Select[Any]:
    query = select(EMPLOYEE_HISTORY).where(condition).order_by(_H.nip)
    return query if unit is None else query.where(_H.unit == unit)


def _last_within(first: dt.date, last: dt.date) -> ColumnElement[bool]:
    """The last tenure of each person that begins by `last`, is no departure, and was not ended before `first`."""
    stayed = ~_follows(_LATER.c.since <= last, _LATER.c.departure.is_(None))
    left_before = _follows(_LATER.c.since <= first, _LATER.c.departure.is_not(None))
    return and_(_H.since <= last, _H.departure.is_(None), stayed, ~left_before)


def _follows(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_LATER.c.nip == _H.nip, _LATER.c.since > _H.since, *conditions)


def _span(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _with_next(tenures: Sequence[Tenure]) -> Iterator[tuple[Tenure, Tenure | None]]:
    return zip_longest(tenures, tenures[1:])
