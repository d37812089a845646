"""The staff register: what holds now, and behind it what held when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from service.records import EmployeeEntry
from service.store.queries import PORTION, columns_of, insert_into, stream
from service.store.schema import ACCOUNTS, EMPLOYEE_HISTORY, EMPLOYEES

_H = EMPLOYEE_HISTORY.c


# --- Tenures: what held of a person on a day

# The first entry of a person holds from here: nobody is refused because the register is younger than the activity.
BEGINNING = dt.date.min
_LATER = EMPLOYEE_HISTORY.alias("later")
_BEFORE = EMPLOYEE_HISTORY.alias("before")
_NAMES = tuple(column.name for column in EMPLOYEE_HISTORY.c)
# Asked for every file, so put together once.
_OF_THESE = select(EMPLOYEE_HISTORY).where(_H.nip.in_(bindparam("nips", expanding=True))).order_by(_H.nip, _H.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """What held of a person from `since` on, until their next tenure begins.

    `departure` is `berhenti` or `pensiun` for somebody who left on that day, else None. `recorded_at` is when it was
    recorded; None: before this was written down.
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
    """Read what held when. A year or span counts a person where they stood last in it: totals follow the person."""

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
    return next((tenure for tenure in reversed(tenures) if tenure.since <= day), None)


def held_from(tenures: Sequence[Tenure], day: dt.date) -> Sequence[Tenure]:
    """What held on that day and everything later, oldest first."""
    return [tenure for tenure, after in _with_next(tenures) if after is None or after.since > day]


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


# --- Updates worked into the tenures of a person


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffUpdate:
    """New facts of a person, in force from `since`; without a day, from the day given for the whole import.

    `departure` (`berhenti`, `pensiun`) says the person left on that day.
    """

    entry: EmployeeEntry
    since: dt.date | None = None
    departure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChange:
    """What a statement does to one person. `before` is None for somebody new; nothing is done when both are the same.

    `after` is the register's row, `rows` and `rows_after` the tenures.
    """

    before: EmployeeEntry | None
    after: EmployeeEntry
    rows: tuple[Tenure, ...]
    rows_after: tuple[Tenure, ...]

    @property
    def new(self) -> bool:
        return self.before is None

    @property
    def same(self) -> bool:
        return self.before == self.after and self.rows == self.rows_after


def apply_update(
    statement: StaffUpdate,
    before: EmployeeEntry | None,
    rows: Sequence[Tenure],
    *,
    day: dt.date,
    recorded_at: dt.datetime | None,
) -> StaffChange:
    """Apply an update. The first one of a person holds from the beginning, unless it names its own day.

    What is recorded for later days stays, and the register's row says what the newest tenure says.
    """
    entry = statement.entry
    tenure = Tenure(
        nip=entry.nip,
        since=statement.since or (day if rows else BEGINNING),
        departure=statement.departure,
        recorded_at=recorded_at,
        **_fields_of(entry),
    )
    after = _with_row(rows, tenure)
    return StaffChange(before=before, after=replace(entry, **_fields_of(after[-1])), rows=tuple(rows), rows_after=after)


def apply_unit_names(
    before: EmployeeEntry,
    rows: Sequence[Tenure],
    units: Mapping[str, str],
    *,
    day: dt.date,
    recorded_at: dt.datetime | None,
) -> StaffChange:
    """From that day on, whatever says a unit of `units` says its new name instead."""

    def renamed(row: Tenure) -> Tenure:
        changed = row.unit in units
        return replace(row, unit=units[row.unit], recorded_at=recorded_at) if changed else row

    earlier = [row for row in rows if row.since < day]
    later = [row for row in rows if row.since >= day]
    held = [replace(renamed(earlier[-1]), since=day)] if earlier and (not later or later[0].since > day) else []
    if held and held[0].unit == earlier[-1].unit:
        held = []
    after = _without_repetition([*earlier, *held, *map(renamed, later)])
    return StaffChange(
        before=before, after=replace(before, **_fields_of(after[-1])), rows=tuple(rows), rows_after=after
    )


def _with_row(rows: Sequence[Tenure], new: Tenure) -> tuple[Tenure, ...]:
    held = [row for row in rows if row.since <= new.since]
    if held and _alike(held[-1], new):
        return tuple(rows)
    earlier = [row for row in rows if row.since < new.since]
    return _without_repetition([*earlier, new, *(row for row in rows if row.since > new.since)])


def _without_repetition(rows: Sequence[Tenure]) -> tuple[Tenure, ...]:
    """Without rows that say what the one before them says already."""
    kept: list[Tenure] = []
    for row in rows:
        if not kept or not _alike(kept[-1], row):
            kept.append(row)
    return tuple(kept)


def _alike(one: Tenure, other: Tenure) -> bool:
    return replace(one, since=other.since, recorded_at=other.recorded_at) == other


def _fields_of(held: EmployeeEntry | Tenure) -> dict[str, Any]:
    return {
        "name": held.name,
        "position": held.position,
        "grade": held.grade,
        "unit": held.unit,
        "supervisor_nip": held.supervisor_nip,
    }


# Asked for every person of every file, so put together once.
_BY_NIP = select(EMPLOYEES).where(EMPLOYEES.c.nip == bindparam("wanted"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
    """What an import did."""

    new: int
    changed: int
    same: int


class EmployeesRead(TenuresRead):
    """Read employees, as they are and as they were."""

    def get(self, nip: str) -> EmployeeEntry | None:
        """What holds now, also of somebody who has left (`as_of` says so)."""
        row = self._connection.execute(_BY_NIP, {"wanted": nip}).one_or_none()
        return _entry(row) if row else None

    def named(self, nips: Sequence[str]) -> Mapping[str, EmployeeEntry]:
        """What holds now of these people, by NIP; who is unknown is left out."""
        found: dict[str, EmployeeEntry] = {}
        for start in range(0, len(nips), PORTION):
            query = select(EMPLOYEES).where(EMPLOYEES.c.nip.in_(nips[start : start + PORTION]))
            found |= {row.nip: _entry(row) for row in self._connection.execute(query)}
        return found

    def all(self) -> list[EmployeeEntry]:
        """Everybody who was ever registered, by NIP."""
        return [_entry(row) for row in self._connection.execute(select(EMPLOYEES).order_by(EMPLOYEES.c.nip))]

    def search(self, words: str, *, limit: int) -> list[EmployeeEntry]:
        """Those whose name has all the words, or whose NIP begins with them; by name."""
        digits = words.replace(" ", "")
        if digits.isdigit():
            where = [EMPLOYEES.c.nip.startswith(digits, autoescape=True)]
        else:
            where = [EMPLOYEES.c.name.icontains(word, autoescape=True) for word in words.split()]
        query = select(EMPLOYEES).where(*where).order_by(EMPLOYEES.c.name, EMPLOYEES.c.nip).limit(limit)
        return [_entry(row) for row in self._connection.execute(query)]

    def now_in(self, unit: str) -> list[EmployeeEntry]:
        """Whom the register has in that unit now, by NIP."""
        query = select(EMPLOYEES).where(EMPLOYEES.c.unit == unit).order_by(EMPLOYEES.c.nip)
        return [_entry(row) for row in self._connection.execute(query)]

    def changes(
        self, statements: Sequence[StaffUpdate], *, day: dt.date, recorded_at: dt.datetime | None = None
    ) -> list[StaffChange]:
        """What these statements would do, without doing it; of two on one NIP the later holds.

        `day` is when those hold from that name no day of their own.
        """
        last = {statement.entry.nip: statement for statement in statements}
        known, rows = self.named(list(last)), self.histories(list(last))
        return [
            apply_update(statement, known.get(nip), rows[nip], day=day, recorded_at=recorded_at)
            for nip, statement in last.items()
        ]

    def unit_changes(
        self, units: Mapping[str, str], *, day: dt.date, recorded_at: dt.datetime | None = None
    ) -> list[StaffChange]:
        """What it does to everybody that from `day` on the units (keys) bear other names (values); only who changes."""
        nips = list(
            self._connection.scalars(select(_H.nip).where(_H.unit.in_(list(units))).distinct().order_by(_H.nip))
        )
        known, rows = self.named(nips), self.histories(nips)
        made = (apply_unit_names(known[nip], rows[nip], units, day=day, recorded_at=recorded_at) for nip in nips)
        return [change for change in made if not change.same]

    def histories(self, nips: Sequence[str]) -> Mapping[str, list[Tenure]]:
        """Everything that ever held of these people, each oldest first."""
        found: dict[str, list[Tenure]] = defaultdict(list)
        for start in range(0, len(nips), PORTION):
            query = select(EMPLOYEE_HISTORY).where(_H.nip.in_(nips[start : start + PORTION])).order_by(_H.since)
            for row in self._connection.execute(query):
                found[row.nip].append(tenure_of(row))
        return found


class Employees(EmployeesRead):
    """Read and write employees."""

    def upsert(
        self, entries: Sequence[EmployeeEntry], *, day: dt.date = BEGINNING, recorded_at: dt.datetime | None = None
    ) -> ImportCounts:
        """Insert or update by NIP; what changes holds from `day`. Without a day it is as if it had always held.

        In any order: supervisors are checked when the transaction commits (UnknownRow). Nobody is removed by being
        absent; of two entries with one NIP the later holds.
        """
        changes = self.record([StaffUpdate(entry=entry) for entry in entries], day=day, recorded_at=recorded_at)
        new, same = sum(change.new for change in changes), sum(change.same for change in changes)
        return ImportCounts(new=new, changed=len(changes) - new - same, same=same)

    def set_roles(self, nip: str, roles: Sequence[str]) -> None:
        """What somebody may do from now on; the tenures of the person stay as they are."""
        self._connection.execute(update(EMPLOYEES).where(EMPLOYEES.c.nip == nip).values(roles=list(roles)))

    def record(
        self, statements: Sequence[StaffUpdate], *, day: dt.date, recorded_at: dt.datetime | None = None
    ) -> list[StaffChange]:
        """Keep what `changes` says, and return it."""
        self._alone()
        changes = self.changes(statements, day=day, recorded_at=recorded_at)
        self._keep(changes)
        return changes

    def record_units(
        self, units: Mapping[str, str], *, day: dt.date, recorded_at: dt.datetime | None = None
    ) -> list[StaffChange]:
        """Keep what `unit_changes` says, and return it."""
        self._alone()
        changes = self.unit_changes(units, day=day, recorded_at=recorded_at)
        self._keep(changes)
        return changes

    def _keep(self, changes: Iterable[StaffChange]) -> None:
        """All rows of one kind in one statement: a whole agency changes in seconds."""
        real = [change for change in changes if not change.same]
        people = [columns_of(change.after) | {"roles": list(change.after.roles)} for change in real]
        gone = [
            {"whose": change.after.nip, "day": row.since}
            for change in real
            for row in change.rows
            if row not in change.rows_after
        ]
        added = [columns_of(row) for change in real for row in change.rows_after if row not in change.rows]
        if people:
            statement = insert_into(self._connection, EMPLOYEES)
            newest = {column.name: statement.excluded[column.name] for column in EMPLOYEES.c if not column.primary_key}
            self._connection.execute(statement.on_conflict_do_update(index_elements=["nip"], set_=newest), people)
        if gone:
            mine = (_H.nip == bindparam("whose")) & (_H.since == bindparam("day"))
            self._connection.execute(delete(EMPLOYEE_HISTORY).where(mine), gone)
        if added:
            self._connection.execute(insert_into(self._connection, EMPLOYEE_HISTORY), added)

    def _alone(self) -> None:
        """Two imports side by side must not each work from what the other is about to replace.

        SQLite has one writer at a time; PostgreSQL gets a lock of this name.
        """
        if self._connection.dialect.name == "postgresql":
            lock = func.hashtextextended("employee_history", 0)
            self._connection.execute(select(func.pg_advisory_xact_lock(lock)))


def _entry(row: Row[Any]) -> EmployeeEntry:
    return EmployeeEntry(**row._asdict() | {"roles": tuple(row.roles)})


# --- People with their accounts

_E, _A = EMPLOYEES.c, ACCOUNTS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One employee; the account's columns are None for somebody without one."""

    nip: str
    name: str
    unit: str
    roles: tuple[str, ...]
    login: str | None
    active: bool | None
    must_change: bool | None
    has_password: bool
    oidc_subject: str | None
    locked_until: dt.datetime | None
    signed_in_at: dt.datetime | None


class PeopleWithAccounts:
    """Read people with their accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def search(self, text: str = "", *, role: str = "", offset: int = 0, limit: int = 50) -> Sequence[PersonRow]:
        """By part of a name, or the beginning of a NIP, in the order of names; `role`: only who holds it."""
        query = _with_accounts().order_by(_E.name, _E.nip).offset(offset).limit(limit)
        if text.strip():
            wanted = text.strip().lower()
            name = func.lower(_E.name).contains(wanted, autoescape=True)
            query = query.where(or_(name, _E.nip.startswith("".join(wanted.split()), autoescape=True)))
        if role:
            query = query.where(cast(_E.roles, Text).contains(f'"{role}"', autoescape=True))
        return [_person(row) for row in self._connection.execute(query)]

    def get(self, nip: str) -> PersonRow | None:
        row = self._connection.execute(_with_accounts().where(_E.nip == nip)).one_or_none()
        return _person(row) if row else None

    def who_can(self, role: str) -> Sequence[PersonRow]:
        """Those who hold a role and have an account that is open."""
        query = _with_accounts().where(cast(_E.roles, Text).contains(f'"{role}"', autoescape=True), _A.active.is_(True))
        return [_person(row) for row in self._connection.execute(query)]

    def counts(self) -> tuple[int, int]:
        """How many people the register has, and how many open accounts there are."""
        people = self._connection.execute(select(func.count()).select_from(EMPLOYEES)).scalar_one()
        accounts = self._connection.execute(
            select(func.count()).select_from(ACCOUNTS).where(_A.active.is_(True))
        ).scalar_one()
        return people, accounts

    def database_clock(self) -> dt.datetime:
        """What time the database server has."""
        clock: dt.datetime = self._connection.execute(select(func.clock_timestamp())).scalar_one()
        return clock.astimezone(dt.UTC)


def _with_accounts() -> Select[Any]:
    columns = (_A.login, _A.active, _A.must_change, _A.password_hash, _A.oidc_subject, _A.locked_until, _A.signed_in_at)
    return select(_E.nip, _E.name, _E.unit, _E.roles, *columns).join_from(
        EMPLOYEES, ACCOUNTS, _A.nip == _E.nip, isouter=True
    )


def _person(row: Row[Any]) -> PersonRow:
    columns = row._asdict()
    has_password = columns.pop("password_hash") is not None
    return PersonRow(**columns | {"roles": tuple(row.roles), "has_password": has_password})
