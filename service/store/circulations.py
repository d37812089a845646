"""Forms on their way to their signers: begun once, changed only from the revision that was seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, insert, or_, select, update

from service.records import BlankEntry
from service.store.queries import columns_of
from service.store.schema import ATTACHMENTS, BLANKS, CIRCULATIONS, EMPLOYEES

_C = CIRCULATIONS.c
# Asked for every file, so put together once.
_CIRCULATION = select(CIRCULATIONS).where(_C.serial == bindparam("wanted"))


# --- Circulations from and to columns


def columns_from(circulation: Circulation) -> dict[str, Any]:
    return columns_of(circulation) | {"answers": dict(circulation.answers), "signed": list(circulation.signed)}


def circulation_of(columns: Mapping[str, Any]) -> Circulation:
    return Circulation(**dict(columns) | {"state": State(columns["state"]), "signed": tuple(columns["signed"])})


_AWAITED = EMPLOYEES.alias("awaited")


def listing() -> Select[Any]:
    """Circulations with what `listed_of` needs beside them."""
    columns = [
        *(column.label(f"c_{column.name}") for column in CIRCULATIONS.c),
        *(column.label(f"b_{column.name}") for column in BLANKS.c),
        EMPLOYEES.c.name.label("employee_name"),
        EMPLOYEES.c.unit.label("unit"),
        _AWAITED.c.name.label("awaits_name"),
    ]
    return (
        select(*columns)
        .join_from(CIRCULATIONS, BLANKS, CIRCULATIONS.c.serial == BLANKS.c.serial)
        .join(EMPLOYEES, CIRCULATIONS.c.employee_nip == EMPLOYEES.c.nip)
        .outerjoin(_AWAITED, CIRCULATIONS.c.awaits_nip == _AWAITED.c.nip)
    )


def listed_of(row: Row[Any]) -> ListedCirculation:
    columns = row._asdict()
    return ListedCirculation(
        circulation=circulation_of({name[2:]: columns[name] for name in columns if name.startswith("c_")}),
        blank=BlankEntry(**{name[2:]: columns[name] for name in columns if name.startswith("b_")}),
        employee_name=columns["employee_name"],
        unit=columns["unit"],
        awaits_name=columns["awaits_name"],
    )


# --- Circulations


class State(StrEnum):
    """Where a form is. `draft` and `returned`: with the employee, nobody has signed; `awaiting`: with its next signer.

    `complete`: everybody has signed, not handed in yet; `submitted` and `withdrawn` are ends.
    """

    DRAFT = "draft"
    AWAITING = "awaiting"
    COMPLETE = "complete"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


OPEN = (State.DRAFT, State.RETURNED, State.AWAITING, State.COMPLETE)
WITH_EMPLOYEE = (State.DRAFT, State.RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulation:
    """One form on its way. `digest` names its newest bytes, `signed` the roles that have signed them.

    `awaits` and `awaits_nip`: whose turn it is, as the form names them. `changed_at`: since when it is where it is.
    """

    serial: str
    employee_nip: str
    state: State
    answers: Mapping[str, str]
    digest: str
    revision: int
    created_at: dt.datetime
    changed_at: dt.datetime
    awaits: str | None = None
    awaits_nip: str | None = None
    signed: tuple[str, ...] = ()
    unsettled_digest: str | None = None
    replaces: str | None = None
    returned_by: str | None = None
    return_reason: str | None = None
    submission_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCirculation:
    """A form on its way as lists show it: with its blank, and the names of the employee and the awaited signer."""

    circulation: Circulation
    blank: BlankEntry
    employee_name: str
    unit: str
    awaits_name: str | None


# --- Circulation queries


class CirculationsRead:
    """Read circulations; lists of one person are whole, lists of a unit are limited."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, serial: str) -> Circulation | None:
        row = self._connection.execute(_CIRCULATION, {"wanted": serial}).one_or_none()
        return circulation_of(row._asdict()) if row else None

    def listed(self, serial: str) -> ListedCirculation | None:
        found = self._list(_C.serial == serial)
        return found[0] if found else None

    def successor(self, serial: str) -> Circulation | None:
        """The one that continues this one with a fresh blank; there is at most one."""
        row = self._connection.execute(select(CIRCULATIONS).where(_C.replaces == serial)).one_or_none()
        return circulation_of(row._asdict()) if row else None

    def of_employee(
        self,
        nip: str,
        *,
        states: Sequence[State] = OPEN,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
    ) -> Sequence[ListedCirculation]:
        """The employee's, begun within [since, until), newest change first."""
        begun = [_C.created_at >= since] if since is not None else []
        begun += [_C.created_at < until] if until is not None else []
        return self._list(_C.employee_nip == nip, _C.state.in_(states), *begun, newest=True)

    def waiting(self, turns: Sequence[tuple[str, Sequence[str]]]) -> Sequence[ListedCirculation]:
        """What waits for one of these (NIP, roles), longest waiting first."""
        if not turns:
            return []
        whose = or_(*((_C.awaits_nip == nip) & _C.awaits.in_(roles) for nip, roles in turns))
        return self._list(_C.state == State.AWAITING, whose)

    def stuck(self, unit: str | None, *, before: dt.datetime, limit: int = 500) -> Sequence[ListedCirculation]:
        """Signed at least once and not moved since `before`, in a unit or (None) anywhere; longest waiting first."""
        where = [EMPLOYEES.c.unit == unit] if unit is not None else []
        moving = _C.state.in_([State.AWAITING, State.COMPLETE])
        return self._list(moving, _C.changed_at < before, *where, limit=limit)

    def open_in(self, unit: str | None, *, limit: int = 500) -> Sequence[ListedCirculation]:
        """Everything on its way in a unit or (None) anywhere; longest unmoved first."""
        where = [EMPLOYEES.c.unit == unit] if unit is not None else []
        return self._list(_C.state.in_(OPEN), *where, limit=limit)

    def unsettled(self) -> Sequence[ListedCirculation]:
        """Those with bytes that wait until somebody knows whose signature they carry."""
        return self._list(_C.unsettled_digest.is_not(None), _C.state.in_(OPEN))

    def complete(self) -> Sequence[ListedCirculation]:
        """Signed by everybody and not handed in: what a killed process left."""
        return self._list(_C.state == State.COMPLETE)

    def counts(self, *, nip: str | None = None, unit: str | None = None) -> Mapping[State, int]:
        """How many are in which state, of an employee, in a unit, or altogether; a state with none is 0."""
        query = select(_C.state, func.count()).group_by(_C.state)
        if nip is not None:
            query = query.where(_C.employee_nip == nip)
        if unit is not None:
            query = query.join(EMPLOYEES, _C.employee_nip == EMPLOYEES.c.nip).where(EMPLOYEES.c.unit == unit)
        found = {row[0]: row[1] for row in self._connection.execute(query)}
        return {state: found.get(state.value, 0) for state in State}

    def _list(
        self, *conditions: ColumnElement[bool], newest: bool = False, limit: int | None = None
    ) -> list[ListedCirculation]:
        query = listing().where(*conditions).limit(limit)
        order: list[Any] = [_C.changed_at.desc() if newest else _C.changed_at, _C.serial]
        return [listed_of(row) for row in self._connection.execute(query.order_by(*order))]


class Circulations(CirculationsRead):
    """Read and write circulations."""

    def add(self, circulation: Circulation) -> None:
        """Keep a new one. UnknownRow for an unknown serial or NIP.

        RowExists for a serial that goes round already, or when another continues what this one should.
        """
        self._connection.execute(insert(CIRCULATIONS).values(columns_from(circulation)))

    def change(self, circulation: Circulation) -> bool:
        """Keep this as the revision after the one it says; False when that is not the newest any more (stale)."""
        columns = columns_from(circulation) | {"revision": circulation.revision + 1}
        statement = (
            update(CIRCULATIONS)
            .where(_C.serial == circulation.serial, _C.revision == circulation.revision)
            .values(columns)
        )
        return self._connection.execute(statement).rowcount == 1

    def close(self, serial: str, submission_id: str, at: dt.datetime) -> bool:
        """End an open one because its form was handed in, by whatever way; False when there is none to end."""
        statement = (
            update(CIRCULATIONS)
            .where(_C.serial == serial, _C.state.in_(OPEN))
            .values(
                state=State.SUBMITTED,
                awaits=None,
                awaits_nip=None,
                unsettled_digest=None,
                submission_id=submission_id,
                changed_at=at,
                revision=_C.revision + 1,
            )
        )
        return self._connection.execute(statement).rowcount == 1


# --- Attachments; a removed one stays in the record

_ATTACHMENT = ATTACHMENTS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file that belongs to the activity of a serial; its bytes are the document of that digest."""

    id: str
    serial: str
    digest: str
    file_name: str
    media_type: str
    size: int
    added_at: dt.datetime
    added_by: str
    removed_at: dt.datetime | None = None


class AttachmentsRead:
    """Read attachments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, attachment_id: str) -> Attachment | None:
        """Also a removed one."""
        row = self._connection.execute(select(ATTACHMENTS).where(_ATTACHMENT.id == attachment_id)).one_or_none()
        return Attachment(**row._asdict()) if row else None

    def of(self, serial: str) -> Sequence[Attachment]:
        """Those of an activity that were not removed, in the order they came."""
        query = (
            select(ATTACHMENTS)
            .where(_ATTACHMENT.serial == serial, _ATTACHMENT.removed_at.is_(None))
            .order_by(_ATTACHMENT.added_at, _ATTACHMENT.id)
        )
        return [Attachment(**row._asdict()) for row in self._connection.execute(query)]


class Attachments(AttachmentsRead):
    """Read, add and remove attachments."""

    def add(self, attachment: Attachment) -> None:
        """Keep a new one. RowExists for an id given out before, UnknownRow for an unknown serial."""
        self._connection.execute(insert(ATTACHMENTS).values(columns_of(attachment)))

    def remove(self, attachment_id: str, at: dt.datetime) -> bool:
        """Take it out of the lists from `at` on; False when it is not there or was removed before."""
        statement = (
            update(ATTACHMENTS)
            .where(_ATTACHMENT.id == attachment_id, _ATTACHMENT.removed_at.is_(None))
            .values(removed_at=at)
        )
        return self._connection.execute(statement).rowcount == 1


# --- Blanks by serial

# Asked for every file, so put together once.
_BY_SERIAL = select(BLANKS).where(BLANKS.c.serial == bindparam("wanted"))


class BlanksRead:
    """Read blanks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, serial: str) -> BlankEntry | None:
        row = self._connection.execute(_BY_SERIAL, {"wanted": serial}).one_or_none()
        return BlankEntry(**row._asdict()) if row else None


class Blanks(BlanksRead):
    """Read and write blanks."""

    def add(self, entry: BlankEntry) -> None:
        """Keep a blank. RowExists for a serial given out before, UnknownRow when it names an unknown NIP."""
        self._connection.execute(insert(BLANKS).values(columns_of(entry)))
