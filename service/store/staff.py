"""The staff register: what holds now, and behind it what held when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from service.records import EmployeeEntry
from service.store.learning_tables import EMPLOYEE_HISTORY
from service.store.rows import PORTION, columns_of, insert_into
from service.store.tables import EMPLOYEES
from service.store.tenure_changes import Change, Statement, moved, stated
from service.store.tenures import BEGINNING, Tenure, TenuresRead, tenure_of

_H = EMPLOYEE_HISTORY.c

# Asked for every person of every file, so put together once.
_BY_NIP = select(EMPLOYEES).where(EMPLOYEES.c.nip == bindparam("wanted"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an import did."""

    new: int
    changed: int
    same: int


class EmployeesRead(TenuresRead):
    """Finding employees, as they are and as they were."""

    def get(self, nip: str) -> EmployeeEntry | None:
        """What holds now, also of somebody who has left (`as_of` tells)."""
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
        """Everybody who was ever told of, by NIP."""
        return [_entry(row) for row in self._connection.execute(select(EMPLOYEES).order_by(EMPLOYEES.c.nip))]

    def search(self, words: str, *, limit: int) -> list[EmployeeEntry]:
        """Those whose name has all the words, or whose NIP begins with them; by name."""
        digits = words.replace(" ", "")
        if digits.isdigit():
            where = [EMPLOYEES.c.nip.startswith(digits, autoescape=True)]
        else:
            where = [EMPLOYEES.c.name.icontains(each, autoescape=True) for each in words.split()]
        query = select(EMPLOYEES).where(*where).order_by(EMPLOYEES.c.name, EMPLOYEES.c.nip).limit(limit)
        return [_entry(row) for row in self._connection.execute(query)]

    def now_in(self, unit: str) -> list[EmployeeEntry]:
        """Whom the register has in that unit now, by NIP."""
        query = select(EMPLOYEES).where(EMPLOYEES.c.unit == unit).order_by(EMPLOYEES.c.nip)
        return [_entry(row) for row in self._connection.execute(query)]

    def changes(
        self, statements: Sequence[Statement], *, day: dt.date, recorded_at: dt.datetime | None = None
    ) -> list[Change]:
        """What these statements would do, without doing it; of two on one NIP the later holds.

        `day` is when those hold from that name no day of their own.
        """
        told = {each.entry.nip: each for each in statements}
        known, rows = self.named(list(told)), self.histories(list(told))
        return [stated(each, known.get(nip), rows[nip], day=day, recorded_at=recorded_at) for nip, each in told.items()]

    def unit_changes(
        self, units: Mapping[str, str], *, day: dt.date, recorded_at: dt.datetime | None = None
    ) -> list[Change]:
        """What it does to everybody that from `day` on the units (keys) bear other names (values); only who changes."""
        nips = list(
            self._connection.scalars(select(_H.nip).where(_H.unit.in_(list(units))).distinct().order_by(_H.nip))
        )
        known, rows = self.named(nips), self.histories(nips)
        made = (moved(known[nip], rows[nip], units, day=day, recorded_at=recorded_at) for nip in nips)
        return [each for each in made if not each.same]

    def histories(self, nips: Sequence[str]) -> Mapping[str, list[Tenure]]:
        """Everything that ever held of these people, each oldest first."""
        found: dict[str, list[Tenure]] = defaultdict(list)
        for start in range(0, len(nips), PORTION):
            query = select(EMPLOYEE_HISTORY).where(_H.nip.in_(nips[start : start + PORTION])).order_by(_H.since)
            for row in self._connection.execute(query):
                found[row.nip].append(tenure_of(row))
        return found


class Employees(EmployeesRead):
    """Finding and keeping employees."""

    def upsert(
        self, entries: Sequence[EmployeeEntry], *, day: dt.date = BEGINNING, recorded_at: dt.datetime | None = None
    ) -> Counts:
        """Insert or update by NIP; what changes holds from `day`. Without a day it is as if it had always held.

        In any order: supervisors are checked when the transaction commits (UnknownRow). Nobody is removed by being
        absent; of two entries with one NIP the later holds.
        """
        changes = self.tell([Statement(entry=each) for each in entries], day=day, recorded_at=recorded_at)
        new, same = sum(each.new for each in changes), sum(each.same for each in changes)
        return Counts(new=new, changed=len(changes) - new - same, same=same)

    def set_roles(self, nip: str, roles: Sequence[str]) -> None:
        """What somebody may do from now on; what held of the person stays as it is told."""
        self._connection.execute(update(EMPLOYEES).where(EMPLOYEES.c.nip == nip).values(roles=list(roles)))

    def tell(
        self, statements: Sequence[Statement], *, day: dt.date, recorded_at: dt.datetime | None = None
    ) -> list[Change]:
        """Keep what `changes` says, and return it."""
        self._alone()
        changes = self.changes(statements, day=day, recorded_at=recorded_at)
        self._keep(changes)
        return changes

    def tell_units(
        self, units: Mapping[str, str], *, day: dt.date, recorded_at: dt.datetime | None = None
    ) -> list[Change]:
        """Keep what `unit_changes` says, and return it."""
        self._alone()
        changes = self.unit_changes(units, day=day, recorded_at=recorded_at)
        self._keep(changes)
        return changes

    def _keep(self, changes: Iterable[Change]) -> None:
        """All rows of one kind in one statement: a whole agency changes in seconds."""
        real = [each for each in changes if not each.same]
        people = [columns_of(each.after) | {"roles": list(each.after.roles)} for each in real]
        gone = [
            {"whose": each.after.nip, "day": row.since}
            for each in real
            for row in each.rows
            if row not in each.rows_after
        ]
        told = [columns_of(row) for each in real for row in each.rows_after if row not in each.rows]
        if people:
            statement = insert_into(self._connection, EMPLOYEES)
            newest = {each.name: statement.excluded[each.name] for each in EMPLOYEES.c if not each.primary_key}
            self._connection.execute(statement.on_conflict_do_update(index_elements=["nip"], set_=newest), people)
        if gone:
            mine = (_H.nip == bindparam("whose")) & (_H.since == bindparam("day"))
            self._connection.execute(delete(EMPLOYEE_HISTORY).where(mine), gone)
        if told:
            self._connection.execute(insert_into(self._connection, EMPLOYEE_HISTORY), told)

    def _alone(self) -> None:
        """Two imports side by side must not each work from what the other is about to replace.

        SQLite has one writer at a time; PostgreSQL gets a lock of this name.
        """
        if self._connection.dialect.name == "postgresql":
            lock = func.hashtextextended("employee_history", 0)
            self._connection.execute(select(func.pg_advisory_xact_lock(lock)))


def _entry(row: Row[Any]) -> EmployeeEntry:
    return EmployeeEntry(**row._asdict() | {"roles": tuple(row.roles)})
