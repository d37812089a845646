"""Keeping long work: gathered, taken by one worker at a time for as long as its lease, written item by item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, or_, select, tuple_, update

from service.language import Message
from service.language.message import said_in
from service.store.errors import UnknownRow
from service.store.queries import PORTION, columns_of, insert_into, stream
from service.store.schema import BATCH_ITEMS, BATCHES

_B, _I = BATCHES.c, BATCH_ITEMS.c


# --- Batch queries

_LATELY = dt.timedelta(minutes=1)


class BatchesRead:
    """Read batches; lists come by page."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, batch_id: str) -> Batch | None:
        row = self._connection.execute(select(BATCHES).where(_B.id == batch_id)).one_or_none()
        return batch_of(row) if row else None

    def list(
        self, limit: int, *, after_id: str | None = None, kind: str | None = None, asked_by: str | None = None
    ) -> Sequence[Batch]:
        """The newest `limit` batches, or those that come after `after_id` in that order (the next page)."""
        query = select(BATCHES).order_by(_B.created_at.desc(), _B.id.desc()).limit(limit)
        if kind is not None:
            query = query.where(_B.kind == kind)
        if asked_by is not None:
            query = query.where(_B.asked_by == asked_by)
        if after_id is not None:
            last = select(_B.created_at, _B.id).where(_B.id == after_id).subquery()
            query = query.join(last, tuple_(_B.created_at, _B.id) < tuple_(last.c.created_at, last.c.id))
        return [batch_of(row) for row in self._connection.execute(query)]

    def progress(self, batch_id: str, now: dt.datetime) -> Progress:
        """Counts and pace; what was laid out as refused counts as done, but not for the pace."""
        query = select(_I.state, _I.outcome, func.count()).where(_I.batch_id == batch_id)
        by_state = dict.fromkeys(ItemState, 0)
        outcomes: dict[str, int] = {}
        for state, outcome, count in self._connection.execute(query.group_by(_I.state, _I.outcome)):
            by_state[ItemState(state)] += count
            if outcome is not None:
                outcomes[outcome] = outcomes.get(outcome, 0) + count
        waiting = by_state[ItemState.WAITING]
        pace = self._pace(batch_id, now)
        return Progress(
            waiting=waiting,
            done=by_state[ItemState.DONE],
            failed=by_state[ItemState.FAILED],
            outcomes=dict(sorted(outcomes.items())),
            per_second=pace,
            seconds_left=waiting / pace if pace else None,
        )

    def items(
        self,
        batch_id: str,
        limit: int,
        *,
        after: int = -1,
        outcome: str | None = None,
        state: ItemState | None = None,
    ) -> Sequence[Item]:
        """The next `limit` items behind the place `after`; of one outcome or state when given."""
        query = select(BATCH_ITEMS).where(_I.batch_id == batch_id, _I.place > after).order_by(_I.place).limit(limit)
        if outcome is not None:
            query = query.where(_I.outcome == outcome)
        if state is not None:
            query = query.where(_I.state == state)
        return [_item(row) for row in self._connection.execute(query)]

    def item(self, batch_id: str, place: int) -> Item | None:
        query = select(BATCH_ITEMS).where(_I.batch_id == batch_id, _I.place == place)
        row = self._connection.execute(query).one_or_none()
        return _item(row) if row else None

    def all_items(self, batch_id: str) -> Iterator[Item]:
        """Every item in order, a portion in memory at a time; usable while the transaction lasts."""
        query = select(BATCH_ITEMS).where(_I.batch_id == batch_id).order_by(_I.place)
        return stream(self._connection, query, _item)

    def _pace(self, batch_id: str, now: dt.datetime) -> float:
        """Items per second of the last minute, or since the start where that is shorter."""
        began = self._connection.scalar(select(_B.laid_out_at).where(_B.id == batch_id))
        if began is None:
            return 0.0
        since = max(now - _LATELY, began)
        done = select(func.count(), func.max(_I.done_at)).where(_I.batch_id == batch_id, _I.done_at > since)
        count, last = self._connection.execute(done).one()
        seconds = (max(last, now) - since).total_seconds() if count else 0.0
        return float(count / seconds) if seconds > 0 else 0.0


def batch_of(row: Row[Any]) -> Batch:
    return Batch(**row._asdict() | {"state": BatchState(row.state)})


def waiting_items(batch_id: str) -> ColumnElement[bool]:
    return (_I.batch_id == batch_id) & (_I.state == ItemState.WAITING)


def _item(row: Row[Any]) -> Item:
    return Item(**row._asdict() | {"state": ItemState(row.state)})


# --- Batches, items, progress


class BatchState(StrEnum):
    """GATHERING: items still come and no worker takes it. RUNNING ends by itself when the lease runs out."""

    GATHERING = "gathering"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ItemState(StrEnum):
    """DONE has an outcome, whatever it is; FAILED is one we could not go through with, and may be tried again."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One piece of long work: `kind` says which, `asked` with what, `given` how many items it was handed."""

    id: str
    kind: str
    title: str
    asked: Mapping[str, Any]
    asked_by: str
    created_at: dt.datetime
    state: BatchState = BatchState.GATHERING
    started_at: dt.datetime | None = None
    laid_out_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    lease_until: dt.datetime | None = None
    worker: str | None = None
    problem: str | None = None
    given: int = 0

    @property
    def said(self) -> Message | str | None:
        """Why it stopped: a message, or the sentence of an earlier version."""
        return said_in(self.problem) if self.problem else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """One item to be added: what people call it, and the digest of its kept bytes where it has any.

    With an `outcome` nothing is left to do (what a ZIP file holds and nobody reads); `answer` says why.
    """

    name: str
    digest: str | None = None
    outcome: str | None = None
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item in its `place` (from 0), and what became of it."""

    batch_id: str
    place: int
    name: str
    digest: str | None
    state: ItemState
    outcome: str | None
    answer: Mapping[str, Any] | None
    done_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many items wait, are done, have failed; how many came to which outcome; and how fast it goes.

    `per_second` is that of the last minute, `seconds_left` None while nobody can tell.
    """

    waiting: int
    done: int
    failed: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    per_second: float = 0.0
    seconds_left: float | None = None

    @property
    def total(self) -> int:
        return self.waiting + self.done + self.failed


_FREE = {"worker": None, "lease_until": None}


class Batches(BatchesRead):
    """Read and write batches. What a worker writes holds only while the batch is its own."""

    def create(self, batch: Batch) -> None:
        """Keep a new batch as it is: GATHERING takes items yet to come, WAITING has all its items."""
        self._connection.execute(insert(BATCHES).values(columns_of(batch) | {"asked": dict(batch.asked)}))

    def add(self, batch_id: str, items: Iterable[NewItem], at: dt.datetime) -> int:
        """Hand items to a batch that is gathering, in portions; how many it has then.

        Adding to one batch from two sides at once waits in line. UnknownRow when nothing is gathered under that id.
        """
        given = self._gathering(batch_id).given
        total = given + self._write(batch_id, given, items, at)
        self._connection.execute(update(BATCHES).where(_B.id == batch_id).values(given=total))
        return total

    def ask_also(self, batch_id: str, name: str, value: Any) -> None:
        """Add to a list in what is asked of a batch that is gathering; UnknownRow as `add`."""
        asked = dict(self._gathering(batch_id).asked)
        asked[name] = [*asked.get(name, ()), value]
        self._connection.execute(update(BATCHES).where(_B.id == batch_id).values(asked=asked))

    def mark_ready(self, batch_id: str) -> bool:
        """Everything is gathered: a worker may take it. False when it was not gathering."""
        return self._move(batch_id, (BatchState.GATHERING,), state=BatchState.WAITING)

    def claim(self, worker: str, now: dt.datetime, lease: dt.timedelta) -> Batch | None:
        """Take the oldest batch that waits, or whose worker has not been heard of since its lease; None: nothing to do.

        Two workers never get the same one.
        """
        waits = (_B.state == BatchState.WAITING) & or_(_B.lease_until.is_(None), _B.lease_until <= now)
        left = (_B.state == BatchState.RUNNING) & (_B.lease_until <= now)
        oldest = select(_B.id).where(or_(waits, left)).order_by(_B.created_at, _B.id).limit(1)
        found = self._connection.scalar(oldest.with_for_update(skip_locked=True))
        if found is None:
            return None
        began = self._connection.scalar(select(_B.started_at).where(_B.id == found))
        taken = {"state": BatchState.RUNNING, "worker": worker, "lease_until": now + lease, "problem": None}
        statement = update(BATCHES).where(_B.id == found).values(**taken, started_at=began or now)
        return batch_of(self._connection.execute(statement.returning(BATCHES)).one())

    def renew(self, batch_id: str, worker: str, until: dt.datetime) -> bool:
        """Say that the worker is alive; False when the batch is no longer its own (cancelled, or taken by another)."""
        return self._move(batch_id, (BatchState.RUNNING,), worker, lease_until=until)

    def lay_out(self, batch_id: str, start: int, items: Iterable[NewItem], at: dt.datetime) -> int:
        """Write items from the place `start` on, over what a killed worker laid out there; how many."""
        return self._write(batch_id, start, items, at)

    def mark_laid_out(self, batch_id: str, total: int, at: dt.datetime) -> None:
        """The batch has `total` items and no others."""
        self._connection.execute(delete(BATCH_ITEMS).where(_I.batch_id == batch_id, _I.place >= total))
        self._connection.execute(update(BATCHES).where(_B.id == batch_id).values(laid_out_at=at))

    def result(
        self,
        batch_id: str,
        place: int,
        *,
        state: ItemState,
        outcome: str | None,
        answer: Mapping[str, Any],
        at: dt.datetime,
    ) -> bool:
        """Write what became of a waiting item; False when that was written before, which then stays."""
        values = {"state": state, "outcome": outcome, "answer": dict(answer), "done_at": at}
        statement = update(BATCH_ITEMS).where(waiting_items(batch_id), _I.place == place).values(values)
        return self._connection.execute(statement).rowcount == 1

    def finish(self, batch_id: str, worker: str, at: dt.datetime) -> bool:
        """DONE, when all is laid out, nothing waits any more, and it is still the worker's own."""
        laid_out = exists().where(_B.id == batch_id, _B.laid_out_at.is_not(None))
        if not self._connection.scalar(select(laid_out & ~exists().where(waiting_items(batch_id)))):
            return False
        return self._move(batch_id, (BatchState.RUNNING,), worker, state=BatchState.DONE, ended_at=at, **_FREE)

    def release(
        self, batch_id: str, worker: str, *, problem: str | None = None, not_before: dt.datetime | None = None
    ) -> bool:
        """Give it back unfinished; with a `problem` (shown to people) perhaps not to be taken before a moment."""
        values = {"state": BatchState.WAITING, "worker": None, "problem": problem, "lease_until": not_before}
        return self._move(batch_id, (BatchState.RUNNING,), worker, **values)

    def fail(self, batch_id: str, worker: str, at: dt.datetime, problem: str) -> bool:
        """It cannot go on until a person has done something and resumes it."""
        values = {"state": BatchState.FAILED, "ended_at": at, "problem": problem, **_FREE}
        return self._move(batch_id, (BatchState.RUNNING,), worker, **values)

    def cancel(self, batch_id: str, at: dt.datetime) -> bool:
        """Stop it: what is done stays, items under way are still written. False when there is nothing to stop."""
        open_states = (BatchState.GATHERING, BatchState.WAITING, BatchState.RUNNING)
        return self._move(batch_id, open_states, state=BatchState.CANCELLED, ended_at=at, **_FREE)

    def resume(self, batch_id: str) -> bool:
        """Let a worker do what is left, items that failed among it. False when nothing is left or it is under way."""
        ended = (BatchState.CANCELLED, BatchState.FAILED, BatchState.DONE)
        failed = (_I.batch_id == batch_id) & (_I.state == ItemState.FAILED)
        batch = self.get(batch_id)
        if batch is None or batch.state not in ended:
            return False
        left = self._connection.scalar(select(exists().where(or_(failed, waiting_items(batch_id)))))
        if batch.laid_out_at is not None and not left:
            return False
        anew = {"state": ItemState.WAITING, "outcome": None, "answer": None, "done_at": None}
        self._connection.execute(update(BATCH_ITEMS).where(failed).values(anew))
        return self._move(batch_id, ended, state=BatchState.WAITING, ended_at=None, problem=None, **_FREE)

    def _gathering(self, batch_id: str) -> Batch:
        """The batch, locked against everybody else who adds to it."""
        query = select(BATCHES).where(_B.id == batch_id, _B.state == BatchState.GATHERING).with_for_update()
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise UnknownRow("batch_not_open", batch=batch_id)
        return batch_of(row)

    def _write(self, batch_id: str, start: int, items: Iterable[NewItem], at: dt.datetime) -> int:
        """Rows in places from `start`; a portion in memory at a time."""
        given, place = iter(items), start
        statement = insert_into(self._connection, BATCH_ITEMS)
        columns = {column.name: statement.excluded[column.name] for column in BATCH_ITEMS.c if not column.primary_key}
        statement = statement.on_conflict_do_update(index_elements=["batch_id", "place"], set_=columns)
        while portion := list(islice(given, PORTION)):
            rows = list(_rows(batch_id, place, portion, at))
            self._connection.execute(statement, rows)
            place += len(rows)
        return place - start

    def _move(self, batch_id: str, states: Iterable[BatchState], worker: str | None = None, /, **columns: Any) -> bool:
        """Change a batch that is in one of `states` and, where one is named, this worker's own."""
        statement = update(BATCHES).where(_B.id == batch_id, _B.state.in_(list(states)))
        if worker is not None:
            statement = statement.where(_B.worker == worker)
        return self._connection.execute(statement.values(**columns)).rowcount == 1


def _rows(batch_id: str, start: int, items: Iterable[NewItem], at: dt.datetime) -> Iterator[dict[str, Any]]:
    for place, item in enumerate(items, start=start):
        done = item.outcome is not None
        yield {
            "batch_id": batch_id,
            "place": place,
            "name": item.name,
            "digest": item.digest,
            "state": ItemState.DONE if done else ItemState.WAITING,
            "outcome": item.outcome,
            "answer": dict(item.answer) if item.answer is not None else None,
            "done_at": at if done else None,
        }
