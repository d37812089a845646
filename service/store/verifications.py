"""What was judged of a kept file and when; only ever added to (triggers in the database refuse everything else)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from service.records import Verification
from service.store.rows import columns_of
from service.store.tables import VERIFICATIONS

_COLUMNS = [column for column in VERIFICATIONS.c if column is not VERIFICATIONS.c.id]


class VerificationsRead:
    """Reading the judgements."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, submission_id: str) -> Sequence[Verification]:
        """All judgements of one submission, oldest first."""
        query = select(*_COLUMNS).where(VERIFICATIONS.c.submission_id == submission_id).order_by(VERIFICATIONS.c.id)
        return [Verification(**row._asdict()) for row in self._connection.execute(query)]


class Verifications(VerificationsRead):
    """Reading the judgements and adding to them."""

    def append(self, verification: Verification) -> None:
        """Keep one more judgement. UnknownRow when it is of no submission we have."""
        self._connection.execute(
            insert(VERIFICATIONS).values(columns_of(verification) | {"answer": dict(verification.answer)})
        )
