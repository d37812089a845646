"""Work on strangers' bytes in child processes, within limits: what kills a child costs one item, never the batch.

The standard pool loses all its work when one process dies and knows no limit per item; of the libraries that do, none
has both and a permissive licence. A job confined here still goes to any `concurrent.futures.Executor` of threads.
"""

from __future__ import annotations

import multiprocessing
import pickle
import resource
import signal
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Generic, Literal, Protocol, TypeVar

from service.errors import ServiceError

Item_contra = TypeVar("Item_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)
Cause = Literal["time", "memory", "crash"]


class GaveUp(ServiceError):
    """The child did not come to an answer; `cause` is what stopped it."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause)
        self.cause = cause


class Work(Protocol[Item_contra, Result_co]):
    """A job with something to open first (a store, say). It is pickled; `opened` is called in the child, once."""

    def opened(self) -> AbstractContextManager[Callable[[Item_contra], Result_co]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Per item: wall and processor `seconds`; and `memory` in bytes above what the child holds before it reads any."""

    seconds: float = 15
    memory: int = 352 * 2**20


class Confined(Generic[Item_contra, Result_co]):
    """Call it with an item from as many threads as there shall be children. Raises GaveUp, or what the work raised.

    `preload` are modules every child needs: they are loaded once, in the process the children are forked from.
    """

    def __init__(self, work: Work[Item_contra, Result_co], *, limits: Limits, preload: Sequence[str] = ()) -> None:
        self._work, self._limits = work, limits
        # Forked from a server without threads, connections or locks of ours, and never from this process.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["__main__", *preload])
        self._idle: SimpleQueue[_Child] = SimpleQueue()

    def __call__(self, item: Item_contra) -> Result_co:
        child = self._child()
        try:
            answer: Result_co = child.ask(item, self._limits.seconds)
        except BaseException:
            child.stop()
            raise
        self._idle.put(child)
        return answer

    def _child(self) -> _Child:
        try:
            return self._idle.get_nowait()
        except Empty:
            return _Child(self._context, self._work, self._limits)

    def __enter__(self) -> Confined[Item_contra, Result_co]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while not self._idle.empty():
            self._idle.get().stop()


class _Child:
    def __init__(self, context: ForkServerContext, work: Work[Any, Any], limits: Limits) -> None:
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(work, limits, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, item: object, seconds: float) -> Any:
        try:
            self._connection.send(item)
            if not self._connection.poll(seconds):
                raise GaveUp("time")
            kind, answer = self._connection.recv()
        except (EOFError, ConnectionError) as error:
            self._process.join(1)
            raise GaveUp("time" if self._process.exitcode == -signal.SIGXCPU else "crash") from error
        if kind == "memory":
            raise GaveUp("memory")
        if kind == "error":
            raise answer
        return answer

    def stop(self) -> None:
        self._connection.close()
        # A child between two items ends by itself when nobody is at the other end; one inside an item does not.
        self._process.join(0.2)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


def _serve(work: Work[Any, Any], limits: Limits, connection: Connection) -> None:
    """The child: one answer per item, in turn. It ends with its parent, not with the keyboard's interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    judge: Callable[[Any], Any] | None = None
    with ExitStack() as opened:
        while True:
            try:
                item = connection.recv()
            except EOFError:
                return
            try:
                if judge is None:
                    judge = opened.enter_context(work.opened())
                    _limit_memory(limits.memory)
                _limit_processor(limits.seconds)
                connection.send(("answer", judge(item)))
            except MemoryError:
                connection.send(("memory", None))
                return
            except Exception as error:  # noqa: BLE001 - raised again on the other side
                connection.send(("error", _sendable(error)))


def _limit_memory(allowance: int) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    ceiling = pages * resource.getpagesize() + allowance
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard), hard))


def _limit_processor(seconds: float) -> None:
    """From here on; whole seconds, at least one (setrlimit(2))."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    ceiling = int(used.ru_utime + used.ru_stime + max(seconds, 1)) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard), hard))


def _sendable(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - some libraries' errors cannot be built from their own arguments
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
