"""`cmb card` and `cards`: control cards (Lampiran II) as files, signed here or with another program."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import NIP, CliContext, as_json, emit, existing_file, output, say, write_file
from service.cli.run import progress
from service.cli.usage import Between, Command, Group
from service.errors import BadInput
from service.identifiers import as_typed
from service.sandbox.inputs import Source
from service.sandbox.limits import PATIENT
from service.sandbox.pool import run_sandboxed

if TYPE_CHECKING:
    from forms.card import CardContent
    from service.config import Settings
    from service.monitoring.card_signing import KeptCard
    from service.store import Store
    from service.store.monitoring import Card


@click.group(cls=Group)
def cards() -> None:
    """Kartu Pengendali yang ditandatangani dengan aplikasi lain."""


@cards.command()
@click.argument("nip", type=NIP)
@click.option("--year", type=Between(2000, 2999), required=True)
@click.option("--officer", required=True, help="NIP pengelola kepegawaian yang akan menandatangani.")
@output
@as_json
@click.pass_obj
def make(context: CliContext, nip: str, *, year: int, officer: str, target: Path, as_json: bool) -> None:
    """Simpan sebuah kartu yang menunggu tanda tangan; yang isinya sama tidak dibuat dua kali."""
    from service.monitoring.card_signing import card_signing_context, make_card

    settings = context.settings()
    with context.store(settings) as store:
        signing_context = card_signing_context(
            settings, store=store, now=context.clock(), randomness=context.randomness, actor=context.actor
        )
        keep_signed(make_card(nip, year, officer, signing_context), target, as_json=as_json)


@cards.command()
@click.argument("card_id", metavar="CARD")
@click.argument("file", type=existing_file)
@as_json
@click.pass_obj
def take(context: CliContext, card_id: str, file: Path, *, as_json: bool) -> None:
    """Terima kembali kartu itu sesudah ditandatangani: diperiksa, lalu disimpan."""
    from service.monitoring.sandboxed import accept_card

    settings, wanted_id = context.settings(), as_typed(card_id)
    arguments = (settings, wanted_id, Source(path=file), context.clock(), context.actor)
    card = run_sandboxed(
        accept_card, *arguments, modules=("service.cli", "service.monitoring.sandboxed"), limits=PATIENT
    )
    if as_json:
        emit(card_json(card, file))
    else:
        click.echo(f"{card.id}: tanda tangan pengelola {card.officer_nip} diterima")


# --- `cmb card`: one card or many, as PDF or XLSX

_KINDS = ("pdf", "xlsx")


@click.command(cls=Command)
@click.argument("nip", type=NIP, required=False)
@click.option("--unit", help="Kartu semua pegawai unit ini; -o adalah folder.")
@click.option("--all", "everyone", is_flag=True, help="Kartu semua pegawai; -o adalah folder.")
@click.option("--year", type=Between(2000, 2999), required=True)
@click.option("--format", "kind", type=click.Choice(_KINDS), default="pdf", show_default=True, help="Untuk folder.")
@click.option("--key", type=existing_file, help="Kunci pengelola kepegawaian (PKCS#12): kartu ditandatangani.")
@click.option("--passphrase-file", type=existing_file, help="Berkas yang baris pertamanya kata sandi kunci.")
@click.option("--tsa", help="Alamat otoritas penanda waktu (RFC 3161); `sample:` untuk kantor contoh.")
@click.option("--jobs", type=click.IntRange(min=1), help="Banyaknya kartu yang dibuat bersamaan (bawaan: per inti).")
@output
@as_json
@click.pass_obj
def card(
    context: CliContext,
    nip: str | None,
    *,
    unit: str | None,
    everyone: bool,
    year: int,
    kind: str,
    key: Path | None,
    passphrase_file: Path | None,
    tsa: str | None,
    jobs: int | None,
    target: Path,
    as_json: bool,
) -> None:
    """Kartu Pengendali setahun (Lampiran II): .pdf atau .xlsx menurut nama hasilnya; diulang melanjutkan sisanya."""
    if bool(nip) + bool(unit) + everyone != 1:
        raise click.UsageError("Sebutkan NIP, --unit, atau --all, salah satu.")
    settings = context.settings()
    signing = (key, passphrase_file, tsa) if key else None
    with context.store(settings) as store:
        if nip:
            _one(context, settings, store, nip, year, target, signing, as_json=as_json)
        elif signing:
            sign_many(context, settings, store, unit, year, target, signing, as_json=as_json)
        else:
            _many(context, settings, store, unit, year, target, kind, jobs, as_json=as_json)


def _one(  # noqa: PLR0917 - one after the other as the command has them
    context: CliContext,
    settings: Settings,
    store: Store,
    nip: str,
    year: int,
    target: Path,
    signing: Signing | None,
    *,
    as_json: bool,
) -> None:
    from forms.typesetting.fonts import FontFamily
    from service.monitoring.cards import card_of, card_pdf, card_xlsx, printed_at

    kind = target.suffix.lower().removeprefix(".")
    if kind not in _KINDS:
        raise BadInput(f"{target}: jenis kartu tidak dikenal.", "Beri nama hasil yang berakhir .pdf atau .xlsx.")
    if signing:
        if kind != "pdf":
            raise BadInput("Yang ditandatangani adalah kartu PDF.", "Beri nama hasil yang berakhir .pdf.")
        (signed,) = signed_cards(context, settings, store, [nip], year, signing)
        keep_signed(signed, target, as_json=as_json)
        return
    printed = printed_at(context.clock(), settings.timezone)
    with store.reading() as tx:
        content = card_of(nip, year, tx)
    document = card_pdf(content, FontFamily(), printed) if kind == "pdf" else card_xlsx(content, printed)
    write_file(target, document)
    _report(content, target, document, as_json=as_json)


def _many(  # noqa: PLR0917 - one after the other as the command has them
    context: CliContext,
    settings: Settings,
    store: Store,
    unit: str | None,
    year: int,
    target: Path,
    kind: str,
    jobs: int | None,
    *,
    as_json: bool,
) -> None:
    from service.monitoring.cards import CardFolder, draw_many, people_with_cards, printed_at

    with store.reading() as tx:
        people = people_with_cards(year, tx, unit=unit)
    count = jobs or min(len(os.sched_getaffinity(0)), 1 + len(people) // 50)
    made = unchanged = refused = 0
    with (
        CardFolder(target, year, kind, write_file) as folder,
        progress("kartu", lambda: len(people), doing="Mencetak") as advance,
    ):
        printed = printed_at(context.clock(), settings.timezone)
        for result in draw_many(people, year, store=store, printed=printed, kind=kind, jobs=count, kept=folder.has):
            unchanged += result.kept
            if result.file is not None:
                made += 1
                path = folder.keep(result.content, result.file)
                if as_json:
                    _report(result.content, path, result.file, as_json=True)
            elif result.problem:
                refused += 1
                say(f"{result.content.nip}: {result.problem}")
            advance()
    tell = say if as_json else click.echo
    tell(f"{made} kartu dibuat, {unchanged} sudah ada dan tetap sama, {refused} tidak dapat dibuat: {folder.list}")
    raise SystemExit(1 if refused else 0)


def _report(content: CardContent, path: Path, document: bytes, *, as_json: bool) -> None:
    from forms.indonesian import comma
    from service.law import jp_text

    if not as_json:
        click.echo(f"{path}  {content.name}: {comma(content.total)} JP dari {len(content.activities)} kegiatan")
        return
    emit(
        {
            "nip": content.nip,
            "year": content.year,
            "jp": jp_text(content.total),
            "activities": len(content.activities),
            "uncounted": sum(1 for activity in content.activities if activity.jp == 0),
            "file": str(path),
            "sha256": hashlib.sha256(document).hexdigest(),
            "basis": content.basis,
        }
    )


# --- `cmb card --key`: signed with the officer's own key

# Key, file with its passphrase, address of the time-stamp authority.
Signing = tuple[Path, Path | None, str | None]


def sign_many(  # noqa: PLR0917 - one after the other as the command has them
    context: CliContext,
    settings: Settings,
    store: Store,
    unit: str | None,
    year: int,
    target: Path,
    signing: Signing,
    *,
    as_json: bool,
) -> None:
    from service.monitoring.cards import people_with_cards

    if unit is None:
        raise click.UsageError("Pengelola menandatangani kartu unitnya sendiri: sebutkan --unit.")
    with store.reading() as tx:
        nips = [person.nip for person in people_with_cards(year, tx, unit=unit)]
    with progress("kartu", lambda: len(nips), doing="Menandatangani") as advance:
        for signed in signed_cards(context, settings, store, nips, year, signing):
            keep_signed(signed, target / f"kartu-{year}-{signed.card.nip}.pdf", as_json=as_json)
            advance()


def signed_cards(  # noqa: PLR0917 - one after the other as the command has them
    context: CliContext,
    settings: Settings,
    store: Store,
    nips: list[str],
    year: int,
    signing: Signing,
) -> Iterator[KeptCard]:
    from forms.typesetting.fonts import FontFamily
    from service.bootstrap import open_key, timestamper_of
    from service.monitoring.card_signing import card_signing_context, sign_card

    key, passphrase_file, tsa = signing
    holder = open_key(key, passphrase_file)
    timestamper = timestamper_of(tsa, settings, context.clock)
    letters = FontFamily()
    for nip in nips:
        signing_context = card_signing_context(
            settings,
            store=store,
            now=context.clock(),
            randomness=context.randomness,
            actor=context.actor,
            letters=letters,
        )
        yield sign_card(nip, year, signing_context, holder=holder, timestamper=timestamper)


def keep_signed(signed: KeptCard, target: Path, *, as_json: bool) -> None:
    """Write the card's file, and show what the store keeps of it."""
    write_file(target, signed.content)
    if as_json:
        emit(card_json(signed.card, target))
    else:
        click.echo(f"{target}  {signed.card.id}")


def card_json(card: Card, file: Path) -> dict[str, Any]:
    """Return what the store keeps of a card, as JSON; `sha256` is that of its newest bytes."""
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
