"""A worker's shift: whatever waits is done, in the order it came, until nothing is left or it is told to stop."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence

from service.problems import problem_of
from service.store.batch_rows import Batch
from service.works.kinds import kind_of
from service.works.runner import Worker, run_batch

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
