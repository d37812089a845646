"""`cmb units`: how units are called, from which day on."""

from __future__ import annotations

import datetime as dt

import click

from service.cli.changes import change_register, dry_run, since_option
from service.cli.days import DAY
from service.cli.door import Door, as_json, emit
from service.config import local_day


@click.group()
def units() -> None:
    """Unit kerja: daftar, ganti nama, penggabungan."""


@units.command("list")
@click.option("--on", "day", type=DAY, help="Yang ada pada hari itu (bawaan: hari ini).")
@as_json
@click.pass_obj
def list_units(door: Door, *, day: dt.date | None, as_json: bool) -> None:
    """Unit kerja yang berpegawai."""
    settings = door.settings()
    with door.store(settings) as store, store.reading() as tx:
        for unit in tx.employees.units(day or local_day(door.clock(), settings)):
            if as_json:
                emit({"unit": unit})
            else:
                click.echo(unit)


@units.command("rename")
@click.argument("old")
@click.argument("new")
@since_option
@dry_run
@as_json
@click.pass_obj
def rename(door: Door, old: str, new: str, *, since: dt.date | None, preview: bool, as_json: bool) -> None:
    """Unit OLD bernama NEW sejak sebuah hari; yang sebelumnya tetap bernama OLD."""
    from service.unit_names import rename_unit

    change_register(door, rename_unit, old, new, since=since, preview=preview, as_json=as_json)


@units.command("merge")
@click.argument("olds", nargs=-1, required=True)
@click.option("--into", required=True, help="Nama unit hasilnya, yang sudah ada atau baru.")
@since_option
@dry_run
@as_json
@click.pass_obj
def merge(door: Door, olds: tuple[str, ...], *, into: str, since: dt.date | None, preview: bool, as_json: bool) -> None:
    """Gabungkan unit-unit OLDS sejak sebuah hari."""
    from service.unit_names import merge_units

    change_register(door, merge_units, olds, into, since=since, preview=preview, as_json=as_json)
