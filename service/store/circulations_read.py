"""Finding forms on their way to their signers, by whom they concern."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from service.store.circulation_rows import circulation_of, listed_of, listing
from service.store.circulation_tables import CIRCULATIONS
from service.store.onway import OPEN, Circulation, Listed, State
from service.store.tables import EMPLOYEES

_C = CIRCULATIONS.c


class CirculationsRead:
    """Finding forms on their way; lists of one person are whole, lists of a unit are limited."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, serial: str) -> Circulation | None:
        row = self._connection.execute(select(CIRCULATIONS).where(_C.serial == serial)).one_or_none()
        return circulation_of(row._asdict()) if row else None

    def listed(self, serial: str) -> Listed | None:
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
    ) -> Sequence[Listed]:
        """The employee's, begun within [since, until), newest change first."""
        begun = [_C.created_at >= since] if since is not None else []
        begun += [_C.created_at < until] if until is not None else []
        return self._list(_C.employee_nip == nip, _C.state.in_(states), *begun, newest=True)

    def waiting(self, turns: Sequence[tuple[str, Sequence[str]]]) -> Sequence[Listed]:
        """What waits for one of these (NIP, roles), longest waiting first."""
        if not turns:
            return []
        whose = or_(*((_C.awaits_nip == nip) & _C.awaits.in_(roles) for nip, roles in turns))
        return self._list(_C.state == State.AWAITING, whose)

    def stuck(self, unit: str | None, *, before: dt.datetime, limit: int = 500) -> Sequence[Listed]:
        """Signed at least once and not moved since `before`, in a unit or (None) anywhere; longest waiting first."""
        where = [EMPLOYEES.c.unit == unit] if unit is not None else []
        moving = _C.state.in_([State.AWAITING, State.COMPLETE])
        return self._list(moving, _C.changed_at < before, *where, limit=limit)

    def open_in(self, unit: str | None, *, limit: int = 500) -> Sequence[Listed]:
        """Everything on its way in a unit or (None) anywhere; longest unmoved first."""
        where = [EMPLOYEES.c.unit == unit] if unit is not None else []
        return self._list(_C.state.in_(OPEN), *where, limit=limit)

    def unsettled(self) -> Sequence[Listed]:
        """Those with bytes that wait until somebody knows whose signature they carry."""
        return self._list(_C.unsettled_digest.is_not(None), _C.state.in_(OPEN))

    def complete(self) -> Sequence[Listed]:
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

    def _list(self, *conditions: ColumnElement[bool], newest: bool = False, limit: int | None = None) -> list[Listed]:
        query = listing().where(*conditions).limit(limit)
        order: list[Any] = [_C.changed_at.desc() if newest else _C.changed_at, _C.serial]
        return [listed_of(row) for row in self._connection.execute(query.order_by(*order))]
