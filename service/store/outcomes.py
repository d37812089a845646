"""What became of everything handed in, and of certificates, between two moments; counted by the database."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from service.records import Decision, Status
from service.store.rows import PORTION
from service.store.tables import CERTIFICATES, SUBMISSIONS

_S, _C = SUBMISSIONS.c, CERTIFICATES.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Of the files received between two moments: by status and decision, and why they were refused or rejected.

    `refusals` counts files by the title of each reason (a file may have several), `rejections` by Biro SDM's words.
    """

    counts: Mapping[tuple[str, str], int]
    refusals: Counter[str]
    rejections: Counter[str]

    @property
    def received(self) -> int:
        return sum(self.counts.values())

    def of(self, *, status: Status | None = None, decision: Decision | None = None) -> int:
        """How many have that status and decision."""
        return sum(
            number
            for (each, decided), number in self.counts.items()
            if status in {None, each} and decision in {None, decided}
        )


class OutcomesRead:
    """Counting what happened; `since` belongs to the span, `until` does not."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_submissions(self, since: dt.datetime, until: dt.datetime) -> Outcomes:
        """Everything received in the span, as it stands now."""
        within = (_S.received_at >= since) & (_S.received_at < until)
        query = select(_S.status, _S.decision, func.count().label("number")).where(within)
        rows = self._connection.execute(query.group_by(_S.status, _S.decision))
        refused = select(_S.answer["reasons"]).where(within, _S.status == Status.REFUSED)
        refusals: Counter[str] = Counter()
        for (reasons,) in self._connection.execute(refused, execution_options={"yield_per": PORTION}):
            refusals.update({each.get("title") or each["code"] for each in reasons or ()})
        rejected = select(_S.decision_reason, func.count().label("number")).where(
            within, _S.decision == Decision.REJECTED
        )
        rejections = {
            row.decision_reason or "": row.number
            for row in self._connection.execute(rejected.group_by(_S.decision_reason))
        }
        counts = {(row.status, row.decision): row.number for row in rows}
        return Outcomes(counts=counts, refusals=refusals, rejections=Counter(rejections))

    def of_certificates(self, since: dt.datetime, until: dt.datetime) -> Mapping[str, int]:
        """How many were issued in the span, by their state now (`issued`, `revoked`, `superseded`)."""
        query = select(_C.state, func.count().label("number"))
        query = query.where(_C.issued_at >= since, _C.issued_at < until).group_by(_C.state)
        return {row.state: row.number for row in self._connection.execute(query)}
