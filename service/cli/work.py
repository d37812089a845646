"""Files judged one by one in confined children, as many as are asked for; with progress on a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from service.batch import run_in_order
from service.cli.progress import progress
from service.confined import Cause, Confined, GaveUp, Limits, Work
from service.sources import Source, walk

if TYPE_CHECKING:
    from signing.network import Network

Json = dict[str, Any]
Judge = Callable[[Source], Json]


class FileWork(Work[Source, Json], Protocol):
    """Work on files that also has an answer for those nobody came to the end of. `modules` is what children need."""

    @property
    def modules(self) -> tuple[str, ...]: ...

    def gave_up(self, source: Source, cause: Cause) -> Json: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspecting:
    """Signature facts, without a store. `roots` stand for signers and time-stamp authorities alike."""

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    now: dt.datetime
    network: Network | None = None
    modules: tuple[str, ...] = ("signing.verify", "service.proof.unread")

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        from service.proof.answer import report_json
        from service.proof.unread import content_of
        from signing.trust import Trust
        from signing.verify import inspect

        trust = Trust(
            roots=self.roots, timestamp_roots=self.roots, moment=self.now, crls=self.crls, network=self.network
        )

        def judge(source: Source) -> Json:
            content = content_of(source)
            report = inspect(content, trust=trust) if isinstance(content, bytes) else content
            return report_json(source.name, report)

        yield judge

    def gave_up(self, source: Source, cause: Cause) -> Json:
        from service.proof.answer import report_json
        from service.proof.unread import given_up

        return report_json(source.name, given_up(source, cause).report)


def run_work(work: FileWork, paths: Sequence[Path], *, jobs: int, limits: Limits) -> Iterator[Json]:
    """Answers in the order of the files, by `jobs` children; progress on standard error when it is a terminal."""
    with (
        Confined(work, limits=limits, preload=work.modules) as confined,
        ThreadPoolExecutor(jobs) as executor,
        progress("berkas diperiksa") as advance,
    ):

        def one(source: Source) -> Json:
            try:
                return confined(source)
            except GaveUp as stopped:
                return work.gave_up(source, stopped.cause)

        for answer in run_in_order(one, walk(paths), executor=executor, window=4 * jobs):
            advance(1)
            yield answer
