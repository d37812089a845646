"""A signal ends a worker, whatever it is doing at that moment."""

from __future__ import annotations

import subprocess
import sys

from support.clone import ROOT

# `Event.wait` holds the event's lock for a moment before and after it sleeps: that moment, made long.
WITHIN_WAIT = """
import signal
from service.jobs.worker import stop_at
stopping = stop_at(signal.SIGTERM, signal.SIGINT)
with stopping._cond:
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGINT)
assert stopping.wait(10)
print("ended")
"""


def test_a_signal_that_comes_while_the_worker_asks_whether_to_stop_stops_it() -> None:
    line = [sys.executable, "-c", WITHIN_WAIT]
    ran = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.stdout, ran.stderr) == ("ended\n", "")
