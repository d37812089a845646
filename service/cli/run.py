"""Files judged one by one in confined children, as many as are asked for; with progress on a terminal."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from traceback import format_exception
from typing import TYPE_CHECKING, Any

import click

from service.archives import Member, members, refused_whole
from service.batch import run_in_order
from service.cli.progress import progress
from service.confined import Confined, Work
from service.judging import Json, Judge
from service.limits import Defect, GaveUp, Limits, followed
from service.problems import problem_of
from service.sources import Source, Unopened, walk

if TYPE_CHECKING:
    from signing.network import Network

# A file may take its child's whole time; so many others of each child go on meanwhile.
_WINDOW = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspecting:
    """Signature facts, without a store. `roots` stand for signers and time-stamp authorities alike."""

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    now: dt.datetime
    network: Network | None = None
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "signing.verify", "service.proof.unread")

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        from service.proof.answer import report_json
        from service.proof.unread import report_unread
        from signing.trust import Trust
        from signing.verify import inspect

        trust = Trust(
            roots=self.roots, timestamp_roots=self.roots, moment=self.now, crls=self.crls, network=self.network
        )

        def judge(source: Source, gave_up: GaveUp | None = None) -> Json:
            try:
                if gave_up is not None:
                    raise gave_up
                report = followed(lambda: inspect(source.read(), trust=trust), limits=self.limits)
            except (Unopened, GaveUp) as error:
                report = report_unread(error, followed(source.digest, limits=self.limits))
            return report_json(source.name, report)

        yield judge


def run_work(
    work: Work[Json],
    paths: Sequence[Path],
    *,
    jobs: int | None,
    known: Callable[[str], tuple[str, str] | None] = lambda _name: None,
) -> Iterator[Json]:
    """Answers in the order of the files, by `jobs` children (None: one per core).

    `known` gives, for a file's name, the SHA-256 and result of an earlier run; the answer of a file that still has
    that digest is `{"file", "known"}` alone. Progress on standard error when it is a terminal.
    """
    count = jobs or len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(count) as front, Confined(work) as judge, Confined[Any](Glancing()) as glance:

        def one(source: Source) -> Json:
            there = known(source.name)
            with suppress(GaveUp):
                if there is not None and glance(source) == there[0]:
                    return {"file": source.name, "known": there[1]}
            return _survived(judge, source)

        def listed(path: Path) -> Sequence[Member]:
            try:
                found: tuple[Member, ...] = glance(path)
            except GaveUp as error:
                return (refused_whole((error.code, "Belum dapat diperiksa", error.message, error.hint)),)
            return found

        with progress("berkas", lambda: sum(1 for _ in walk(paths, listed))) as advance:
            for answer in run_in_order(one, walk(paths, listed), executor=front, window=_WINDOW * count):
                advance()
                yield answer


def _survived(judge: Confined[Json], source: Source) -> Json:
    try:
        return judge(source)
    except GaveUp as error:
        first = error
    except Exception as error:
        if problem_of(error) is not None:
            raise
        # A defect of ours costs this file its judgement, not the others; whoever ran the command gets the trace.
        click.echo("".join(format_exception(error)), err=True)
        first = Defect(type(error).__name__)
    try:
        return judge(source, first)
    except GaveUp as error:
        # Not even its bytes can be had without losing the child (a member of a ZIP file, a failing disk).
        refusal = ("cannot_open", "Berkas tidak dapat dibuka", error.message, error.hint)
        return judge(Source(path=source.path, member=source.member, refusal=refusal))


@dataclass(frozen=True, slots=True, kw_only=True)
class Glancing:
    """What is in a ZIP file, given its path; the digest of a file, given as a source."""

    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli",)

    @contextmanager
    def opened(self) -> Iterator[Callable[[Path | Source], Any]]:
        def glance(what: Path | Source) -> Any:
            return followed(lambda: what.digest() if isinstance(what, Source) else members(what), limits=self.limits)

        yield glance
