"""`cmb calendar` and `cmb remind`: what is due when, and telling everybody once."""

from __future__ import annotations

import click

from service.cli.context import Door, as_json, emit
from service.cli.staff import dry_run
from service.config import local_day


@click.command()
@click.option("--year", type=click.IntRange(2022, 2999), help="Tahun kalender (bawaan: tahun ini).")
@as_json
@click.pass_obj
def calendar(door: Door, *, year: int | None, as_json: bool) -> None:
    """Kalender setahun menurut surat edaran: apa, oleh siapa, dari kapan sampai kapan."""
    from parsers.values import indonesian_date
    from service.config import read_settings
    from service.law.duties import duties

    today = local_day(door.clock(), read_settings(door.home, door.environ))
    for duty in duties(year or today.year):
        due = duty.due(today)
        if as_json:
            emit(
                {
                    "work": duty.work.value,
                    "part": duty.part,
                    "roles": list(duty.roles),
                    "begins": duty.begins.isoformat(),
                    "ends": duty.ends.isoformat(),
                    "due": due,
                    "sentence": duty.sentence,
                    "cites": [each.text for each in duty.cites],
                }
            )
            continue
        span = f"{indonesian_date(duty.begins)} – {indonesian_date(duty.ends)}"
        click.echo(f"{'>' if due else ' '} {span:<40} {', '.join(duty.roles):<20} {duty.sentence}")


@click.command()
@click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True, help="Sabar berapa hari.")
@dry_run
@as_json
@click.pass_obj
def remind(door: Door, *, days: int, preview: bool, as_json: bool) -> None:
    """Ingatkan semua yang perlu bertindak hari ini; setiap hal dikatakan sekali. Jalankan tiap hari."""
    from service.reminders import remind as remind_all

    settings = door.settings()
    with door.store(settings) as store:
        told = remind_all(
            store=store, now=door.clock(), zone=settings.timezone, actor=door.actor, days=days, preview=preview
        )
    for each in told:
        if as_json:
            emit({"nip": each.nip, "kind": each.kind, "about": dict(each.about)})
        else:
            click.echo(f"{each.nip}  {each.kind}  {', '.join(str(value) for value in each.about.values())}")
    if not as_json:
        summary = f"{len(told)} pengingat."
        click.echo(f"Pratinjau, belum disimpan: {summary}" if preview else summary)
