"""Forms on their way to their signers: begun once, changed only from the revision that was seen."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert, update

from service.store.circulation_rows import columns_from
from service.store.circulation_tables import CIRCULATIONS
from service.store.circulations_read import CirculationsRead
from service.store.onway import OPEN, WITH_EMPLOYEE, Circulation, Listed, State

__all__ = ["OPEN", "WITH_EMPLOYEE", "Circulation", "Circulations", "CirculationsRead", "Listed", "State"]

_C = CIRCULATIONS.c


class Circulations(CirculationsRead):
    """Finding, beginning and changing them."""

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
