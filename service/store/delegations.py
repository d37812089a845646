"""Delegations (Plt., Plh.): who signs for whom, in which roles and on which days. Ended ones are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from service.store.errors import UnknownRow
from service.store.queries import columns_of
from service.store.schema import DELEGATIONS

_C = DELEGATIONS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """`to_nip` signs for `from_nip` in the roles of `scope` from `starts` to `ends`, both days included.

    `kind`: `plt` or `plh`. One that was ended early holds until `ended_at`; one that needs the official's consent holds
    from `agreed_at` on, and before that not at all.
    """

    id: str
    from_nip: str
    to_nip: str
    kind: str
    scope: tuple[str, ...]
    starts: dt.date
    ends: dt.date
    reason: str
    made_at: dt.datetime
    made_by: str
    ended_at: dt.datetime | None = None
    needs_consent: bool = False
    agreed_at: dt.datetime | None = None

    @property
    def waits(self) -> bool:
        """Tell whether it waits for the official's consent."""
        return self.needs_consent and self.agreed_at is None and self.ended_at is None


class DelegationsRead:
    """Read delegations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, delegation_id: str) -> Delegation | None:
        found = self._all(_C.id == delegation_id)
        return found[0] if found else None

    def between(self, from_nip: str, to_nip: str) -> Sequence[Delegation]:
        """Every delegation from the one person straight to the other, ended ones included."""
        return self._all(_C.from_nip == from_nip, _C.to_nip == to_nip)

    def of(self, nip: str) -> Sequence[Delegation]:
        """Every delegation this person gave or got."""
        return self._all(or_(_C.from_nip == nip, _C.to_nip == nip))

    def all(self) -> Sequence[Delegation]:
        return self._all()

    def _all(self, *conditions: ColumnElement[bool]) -> list[Delegation]:
        query = select(DELEGATIONS).where(*conditions).order_by(_C.starts, _C.made_at, _C.id)
        return [_delegation(row._asdict()) for row in self._connection.execute(query)]


class Delegations(DelegationsRead):
    """Read and write delegations."""

    def add(self, delegation: Delegation) -> None:
        """Keep a new one. UnknownRow for an unknown NIP."""
        self._connection.execute(insert(DELEGATIONS).values(columns_of(delegation) | {"scope": list(delegation.scope)}))

    def end(self, delegation_id: str, at: dt.datetime) -> None:
        """End it from `at` on; one that has ended keeps the earlier end. UnknownRow when there is none."""
        if self.get(delegation_id) is None:
            raise UnknownRow("delegation_unknown", delegation=delegation_id)
        earlier = or_(_C.ended_at.is_(None), _C.ended_at > at)
        self._connection.execute(update(DELEGATIONS).where(_C.id == delegation_id, earlier).values(ended_at=at))

    def agree(self, delegation_id: str, at: dt.datetime) -> bool:
        """Keep the official's consent; False when there is none to give any more."""
        waits = (_C.id == delegation_id) & _C.needs_consent.is_(True) & _C.agreed_at.is_(None) & _C.ended_at.is_(None)
        return self._connection.execute(update(DELEGATIONS).where(waits).values(agreed_at=at)).rowcount == 1


def _delegation(columns: dict[str, Any]) -> Delegation:
    return Delegation(**columns | {"scope": tuple(columns["scope"])})


def is_in_force(delegation: Delegation, moment: dt.datetime, zone: ZoneInfo) -> bool:
    """Tell whether a delegation is in force at that moment: on its days in the agency's zone, and not ended before."""
    if delegation.ended_at is not None and moment >= delegation.ended_at:
        return False
    if delegation.needs_consent and (delegation.agreed_at is None or moment < delegation.agreed_at):
        return False
    return delegation.starts <= moment.astimezone(zone).date() <= delegation.ends
