"""`cmb employees` and `units`: the staff register, its history, and the names of units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.context import DAY, NIP, CliContext, as_json, emit, existing_file, say
from service.cli.usage import Group
from service.config import local_day

if TYPE_CHECKING:
    from service.people.staff import StaffChanges
    from service.store import Tenure


# --- Changes of the register

since_option = click.option("--since", type=DAY, help="Sejak kapan berlaku (bawaan: hari ini).")
dry_run = click.option("--dry-run", "preview", is_flag=True, help="Hanya tunjukkan apa yang akan berubah.")


new_units = click.option(
    "--new-units", is_flag=True, help="Unit yang mirip dengan unit yang ada memang unit lain; jangan ditanyakan."
)


def change_register(
    context: CliContext,
    change: Callable[..., StaffChanges],
    *args: object,
    since: dt.date | None,
    preview: bool,
    new_units: bool = False,
    as_json: bool,
) -> None:
    """Run `change(*args)` on the register and show what it did, or would do."""
    settings, now = context.settings(), context.clock()
    with context.store(settings) as store:
        result = change(
            *args,
            store=store,
            now=now,
            today=local_day(now, settings),
            actor=context.actor,
            since=since,
            preview=preview,
            new_units=new_units,
        )
    _show_changes(result, as_json=as_json)


def _show_changes(result: StaffChanges, *, as_json: bool) -> None:
    """Show the counts; in a preview also every difference."""
    from service.people.staff import differences

    for sentence in (*result.notes, *result.questions):
        say(sentence)
    if not result.kept:
        for change in result.changes:
            for difference in differences(change):
                since = difference.since.isoformat() if difference.since else None
                if as_json:
                    pair = {"column": difference.column, "before": difference.before, "after": difference.after}
                    emit(
                        {"nip": change.after.nip, "name": change.after.name, "new": change.new, **pair, "since": since}
                    )
                else:
                    begun = f" sejak {since}" if since else ""
                    before = "(baru)" if change.new else f"“{difference.before}”"
                    click.echo(f"{change.after.nip}  {difference.column}: {before} → “{difference.after}”{begun}")
    counts = result.counts
    if as_json:
        emit(counts if result.kept else counts | {"dry_run": True})
        return
    summary = f"{counts['new']} pegawai baru, {counts['changed']} diperbarui, {counts['same']} tetap."
    click.echo(summary if result.kept else f"Pratinjau, belum disimpan: {summary}")


@click.group(cls=Group)
def employees() -> None:
    """Data kepegawaian."""


@employees.command("import")
@click.argument("file", type=existing_file)
@since_option
@dry_run
@new_units
@as_json
@click.pass_obj
def import_employees(
    context: CliContext, file: Path, *, since: dt.date | None, preview: bool, new_units: bool, as_json: bool
) -> None:
    """Impor CSV atau XLSX; NIP yang sudah ada diperbarui, yang berlaku sebelumnya tetap tercatat."""
    from service.people.staff import import_staff

    table = (file.read_bytes(), file.name)
    change_register(context, import_staff, *table, since=since, preview=preview, new_units=new_units, as_json=as_json)


@employees.command("list")
@click.option("--on", "day", type=DAY, help="Yang berlaku pada hari itu, hanya pegawai yang aktif.")
@click.option("--unit", help="Hanya unit ini (bersama --on).")
@as_json
@click.pass_obj
def list_employees(context: CliContext, *, day: dt.date | None, unit: str | None, as_json: bool) -> None:
    """Semua pegawai."""
    if unit and not day:
        raise click.UsageError("--unit dipakai bersama --on TANGGAL.")
    with context.store(context.settings()) as store, store.reading() as tx:
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
@click.argument("nip", type=NIP)
@as_json
@click.pass_obj
def history(context: CliContext, nip: str, *, as_json: bool) -> None:
    """Apa yang berlaku bagi seorang pegawai sejak kapan."""
    from service.errors import BadInput

    with context.store(context.settings()) as store, store.reading() as tx:
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


# --- `cmb units`


@click.group(cls=Group)
def units() -> None:
    """Unit kerja: daftar, ganti nama, penggabungan."""


@units.command("list")
@click.option("--on", "day", type=DAY, help="Yang ada pada hari itu (bawaan: hari ini).")
@as_json
@click.pass_obj
def list_units(context: CliContext, *, day: dt.date | None, as_json: bool) -> None:
    """Unit kerja yang berpegawai."""
    settings = context.settings()
    with context.store(settings) as store, store.reading() as tx:
        for unit in tx.employees.units(day or local_day(context.clock(), settings)):
            if as_json:
                emit({"unit": unit})
            else:
                click.echo(unit)


@units.command("rename")
@click.argument("old")
@click.argument("new")
@since_option
@dry_run
@new_units
@as_json
@click.pass_obj
def rename(
    context: CliContext, old: str, new: str, *, since: dt.date | None, preview: bool, new_units: bool, as_json: bool
) -> None:
    """Unit OLD bernama NEW sejak sebuah hari; yang sebelumnya tetap bernama OLD."""
    from service.people.units import rename_unit

    change_register(context, rename_unit, old, new, since=since, preview=preview, new_units=new_units, as_json=as_json)


@units.command("merge")
@click.argument("olds", nargs=-1, required=True)
@click.option("--into", required=True, help="Nama unit hasilnya, yang sudah ada atau baru.")
@since_option
@dry_run
@new_units
@as_json
@click.pass_obj
def merge(
    context: CliContext,
    olds: tuple[str, ...],
    *,
    into: str,
    since: dt.date | None,
    preview: bool,
    new_units: bool,
    as_json: bool,
) -> None:
    """Gabungkan unit-unit OLDS sejak sebuah hari."""
    from service.people.units import merge_units

    change_register(
        context, merge_units, olds, into, since=since, preview=preview, new_units=new_units, as_json=as_json
    )
