"""`cmb card --key`: cards signed with an officer's own key, one or all of a unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.door import Door, emit, write_file
from service.cli.progress import progress

if TYPE_CHECKING:
    from service.config import Settings
    from service.monitoring.signed_cards import KeptCard
    from service.store import Store
    from service.store.cards import Card

# Key, file with its passphrase, address of the time-stamp authority.
Signing = tuple[Path, Path | None, str | None]


def sign_many(  # noqa: PLR0917 - one after the other as the command has them
    door: Door,
    settings: Settings,
    store: Store,
    unit: str | None,
    year: int,
    target: Path,
    signing: Signing,
    *,
    as_json: bool,
) -> None:
    from service.monitoring.card import everybody

    if unit is None:
        raise click.UsageError("Pengelola menandatangani kartu unitnya sendiri: sebutkan --unit.")
    with store.reading() as tx:
        nips = [each.nip for each in everybody(year, tx, unit=unit)]
    with progress("kartu", lambda: len(nips), doing="Menandatangani") as advance:
        for kept in signed_cards(door, settings, store, nips, year, signing):
            keep_signed(kept, target / f"kartu-{year}-{kept.card.nip}.pdf", as_json=as_json)
            advance()


def signed_cards(  # noqa: PLR0917 - one after the other as the command has them
    door: Door,
    settings: Settings,
    store: Store,
    nips: list[str],
    year: int,
    signing: Signing,
) -> Iterator[KeptCard]:
    from forms.letters import Letters
    from service.monitoring.signed_cards import sign_card
    from service.opening import card_desk_of, open_key, timestamper_of

    key, passphrase_file, tsa = signing
    holder = open_key(key, passphrase_file)
    timestamper = timestamper_of(tsa, settings, door.clock)
    letters = Letters()
    for nip in nips:
        desk = card_desk_of(
            settings, store=store, now=door.clock(), randomness=door.randomness, actor=door.actor, letters=letters
        )
        yield sign_card(nip, year, desk, holder=holder, timestamper=timestamper)


def keep_signed(kept: KeptCard, target: Path, *, as_json: bool) -> None:
    """The card's bytes into a file, and what is kept of it."""
    write_file(target, kept.content)
    if as_json:
        emit(told_of(kept.card, target))
    else:
        click.echo(f"{target}  {kept.card.id}")


def told_of(card: Card, file: Path) -> dict[str, Any]:
    """What is kept of a card, for machines; `sha256` is that of its newest bytes."""
    return {
        "card": card.id,
        "nip": card.nip,
        "year": card.year,
        "file": str(file),
        "sha256": card.signed_digest or card.digest,
        "basis": card.basis,
        "signed_at": card.signed_at.isoformat() if card.signed_at else None,
        "signed_by": card.officer_nip if card.signed_digest else None,
    }
