"""Limits on memory and time of a reader, enforced by the kernel, so that no library can exceed them."""

from __future__ import annotations

import math
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from service.errors import BadInput
from service.language import Message
from service.sandbox.problems import problem_of

T = TypeVar("T")
Cause = Literal["memory", "cpu", "wall", "crash", "stumble"]

_STATUS = Path("/proc/self/status")
# A library may swallow a failed allocation. A reader that came this close to the limit (bytes) was short of memory,
# whatever it answered.
_CLOSE = 32 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`memory`: address space of the whole reader, in bytes; `cpu`: seconds on a core; `wall`: seconds on the clock.

    With all processes of a command and its start, one file stays below 512 MB and 20 seconds. The largest honest file
    (25 MB, three signatures) was seen to take 170 MB and half a second.
    """

    memory: int = 384 * 2**20
    cpu: int = 9
    wall: float = 14.0


# For reading that also waits for a network: a time-stamp authority (15 s and a name look-up), a revocation list.
PATIENT = Limits(wall=60.0)


class GaveUp(BadInput):
    """The reader reached a limit of its own on a file; this says nothing against the file.

    `cause` is `memory`, `cpu`, `wall`, `crash` (the reader died) or `stumble` (an unforeseen error).
    """

    code = "reader_gave_up"

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(type(self).code, cause=_CAUSES[cause](detail))
        self.cause = cause
        self.detail = detail

    def __reduce__(self) -> tuple[type[GaveUp], tuple[Cause, str]]:
        """Pickle with all arguments."""
        return GaveUp, (self.cause, self.detail)


class Defect(GaveUp):
    """An error of our own prevented the judgement of a file; `detail` names its type. The error itself is logged."""

    code = "internal_error"

    def __init__(self, detail: str) -> None:
        super().__init__("stumble", detail)

    def __reduce__(self) -> tuple[type[Defect], tuple[str]]:  # type: ignore[override]  # one argument less
        return Defect, (self.detail,)


_CAUSES: dict[Cause, Callable[[str], Message]] = {
    "memory": lambda limit: Message("gave_up.memory", limit=limit),
    "cpu": lambda limit: Message("gave_up.cpu", limit=limit),
    "wall": lambda limit: Message("gave_up.wall", limit=limit),
    "crash": lambda signal: Message("gave_up.crash", signal=signal),
    "stumble": lambda error: Message("gave_up.stumble", error=error),
}


@contextmanager
def within_limits(limits: Limits) -> Iterator[None]:
    """Limit what is read inside: beyond `cpu` or `wall` the kernel ends this process (SIGXCPU, SIGALRM).

    Memory that runs out is GaveUp. Only for the main thread of a process that may be lost.
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(usage.ru_utime + usage.ru_stime)
    space, time = resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (_at_most(limits.memory, space[1]), space[1]))
    resource.setrlimit(resource.RLIMIT_CPU, (_at_most(spent + limits.cpu, time[1]), time[1]))
    signal.setitimer(signal.ITIMER_REAL, limits.wall)
    exhausted: MemoryError | None = None
    try:
        yield
    except MemoryError as error:
        exhausted = error  # said when there is room again for the words
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_CPU, time)
        resource.setrlimit(resource.RLIMIT_AS, space)
    if exhausted is not None or most_space() > limits.memory - _CLOSE:
        raise GaveUp("memory", str(limits.memory // 2**20)) from exhausted


def run_within_limits(job: Callable[[], T], *, limits: Limits) -> T:
    """Return `job()` within limits; GaveUp also for an unforeseen error, which is our fault and not the file's.

    Errors with a message for people go on. For a child process, as `within_limits`.
    """
    try:
        with within_limits(limits):
            return job()
    except Exception as error:
        if problem_of(error) is not None:
            raise
        raise GaveUp("stumble", type(error).__name__) from error


def most_space() -> int:
    """Return the largest address space this process ever had, in bytes; 0 if the system does not say."""
    try:
        peak = next(line for line in _STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmPeak:"))
    except (OSError, StopIteration):
        return 0
    return int(peak.split()[1]) * 1024


def _at_most(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
