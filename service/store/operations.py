"""What the operations team watches: workers that live, what waits, and what was judged since somebody last asked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from service.records import Decision, Status
from service.store.queries import insert_into
from service.store.schema import BATCHES, EVENTS, SUBMISSIONS, WORKERS

_S = SUBMISSIONS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How many wait, and since when the oldest does; None when nothing waits."""

    waiting: int
    since: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgements:
    """Judged files by answer, and how often each reason was found, up to the event `last`."""

    last: int
    answers: Mapping[str, int]
    reasons: Mapping[str, int]


class OperationsRead:
    """Read figures; each is one short query."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def worker_seen(self) -> dt.datetime | None:
        """When any worker was last alive."""
        seen: dt.datetime | None = self._connection.scalar(select(func.max(WORKERS.c.seen_at)))
        return seen

    def undecided(self) -> Queue:
        """Submissions that wait for Biro SDM."""
        return self._queue((_S.status.in_((Status.VERIFIED, Status.REVIEW))) & (_S.decision == Decision.PENDING))

    def unjudged(self) -> Queue:
        """Submissions that are received and not judged yet."""
        return self._queue(_S.status == Status.RECEIVED)

    def _queue(self, condition: object) -> Queue:
        query = select(func.count(), func.min(_S.received_at)).where(condition)  # type: ignore[arg-type] # a condition
        count, since = self._connection.execute(query).one()
        return Queue(waiting=count, since=since)

    def batches(self) -> Mapping[str, int]:
        """Batches of long work by state."""
        query = select(BATCHES.c.state, func.count().label("batches")).group_by(BATCHES.c.state)
        return {row.state: row.batches for row in self._connection.execute(query)}

    def last_event(self) -> int:
        return self._connection.scalar(select(func.max(EVENTS.c.id))) or 0

    def judgements(self, after: int) -> Judgements:
        """What was judged after an event."""
        answers: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        last = after
        wanted = [f"submission.{status.value}" for status in (Status.VERIFIED, Status.REVIEW, Status.REFUSED)]
        query = select(EVENTS.c.id, EVENTS.c.action, EVENTS.c.detail).where(EVENTS.c.id > after)
        for row in self._connection.execute(query.where(EVENTS.c.action.in_(wanted)).order_by(EVENTS.c.id)):
            answers[row.action.removeprefix("submission.")] += 1
            reasons.update(row.detail.get("reasons", ()))
            last = row.id
        return Judgements(last=last, answers=answers, reasons=reasons)


class Operations(OperationsRead):
    """Read figures, and write which workers live."""

    def worker_lives(self, name: str, *, started_at: dt.datetime, now: dt.datetime) -> None:
        """Say that a worker is alive."""
        insert = insert_into(self._connection, WORKERS).values(name=name, started_at=started_at, seen_at=now)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=[WORKERS.c.name], set_={WORKERS.c.seen_at: now})
        )

    def worker_ended(self, name: str, *, forget_before: dt.datetime) -> None:
        """Forget a worker that ended, and those that were killed before that moment."""
        gone = (WORKERS.c.name == name) | (WORKERS.c.seen_at < forget_before)
        self._connection.execute(delete(WORKERS).where(gone))
