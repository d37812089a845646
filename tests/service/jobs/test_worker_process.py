"""`cmb worker` as a real process: killed without warning, asked to stop, several of them at once."""

from __future__ import annotations

import io
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.bootstrap import utc_now
from service.config import FILE_NAME, Settings
from service.jobs.requests import add_file, mark_ready, request_batch
from service.store import Store, open_store
from service.store.jobs import Batch, BatchState, Item
from support.filled_forms import filled
from support.office import CAHYA, NOW, PEOPLE
from support.smtp_server import mailbox
from support.untraced import untraced
from support.worker import settings_of

ROOT = Path(__file__).parents[3]
COUNT = 30
MANY = 200  # no worker is through with so many before a busy machine gets round to ending it


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A prepared installation on either database."""
    (tmp_path / FILE_NAME).touch()
    return settings_of(database_url, tmp_path)


def worker(settings: Settings, *words: str, **environ: str) -> subprocess.Popen[str]:
    environ = {
        **(os.environ if settings.database_url.startswith("sqlite") else untraced()),
        **environ,
        "CMB_DATABASE_URL": settings.database_url,
        "CMB_STORAGE_URL": settings.storage_url,
        "PYTHONPATH": str(ROOT),
    }
    line = [
        sys.executable,
        "-c",
        "from service.cli import main; main()",
        "--home",
        str(settings.home),
        "worker",
        *words,
    ]
    return subprocess.Popen(line, env=environ, stderr=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True)


def ended(child: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """What a worker logged, once it has ended well."""
    _, lines = child.communicate(timeout=120)
    assert child.returncode == 0, lines
    return [json.loads(line) for line in lines.splitlines()]


def asked(store: Store, count: int = COUNT) -> str:
    """A batch of so many forms, no two of the same bytes, handed over."""
    arguments = {"store": store, "now": NOW}
    form = filled()
    batch = request_batch(
        "submit", "Uji", {}, **arguments, actor="biro", randomness=secrets.token_bytes, complete=False
    )
    for number in range(count):
        add_file(batch.id, f"{number}.pdf", io.BytesIO(form + b"\n%" + b"x" * number), **arguments)
    assert mark_ready(batch.id, store=store)
    return batch.id


def found(store: Store, batch_id: str) -> tuple[Batch, list[Item]]:
    with store.reading() as tx:
        batch = tx.batches.get(batch_id)
        assert batch is not None
        return batch, list(tx.batches.all_items(batch_id))


def until(store: Store, batch_id: str, enough: Callable[[list[Item]], bool]) -> list[Item]:
    """The items as soon as `enough`."""
    for _ in range(1200):
        items = found(store, batch_id)[1]
        if enough(items):
            return items
        time.sleep(0.05)
    raise AssertionError(items)


def done(items: list[Item]) -> dict[int, Any]:
    return {item.place: item.done_at for item in items if item.state.value == "done"}


def received(store: Store) -> int:
    with store.reading() as tx:
        return sum(event.action == "submission.received" for event in tx.events.list(limit=1000))


def test_a_killed_workers_batch_is_finished_by_another_and_nothing_is_done_twice(settings: Settings) -> None:
    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        batch_id = asked(store)
        first = worker(settings, "--once", "--jobs", "2", "--lease", "2")
        until(store, batch_id, lambda items: len(done(items)) >= 4)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        before = done(found(store, batch_id)[1])
        batch = found(store, batch_id)[0]
        assert (batch.state, batch.worker is None, 4 <= len(before) < COUNT) == (BatchState.RUNNING, False, True)
        time.sleep(2.5)  # its lease
        log = ended(worker(settings, "--once", "--jobs", "2", "--lease", "2"))
        batch, items = found(store, batch_id)
        assert (batch.state, batch.ended_at is None) == (BatchState.DONE, False)
        assert len(done(items)) == COUNT
        assert {place: at for place, at in done(items).items() if place in before} == before
        assert received(store) == COUNT
        assert [line["event"] for line in log][:2] == ["worker.started", "batch.started"]
        assert log[-2] | {"at": 0, "per_second": 0} == {
            "at": 0,
            "level": "info",
            "event": "batch.done",
            "batch": batch_id,
            "done": COUNT,
            "failed": 0,
            "waiting": 0,
            "per_second": 0,
            "outcomes": {"refused": COUNT},
        }


def test_a_worker_told_to_stop_finishes_its_item_and_leaves_the_rest_to_others(settings: Settings) -> None:
    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        batch_id = asked(store, MANY)
        first = worker(settings, "--jobs", "1")
        until(store, batch_id, lambda items: len(done(items)) >= 2)
        first.send_signal(signal.SIGTERM)
        log = ended(first)
        batch, items = found(store, batch_id)
        assert [line["event"] for line in log][-2:] == ["batch.left", "worker.ended"]
        assert (batch.state, batch.worker) == (BatchState.WAITING, None)
        assert received(store) == len(done(items)) < MANY


def test_who_ends_the_readers_too_costs_no_item_its_verdict(settings: Settings) -> None:
    """As a service manager does it: the signal goes to every process of the worker."""
    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        batch_id = asked(store, MANY)
        first = worker(settings, "--jobs", "2")
        until(store, batch_id, lambda items: len(done(items)) >= 2)
        os.killpg(first.pid, signal.SIGTERM)
        assert ended(first)[-1]["event"] == "worker.ended"
        batch, items = found(store, batch_id)
        assert (batch.state, {item.outcome for item in items}) == (BatchState.WAITING, {"refused", None})


def test_two_workers_share_what_waits(settings: Settings) -> None:
    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        batches = [asked(store, 3) for _ in range(3)]
        both = [worker(settings, "--once", "--jobs", "1") for _ in range(2)]
        logs = [ended(process) for process in both]
        started = [line["batch"] for log in logs for line in log if line["event"] == "batch.started"]
        assert sorted(started) == sorted(batches)
        assert all(found(store, batch_id)[0].state is BatchState.DONE for batch_id in batches)
        assert received(store) == 3  # the same bytes in each batch


def test_messages_leave_beside_the_batches(settings: Settings, tmp_path: Path) -> None:
    with (
        open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store,
        mailbox(tmp_path) as box,
    ):
        with store.transaction() as tx:
            tx.employees.upsert(PEOPLE)
            tx.notifications.add(CAHYA, "verified", {"submission": "K-1"}, once="a", at=utc_now())
        batch_id = asked(store, 2)
        mail = {"HOST": box.host, "PORT": str(box.port), "SECURITY": "none", "FROM": "cmb@contoh.go.id"}
        running = worker(settings, "--jobs", "1", **{f"CMB_MAIL_{name}": value for name, value in mail.items()})
        until(store, batch_id, lambda items: len(done(items)) == 2 and len(box.letters) > 0)
        running.send_signal(signal.SIGTERM)
        ended(running)
        # Beside what the calendar has to say on the day of this test.
        assert [letter["Subject"] for letter in box.letters].count("[CMB] Formulir Anda lulus pemeriksaan") == 1
