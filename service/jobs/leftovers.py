"""Files a killed process received and did not judge: the worker judges them as if they were sent again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from service.bootstrap import reading_limits, store_of
from service.config import Settings
from service.jobs.submit import StoredFile
from service.sandbox.limits import GaveUp, Limits
from service.sandbox.pool import SandboxPool
from service.store import Store
from service.submissions.sandboxed import SubmitTask

# Judging a file takes seconds, and its limits end it well before: what waits for longer was left.
LEFT_AFTER = dt.timedelta(minutes=2)
# A file that cannot be read now (its storage is away) is tried again, not without pause.
_TRY_AGAIN = dt.timedelta(minutes=10)
_WORKER = "cmb:worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeStored:
    """The work of a child: it judges a kept file, by name and digest, and returns its status."""

    settings: Settings
    limits: Limits
    modules: tuple[str, ...] = ("service.cli", "service.submissions.intake", "service.verification.result")

    @contextmanager
    def opened(self) -> Iterator[Callable[..., str]]:
        receiving = SubmitTask(settings=self.settings, limits=self.limits)
        with receiving.opened() as receive, store_of(self.settings) as store:

            def judge(name: str, digest: str, now: dt.datetime, gave_up: GaveUp | None = None) -> str:
                answer = receive(StoredFile(name=name, kept_digest=digest, store=store), now, _WORKER, gave_up)
                return str(answer["status"])

            yield judge


class Leftovers:
    """A round of the worker that judges what was left."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], dt.datetime]) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        self._tried: dict[str, dt.datetime] = {}

    def judge_left(self) -> bool:
        """Judge everything older than two minutes; tell whether there was anything. Readers start only then."""
        now = self._clock()
        never = dt.datetime.min.replace(tzinfo=dt.UTC)
        with self._store.reading() as tx:
            left = [
                submission
                for submission in tx.submissions.unfinished(before=now - LEFT_AFTER)
                if self._tried.get(submission.id, never) <= now - _TRY_AGAIN
            ]
        if not left:
            return False
        with SandboxPool(JudgeStored(settings=self._settings, limits=reading_limits(self._settings))) as judge:
            for submission in left:
                self._tried[submission.id] = now
                if not self._store.has_document(submission.digest):
                    continue  # `check-self` counts it; without its bytes nobody can judge it
                try:
                    judge(submission.file_name, submission.digest, now)
                except GaveUp as error:
                    with suppress(GaveUp):
                        judge(submission.file_name, submission.digest, now, error)
        return True
