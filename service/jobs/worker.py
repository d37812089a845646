"""The worker: takes waiting batches and does their items in one child per core, storing each result at once.

A worker may be killed at any time: stored results are not done again, the rest is done by the worker that takes the
batch next.
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
from service.jobs.kind import ItemResult, Kind, reason_json
from service.jobs.kinds import kind_of
from service.language import Message
from service.language.message import kept_text
from service.sandbox.limits import GaveUp
from service.sandbox.pool import SandboxPool, origin, run_in_order
from service.sandbox.problems import problem_of
from service.store import Store
from service.store.errors import StoredDocumentDamaged, StoreError
from service.store.jobs import Batch, Item, ItemState, NewItem

# --- Rounds: batches and other work, repeated until the worker stops

# One round of other work; tells whether there was anything to do.
Round = Callable[[], bool]
_IDLE, _TROUBLED = 1.0, 5.0  # seconds between two rounds: nothing to do, trouble


def run_once(worker: Worker, rounds: Sequence[Round]) -> None:
    """Do everything that waits now."""
    while not worker.stopping.is_set() and (_next_batch(worker) or any(do_round() for do_round in rounds)):
        pass


def run_batches(worker: Worker) -> None:
    """Run batches, one after the other, until the worker is to stop."""
    repeat(worker, lambda: _next_batch(worker))


def repeat(worker: Worker, do_round: Round) -> None:
    """Do rounds until the worker is to stop; an error is logged, and the round tried again a little later."""
    while not worker.stopping.is_set():
        try:
            pause = 0.0 if do_round() else _IDLE
        except Exception as error:  # noqa: BLE001 - a worker survives any error of a round, and logs it
            pause = _TROUBLED
            problem = problem_of(error)
            facts = {"message": str(error)} if problem else {"trace": traceback.format_tb(error.__traceback__)}
            worker.log("worker.trouble", error=type(error).__name__, **facts)
        worker.stopping.wait(pause)


def _next_batch(worker: Worker) -> bool:
    """Run the next waiting batch; False if there is none."""
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
            problem = kept_text(Message("batch_kind_unknown", kind=batch.kind))
            tx.batches.fail(batch.id, worker.name, worker.clock(), problem)
        return
    run_batch(batch, kind, worker)


# --- The lease of a batch

LEASE = dt.timedelta(seconds=30)
_EVERY = 2.0  # seconds until a cancelled batch stops


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBatch:
    """A batch a worker holds; `lost` is set when it was cancelled or taken by another, and nothing new may begin."""

    batch_id: str
    worker: str
    lost: threading.Event


@contextmanager
def renewing_lease(
    batch_id: str, worker: str, *, store: Store, clock: Callable[[], dt.datetime], lease: dt.timedelta = LEASE
) -> Iterator[HeldBatch]:
    """Renew the lease while the block runs. If the store is away too long, another worker may take the batch."""
    held = HeldBatch(batch_id=batch_id, worker=worker, lost=threading.Event())
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(min(_EVERY, lease.total_seconds() / 4)):
            with suppress(StoreError), store.transaction() as tx:
                if not tx.batches.renew(batch_id, worker, clock() + lease):
                    held.lost.set()
                    return

    thread = threading.Thread(target=renew, name=f"lease-{batch_id}", daemon=True)
    thread.start()
    try:
        yield held
    finally:
        ended.set()
        thread.join()


_PORTION = 500
_PAUSE = dt.timedelta(minutes=1)  # until a batch is tried again after trouble of the service
_AWAY = 503


class Log(Protocol):
    """Logs an event with facts about it; personal data stays out."""

    def __call__(self, event: str, /, **facts: Any) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """The dependencies of a worker; `stopping` is set when no new item is to be begun."""

    name: str
    store: Store
    settings: Settings
    clock: Callable[[], dt.datetime]
    log: Log
    stopping: threading.Event
    jobs: int = field(default_factory=lambda: len(os.sched_getaffinity(0)))
    lease: dt.timedelta = LEASE


def run_batch(batch: Batch, kind: Kind, worker: Worker) -> None:
    """Run a claimed batch to its end, or until it is cancelled, the worker stops, or the service has trouble.

    Never raises for an error of one item.
    """
    worker.log("batch.started", batch=batch.id, kind=batch.kind)
    with renewing_lease(batch.id, worker.name, store=worker.store, clock=worker.clock, lease=worker.lease) as held:
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
    held: HeldBatch

    def must_stop(self) -> bool:
        return self.held.lost.is_set() or self.worker.stopping.is_set()

    def lay_out(self) -> None:
        """Store the items that were not added by hand; a run killed half-way starts over."""
        batch, worker = self.batch, self.worker
        if batch.laid_out_at is not None:
            return
        place = batch.given
        for portion in _portions(self.kind.lay_out(batch, worker.store, worker.settings)):
            if self.must_stop():
                return
            with worker.store.transaction() as tx:
                place += tx.batches.lay_out(batch.id, place, portion, worker.clock())
        with worker.store.transaction() as tx:
            tx.batches.mark_laid_out(batch.id, place, worker.clock())
        worker.log("batch.laid_out", batch=batch.id, items=place)

    def do_items(self) -> None:
        """Do every waiting item, in order, as many at a time as there are children."""
        worker = self.worker
        work = self.kind.work(self.batch, worker.settings)
        logged_at, jobs = worker.clock(), min(worker.jobs, self.kind.at_once or worker.jobs)
        with ThreadPoolExecutor(jobs) as front, SandboxPool(work, patience=self.kind.patience) as child:

            def do_item(item: Item) -> None:
                if not self.must_stop():
                    self._store(item, self._result(child, item))

            for _ in run_in_order(do_item, self._waiting(), executor=front, window=2 * jobs):
                if worker.clock() - logged_at > dt.timedelta(seconds=10):
                    logged_at = worker.clock()
                    log_progress(self.batch.id, worker)

    def _waiting(self) -> Iterator[Item]:
        after = -1
        while not self.must_stop():
            with self.worker.store.reading() as tx:
                page = tx.batches.items(self.batch.id, _PORTION, after=after, state=ItemState.WAITING)
            if not page:
                return
            for item in page:
                if self.must_stop():
                    return
                yield item
            after = page[-1].place

    def _result(self, child: SandboxPool[ItemResult], item: Item) -> tuple[ItemState, ItemResult] | None:
        worker = self.worker
        now = worker.clock()
        try:
            try:
                return ItemState.DONE, child(item, now)
            except GaveUp as error:
                # If the whole group of processes is being ended, the crash is not the item's fault.
                if error.cause == "crash" and worker.stopping.wait(1.0):
                    return None
                return ItemState.DONE, child(item, now, error)
        except Exception as error:
            # The process that starts new readers is ended with them.
            if isinstance(error, (OSError, EOFError)) and worker.stopping.wait(1.0):
                return None
            problem = problem_of(error)
            if problem is not None and problem.status == _AWAY and not isinstance(error, StoredDocumentDamaged):
                raise  # trouble of the service, not of the item
            if problem is None:
                kind, where = type(error).__name__, origin(error)
                worker.log("item.stumbled", batch=item.batch_id, place=item.place, error=kind, where=where)
                said = Message("not_done.stumbled")
            else:
                said = Message("not_done", why=problem.said)
            reasons = [reason_json(said)]
            return ItemState.FAILED, ItemResult(outcome="not_done", answer={"file": item.name, "reasons": reasons})

    def _store(self, item: Item, result: tuple[ItemState, ItemResult] | None) -> None:
        if result is None:
            return
        state, done = result
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
    log_progress(batch.id, worker, event="batch.done" if finished else "batch.left")


def _give_back(batch: Batch, error: Exception, worker: Worker) -> None:
    """End the run after trouble: a missing setting or a defect fails the batch, anything else is tried again soon."""
    problem = problem_of(error)
    message = kept_text(problem.said if problem else Message("batch_stumbled"))
    worker.log("batch.trouble", batch=batch.id, error=type(error).__name__)
    with worker.store.transaction() as tx:
        if problem is None or isinstance(error, MissingResource):
            tx.batches.fail(batch.id, worker.name, worker.clock(), message)
        else:
            tx.batches.release(batch.id, worker.name, problem=message, not_before=worker.clock() + _PAUSE)


def log_progress(batch_id: str, worker: Worker, *, event: str = "batch.progress") -> None:
    """Log counts and pace."""
    with worker.store.reading() as tx:
        progress = tx.batches.progress(batch_id, worker.clock())
    pace = round(progress.per_second, 1)
    worker.log(
        event,
        batch=batch_id,
        done=progress.done,
        failed=progress.failed,
        waiting=progress.waiting,
        per_second=pace,
        outcomes=dict(progress.outcomes),
    )


def _portions(items: Iterable[NewItem]) -> Iterator[list[NewItem]]:
    remaining = iter(items)
    while portion := list(islice(remaining, _PORTION)):
        yield portion


# --- Stopping by a signal


def stop_at(*numbers: signal.Signals) -> threading.Event:
    """Return an event that is set when one of these signals comes; call it in the main thread.

    A handler interrupts the main thread, which may hold the lock of the event: setting it there would be a deadlock.
    `SimpleQueue.put` is reentrant, so the handler puts into a queue and a thread sets the event.
    """
    stopping, received = threading.Event(), SimpleQueue[int]()
    for number in numbers:
        signal.signal(number, lambda number, _: received.put(number))

    def pass_on() -> None:
        received.get()
        stopping.set()

    threading.Thread(target=pass_on, name="stopping", daemon=True).start()
    return stopping
