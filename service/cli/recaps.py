"""`cmb recap`: a unit's recap of a quarter (Lampiran III); send it to Biro SDM, list, find late ones."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import CliContext, as_json, emit, write_file
from service.cli.usage import Between, Command, Group
from service.errors import BadInput

if TYPE_CHECKING:
    from service.config import Settings
    from service.monitoring.recaps import Quarter, Recap
    from service.store import Transaction


@click.group(invoke_without_command=True, cls=Group)
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

    context: CliContext = ctx.obj
    settings, quarter = context.settings(), read_quarter(quarter_text)
    with context.store(settings) as store, store.reading() as tx:
        result = _found(unit, quarter, version, tx, context, settings)
    payload = recap_json(result, quarter)
    if target is not None:
        written = _written(result, target, context, settings)
        write_file(target, written)
        payload |= {"file": str(target), "sha256": hashlib.sha256(written).hexdigest()}
    if as_json:
        emit(payload)
    else:
        click.echo(f"{target}  {summary_line(result)}")


def _found(  # noqa: PLR0917 - one after the other as the command has them
    unit: str, quarter: Quarter, version: int | None, tx: Transaction, context: CliContext, settings: Settings
) -> Recap:
    from service.config import local_day
    from service.monitoring.recaps import recap_now, recap_sent

    if version is None:
        return recap_now(unit, quarter, tx, today=local_day(context.clock(), settings), zone=settings.timezone)
    result = recap_sent(unit, quarter, tx, zone=settings.timezone, version=version)
    if result is None:
        raise BadInput(
            f"Versi {version} rekapitulasi {unit} triwulan {quarter} tidak ada.", "Lihat `cmb recap list --year`."
        )
    return result


def _written(recap: Recap, target: Path, context: CliContext, settings: Settings) -> bytes:
    from forms.typesetting.fonts import FontFamily
    from service.monitoring.cards import printed_at
    from service.monitoring.recaps import recap_pdf, recap_xlsx

    printed = printed_at(context.clock(), settings.timezone)
    kind = target.suffix.lower()
    if kind == ".xlsx":
        return recap_xlsx(recap.content, recap.status, printed)
    if kind != ".pdf":
        raise BadInput(f"{target}: jenis rekapitulasi tidak dikenal.", "Beri nama yang berakhir .pdf atau .xlsx.")
    return recap_pdf(recap.content, recap.status, FontFamily(), printed)


def summary_line(recap: Recap) -> str:
    from forms.recap_pdf import status_of, summary_of

    content = recap.content
    return f"{content.unit} {content.year}-Q{content.quarter}: {summary_of(content)} {status_of(recap.status)}."


def recap_json(recap: Recap, quarter: Quarter) -> dict[str, Any]:
    from service.law import jp_text

    content, latest = recap.content, recap.latest
    payload = content.to_json()
    rows = [
        {**row, "total": jp_text(employee_row.total), "shortfall": jp_text(content.shortfall(employee_row))}
        for row, employee_row in zip(payload["rows"], content.rows, strict=True)
    ]
    return {
        **payload,
        "quarter": str(quarter),
        "rows": rows,
        "reached": content.reached,
        "digest": content.digest,
        "version": recap.status.version or None,
        "sent": None if latest is None else {"version": latest.version, "at": latest.sent_at.isoformat()},
        "changed_since_sent": recap.changed,
        "changes": [
            {
                "nip": change.nip,
                "name": change.name,
                "column": change.column,
                "before": change.before,
                "after": change.after,
            }
            for change in recap.status.changes
        ],
    }


# --- `cmb recap send`, `list`, `late`

_YEAR = click.option("--year", type=Between(2022, 2999), required=True)


@click.command(cls=Command)
@click.option("--unit", required=True)
@click.option("--quarter", "quarter_text", metavar="YYYY-Qn", required=True)
@as_json
@click.pass_obj
def send(context: CliContext, *, unit: str, quarter_text: str, as_json: bool) -> None:
    """Kirim ke Biro SDM; bila sudah pernah dan kini berubah, terkirim sebagai koreksi."""
    from service.monitoring.recaps import read_quarter, send_recap

    settings, quarter = context.settings(), read_quarter(quarter_text)
    with context.store(settings) as store:
        sent, new = send_recap(
            unit, quarter, store=store, now=context.clock(), zone=settings.timezone, actor=context.actor
        )
    if as_json:
        emit({**recap_json(sent, quarter), "new": new})
        return
    click.echo(f"{summary_line(sent)}{'' if new else ' (sudah dikirim, tidak ada yang berubah)'}")
    for change in sent.status.changes if new else ():
        click.echo(f"  {change.name} ({change.nip}), {change.column}: {change.before or '–'} → {change.after or '–'}")


@click.command("list", cls=Command)
@_YEAR
@as_json
@click.pass_obj
def list_(context: CliContext, *, year: int, as_json: bool) -> None:
    """Yang sudah dikirim: versi terakhir tiap unit dan triwulan."""
    with context.store(context.settings()) as store, store.reading() as tx:
        for sent in tx.recaps.of_year(year):
            payload = {
                "unit": sent.unit,
                "quarter": f"{sent.year}-Q{sent.quarter}",
                "version": sent.version,
                "digest": sent.digest,
                "sent_at": sent.sent_at.isoformat(),
                "sent_by": sent.sent_by,
            }
            if as_json:
                emit(payload)
            else:
                click.echo(f"{payload['quarter']}  {sent.unit}  versi {sent.version}  {payload['sent_at']}")


@click.command(cls=Command)
@_YEAR
@as_json
@click.pass_obj
def late(context: CliContext, *, year: int, as_json: bool) -> None:
    """Unit yang belum mengirim rekapitulasi triwulan yang sudah berakhir."""
    from service.config import local_day
    from service.monitoring.recaps import late_recaps

    settings = context.settings()
    with context.store(settings) as store, store.reading() as tx:
        late_units = late_recaps(year, tx, today=local_day(context.clock(), settings))
    for entry in late_units:
        if as_json:
            emit({"unit": entry.unit, "quarter": str(entry.quarter), "days": entry.days})
        else:
            click.echo(f"{entry.quarter}  {entry.unit}  terlambat {entry.days} hari")
    if not late_units and not as_json:
        click.echo(f"Semua unit sudah mengirim triwulan {year} yang sudah berakhir.")
