"""`cmb serve`: the web service."""

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

from service.cli.context import Door, say
from service.config import Settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat tempat layanan mendengarkan.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=16, show_default=True, type=click.IntRange(2, 256))
@click.pass_obj
def serve(door: Door, *, host: str, port: int, threads: int) -> None:
    """Jalankan layanan web (di produksi: di belakang reverse proxy dengan HTTPS)."""
    from service.web.server import serve as serve_until_stopped

    settings = door.settings()
    if settings.sample:
        _introduce(door, settings)
    serve_until_stopped(
        settings,
        host=host,
        port=port,
        threads=threads,
        begun=lambda: say(f"Layanan berjalan di http://{host}:{port} (hentikan dengan Ctrl+C)."),
    )


def _introduce(door: Door, settings: Settings) -> None:
    """Who to be in the sample office; its keys and passwords open nothing anywhere else."""
    from argon2 import PasswordHasher

    from service.accounts.login import Gate
    from service.demo.sample import key_of, open_sample_accounts, parts

    with door.store(settings) as store:
        gate = Gate(store=store, hasher=PasswordHasher(), clock=door.clock, randomness=door.randomness)
        password = open_sample_accounts(settings, gate=gate, actor=door.actor)
    say("Kantor contoh. Masuk dengan NIP dan kata sandi:")
    for person, part in parts():
        say(f"  {person.nip}  {person.name:<28} {part}")
        say(f"  {'':<18}  kunci untuk menandatangani: {key_of(settings, person)}")
    say("Jalannya: pegawai membuat kegiatan dan menandatangani; mentor, lalu atasan, menandatangani; Biro SDM")
    say("mengesahkan dan menerbitkan sertifikat tahunannya; siapa pun memeriksanya pada /periksa, tanpa masuk.")
    say(f"Kata sandi semua akun: {password}")
    say(f"Kata sandi semua kunci: {(settings.sample_folder / 'passphrase').read_text(encoding='ascii').strip()}")


# --- `cmb worker`: long work, e-mails and webhooks, beside the web service; as many of them as there are machines


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
    from service.jobs.reminders import Occasions
    from service.jobs.worker import Worker, keep_on, run_batches, run_once, stop_at
    from service.notifications.email_delivery import Sender
    from service.sandbox.pool import ready
    from service.webhooks import Courier
    from service.wiring import recovery_of, upkeep_of

    settings, stopping = door.settings(), stop_at(signal.SIGTERM, signal.SIGINT)
    ready(
        (
            "service.cli",
            "service.jobs.kinds",
            "service.submissions.intake",
            "service.certificates.issue",
            "service.verification.result",
        )
    )
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
