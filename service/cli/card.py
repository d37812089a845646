"""`cmb card`: control cards (Lampiran II), one or many, as PDF or XLSX, signed by the unit's HR officer."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.card_signing import Signing, keep_signed, sign_many, signed_cards
from service.cli.door import Door, as_json, emit, existing_file, output, say, write_file
from service.cli.progress import progress
from service.errors import BadInput

if TYPE_CHECKING:
    from forms.card import CardContent
    from service.config import Settings
    from service.store import Store

_KINDS = ("pdf", "xlsx")


@click.command()
@click.argument("nip", required=False)
@click.option("--unit", help="Kartu semua pegawai unit ini; -o adalah folder.")
@click.option("--all", "everyone", is_flag=True, help="Kartu semua pegawai; -o adalah folder.")
@click.option("--year", type=click.IntRange(2000, 2999), required=True)
@click.option("--format", "kind", type=click.Choice(_KINDS), default="pdf", show_default=True, help="Untuk folder.")
@click.option("--key", type=existing_file, help="Kunci pengelola kepegawaian (PKCS#12): kartu ditandatangani.")
@click.option("--passphrase-file", type=existing_file, help="Berkas yang baris pertamanya kata sandi kunci.")
@click.option("--tsa", help="Alamat otoritas penanda waktu (RFC 3161); `sample:` untuk kantor contoh.")
@click.option("--jobs", type=click.IntRange(min=1), help="Banyaknya kartu yang dibuat bersamaan (bawaan: per inti).")
@output
@as_json
@click.pass_obj
def card(
    door: Door,
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
    settings = door.settings()
    signing = (key, passphrase_file, tsa) if key else None
    with door.store(settings) as store:
        if nip:
            _one(door, settings, store, nip, year, target, signing, as_json=as_json)
        elif signing:
            sign_many(door, settings, store, unit, year, target, signing, as_json=as_json)
        else:
            _many(door, settings, store, unit, year, target, kind, jobs, as_json=as_json)


def _one(  # noqa: PLR0917 - one after the other as the command has them
    door: Door,
    settings: Settings,
    store: Store,
    nip: str,
    year: int,
    target: Path,
    signing: Signing | None,
    *,
    as_json: bool,
) -> None:
    from forms.letters import Letters
    from service.monitoring.card import card_of, printed_at
    from service.monitoring.card_paper import card_pdf, card_xlsx

    kind = target.suffix.lower().removeprefix(".")
    if kind not in _KINDS:
        raise BadInput(f"{target}: jenis kartu tidak dikenal.", "Beri nama hasil yang berakhir .pdf atau .xlsx.")
    if signing:
        if kind != "pdf":
            raise BadInput("Yang ditandatangani adalah kartu PDF.", "Beri nama hasil yang berakhir .pdf.")
        (kept,) = signed_cards(door, settings, store, [nip], year, signing)
        keep_signed(kept, target, as_json=as_json)
        return
    printed = printed_at(door.clock(), settings.timezone)
    with store.reading() as tx:
        content = card_of(nip, year, tx)
    written = card_pdf(content, Letters(), printed) if kind == "pdf" else card_xlsx(content, printed)
    write_file(target, written)
    _tell(content, target, written, as_json=as_json)


def _many(  # noqa: PLR0917 - one after the other as the command has them
    door: Door,
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
    from service.monitoring.card import everybody, printed_at
    from service.monitoring.card_folder import CardFolder
    from service.monitoring.many_cards import draw_many

    with store.reading() as tx:
        people = everybody(year, tx, unit=unit)
    count = jobs or min(len(os.sched_getaffinity(0)), 1 + len(people) // 50)
    new = kept = refused = 0
    with (
        CardFolder(target, year, kind, write_file) as folder,
        progress("kartu", lambda: len(people), doing="Mencetak") as advance,
    ):
        printed = printed_at(door.clock(), settings.timezone)
        for drawn in draw_many(people, year, store=store, printed=printed, kind=kind, jobs=count, kept=folder.has):
            kept += drawn.kept
            if drawn.file is not None:
                new += 1
                path = folder.keep(drawn.content, drawn.file)
                if as_json:
                    _tell(drawn.content, path, drawn.file, as_json=True)
            elif drawn.problem:
                refused += 1
                say(f"{drawn.content.nip}: {drawn.problem}")
            advance()
    tell = say if as_json else click.echo
    tell(f"{new} kartu dibuat, {kept} sudah ada dan tetap sama, {refused} tidak dapat dibuat: {folder.list}")
    raise SystemExit(1 if refused else 0)


def _tell(content: CardContent, path: Path, written: bytes, *, as_json: bool) -> None:
    from forms.indonesian import comma
    from service.policy import jp_text

    if not as_json:
        click.echo(f"{path}  {content.name}: {comma(content.total)} JP dari {len(content.activities)} kegiatan")
        return
    emit(
        {
            "nip": content.nip,
            "year": content.year,
            "jp": jp_text(content.total),
            "activities": len(content.activities),
            "uncounted": sum(1 for each in content.activities if each.jp == 0),
            "file": str(path),
            "sha256": hashlib.sha256(written).hexdigest(),
            "basis": content.basis,
        }
    )
