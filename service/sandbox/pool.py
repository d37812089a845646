"""Work on strangers' bytes in child processes, within limits: what kills a child costs one item, never the batch.

The standard pool loses all its work when one process dies and knows no limit per item; of the libraries that do, none
has both and a permissive licence. A job confined here still goes to any `concurrent.futures.Executor` of threads.
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

    `limits` are kept by the job itself, around what it reads (`service.sandbox.limits`): they end the child. What else
    it
    does, waiting for a database say, is not the file's fault.
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
        # Starting a child asks after all others (a habit of multiprocessing), and an end can be asked for only once.
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
        """Its exit code. A child between two items ends by itself when nobody is at the other end any more."""
        with self._lock:
            if kill:
                child.process.kill()
            with suppress(OSError):
                child.line.close()
            child.process.join()
            self._all.discard(child)
            return child.process.exitcode or 0

    def __enter__(self) -> Self:
        """Use it as a context; its children end with it, at once and whatever they are doing when it failed."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the children go."""
        with self._lock:
            self._closed = True
            idle, busy = tuple(self._idle), self._all - set(self._idle)
            for child in busy:  # whoever asked it finds it dead, and ends it
                child.process.kill()
        for child in idle:
            self._end(child, kill=False)


class _Child:
    """One child and the line to it."""

    def __init__(self, context: ForkServerContext, work: SandboxTask[Any]) -> None:
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(work, theirs, str(Path.cwd())), daemon=True)
        self.process.start()
        theirs.close()
        self.overdue = False

    def ask(self, item: tuple[object, ...], seconds: float) -> tuple[Any, Exception | None, bool]:
        """Answer, error, and whether it should be replaced; EOFError or OSError when it died."""
        self.line.send(item)
        if not self.line.poll(seconds):
            self.overdue = True
            raise EOFError
        answer: tuple[Any, Exception | None, bool] = self.line.recv()
        return answer


def _serve(work: SandboxTask[Any], line: Connection, folder: str) -> None:
    """The child: one answer per item, in turn. It ends with its parent, not with the keyboard's interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.chdir(folder)
    gc.freeze()  # what was loaded before stays shared: a collection would look into, and so copy, all of it
    # Libraries mutter, and an interpreter without memory prints traces; the answer says what happened.
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
    """Where in our code an error began that came back from a child: `service/records.py:120`, or empty."""
    places = _FRAME.findall("\n".join(getattr(error, "__notes__", ())) or str(error))
    return ":".join(places[-1]) if places else ""


def _sendable(error: Exception) -> Exception:
    """The error with its trace in words, or those words alone: some libraries' cannot be built from their arguments."""
    trace = "".join(traceback.format_exception(error))
    error.add_note(trace)
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - whatever they want
        return RuntimeError(trace)
    return error


# --- One thing done with a stranger's bytes in a confined child: filled, signed, checked, looked at

T = TypeVar("T")
# What the children of all doors need, for a program that starts many of them.
PRELOADED_MODULES = (
    *("service.cli", "service.submissions.intake", "service.store", "service.form_signing"),
    *("service.verification.result", "service.certificates.check"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alone(Generic[T]):
    job: Callable[..., T]
    limits: Limits
    modules: tuple[str, ...]

    @contextmanager
    def opened(self) -> Iterator[Callable[..., T]]:
        yield lambda *words: run_within_limits(lambda: self.job(*words), limits=self.limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionTask:
    """For a door that stays open: each item is a job (a function of a module) and its words."""

    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = PRELOADED_MODULES

    @contextmanager
    def opened(self) -> Iterator[Callable[..., object]]:
        yield lambda job, *words: run_within_limits(lambda: job(*words), limits=self.limits)


def run_sandboxed(job: Callable[..., T], *words: object, modules: tuple[str, ...], limits: Limits | None = None) -> T:
    """`job(*words)` in a child of its own, within limits; raises what it raised, or GaveUp."""
    with SandboxPool(_Alone(job=job, limits=limits or Limits(), modules=modules)) as confined:
        return confined(*words)


# --- Many files through the same jobs, over the standard `concurrent.futures.Executor`; memory does not grow with
# them

Item = TypeVar("Item")
Result = TypeVar("Result")


def run_in_order(
    job: Callable[[Item], Result], items: Iterable[Item], *, executor: Executor, window: int
) -> Iterator[Result]:
    """`job` over `items`, results in the order given; at most `window` are under way or waiting at any moment.

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
