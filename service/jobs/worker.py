"""One batch run: laid out, its waiting items done by as many children as there are cores, each written when done.

Whatever is killed when: what is written is not done again, what is not is done by whoever takes the batch next.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from service.batch import run_in_order
from service.config import Settings
from service.confined import Confined, origin
from service.errors import MissingResource
from service.limits import GaveUp
from service.problems import problem_of
from service.store import Store
from service.store.batch_rows import Batch, Item, ItemState, NewItem
from service.store.errors import StoredDocumentDamaged
from service.works.holding import LEASE, Held, holding
from service.works.kind import Done, Kind, cause

_PORTION = 500
_PAUSE = dt.timedelta(minutes=1)  # when the house has trouble, before it is tried again
_AWAY = 503


class Log(Protocol):
    """Where progress is told: an event, and facts about it without anybody's particulars."""

    def __call__(self, event: str, /, **facts: Any) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Who works: its name, the open store, the clock, and `stopping`, set when no new item is to be begun."""

    name: str
    store: Store
    settings: Settings
    clock: Callable[[], dt.datetime]
    log: Log
    stopping: threading.Event
    jobs: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    lease: dt.timedelta = LEASE


def run_batch(batch: Batch, kind: Kind, worker: Worker) -> None:
    """Take a claimed batch as far as it goes: to its end, or until it is cancelled, stopped, or the house has trouble.

    Never raises for what one item does.
    """
    worker.log("batch.started", batch=batch.id, kind=batch.kind)
    with holding(batch.id, worker.name, store=worker.store, clock=worker.clock, lease=worker.lease) as held:
        run = _Run(batch=batch, kind=kind, worker=worker, held=held)
        try:
            run.lay_out()
            run.do_items()
        except Exception as error:
            _give_back(batch, error, worker)
            if problem_of(error) is None:
                raise
        else:
            _end(batch, worker)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One run of one batch."""

    batch: Batch
    kind: Kind
    worker: Worker
    held: Held

    def over(self) -> bool:
        return self.held.over.is_set() or self.worker.stopping.is_set()

    def lay_out(self) -> None:
        """Write down the items that the batch was not handed; half of them, from a killed run, are written anew."""
        batch, worker = self.batch, self.worker
        if batch.laid_out_at is not None:
            return
        place = batch.given
        for portion in _portions(self.kind.lay_out(batch, worker.store, worker.settings)):
            if self.over():
                return
            with worker.store.transaction() as tx:
                place += tx.batches.lay_out(batch.id, place, portion, worker.clock())
        with worker.store.transaction() as tx:
            tx.batches.laid_out(batch.id, place, worker.clock())
        worker.log("batch.laid_out", batch=batch.id, items=place)

    def do_items(self) -> None:
        """Every waiting item, in order, as many at a time as there are children."""
        worker = self.worker
        work = self.kind.work(self.batch, worker.settings)
        told, jobs = worker.clock(), min(worker.jobs, self.kind.at_once or worker.jobs)
        with ThreadPoolExecutor(jobs) as front, Confined(work, patience=self.kind.patience) as child:

            def one(item: Item) -> None:
                if not self.over():
                    self._keep(item, self._done(child, item))

            for _ in run_in_order(one, self._waiting(), executor=front, window=2 * jobs):
                if worker.clock() - told > dt.timedelta(seconds=10):
                    told = worker.clock()
                    tell_progress(self.batch.id, worker)

    def _waiting(self) -> Iterator[Item]:
        after = -1
        while not self.over():
            with self.worker.store.reading() as tx:
                page = tx.batches.items(self.batch.id, _PORTION, after=after, state=ItemState.WAITING)
            if not page:
                return
            for item in page:
                if self.over():
                    return
                yield item
            after = page[-1].place

    def _done(self, child: Confined[Done], item: Item) -> tuple[ItemState, Done] | None:
        worker = self.worker
        now = worker.clock()
        try:
            try:
                return ItemState.DONE, child(item, now)
            except GaveUp as error:
                # Whoever ends a whole group of processes ends the readers too: that is not the item's doing.
                if error.cause == "crash" and worker.stopping.wait(1.0):
                    return None
                return ItemState.DONE, child(item, now, error)
        except Exception as error:
            problem = problem_of(error)
            if problem is not None and problem.status == _AWAY and not isinstance(error, StoredDocumentDamaged):
                raise  # the house's, not the item's
            if problem is None:
                kind, where = type(error).__name__, origin(error)
                worker.log("item.stumbled", batch=item.batch_id, place=item.place, error=kind, where=where)
                message, hint = "Layanan tersandung pada butir ini; isinya belum dinilai.", "Lanjutkan pekerjaan ini."
            else:
                message, hint = problem.message, problem.hint
            reasons = [cause("not_done", "Belum selesai", message, hint)]
            return ItemState.FAILED, Done(outcome="not_done", answer={"file": item.name, "reasons": reasons})

    def _keep(self, item: Item, told: tuple[ItemState, Done] | None) -> None:
        if told is None:
            return
        state, done = told
        with self.worker.store.transaction() as tx:
            tx.batches.result(
                item.batch_id,
                item.place,
                state=state,
                outcome=done.outcome,
                answer=done.answer,
                at=self.worker.clock(),
            )


def _end(batch: Batch, worker: Worker) -> None:
    with worker.store.transaction() as tx:
        finished = tx.batches.finish(batch.id, worker.name, worker.clock())
        if not finished:
            tx.batches.release(batch.id, worker.name)
    tell_progress(batch.id, worker, event="batch.done" if finished else "batch.left")


def _give_back(batch: Batch, error: Exception, worker: Worker) -> None:
    """Trouble of the house: what a person must set up ends the run, what may pass by itself is tried again soon."""
    problem = problem_of(error)
    message = problem.message if problem else "Layanan tersandung; lihat catatannya."
    worker.log("batch.trouble", batch=batch.id, error=type(error).__name__)
    with worker.store.transaction() as tx:
        if problem is None or isinstance(error, MissingResource):
            tx.batches.fail(batch.id, worker.name, worker.clock(), message)
        else:
            tx.batches.release(batch.id, worker.name, problem=message, not_before=worker.clock() + _PAUSE)


def tell_progress(batch_id: str, worker: Worker, *, event: str = "batch.progress") -> None:
    """Counts and pace to the log."""
    with worker.store.reading() as tx:
        told = tx.batches.progress(batch_id, worker.clock())
    pace = round(told.per_second, 1)
    worker.log(
        event,
        batch=batch_id,
        done=told.done,
        failed=told.failed,
        waiting=told.waiting,
        per_second=pace,
        outcomes=dict(told.outcomes),
    )


def _portions(items: Iterable[NewItem]) -> Iterator[list[NewItem]]:
    each = iter(items)
    while portion := list(islice(each, _PORTION)):
        yield portion
