"""The staff register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from service.records import EmployeeEntry
from service.store.rows import PORTION, columns_of, insert_into
from service.store.tables import EMPLOYEES

# Asked for every person of every file, so put together once.
_BY_NIP = select(EMPLOYEES).where(EMPLOYEES.c.nip == bindparam("wanted"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an import did."""

    new: int
    changed: int
    same: int


class EmployeesRead:
    """Finding employees."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, nip: str) -> EmployeeEntry | None:
        row = self._connection.execute(_BY_NIP, {"wanted": nip}).one_or_none()
        return _entry(row) if row else None

    def all(self) -> list[EmployeeEntry]:
        """Everybody, by NIP."""
        return [_entry(row) for row in self._connection.execute(select(EMPLOYEES).order_by(EMPLOYEES.c.nip))]


class Employees(EmployeesRead):
    """Finding and keeping employees."""

    def upsert(self, entries: Sequence[EmployeeEntry]) -> Counts:
        """Insert or update by NIP, in any order: supervisors are checked when the transaction commits (UnknownRow).

        Nobody is removed by being absent; of two entries with one NIP the later holds.
        """
        wanted = {entry.nip: entry for entry in entries}
        known: dict[str, EmployeeEntry] = {}
        nips = list(wanted)
        for start in range(0, len(nips), PORTION):
            query = select(EMPLOYEES).where(EMPLOYEES.c.nip.in_(nips[start : start + PORTION]))
            known |= {row.nip: _entry(row) for row in self._connection.execute(query)}
        new = [_columns(entry) for nip, entry in wanted.items() if nip not in known]
        changed = [_columns(entry) for nip, entry in wanted.items() if nip in known and known[nip] != entry]
        for columns in (*new, *changed):
            statement = insert_into(self._connection, EMPLOYEES).values(columns)
            self._connection.execute(statement.on_conflict_do_update(index_elements=["nip"], set_=columns))
        return Counts(new=len(new), changed=len(changed), same=len(wanted) - len(new) - len(changed))


def _columns(entry: EmployeeEntry) -> dict[str, Any]:
    return columns_of(entry) | {"roles": list(entry.roles)}


def _entry(row: Row[Any]) -> EmployeeEntry:
    return EmployeeEntry(**row._asdict() | {"roles": tuple(row.roles)})
