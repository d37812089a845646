"""Keeping long work: gathered, taken by one worker at a time for as long as its lease, written item by item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import delete, exists, insert, or_, select, update

from service.store.batch_rows import Batch, BatchState, ItemState, NewItem
from service.store.batches_read import BatchesRead, batch_of, waiting_items
from service.store.errors import UnknownRow
from service.store.rows import PORTION, columns_of, insert_into
from service.store.work_tables import BATCH_ITEMS, BATCHES

_B, _I = BATCHES.c, BATCH_ITEMS.c
_FREE = {"worker": None, "lease_until": None}


class Batches(BatchesRead):
    """Finding and keeping batches. What a worker writes holds only while the batch is its own."""

    def create(self, batch: Batch) -> None:
        """Keep a new batch as it is: GATHERING takes items yet to come, WAITING is complete as it stands."""
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

    def ready(self, batch_id: str) -> bool:
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

    def laid_out(self, batch_id: str, total: int, at: dt.datetime) -> None:
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
        told = {"state": state, "outcome": outcome, "answer": dict(answer), "done_at": at}
        statement = update(BATCH_ITEMS).where(waiting_items(batch_id), _I.place == place).values(told)
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
        told = {"state": BatchState.WAITING, "worker": None, "problem": problem, "lease_until": not_before}
        return self._move(batch_id, (BatchState.RUNNING,), worker, **told)

    def fail(self, batch_id: str, worker: str, at: dt.datetime, problem: str) -> bool:
        """It cannot go on until a person has done something and resumes it."""
        told = {"state": BatchState.FAILED, "ended_at": at, "problem": problem, **_FREE}
        return self._move(batch_id, (BatchState.RUNNING,), worker, **told)

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
            raise UnknownRow(f"Pekerjaan {batch_id} tidak sedang menerima berkas.", "Buat pekerjaan baru.")
        return batch_of(row)

    def _write(self, batch_id: str, start: int, items: Iterable[NewItem], at: dt.datetime) -> int:
        """Rows in places from `start`; a portion in memory at a time."""
        given, place = iter(items), start
        statement = insert_into(self._connection, BATCH_ITEMS)
        columns = {each.name: statement.excluded[each.name] for each in BATCH_ITEMS.c if not each.primary_key}
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
    for place, each in enumerate(items, start=start):
        done = each.outcome is not None
        yield {
            "batch_id": batch_id,
            "place": place,
            "name": each.name,
            "digest": each.digest,
            "state": ItemState.DONE if done else ItemState.WAITING,
            "outcome": each.outcome,
            "answer": dict(each.answer) if each.answer is not None else None,
            "done_at": at if done else None,
        }
