"""Finding long work: batches, their items by page, how far they have come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, tuple_

from service.store.batch_rows import Batch, BatchState, Item, ItemState, Progress
from service.store.rows import stream
from service.store.work_tables import BATCH_ITEMS, BATCHES

_B, _I = BATCHES.c, BATCH_ITEMS.c
_LATELY = dt.timedelta(minutes=1)


class BatchesRead:
    """Finding batches; lists come by page."""

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
