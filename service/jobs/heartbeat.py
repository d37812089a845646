"""A worker says every few seconds that it lives, so that the web service and the operations team see when none does."""

from __future__ import annotations

import datetime as dt
from typing import Self

from service.jobs.worker import Worker

_EVERY = dt.timedelta(seconds=5)
_FORGOTTEN = dt.timedelta(days=1)  # rows of workers that were killed


class Heartbeat:
    """The sign of life of one worker; a context manager that takes it away at the end."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._started_at = worker.clock()
        self._next = self._started_at

    def __enter__(self) -> Self:
        self.beat()
        return self

    def __exit__(self, *_: object) -> None:
        now = self._worker.clock()
        with self._worker.store.transaction() as tx:
            tx.operations.worker_ended(self._worker.name, forget_before=now - _FORGOTTEN)

    def beat(self) -> bool:
        """Say that the worker lives, if it is time to; always False, as nothing waits behind it."""
        now = self._worker.clock()
        if now >= self._next:
            self._next = now + _EVERY
            with self._worker.store.transaction() as tx:
                tx.operations.worker_lives(self._worker.name, started_at=self._started_at, now=now)
        return False
