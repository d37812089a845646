"""Bonds somebody should confirm: whose certificate it seems to be, and where it was seen; each is decided once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, select, update

from service.store.circulation_tables import PROPOSALS
from service.store.rows import columns_of, insert_into
from service.store.tables import EMPLOYEES

_C = PROPOSALS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`der` seems to be the certificate of `nip`: the names are alike by so much (0 to 1), which proves nothing.

    `seen_in` is a submission, a form on its way, or a call to the gateway. `state`: open, confirmed or declined.
    """

    id: str
    fingerprint: str
    nip: str
    subject: str
    der: bytes
    likeness: Decimal
    seen_in: str
    proposed_at: dt.datetime
    state: str = "open"
    decided_at: dt.datetime | None = None
    decided_by: str | None = None


class ProposalsRead:
    """Finding proposals."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, proposal_id: str) -> Proposal | None:
        found = self._all(_C.id == proposal_id)
        return found[0] if found else None

    def open(self, unit: str | None = None) -> Sequence[Proposal]:
        """Those nobody has decided, about people of a unit or all, oldest first."""
        of_unit = [] if unit is None else [_C.nip.in_(select(EMPLOYEES.c.nip).where(EMPLOYEES.c.unit == unit))]
        return self._all(_C.state == "open", *of_unit)

    def _all(self, *conditions: ColumnElement[bool]) -> list[Proposal]:
        query = select(PROPOSALS).where(*conditions).order_by(_C.proposed_at, _C.id)
        return [Proposal(**row._asdict()) for row in self._connection.execute(query)]


class Proposals(ProposalsRead):
    """Finding and keeping proposals."""

    def add(self, proposal: Proposal) -> bool:
        """Keep a new one; False when the same was proposed before, whatever was said of it. UnknownRow for a NIP."""
        statement = insert_into(self._connection, PROPOSALS).values(columns_of(proposal))
        statement = statement.on_conflict_do_nothing(index_elements=["fingerprint", "nip"]).returning(_C.id)
        return self._connection.scalar(statement) is not None

    def decide(self, proposal_id: str, state: str, *, at: dt.datetime, by: str) -> bool:
        """Confirmed or declined; False when it was decided before."""
        open_yet = (_C.id == proposal_id) & (_C.state == "open")
        statement = update(PROPOSALS).where(open_yet).values(state=state, decided_at=at, decided_by=by)
        return self._connection.execute(statement).rowcount == 1

    def decline_others(self, fingerprint: str, *, at: dt.datetime, by: str) -> None:
        """A certificate is one person's: what else was proposed of it is off."""
        others = (_C.fingerprint == fingerprint) & (_C.state == "open")
        self._connection.execute(update(PROPOSALS).where(others).values(state="declined", decided_at=at, decided_by=by))
