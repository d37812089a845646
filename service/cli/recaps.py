"""`cmb recap`: a unit's recap of a quarter (Lampiran III), sent to Biro SDM, corrected, or late."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import Door, as_json, emit, write_file
from service.errors import BadInput

if TYPE_CHECKING:
    from service.config import Settings
    from service.monitoring.recaps import Quarter, Recap
    from service.store import Transaction


@click.group(invoke_without_command=True)
@click.option("--unit", help="Nama unit kerja, persis seperti pada data kepegawaian.")
@click.option("--quarter", "quarter_text", metavar="YYYY-Qn", help="Triwulan, misalnya 2026-Q1.")
@click.option("--version", type=click.IntRange(min=1), help="Versi yang sudah dikirim, seperti ketika dikirim.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Berkas hasil (.pdf atau .xlsx).")
@as_json
@click.pass_context
def recap(
    ctx: click.Context,
    *,
    unit: str | None,
    quarter_text: str | None,
    version: int | None,
    target: Path | None,
    as_json: bool,
) -> None:
    """Rekapitulasi triwulan sebuah unit, kumulatif sejak awal tahun (Lampiran III, susunan layanan ini)."""
    if ctx.invoked_subcommand is not None:
        return
    if not unit or not quarter_text or (target is None and not as_json):
        raise click.UsageError("Sebutkan --unit, --quarter, dan -o BERKAS atau --json.")
    from service.monitoring.recaps import read_quarter

    door: Door = ctx.obj
    settings, quarter = door.settings(), read_quarter(quarter_text)
    with door.store(settings) as store, store.reading() as tx:
        found = _found(unit, quarter, version, tx, door, settings)
    told = machine_of(found, quarter)
    if target is not None:
        written = _written(found, target, door, settings)
        write_file(target, written)
        told |= {"file": str(target), "sha256": hashlib.sha256(written).hexdigest()}
    if as_json:
        emit(told)
    else:
        click.echo(f"{target}  {line_of(found)}")


def _found(  # noqa: PLR0917 - one after the other as the command has them
    unit: str, quarter: Quarter, version: int | None, tx: Transaction, door: Door, settings: Settings
) -> Recap:
    from service.config import local_day
    from service.monitoring.recaps import recap_now, recap_sent

    if version is None:
        return recap_now(unit, quarter, tx, today=local_day(door.clock(), settings), zone=settings.timezone)
    found = recap_sent(unit, quarter, tx, zone=settings.timezone, version=version)
    if found is None:
        raise BadInput(
            f"Versi {version} rekapitulasi {unit} triwulan {quarter} tidak ada.", "Lihat `cmb recap list --year`."
        )
    return found


def _written(found: Recap, target: Path, door: Door, settings: Settings) -> bytes:
    from forms.typesetting.fonts import FontFamily
    from service.monitoring.cards import printed_at
    from service.monitoring.recaps import recap_pdf, recap_xlsx

    printed = printed_at(door.clock(), settings.timezone)
    kind = target.suffix.lower()
    if kind == ".xlsx":
        return recap_xlsx(found.content, found.standing, printed)
    if kind != ".pdf":
        raise BadInput(f"{target}: jenis rekapitulasi tidak dikenal.", "Beri nama yang berakhir .pdf atau .xlsx.")
    return recap_pdf(found.content, found.standing, FontFamily(), printed)


def line_of(found: Recap) -> str:
    from forms.recap_pdf import status_of, summary_of

    content = found.content
    return f"{content.unit} {content.year}-Q{content.quarter}: {summary_of(content)} {status_of(found.standing)}."


def machine_of(found: Recap, quarter: Quarter) -> dict[str, Any]:
    from service.law import jp_text

    content, latest = found.content, found.latest
    told = content.to_json()
    rows = [
        {**row, "total": jp_text(each.total), "shortfall": jp_text(content.shortfall(each))}
        for row, each in zip(told["rows"], content.rows, strict=True)
    ]
    return {
        **told,
        "quarter": str(quarter),
        "rows": rows,
        "reached": content.reached,
        "digest": content.digest,
        "version": found.standing.version or None,
        "sent": None if latest is None else {"version": latest.version, "at": latest.sent_at.isoformat()},
        "changed_since_sent": found.changed,
        "changes": [
            {"nip": each.nip, "name": each.name, "column": each.column, "before": each.before, "after": each.after}
            for each in found.standing.changes
        ],
    }


# --- `cmb recap send`, `list`, `late`: what went to Biro SDM, and what has not

_YEAR = click.option("--year", type=click.IntRange(2022, 2999), required=True)


@click.command()
@click.option("--unit", required=True)
@click.option("--quarter", "quarter_text", metavar="YYYY-Qn", required=True)
@as_json
@click.pass_obj
def send(door: Door, *, unit: str, quarter_text: str, as_json: bool) -> None:
    """Kirim ke Biro SDM; bila sudah pernah dan kini berubah, terkirim sebagai koreksi."""
    from service.monitoring.recaps import read_quarter, send_recap

    settings, quarter = door.settings(), read_quarter(quarter_text)
    with door.store(settings) as store:
        sent, new = send_recap(unit, quarter, store=store, now=door.clock(), zone=settings.timezone, actor=door.actor)
    if as_json:
        emit({**machine_of(sent, quarter), "new": new})
        return
    click.echo(f"{line_of(sent)}{'' if new else ' (sudah dikirim, tidak ada yang berubah)'}")
    for each in sent.standing.changes if new else ():
        click.echo(f"  {each.name} ({each.nip}), {each.column}: {each.before or '–'} → {each.after or '–'}")


@click.command("list")
@_YEAR
@as_json
@click.pass_obj
def list_(door: Door, *, year: int, as_json: bool) -> None:
    """Yang sudah dikirim: versi terakhir tiap unit dan triwulan."""
    with door.store(door.settings()) as store, store.reading() as tx:
        for each in tx.recaps.of_year(year):
            told = {
                "unit": each.unit,
                "quarter": f"{each.year}-Q{each.quarter}",
                "version": each.version,
                "digest": each.digest,
                "sent_at": each.sent_at.isoformat(),
                "sent_by": each.sent_by,
            }
            if as_json:
                emit(told)
            else:
                click.echo(f"{told['quarter']}  {each.unit}  versi {each.version}  {told['sent_at']}")


@click.command()
@_YEAR
@as_json
@click.pass_obj
def late(door: Door, *, year: int, as_json: bool) -> None:
    """Unit yang belum mengirim rekapitulasi triwulan yang sudah berakhir."""
    from service.config import local_day
    from service.monitoring.recaps import late_recaps

    settings = door.settings()
    with door.store(settings) as store, store.reading() as tx:
        found = late_recaps(year, tx, today=local_day(door.clock(), settings))
    for each in found:
        if as_json:
            emit({"unit": each.unit, "quarter": str(each.quarter), "days": each.days})
        else:
            click.echo(f"{each.quarter}  {each.unit}  terlambat {each.days} hari")
    if not found and not as_json:
        click.echo(f"Semua unit sudah mengirim triwulan {year} yang sudah berakhir.")
