"""`cmb serve` and `cmb worker`: the web service, and the long work, e-mails and webhooks beside it."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import click

from service.cli.context import CliContext, say
from service.cli.usage import Between, Command
from service.config import Settings
from service.language import Message, words

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat tempat layanan mendengarkan.")
@click.option("--port", default=8000, show_default=True, type=Between(1, 65535))
@click.option("--threads", default=16, show_default=True, type=Between(2, 256))
@click.pass_obj
def serve(context: CliContext, *, host: str, port: int, threads: int) -> None:
    """Jalankan layanan web (di produksi: di belakang reverse proxy dengan HTTPS)."""
    from service.web.server import serve as serve_until_stopped

    settings = context.settings()
    if settings.sample:
        _introduce(context, settings)
    told = urlsplit(settings.check_url)
    if told.hostname in _THIS_MACHINE and told.port != port:
        message = Message("serve_other_port", address=told.netloc, port=told.port or 80, here=f"{host}:{port}")
        say(f"{words(message, context.reader)} {words(message.hint, context.reader)}")
    serve_until_stopped(
        settings,
        host=host,
        port=port,
        threads=threads,
        begun=lambda: say(f"Layanan berjalan di http://{host}:{port} (hentikan dengan Ctrl+C)."),
    )


def _introduce(context: CliContext, settings: Settings) -> None:
    """Name the people of the sample office with their passwords, which are worth nothing elsewhere."""
    from argon2 import PasswordHasher

    from service.accounts.login import AccountContext
    from service.demo.sample import key_of, open_sample_accounts, parts

    with context.store(settings) as store:
        account_context = AccountContext(
            store=store, hasher=PasswordHasher(), clock=context.clock, randomness=context.randomness
        )
        password = open_sample_accounts(settings, account_context=account_context, actor=context.actor)
    say("Kantor contoh. Masuk dengan NIP dan kata sandi:")
    for person, part in parts():
        say(f"  {person.nip}  {person.name:<28} {part}")
        say(f"  {'':<18}  kunci untuk menandatangani: {key_of(settings, person)}")
    say("Jalannya: pegawai membuat kegiatan dan menandatangani; mentor, lalu atasan, menandatangani; Biro SDM")
    say("mengesahkan dan menerbitkan sertifikat tahunannya; siapa pun memeriksanya pada /periksa, tanpa masuk.")
    say(f"Kata sandi semua akun: {password}")
    say(f"Kata sandi semua kunci: {(settings.sample_folder / 'passphrase').read_text(encoding='ascii').strip()}")


# --- `cmb worker`


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="Kerjakan yang menunggu, lalu selesai.")
@click.option("--jobs", type=Between(1, 64), help="Banyak proses (bawaan: satu per inti).")
@click.option(
    "--lease",
    type=Between(1, 3600),
    default=30,
    show_default=True,
    help="Setelah sekian detik tanpa kabar, pekerjaan diambil alih pekerja lain.",
)
@click.pass_obj
def worker(context: CliContext, *, once: bool, jobs: int | None, lease: int) -> None:
    """Kerjakan pekerjaan besar dan kirim pesan; SIGTERM menyelesaikan butir yang sedang dikerjakan."""
    from service.jobs.heartbeat import Heartbeat
    from service.jobs.leftovers import Leftovers
    from service.jobs.reminders import DailyReminders
    from service.jobs.renew import YearlyRenewals
    from service.jobs.worker import Worker, repeat, run_batches, run_once, stop_at
    from service.logs import log, write_logs
    from service.notifications.email_delivery import Sender
    from service.notifications.webhooks import Courier
    from service.sandbox.pool import start_forkserver
    from service.wiring import recovery_of, upkeep_of

    settings, stopping = context.settings(), stop_at(signal.SIGTERM, signal.SIGINT)
    start_forkserver(
        (
            "service.cli",
            "service.jobs.kinds",
            "service.submissions.intake",
            "service.certificates.issue",
            "service.verification.result",
        )
    )
    write_logs(sys.stderr, clock=context.clock)
    with ExitStack() as opened:
        store = opened.enter_context(context.store(settings))
        this_worker = Worker(
            name=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}",
            store=store,
            settings=settings,
            clock=context.clock,
            log=log,
            stopping=stopping,
            jobs=jobs or len(os.sched_getaffinity(0)),
            lease=dt.timedelta(seconds=lease),
        )
        log("worker.started", worker=this_worker.name)
        sender = Sender(store=store, settings=settings, clock=context.clock)
        courier = Courier(store=store, settings=settings, clock=context.clock)
        dependencies: dict[str, Any] = {"store": store, "clock": context.clock, "randomness": context.randomness}
        upkeep, recovery = upkeep_of(settings, **dependencies), recovery_of(settings, **dependencies)
        reminders = DailyReminders(store, settings, context.clock)
        leftovers = Leftovers(store, settings, context.clock)
        renewals = YearlyRenewals(store, settings, context.clock, context.randomness)
        rounds = [
            renewals.ask_due,
            leftovers.judge_left,
            reminders.send_due,
            sender.send_due,
            courier.deliver_due,
            upkeep.round,
        ]
        rounds += [recovery.round] if recovery else []
        if once:
            run_once(this_worker, rounds)
        else:
            rounds.append(opened.enter_context(Heartbeat(this_worker)).beat)
            # In threads of their own, so that no message waits for a batch of a thousand forms.
            threads = [threading.Thread(target=repeat, args=(this_worker, round_)) for round_ in rounds]
            for thread in threads:
                thread.start()
            run_batches(this_worker)
            for thread in threads:
                thread.join()
        log("worker.ended", worker=this_worker.name)
