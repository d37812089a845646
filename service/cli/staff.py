"""`cmb employees`: who is there, and who was there when."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.changes import change_register, dry_run, since_option
from service.cli.days import DAY
from service.cli.door import Door, as_json, emit, existing_file

if TYPE_CHECKING:
    from service.store import Tenure


@click.group()
def employees() -> None:
    """Data kepegawaian."""


@employees.command("import")
@click.argument("file", type=existing_file)
@since_option
@dry_run
@as_json
@click.pass_obj
def import_employees(door: Door, file: Path, *, since: dt.date | None, preview: bool, as_json: bool) -> None:
    """Impor CSV atau XLSX; NIP yang sudah ada diperbarui, yang berlaku sebelumnya tetap tercatat."""
    from service.staffing import import_staff

    words = (file.read_bytes(), file.name)
    change_register(door, import_staff, *words, since=since, preview=preview, as_json=as_json)


@employees.command("list")
@click.option("--on", "day", type=DAY, help="Yang berlaku pada hari itu, hanya pegawai yang aktif.")
@click.option("--unit", help="Hanya unit ini (bersama --on).")
@as_json
@click.pass_obj
def list_employees(door: Door, *, day: dt.date | None, unit: str | None, as_json: bool) -> None:
    """Semua pegawai."""
    if unit and not day:
        raise click.UsageError("--unit dipakai bersama --on TANGGAL.")
    with door.store(door.settings()) as store, store.reading() as tx:
        if day:
            for tenure in tx.employees.present_on(day, unit=unit):
                _show_tenure(tenure, as_json=as_json)
            return
        for entry in tx.employees.all():
            if as_json:
                emit(
                    {
                        "nip": entry.nip,
                        "name": entry.name,
                        "position": entry.position,
                        "grade": entry.grade,
                        "unit": entry.unit,
                        "supervisor_nip": entry.supervisor_nip,
                        "email": entry.email,
                        "roles": list(entry.roles),
                    }
                )
            else:
                click.echo(f"{entry.nip}  {entry.name}  ({entry.position}, {entry.unit})")


@employees.command("history")
@click.argument("nip")
@as_json
@click.pass_obj
def history(door: Door, nip: str, *, as_json: bool) -> None:
    """Apa yang berlaku bagi seorang pegawai sejak kapan."""
    from service.errors import BadInput

    with door.store(door.settings()) as store, store.reading() as tx:
        tenures = tx.employees.tenures(nip)
    if not tenures:
        raise BadInput(f"NIP {nip} tidak ada pada data kepegawaian.", "Periksa NIP itu.")
    for tenure in tenures:
        _show_tenure(tenure, as_json=as_json)


def _show_tenure(tenure: Tenure, *, as_json: bool) -> None:
    from service.store import BEGINNING

    since = None if tenure.since == BEGINNING else tenure.since.isoformat()
    if as_json:
        emit(
            {
                "nip": tenure.nip,
                "since": since,
                "name": tenure.name,
                "position": tenure.position,
                "grade": tenure.grade,
                "unit": tenure.unit,
                "supervisor_nip": tenure.supervisor_nip,
                "status": tenure.departure or "aktif",
            }
        )
        return
    state = f", {tenure.departure}" if tenure.departure else ""
    click.echo(
        f"{tenure.nip}  {since or 'sejak awal':<10}  {tenure.name}  "
        f"({tenure.position}, {tenure.grade}, {tenure.unit}{state})"
    )
