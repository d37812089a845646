"""`cmb recap send`, `list`, `late`: what went to Biro SDM, and what has not."""

from __future__ import annotations

import click

from service.cli.door import Door, as_json, emit
from service.cli.recap import line_of, machine_of

_YEAR = click.option("--year", type=click.IntRange(2022, 2999), required=True)


@click.command()
@click.option("--unit", required=True)
@click.option("--quarter", "quarter_text", metavar="YYYY-Qn", required=True)
@as_json
@click.pass_obj
def send(door: Door, *, unit: str, quarter_text: str, as_json: bool) -> None:
    """Kirim ke Biro SDM; bila sudah pernah dan kini berubah, terkirim sebagai koreksi."""
    from service.monitoring.quarter import read_quarter
    from service.monitoring.sent_recaps import send_recap

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
    from service.monitoring.late_recaps import late_recaps

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
