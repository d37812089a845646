"""`cmb serve`: the web service."""

from __future__ import annotations

import click

from service.cli.door import Door, say
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

    from service.sample_accounts import key_of, open_sample_accounts, parts
    from service.signin import Gate

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
