"""What heads of unit assigned to people who are behind (5.f.6): a document, and a task with a day and a state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select, update

from service.store.learning_tables import ASSIGNMENTS
from service.store.rows import columns_of

_C = ASSIGNMENTS.c


class State(StrEnum):
    """Where an assignment stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One assignment. `digest` is that of its document in the store; `unit` is the employee's when it was made."""

    id: str
    nip: str
    unit: str
    year: int
    period: int
    kind: str
    title: str
    due: dt.date
    reason: str
    digest: str
    made_at: dt.datetime
    made_by: str
    state: State = State.OPEN
    ended_at: dt.datetime | None = None


class AssignmentsRead:
    """Finding assignments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, assignment_id: str) -> Assignment | None:
        found = self._connection.execute(select(ASSIGNMENTS).where(_C.id == assignment_id)).one_or_none()
        return Assignment(**found._asdict() | {"state": State(found.state)}) if found else None

    def list(
        self, *, year: int, unit: str | None = None, nip: str | None = None, state: State | None = None
    ) -> Sequence[Assignment]:
        """A year's assignments by due day; of a unit, a person, in a state, where given."""
        query = select(ASSIGNMENTS).where(_C.year == year).order_by(_C.due, _C.id)
        for column, value in ((_C.unit, unit), (_C.nip, nip), (_C.state, state)):
            query = query if value is None else query.where(column == value)
        return [Assignment(**row._asdict() | {"state": State(row.state)}) for row in self._connection.execute(query)]

    def open_counts(self, year: int) -> Mapping[str, int]:
        """By NIP: how many of the year are still open."""
        query = select(_C.nip, func.count().label("open")).where(_C.year == year, _C.state == State.OPEN)
        return {row.nip: row.open for row in self._connection.execute(query.group_by(_C.nip))}


class Assignments(AssignmentsRead):
    """Finding, making and ending assignments."""

    def add(self, assignment: Assignment) -> None:
        """Keep it; UnknownRow when its person is not in the register."""
        self._connection.execute(insert(ASSIGNMENTS).values(columns_of(assignment)))

    def end(self, assignment_id: str, state: State, at: dt.datetime) -> bool:
        """Done or cancelled; False when it was not open (any more)."""
        if state is State.OPEN:
            raise ValueError("an assignment ends done or cancelled")
        statement = update(ASSIGNMENTS).where(_C.id == assignment_id, _C.state == State.OPEN)
        return self._connection.execute(statement.values(state=state, ended_at=at)).rowcount == 1
