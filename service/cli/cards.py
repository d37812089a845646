"""`cmb cards`: control cards that are signed elsewhere, with another program or the agency's signing gateway."""

from __future__ import annotations

from pathlib import Path

import click

from service.apart import read_apart
from service.cli.card_signing import keep_signed, told_of
from service.cli.door import Door, as_json, emit, existing_file, output
from service.limits import PATIENT
from service.opening import card_desk_of
from service.sources import Source


@click.group()
def cards() -> None:
    """Kartu Pengendali yang ditandatangani dengan aplikasi lain."""


@cards.command()
@click.argument("nip")
@click.option("--year", type=click.IntRange(2000, 2999), required=True)
@click.option("--officer", required=True, help="NIP pengelola kepegawaian yang akan menandatangani.")
@output
@as_json
@click.pass_obj
def make(door: Door, nip: str, *, year: int, officer: str, target: Path, as_json: bool) -> None:
    """Simpan sebuah kartu yang menunggu tanda tangan; yang isinya sama tidak dibuat dua kali."""
    from service.monitoring.signed_cards import make_card

    settings = door.settings()
    with door.store(settings) as store:
        desk = card_desk_of(settings, store=store, now=door.clock(), randomness=door.randomness, actor=door.actor)
        keep_signed(make_card(nip, year, officer, desk), target, as_json=as_json)


@cards.command()
@click.argument("card_id", metavar="CARD")
@click.argument("file", type=existing_file)
@as_json
@click.pass_obj
def take(door: Door, card_id: str, file: Path, *, as_json: bool) -> None:
    """Terima kembali kartu itu sesudah ditandatangani: diperiksa, lalu disimpan."""
    from service.monitoring.signed_elsewhere import take_card

    settings, asked = door.settings(), card_id.strip().upper()
    words = (settings, asked, Source(path=file), door.clock(), door.actor)
    taken = read_apart(
        take_card, *words, modules=("service.cli", "service.monitoring.signed_elsewhere"), limits=PATIENT
    )
    if as_json:
        emit(told_of(taken, file))
    else:
        click.echo(f"{taken.id}: tanda tangan pengelola {taken.officer_nip} diterima")
