"""A worker says that it lives, and no more when it ended."""

from __future__ import annotations

import datetime as dt
import threading

from service.jobs.heartbeat import Heartbeat
from service.jobs.worker import Worker
from service.store import Store
from support.office import NOW, plain_settings


def worker(store: Store, clock: list[dt.datetime], name: str = "satu") -> Worker:
    return Worker(
        name=name,
        store=store,
        settings=plain_settings("."),
        clock=lambda: clock[-1],
        log=lambda *_, **__: None,
        stopping=threading.Event(),
        jobs=1,
    )


def seen(store: Store) -> dt.datetime | None:
    with store.reading() as tx:
        return tx.operations.worker_seen()


def test_a_worker_lives_from_its_beginning_to_its_end(store: Store) -> None:
    clock = [NOW]
    with Heartbeat(worker(store, clock)) as heartbeat:
        assert seen(store) == NOW
        clock.append(NOW + dt.timedelta(seconds=30))
        assert heartbeat.beat() is False
        assert seen(store) == clock[-1]
    assert seen(store) is None


def test_it_is_written_every_few_seconds_however_often_it_is_asked(store: Store) -> None:
    clock = [NOW]
    with Heartbeat(worker(store, clock)) as heartbeat:
        clock.append(NOW + dt.timedelta(seconds=1))
        heartbeat.beat()
        assert seen(store) == NOW


def test_a_worker_that_was_killed_is_forgotten_a_day_later(store: Store) -> None:
    Heartbeat(worker(store, [NOW], "killed")).beat()
    later = NOW + dt.timedelta(days=2)
    with Heartbeat(worker(store, [later])):
        pass
    assert seen(store) is None
