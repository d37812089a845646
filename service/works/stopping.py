"""Told to stop by a signal: what is being done is finished, nothing new is begun."""

from __future__ import annotations

import signal
import threading
from queue import SimpleQueue


def stop_at(*numbers: signal.Signals) -> threading.Event:
    """An event that is set when one of these signals comes; to be called in the main thread, as signal handlers are.

    A handler runs in the middle of whatever the main thread does, and that may be holding the event's own lock: the
    worker would wait for itself. `SimpleQueue.put` is made to be interrupted by itself; a thread sets the event.
    """
    stopping, came = threading.Event(), SimpleQueue[int]()
    for number in numbers:
        signal.signal(number, lambda number, _: came.put(number))

    def pass_on() -> None:
        came.get()
        stopping.set()

    threading.Thread(target=pass_on, name="stopping", daemon=True).start()
    return stopping
