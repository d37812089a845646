"""Run a command and measure its exit code, its seconds, and the most memory any of its processes held.

Orphans come to this process (prctl(2), PR_SET_CHILD_SUBREAPER), so that children of children count too.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from tempfile import TemporaryFile

_SUBREAPER = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The cost and output of one run."""

    code: int
    seconds: float
    mebibytes: float
    first: float  # MiB, of the process started alone, which waits for none of its children
    cpu: float
    out: str
    err: str


def measured(*words: object) -> Measured:
    """Run it in an interpreter of its own, without the tracer of coverage: it would be measured too."""
    from support.untraced import untraced  # not there for the script that this file is, too

    line = [sys.executable, __file__, *map(str, words)]
    run = subprocess.run(line, capture_output=True, text=True, check=True, env=untraced())
    return Measured(**json.loads(run.stdout))


def _main(words: list[str]) -> None:
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    begin = time.monotonic()
    with TemporaryFile() as out, TemporaryFile() as err:
        child = os.posix_spawn(
            words[0],
            words,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, err.fileno(), 2)],
        )
        _, status, own = os.wait4(child, 0)
        seconds = time.monotonic() - begin
        outputs = []
        for file in (out, err):
            file.seek(0)
            outputs.append(file.read().decode("utf-8", "replace"))
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    payload = {"code": os.waitstatus_to_exitcode(status), "out": outputs[0], "err": outputs[1], "seconds": seconds}
    payload |= {"first": own.ru_maxrss / 1024}
    payload |= {"mebibytes": used.ru_maxrss / 1024, "cpu": used.ru_utime + used.ru_stime}
    sys.stdout.write(json.dumps(payload))


if __name__ == "__main__":
    _main(sys.argv[1:])
