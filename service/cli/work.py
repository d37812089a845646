"""One piece of a batch: files read, judged and answered in whichever process runs it; with progress on a terminal."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from service.batch import run_in_order
from service.cli.door import moment_of
from service.cli.progress import progress
from service.config import Settings
from service.sources import Source, walk

if TYPE_CHECKING:
    from signing.network import Network

T = TypeVar("T")
Answers = list[dict[str, Any]]
# Enough files for a process to make opening the store worth it, few enough for progress to move.
_PIECE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspecting:
    """Signature facts, without a store. `roots` stand for signers and time-stamp authorities alike."""

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    network: Network | None
    now: dt.datetime

    def __call__(self, sources: Sequence[Source]) -> Answers:
        from service.proof.answer import report_json
        from service.proof.toolarge import unread
        from signing.trust import Trust
        from signing.verify import inspect

        trust = Trust(
            roots=self.roots, timestamp_roots=self.roots, moment=self.now, crls=self.crls, network=self.network
        )
        return [report_json(source.name, unread(source) or inspect(source.read(), trust=trust)) for source in sources]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Verify (`keep` False) or submit (`keep` True) against the installation's register."""

    settings: Settings
    now: dt.datetime
    actor: str
    keep: bool

    def __call__(self, sources: Sequence[Source]) -> Answers:
        from service.store import open_store

        with open_store(database_url=self.settings.database_url, storage_url=self.settings.storage_url) as store:
            moment = moment_of(store, self.settings, self.now)
            judge = self._submit if self.keep else self._verify
            return [judge(source, store, moment) for source in sources]

    def _verify(self, source: Source, store: Any, moment: Any) -> dict[str, Any]:
        from service.ingest import prove
        from service.proof.answer import answer_json
        from service.proof.toolarge import refused_unread

        large = refused_unread(source)
        if large is not None:
            return answer_json(large)
        content = source.read()
        with store.reading() as tx:
            return answer_json(prove(content, source.name, tx=tx, moment=moment))

    def _submit(self, source: Source, store: Any, moment: Any) -> dict[str, Any]:
        from service.ingest import ingest
        from service.numbers import submission_id
        from service.proof.answer import answer_json
        from service.proof.toolarge import refused_unread
        from service.records import Event

        large = refused_unread(source)
        if large is not None:
            answer = answer_json(large)
            with store.transaction() as tx:
                detail = {"digest": answer["sha256"], "size": source.size}
                event = Event(
                    at=self.now, actor=self.actor, action="submission.too_large", subject=source.name, detail=detail
                )
                tx.events.append(event)
            return {**answer, "digest": answer["sha256"], "submission": None, "status": "refused"}
        kept = ingest(
            source.read(),
            source.name,
            store=store,
            moment=moment,
            actor=self.actor,
            new_id=lambda: submission_id(secrets.token_bytes),
        )
        codes = {each["code"] for each in kept.answer["reasons"]}
        status = "duplicate" if "duplicate_activity" in codes and kept.status == "refused" else kept.status.value
        return {
            **kept.answer,
            "file": source.name,
            "digest": kept.digest,
            "submission": kept.id,
            "status": status,
            "decision": kept.decision.value,
        }


class _Inline(Executor):
    """The same interface without a second process: a few files are done before one would have started."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - handed to whoever asks for the result, as every executor does
            future.set_exception(error)
        return future


def run_work(
    work: Callable[[Sequence[Source]], Answers], paths: Sequence[Path], *, jobs: int
) -> Iterator[dict[str, Any]]:
    """Answers in the order of the files. `jobs` processes; progress on standard error when it is a terminal."""
    executor: Executor = _Inline()
    if jobs > 1:
        # Not forked: a copied database connection or lock would be shared between processes.
        executor = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    with executor, progress("berkas diperiksa") as advance:
        pieces = _pieces(walk(paths), _PIECE if jobs > 1 else 1)
        for answers in run_in_order(work, pieces, executor=executor, window=2 * jobs if jobs > 1 else 1):
            advance(len(answers))
            yield from answers


def _pieces(sources: Iterable[Source], size: int) -> Iterator[list[Source]]:
    iterator = iter(sources)
    while piece := list(islice(iterator, size)):
        yield piece
