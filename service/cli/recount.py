"""`cmb recount`: the months' sums assessed anew, for whoever changed the law's code or restored a database."""

from __future__ import annotations

import click

from service.cli.door import Door, as_json, emit
from service.records import Event


@click.command()
@click.option("--year", "years", type=click.IntRange(2000, 2999), multiple=True, help="Bawaan: semua tahun.")
@as_json
@click.pass_obj
def recount(door: Door, *, years: tuple[int, ...], as_json: bool) -> None:
    """Hitung ulang ringkasan JP per bulan dari kegiatan yang disahkan; biasanya tidak ada yang berubah."""
    with door.store(door.settings()) as store:
        with store.reading() as tx:
            wanted = years or sorted({*tx.assessed_months.years(), *tx.past_activities.years()})
        for year in wanted:
            corrected = 0
            for month in range(1, 13):
                with store.transaction() as tx:
                    corrected += tx.assessed_months.rebuild(year, month) + tx.past_activities.rebuild(year, month)
            detail = {"year": year, "corrected": corrected}
            with store.transaction() as tx:
                told = Event(
                    at=door.clock(), actor=door.actor, action="months.recounted", subject=str(year), detail=detail
                )
                tx.events.append(told)
            if as_json:
                emit(detail)
            else:
                click.echo(f"{year}: {corrected} bulan pegawai diperbaiki.")
