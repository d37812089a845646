"""Files judged one by one in confined children, as many as are asked for; with progress on a terminal."""

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

from service.sandbox.inputs import Member, Source, Unopened, members, refused_whole, walk
from service.sandbox.limits import Defect, GaveUp, Limits, followed
from service.sandbox.pool import Confined, Work, run_in_order
from service.sandbox.problems import problem_of
from service.submissions.sandboxed import Json, Judge

if TYPE_CHECKING:
    from signing.report import Report
    from signing.revocation.fetch import Network
    from signing.trust import Trust

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


# --- Single files read in a confined child: parsed, filled, signed, checked, looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsing:
    """What a form answers, as the record and all problems; nothing is judged."""

    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "parsers.parse", "service.verification.result")

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        def judge(source: Source, gave_up: GaveUp | None = None) -> Json:
            try:
                if gave_up is not None:
                    raise gave_up
                return followed(lambda: _parsed(source), limits=self.limits)
            except (Unopened, GaveUp) as error:
                return _told(source, problems=[_problem(None, error.code, error.message, error.hint)])

        yield judge


def look(source: Source, trust: Trust) -> Report:
    """The signatures of a file, for a person to look at."""
    from signing.validation.inspect import inspect

    return inspect(source.read(), trust=trust)


def _parsed(source: Source) -> Json:
    from parsers.build import build
    from parsers.parse import read
    from service.verification.result import record_json

    reading = read(source.read())
    built = build(reading.answers, reading.form) if reading.form else None
    problems = (*reading.problems, *(built.problems if built else ()))
    return _told(
        source,
        serial=reading.serial,
        source_of_answers=reading.source,
        record=record_json(built.record if built else None),
        problems=[_problem(each.field, each.code, each.message, each.hint) for each in problems],
    )


def _told(
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


def _problem(field: str | None, code: str, message: str, hint: str) -> dict[str, Any]:
    return {"field": field, "code": code, "message": message, "hint": hint}


# --- Progress for a person at a terminal: count, rate and time left, on standard error; silent anywhere else


@contextmanager
def progress(
    unit: str, total: Callable[[], int | None] = lambda: None, *, doing: str = "Memeriksa"
) -> Iterator[Callable[[], None]]:
    """Gives a function to be told of each one done. `total` (None: unknown) is only counted when somebody watches."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
    from rich.text import Text

    class Left(ProgressColumn):
        def render(self, task: Task) -> Text:
            rate, left = task.speed, task.time_remaining
            pace = f"{rate:.1f} {unit} per detik".replace(".", ",") if rate else ""
            return Text(pace if left is None else f"{pace}, sisa {clock(left)}")

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), Left())
    console = Console(stderr=True)
    # Answers that go to a file or a pipe stay out of the terminal's hands.
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
        task = bar.add_task("", total=total())
        yield lambda: bar.advance(task)


def clock(seconds: float) -> str:
    """`1.02.03`: hours, minutes and seconds, as one reads a time here."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}.{minutes:02}.{rest:02}" if hours else f"{minutes}.{rest:02}"
