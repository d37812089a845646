"""The sandbox: tasks on strangers' bytes in child processes, within limits. A dead child costs one item of a batch.

The standard pool loses all its work when one process dies and knows no limit per item; of the libraries that do, none
has both and a permissive licence. A sandboxed job still goes to any `concurrent.futures.Executor` of threads.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import re
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from service.sandbox.limits import GaveUp, Limits, most_space, run_within_limits

Result_co = TypeVar("Result_co", covariant=True)
_FRAME = re.compile(r'File ".*?(?<!/tests)/((?:service|forms|parsers|signing)/[^"]+)", line (\d+)')


class SandboxTask(Protocol[Result_co]):
    """A job with something to open first (a store, say). It is pickled; `opened` is called in the child, once.

    The job itself keeps `limits` around what it reads (`service.sandbox.limits`): they end the child. Its other work,
    such as waiting for a database, does not count against the file.
    """

    @property
    def limits(self) -> Limits: ...

    @property
    def modules(self) -> tuple[str, ...]: ...

    def opened(self) -> AbstractContextManager[Callable[..., Result_co]]: ...


def start_forkserver(modules: Sequence[str]) -> ForkServerContext:
    """Start the process that children are forked from, with these modules loaded; only a program's first call counts.

    It has no threads, connections or locks of ours. A child runs the program's main module again (not its main
    function), so what that imports should be among them.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    # glibc reserves 64 MB of address space and more for each thread that allocates, and the storage library's threads
    # (three were seen to take 460 MB) would count as the reader's memory.
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")
    forkserver.ensure_running()
    return context


class SandboxPool(Generic[Result_co]):
    """Call it with an item from as many threads as there shall be children. Raises GaveUp, or what the work raised.

    Children start when they are needed and are replaced when they died or have once filled half of their memory, so
    that the next file finds room. The work's `modules` are what
    every child needs: they are loaded once, in the process the children are forked from. `patience` is how many
    seconds a child may take with everything, a database's 30 among them, before it is ended from here.
    """

    def __init__(self, work: SandboxTask[Result_co], *, patience: float = 90.0) -> None:
        self._work, self._patience = work, patience
        self._context = start_forkserver(work.modules)
        self._idle: list[_Child] = []
        self._all: set[_Child] = set()
        self._closed = False
        # Starting a child polls all others (multiprocessing does), and an exit status can be had only once.
        self._lock = Lock()

    def __call__(self, *item: object) -> Result_co:
        child = self._child()
        try:
            answer, error, grown = child.ask(item, self._patience)
        except (EOFError, OSError):
            raise self._cause(child) from None
        except BaseException:
            self._end(child, kill=True)
            raise
        if grown:
            self._end(child, kill=False)
        else:
            with self._lock:
                self._idle.append(child)
        if error is not None:
            raise error
        result: Result_co = answer
        return result

    def _child(self) -> _Child:
        with self._lock:
            if self._closed:
                raise RuntimeError("closed")
            while self._idle:
                child = self._idle.pop()
                if child.process.is_alive():
                    return child
            child = _Child(self._context, self._work)
            self._all.add(child)
            return child

    def _cause(self, child: _Child) -> GaveUp:
        code = self._end(child, kill=child.overdue)
        if code == -signal.SIGXCPU:
            return GaveUp("cpu", str(self._work.limits.cpu))
        if code == -signal.SIGALRM or child.overdue:
            return GaveUp("wall", f"{self._patience if child.overdue else self._work.limits.wall:.0f}")
        return GaveUp("crash", f"sinyal {-code}" if code < 0 else f"kode {code}")

    def _end(self, child: _Child, *, kill: bool) -> int:
        """End a child and return its exit code; an idle one ends by itself when the line is closed."""
        with self._lock:
            if kill:
                child.process.kill()
            with suppress(OSError):
                child.line.close()
            child.process.join()
            self._all.discard(child)
            return child.process.exitcode or 0

    def __enter__(self) -> Self:
        """Enter the context; its children end with it, at once if it failed."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the children."""
        with self._lock:
            self._closed = True
            idle, busy = tuple(self._idle), self._all - set(self._idle)
            for child in busy:  # the thread that asked it finds it dead, and ends it
                child.process.kill()
        for child in idle:
            self._end(child, kill=False)


class _Child:
    """One child process and its connection."""

    def __init__(self, context: ForkServerContext, work: SandboxTask[Any]) -> None:
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(work, theirs, str(Path.cwd())), daemon=True)
        self.process.start()
        theirs.close()
        self.overdue = False

    def ask(self, item: tuple[object, ...], seconds: float) -> tuple[Any, Exception | None, bool]:
        """Return answer, error, and whether the child should be replaced; EOFError or OSError if it died."""
        self.line.send(item)
        if not self.line.poll(seconds):
            self.overdue = True
            raise EOFError
        answer: tuple[Any, Exception | None, bool] = self.line.recv()
        return answer


def _serve(work: SandboxTask[Any], line: Connection, folder: str) -> None:
    """Run the child: one answer per item, in turn. It ends with its parent, not with the keyboard's interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir(folder)
    gc.freeze()  # what was loaded before stays shared: a collection would look into, and so copy, all of it
    # Libraries print warnings, and an interpreter without memory prints traces; the answer says what happened.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    judge: Callable[..., Any] | None = None
    with suppress(EOFError, OSError), ExitStack() as opened:
        while True:
            item = line.recv()
            answer, failure = None, None
            try:
                judge = judge or opened.enter_context(work.opened())
                answer = judge(*item)
            except Exception as error:  # noqa: BLE001 - raised again on the other side
                failure = _sendable(error)
            line.send((answer, failure, most_space() > work.limits.memory // 2))


def origin(error: Exception) -> str:
    """Return where in our code an error of a child began: `service/records.py:120`, or empty."""
    places = _FRAME.findall("\n".join(getattr(error, "__notes__", ())) or str(error))
    return ":".join(places[-1]) if places else ""


def _sendable(error: Exception) -> Exception:
    """Return the error with its trace as a note; a RuntimeError with the trace if it cannot be pickled."""
    trace = "".join(traceback.format_exception(error))
    error.add_note(trace)
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - any error of a library
        return RuntimeError(trace)
    return error


# --- Single functions

T = TypeVar("T")
# What the children of all doors need, loaded once in the process they are forked from.
PRELOADED_MODULES = (
    *("service.cli", "service.submissions.intake", "service.store", "service.form_signing"),
    *("service.verification.result", "service.certificates.check"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SingleFunction(Generic[T]):
    job: Callable[..., T]
    limits: Limits
    modules: tuple[str, ...]

    @contextmanager
    def opened(self) -> Iterator[Callable[..., T]]:
        yield lambda *args: run_within_limits(lambda: self.job(*args), limits=self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionTask:
    """Runs any function of a module: each item is the function and its arguments. For a program that stays open."""

    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = PRELOADED_MODULES

    @contextmanager
    def opened(self) -> Iterator[Callable[..., object]]:
        yield lambda job, *args: run_within_limits(lambda: job(*args), limits=self.limits)


def run_sandboxed(job: Callable[..., T], *args: object, modules: tuple[str, ...], limits: Limits | None = None) -> T:
    """Return `job(*args)` of a child of its own, within limits; raises what it raised, or GaveUp."""
    with SandboxPool(_SingleFunction(job=job, limits=limits or Limits(), modules=modules)) as confined:
        return confined(*args)


# --- Many items in order

Item = TypeVar("Item")
Result = TypeVar("Result")


def run_in_order(
    job: Callable[[Item], Result], items: Iterable[Item], *, executor: Executor, window: int
) -> Iterator[Result]:
    """Yield `job` of each item, in the order given; at most `window` are running or waiting at any moment.

    An exception of a job is raised at its place; jobs that must not stop a batch return their failure as a value.
    """
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(executor.submit(job, item))
            if len(waiting) >= window:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
