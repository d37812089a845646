"""One batch run: laid out, its waiting items done by as many children as there are cores, each written when done.

Whatever is killed when: what is written is not done again, what is not is done by whoever takes the batch next.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from queue import SimpleQueue
from typing import Any, Protocol

from service.config import Settings
from service.errors import MissingResource
from service.jobs.kind import Done, Kind, cause
from service.jobs.kinds import kind_of
from service.problems import problem_of
from service.sandbox.limits import GaveUp
from service.sandbox.pool import Confined, origin, run_in_order
from service.store import Store
from service.store.errors import StoredDocumentDamaged, StoreError
from service.store.jobs import Batch, Item, ItemState, NewItem

# --- A worker's shift: whatever waits is done, in the order it came, until nothing is left or it is told to stop

# One round of something that is done beside the batches; whether there was anything to do.
Round = Callable[[], bool]
_IDLE, _TROUBLED = 1.0, 5.0  # seconds between two looks


def run_once(worker: Worker, rounds: Sequence[Round]) -> None:
    """Everything that waits now."""
    while not worker.stopping.is_set() and (_next_batch(worker) or any(each() for each in rounds)):
        pass


def run_batches(worker: Worker) -> None:
    """Batches, one after the other, until the worker is to stop."""
    keep_on(worker, lambda: _next_batch(worker))


def keep_on(worker: Worker, each: Round) -> None:
    """One round after the other until the worker is to stop; trouble is told, and tried again a little later."""
    while not worker.stopping.is_set():
        try:
            pause = 0.0 if each() else _IDLE
        except Exception as error:  # noqa: BLE001 - a worker outlives what it stumbles over, and says where
            pause = _TROUBLED
            problem = problem_of(error)
            facts = {"message": problem.message} if problem else {"trace": traceback.format_tb(error.__traceback__)}
            worker.log("worker.trouble", error=type(error).__name__, **facts)
        worker.stopping.wait(pause)


def _next_batch(worker: Worker) -> bool:
    """Whether there was a batch to take."""
    with worker.store.transaction() as tx:
        batch = tx.batches.claim(worker.name, worker.clock(), worker.lease)
    if batch is None:
        return False
    _run(batch, worker)
    return True


def _run(batch: Batch, worker: Worker) -> None:
    kind = kind_of(batch.kind)
    if kind is None:
        with worker.store.transaction() as tx:
            problem = f"Jenis pekerjaan “{batch.kind}” tidak dikenal versi layanan ini."
            tx.batches.fail(batch.id, worker.name, worker.clock(), problem)
        return
    run_batch(batch, kind, worker)


# --- A batch held by a worker: its lease renewed while it is worked on, and word when it is no longer the worker's

LEASE = dt.timedelta(seconds=30)
_EVERY = 2.0  # seconds; so soon a cancelled batch stops


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`over` is set when the batch was cancelled or taken by another: nothing new is begun then."""

    batch_id: str
    worker: str
    over: threading.Event


@contextmanager
def holding(
    batch_id: str, worker: str, *, store: Store, clock: Callable[[], dt.datetime], lease: dt.timedelta = LEASE
) -> Iterator[Held]:
    """Renew the lease beside the block. A store that is away for a moment costs nothing, for long the batch."""
    held = Held(batch_id=batch_id, worker=worker, over=threading.Event())
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(min(_EVERY, lease.total_seconds() / 4)):
            with suppress(StoreError), store.transaction() as tx:
                if not tx.batches.renew(batch_id, worker, clock() + lease):
                    held.over.set()
                    return

    thread = threading.Thread(target=renew, name=f"lease-{batch_id}", daemon=True)
    thread.start()
    try:
        yield held
    finally:
        ended.set()
        thread.join()


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
            tx.batches.mark_laid_out(batch.id, place, worker.clock())
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
            # The server that starts new readers is ended with them.
            if isinstance(error, (OSError, EOFError)) and worker.stopping.wait(1.0):
                return None
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


# --- Told to stop by a signal: what is being done is finished, nothing new is begun


def stop_at(*numbers: signal.Signals) -> threading.Event:
    """An event that is set when one of these signals comes; to be called in the main thread, as signal handlers are.

    A handler runs in the middle of whatever the main thread does, and that may be holding the event's own lock: the
    worker would wait for itself. `SimpleQueue.put` is made to be interrupted by itself; a thread sets the event.
    """
    stopping, came = threading.Event(), SimpleQueue[int]()
    for number in numbers:
        signal.signal(number, lambda number, _: came.put(number))

    def pass_on() -> None:
        came.get()
        stopping.set()

    threading.Thread(target=pass_on, name="stopping", daemon=True).start()
    return stopping
