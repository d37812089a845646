"""`cmb init`, `trust`, `check-self`, `recount`: set up an installation, its trusted roots, and check it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from service.accounts.secrets import make_secret
from service.cli.context import CliContext, as_json, emit, existing_file, say
from service.cli.usage import Between, Command, Group
from service.config import FILE_NAME, TEMPLATE, missing_settings, read_settings, write_example
from service.language import Message, words
from service.records import Event, TrustRoot


@click.command(cls=Command)
@click.option("--sample", is_flag=True, help="Buat juga kantor contoh dengan kunci sekali pakai di HOME/sample/.")
@click.pass_obj
def init(context: CliContext, *, sample: bool) -> None:
    """Siapkan penyimpanan; aman diulang. cmb.toml yang sudah ada tidak diubah: yang belum dimuatnya disebutkan."""
    # Settings, secrets and an SQLite database hold names, NIPs and keys: nobody but this account opens them.
    earlier = os.umask(0o077)
    try:
        _prepare(context, sample=sample)
    finally:
        os.umask(earlier)


def _prepare(context: CliContext, *, sample: bool) -> None:
    from service.store import migrate

    home = context.home.absolute()
    home.mkdir(parents=True, exist_ok=True)
    if not (home / FILE_NAME).exists():
        (home / FILE_NAME).write_text(TEMPLATE, encoding="utf-8")
    make_secret(home, context.randomness)
    migrate(read_settings(home, context.environ).database_url)
    if sample:
        from service.demo.sample import create_sample

        settings = create_sample(home, environ=context.environ, now=context.clock(), randomness=context.randomness)
        with context.store(settings) as store:
            from service.demo.sample import register_sample

            register_sample(settings, store=store, now=context.clock(), actor=context.actor)
        say(f"Kantor contoh siap. Kunci sekali pakai ada di {settings.sample_folder}.")
    missing = missing_settings(home)
    if missing:
        example = write_example(home)
        named = ", ".join(words(name, context.reader) if isinstance(name, Message) else name for name in missing)
        say(f"{FILE_NAME} belum memuat {named}; nilai bawaan berlaku. Contoh tiap barisnya: {example}")
    say(f"Penyimpanan siap di {home}.")


@click.group(cls=Group)
def trust() -> None:
    """Penerbit sertifikat elektronik yang dipercaya."""


@trust.command("add")
@click.argument("cert", type=existing_file)
@click.option("--use", type=click.Choice(["signing", "timestamping"]), default="signing", help="Untuk apa dipercaya.")
@as_json
@click.pass_obj
def add_root(context: CliContext, cert: Path, use: str, *, as_json: bool) -> None:
    """Percayai sebuah sertifikat akar."""
    from signing.certificates import national_root_note, read_certificate

    certificate = read_certificate(cert.read_bytes())
    now = context.clock()
    root = TrustRoot(
        fingerprint=certificate.fingerprint, use=use, subject=certificate.subject, der=certificate.der, added_at=now
    )
    with context.store(context.settings()) as store, store.transaction() as tx:
        tx.trust.add(root)
        tx.events.append(Event(at=now, actor=context.actor, action="trust.added", subject=root.fingerprint))
    if as_json:
        emit({"fingerprint": root.fingerprint, "use": use, "subject": root.subject})
        return
    click.echo(f"Dipercaya ({use}): {root.subject}\nSidik jari SHA-256: {root.fingerprint}")
    note = national_root_note(root.fingerprint)
    if note:
        click.echo(note)
    if now < certificate.not_before:
        click.echo(f"Akar ini baru berlaku mulai {certificate.not_before:%d-%m-%Y}; sampai saat itu belum dipakai.")
    elif certificate.not_after < now:
        click.echo("Akar ini sudah berakhir; hanya dipakai untuk tanda tangan lama yang bertanda waktu.")


@trust.command("list")
@as_json
@click.pass_obj
def list_roots(context: CliContext, *, as_json: bool) -> None:
    """Semua sertifikat akar yang dipercaya."""
    with context.store(context.settings()) as store, store.reading() as tx:
        for root in tx.trust.all():
            if as_json:
                emit({"fingerprint": root.fingerprint, "use": root.use, "subject": root.subject})
            else:
                click.echo(f"{root.fingerprint}  {root.use}  {root.subject}")


@trust.command("remove")
@click.argument("fingerprint")
@click.pass_obj
def remove_root(context: CliContext, fingerprint: str) -> None:
    """Jangan lagi percayai sebuah sertifikat akar."""
    with context.store(context.settings()) as store, store.transaction() as tx:
        removed = tx.trust.remove(fingerprint.replace(":", "").lower())
        if removed:
            tx.events.append(
                Event(at=context.clock(), actor=context.actor, action="trust.removed", subject=fingerprint.lower())
            )
    if not removed:
        raise click.UsageError(f"Sidik jari {fingerprint} tidak ada pada daftar; lihat `cmb trust list`.")
    click.echo("Tidak lagi dipercaya.")


# --- `cmb check-self`

_WORDS = {"good": "baik", "plain": "-", "doubt": "perhatikan", "bad": "BERMASALAH"}


@click.command("check-self", cls=Command)
@as_json
@click.pass_obj
def check_self(context: CliContext, *, as_json: bool) -> None:
    """Periksa penyimpanan, basis data, sertifikat akar, penanda waktu, jam, dan lainnya."""
    from service.jobs.selfcheck import Tone, self_check, worst

    findings = self_check(context.settings(), clock=context.clock)
    tone = worst(findings)
    if as_json:
        payload = [
            {
                "id": finding.id,
                "title": words(finding.title, context.reader),
                "tone": finding.tone.value,
                "message": finding.message(context.reader),
                "hint": finding.hint(context.reader),
            }
            for finding in findings
        ]
        emit({"tone": tone.value, "checks": payload})
    else:
        for finding in findings:
            title = words(finding.title, context.reader)
            said = f"{finding.message(context.reader)} {finding.hint(context.reader)}"
            click.echo(f"{_WORDS[finding.tone.value]:<12}{title}: {said}".rstrip())
    raise SystemExit(1 if tone is Tone.BAD else 0)


# --- `cmb recount`: after a change of the law's code, or a restored database


@click.command(cls=Command)
@click.option("--year", "years", type=Between(2000, 2999), multiple=True, help="Bawaan: semua tahun.")
@as_json
@click.pass_obj
def recount(context: CliContext, *, years: tuple[int, ...], as_json: bool) -> None:
    """Hitung ulang ringkasan JP per bulan dari kegiatan yang disahkan; biasanya tidak ada yang berubah."""
    with context.store(context.settings()) as store:
        with store.reading() as tx:
            wanted = years or sorted({*tx.assessed_months.years(), *tx.past_activities.years()})
        for year in wanted:
            corrected = 0
            for month in range(1, 13):
                with store.transaction() as tx:
                    corrected += tx.assessed_months.rebuild(year, month) + tx.past_activities.rebuild(year, month)
            detail = {"year": year, "corrected": corrected}
            with store.transaction() as tx:
                event = Event(
                    at=context.clock(), actor=context.actor, action="months.recounted", subject=str(year), detail=detail
                )
                tx.events.append(event)
            if as_json:
                emit(detail)
            else:
                click.echo(f"{year}: {corrected} bulan pegawai diperbaiki.")
