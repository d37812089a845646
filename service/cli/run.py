"""Judge files in sandboxed children, several at once, with progress on a terminal."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from traceback import format_exception
from typing import TYPE_CHECKING, Any

import click

from service.language import Coded, Message
from service.language.message import params_json, public_code, wording_of
from service.sandbox.inputs import Member, Skip, Source, UnopenedFile, members, refused_archive, walk
from service.sandbox.limits import Defect, GaveUp, Limits, run_within_limits
from service.sandbox.pool import SandboxPool, SandboxTask, run_in_order
from service.sandbox.problems import problem_of
from service.submissions.sandboxed import Json, Judge

if TYPE_CHECKING:
    from signing.report import Report
    from signing.revocation.fetch import Network
    from signing.trust import Trust

# How many files for each child may be finished while an earlier one is still being judged.
_WINDOW = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspecting:
    """Signature facts, without a store. `roots` are trusted for signers and for time stamps."""

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    now: dt.datetime
    network: Network | None = None
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "signing.validation.inspect", "service.verification.result")

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        from service.verification.result import report_json, report_unread
        from signing.trust import Trust
        from signing.validation.inspect import inspect

        trust = Trust(
            roots=self.roots, timestamp_roots=self.roots, moment=self.now, crls=self.crls, network=self.network
        )

        def judge(source: Source, gave_up: GaveUp | None = None) -> Json:
            try:
                if gave_up is not None:
                    raise gave_up
                report = run_within_limits(lambda: inspect(source.read(), trust=trust), limits=self.limits)
            except (UnopenedFile, GaveUp) as error:
                report = report_unread(error, run_within_limits(source.digest, limits=self.limits))
            return report_json(source.name, report)

        yield judge


def run_work(
    work: SandboxTask[Json],
    paths: Sequence[Path],
    *,
    jobs: int | None,
    known: Callable[[str], tuple[str, str] | None] = lambda _name: None,
    skip: Skip = lambda _name, _why: None,
) -> Iterator[Json]:
    """Yield the answers in the order of the files, from `jobs` children (None: one per core).

    `known` gives, for a file's name, the SHA-256 and result of an earlier run; the answer of a file that still has
    that digest is `{"file", "known"}` alone. `skip` hears of files left out (`walk`). Progress on standard
    error when it is a terminal.
    """
    count = jobs or len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(count) as front, SandboxPool(work) as judge, SandboxPool[Any](Listing()) as list_or_digest:

        def judge_one(source: Source) -> Json:
            earlier = known(source.name)
            with suppress(GaveUp):
                if earlier is not None and list_or_digest(source) == earlier[0]:
                    return {"file": source.name, "known": earlier[1]}
            return _survived(judge, source)

        def open_folder(path: Path) -> Sequence[Member]:
            try:
                contents: tuple[Member, ...] = list_or_digest(path)
            except GaveUp as error:
                return (refused_archive(Message.of(error)),)
            return contents

        with progress("berkas", lambda: sum(1 for _ in walk(paths, open_folder))) as advance:
            files = walk(paths, open_folder, skip=skip)
            for answer in run_in_order(judge_one, files, executor=front, window=_WINDOW * count):
                advance()
                yield answer


def _survived(judge: SandboxPool[Json], source: Source) -> Json:
    try:
        return judge(source)
    except GaveUp as error:
        first = error
    except Exception as error:
        if problem_of(error) is not None:
            raise
        # A defect of ours costs only this file its verdict; the trace goes to standard error.
        click.echo("".join(format_exception(error)), err=True)
        first = Defect(type(error).__name__)
    try:
        return judge(source, first)
    except GaveUp as error:
        # Reading its bytes already loses the child (a member of a ZIP file, a failing disk).
        refusal = Message("cannot_open.given_up", cause=error.params["cause"])
        return judge(Source(path=source.path, member=source.member, refusal=refusal))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The members of a ZIP file, given its path; the digest of a file, given as a source."""

    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli",)

    @contextmanager
    def opened(self) -> Iterator[Callable[[Path | Source], Any]]:
        def list_or_digest(what: Path | Source) -> Any:
            return run_within_limits(
                lambda: what.digest() if isinstance(what, Source) else members(what), limits=self.limits
            )

        yield list_or_digest


# --- Single files


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsing:
    """The record a form holds and all its problems; signatures are not judged."""

    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "parsers.parse", "service.verification.result")

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        def judge(source: Source, gave_up: GaveUp | None = None) -> Json:
            try:
                if gave_up is not None:
                    raise gave_up
                return run_within_limits(lambda: _parse_form(source), limits=self.limits)
            except (UnopenedFile, GaveUp) as error:
                return _payload(source, problems=[_problem_json(None, public_code(error.code), error)])

        yield judge


def inspect_one(source: Source, trust: Trust) -> Report:
    """Return the report on the signatures of a file."""
    from signing.validation.inspect import inspect

    return inspect(source.read(), trust=trust)


def _parse_form(source: Source) -> Json:
    from parsers.build import build
    from parsers.parse import read
    from service.verification.result import record_json

    reading = read(source.read())
    built = build(reading.answers, reading.form) if reading.form else None
    problems = (*reading.problems, *(built.problems if built else ()))
    return _payload(
        source,
        serial=reading.serial,
        source_of_answers=reading.source,
        record=record_json(built.record if built else None),
        problems=[_problem_json(problem.field, problem.code, problem) for problem in problems],
    )


def _payload(
    source: Source,
    *,
    problems: list[Json],
    serial: str | None = None,
    source_of_answers: str | None = None,
    record: Json | None = None,
) -> Json:
    return {
        "file": source.name,
        "serial": serial,
        "source": source_of_answers,
        "record": record,
        "problems": problems,
    }


def _problem_json(field: str | None, code: str, found: Coded) -> dict[str, Any]:
    return {"field": field, "code": code, "wording": wording_of(found), "params": params_json(found.params)}


# --- Progress on a terminal


@contextmanager
def progress(
    unit: str, total: Callable[[], int | None] = lambda: None, *, doing: str = "Memeriksa"
) -> Iterator[Callable[[], None]]:
    """Show count, rate and time left on standard error if it is a terminal; yield the function that counts one more.

    `total` (None: unknown) is only asked for on a terminal.
    """
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.text import Text

    class TimeLeft(ProgressColumn):
        def render(self, task: Task) -> Text:
            rate, left = task.speed, task.time_remaining
            pace = f"{rate:.1f} {unit} per detik".replace(".", ",") if rate else ""
            return Text(pace if left is None else f"{pace}, sisa {clock(left)}")

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeLeft())
    console = Console(stderr=True)
    # Answers that go to a file or a pipe are not redirected through the terminal.
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
        task = bar.add_task("", total=total())
        yield lambda: bar.advance(task)


def clock(seconds: float) -> str:
    """Return `1.02.03`: hours, minutes and seconds as Indonesians write them."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}.{minutes:02}.{rest:02}" if hours else f"{minutes}.{rest:02}"
