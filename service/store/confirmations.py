"""Acts that wait for a second person; each ends once, confirmed or declined, and is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from service.store.queries import columns_of
from service.store.schema import CONFIRMATIONS

_C = CONFIRMATIONS.c


class Confirming(StrEnum):
    """What waits: an approval to be withdrawn, roles to be given or taken."""

    WITHDRAWAL = "withdrawal"
    ROLES = "roles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One act asked for; `outcome` is None while it waits, then `confirmed` or `declined`."""

    id: str
    kind: Confirming
    subject: str
    reason: str
    asked_at: dt.datetime
    asked_by: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    ended_at: dt.datetime | None = None
    ended_by: str | None = None
    outcome: str | None = None


class ConfirmationsRead:
    """Read confirmations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, confirmation_id: str) -> Confirmation | None:
        found = self._all(_C.id == confirmation_id)
        return found[0] if found else None

    def waiting(self, kind: Confirming, subject: str | None = None) -> Sequence[Confirmation]:
        """What waits of that kind (about one subject), the oldest first."""
        about = [] if subject is None else [_C.subject == subject]
        return self._all(_C.kind == kind, _C.ended_at.is_(None), *about)

    def about(self, subject: str) -> Sequence[Confirmation]:
        """Everything that was asked about a subject, the oldest first."""
        return self._all(_C.subject == subject)

    def _all(self, *conditions: ColumnElement[bool]) -> list[Confirmation]:
        query = select(CONFIRMATIONS).where(*conditions).order_by(_C.asked_at, _C.id)
        return [
            Confirmation(**row._asdict() | {"kind": Confirming(row.kind)}) for row in self._connection.execute(query)
        ]


class Confirmations(ConfirmationsRead):
    """Read and write confirmations."""

    def add(self, confirmation: Confirmation) -> None:
        """Keep a new one; RowExists while another one of that kind waits for the same subject."""
        columns = columns_of(confirmation) | {"detail": dict(confirmation.detail)}
        self._connection.execute(insert(CONFIRMATIONS).values(columns))

    def end(self, confirmation_id: str, outcome: str, at: dt.datetime, by: str) -> bool:
        """End one that waits; False when it has ended already."""
        statement = update(CONFIRMATIONS).where(_C.id == confirmation_id, _C.ended_at.is_(None))
        return self._connection.execute(statement.values(outcome=outcome, ended_at=at, ended_by=by)).rowcount == 1
