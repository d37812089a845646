"""`cmb cards`: control cards that are signed elsewhere, with another program or the agency's signing gateway."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.apart import read_apart
from service.cli.card_signing import keep_signed, told_of
from service.cli.door import Door, as_json, emit, existing_file, output
from service.config import read_settings
from service.limits import PATIENT
from service.sources import Source

if TYPE_CHECKING:
    from service.monitoring.signed_cards import Desk
    from service.store import Store
    from service.store.cards import Card


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

    with door.store(door.settings()) as store:
        keep_signed(make_card(nip, year, officer, _desk(door, store)), target, as_json=as_json)


@cards.command()
@click.argument("card_id", metavar="CARD")
@click.argument("file", type=existing_file)
@as_json
@click.pass_obj
def take(door: Door, card_id: str, file: Path, *, as_json: bool) -> None:
    """Terima kembali kartu itu sesudah ditandatangani: diperiksa, lalu disimpan."""
    modules = ("service.cli", "service.monitoring.signed_cards", "service.store")
    taken: Card = read_apart(_taken, door, card_id.strip().upper(), file, modules=modules, limits=PATIENT)
    if as_json:
        emit(told_of(taken, file))
    else:
        click.echo(f"{taken.id}: tanda tangan pengelola {taken.officer_nip} diterima")


def _taken(door: Door, card_id: str, file: Path) -> Card:
    from service.monitoring.signed_cards import keep_signed_card

    with door.store(read_settings(door.home, door.environ)) as store:
        return keep_signed_card(card_id, Source(path=file).read(), _desk(door, store)).card


def _desk(door: Door, store: Store) -> Desk:
    from forms.letters import Letters
    from service.monitoring.signed_cards import Desk
    from service.opening import trust_of

    settings, now = read_settings(door.home, door.environ), door.clock()
    return Desk(
        store=store,
        letters=Letters(),
        trust=trust_of(store, settings, now),
        now=now,
        zone=settings.timezone,
        randomness=door.randomness,
        actor=door.actor,
    )
