"""`cmb worker`: long work, e-mails and webhooks, beside the web service; as many of them as there are machines."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import signal
import socket
import threading
from typing import Any

import click

from service.cli.door import Door, say


@click.command()
@click.option("--once", is_flag=True, help="Kerjakan yang menunggu, lalu selesai.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Banyak proses (bawaan: satu per inti).")
@click.option(
    "--lease",
    type=click.IntRange(1, 3600),
    default=30,
    show_default=True,
    help="Setelah sekian detik tanpa kabar, pekerjaan diambil alih pekerja lain.",
)
@click.pass_obj
def worker(door: Door, *, once: bool, jobs: int | None, lease: int) -> None:
    """Kerjakan pekerjaan besar dan kirim pesan; SIGTERM menyelesaikan butir yang sedang dikerjakan."""
    from service.circulation.door import recovery_of, upkeep_of
    from service.confined import ready
    from service.mail.sending import Sender
    from service.webhooks import Courier
    from service.works.occasions import Occasions
    from service.works.runner import Worker
    from service.works.shift import keep_on, run_batches, run_once
    from service.works.stopping import stop_at

    settings, stopping = door.settings(), stop_at(signal.SIGTERM, signal.SIGINT)
    ready(("service.cli", "service.works.kinds", "service.ingest", "service.issue", "service.proof.unread"))
    lock = threading.Lock()

    def log(event: str, /, **facts: Any) -> None:
        line = {"at": door.clock().isoformat(timespec="milliseconds"), "event": event, **facts}
        with lock:
            say(json.dumps(line, ensure_ascii=False))

    with door.store(settings) as store:
        mine = Worker(
            name=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}",
            store=store,
            settings=settings,
            clock=door.clock,
            log=log,
            stopping=stopping,
            jobs=jobs or len(os.sched_getaffinity(0)),
            lease=dt.timedelta(seconds=lease),
        )
        log("worker.started", worker=mine.name)
        sender = Sender(store=store, settings=settings, clock=door.clock)
        courier = Courier(store=store, settings=settings, clock=door.clock)
        told: dict[str, Any] = {"store": store, "clock": door.clock, "randomness": door.randomness}
        upkeep, recovery = upkeep_of(settings, **told), recovery_of(settings, **told)
        occasions = Occasions(store, settings, door.clock)
        rounds = [occasions.look, sender.send_due, courier.deliver_due, upkeep.round]
        rounds += [recovery.round] if recovery else []
        if once:
            run_once(mine, rounds)
        else:
            # Beside the batches: nobody's message waits for a thousand forms.
            beside = [threading.Thread(target=keep_on, args=(mine, each)) for each in rounds]
            for each in beside:
                each.start()
            run_batches(mine)
            for each in beside:
                each.join()
        log("worker.ended", worker=mine.name)
