"""Progress as it happens, by server-sent events; a page without script reloads itself instead."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from threading import BoundedSemaphore

from flask import Blueprint, Response, stream_with_context

from service.store.batch_rows import Progress
from service.web.biro.batches import OPEN, _seen
from service.web.desk import Desk, desk
from service.web.visitor import only

_PAUSE = 1.0  # seconds between two looks
# Each that is told as it happens holds a thread of the server: with more, the others ask once a second instead.
_AT_ONCE = BoundedSemaphore(6)
_LONGEST = 55.0  # then the browser asks again: no thread is held for ever, and a stopped server is noticed


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/periksa/<batch_id>/kemajuan", "progress", progress)


@only("biro_sdm")
def progress(batch_id: str) -> Response:
    """`data: {...}` once a second until it ends, or for most of a minute; once, when many are watching."""
    _seen(batch_id)
    answer = Response(stream_with_context(_watched(desk(), batch_id)), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _watched(at: Desk, batch_id: str) -> Iterator[str]:
    if not _AT_ONCE.acquire(blocking=False):
        yield from _events(at, batch_id, seconds=0)
        return
    try:
        yield from _events(at, batch_id, seconds=_LONGEST)
    finally:
        _AT_ONCE.release()


def _events(at: Desk, batch_id: str, *, seconds: float) -> Iterator[str]:
    until = time.monotonic() + seconds
    yield "retry: 1000\n\n"
    while True:
        with at.store.reading() as tx:
            found, now = tx.batches.get(batch_id), tx.batches.progress(batch_id, at.clock())
        over = found is None or found.state not in OPEN
        standing = {"over": over, "state": found.state if found else ""}
        yield f"data: {json.dumps(told(now) | standing, ensure_ascii=False)}\n\n"
        if over or time.monotonic() >= until:
            return
        time.sleep(_PAUSE)


def told(now: Progress) -> dict[str, object]:
    """Counts, pace and time left, for the page."""
    return {
        "done": now.done + now.failed,
        "total": now.total,
        "outcomes": dict(now.outcomes),
        "per_second": round(now.per_second, 1),
        "seconds_left": round(now.seconds_left) if now.seconds_left is not None else None,
    }
