"""Long work of the running service, as its store tells it."""

from __future__ import annotations

import time

from service.store.jobs import Item, ItemState
from support.running_service import Served


def done(served: Served, batch_id: str) -> list[Item]:
    with served.store.reading() as tx:
        return [item for item in tx.batches.all_items(batch_id) if item.state is ItemState.DONE]


def until_done(served: Served, batch_id: str, count: int) -> None:
    """Wait until so many items are done."""
    end = time.monotonic() + 60
    while len(done(served, batch_id)) < count:
        assert time.monotonic() < end
        time.sleep(0.01)
