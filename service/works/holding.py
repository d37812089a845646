"""A batch held by a worker: its lease renewed while it is worked on, and word when it is no longer the worker's."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from service.store import Store
from service.store.errors import StoreError

LEASE = dt.timedelta(seconds=30)
_EVERY = 2.0  # seconds; so soon a cancelled batch stops


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`over` is set when the batch was cancelled or taken by another: nothing new is begun then."""

    batch_id: str
    worker: str
    over: threading.Event


@contextmanager
def holding(
    batch_id: str, worker: str, *, store: Store, clock: Callable[[], dt.datetime], lease: dt.timedelta = LEASE
) -> Iterator[Held]:
    """Renew the lease beside the block. A store that is away for a moment costs nothing, for long the batch."""
    held = Held(batch_id=batch_id, worker=worker, over=threading.Event())
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(min(_EVERY, lease.total_seconds() / 4)):
            with suppress(StoreError), store.transaction() as tx:
                if not tx.batches.renew(batch_id, worker, clock() + lease):
                    held.over.set()
                    return

    thread = threading.Thread(target=renew, name=f"lease-{batch_id}", daemon=True)
    thread.start()
    try:
        yield held
    finally:
        ended.set()
        thread.join()
