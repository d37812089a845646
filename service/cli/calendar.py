"""`cmb calendar` and `remind`: the duties of a year, and a reminder of each, sent once."""

from __future__ import annotations

import click

from service.cli.context import CliContext, as_json, emit
from service.cli.staff import dry_run
from service.cli.usage import Between, Command
from service.config import local_day


@click.command(cls=Command)
@click.option("--year", type=Between(2022, 2999), help="Tahun kalender (bawaan: tahun ini).")
@as_json
@click.pass_obj
def calendar(context: CliContext, *, year: int | None, as_json: bool) -> None:
    """Kalender setahun menurut surat edaran: apa, oleh siapa, dari kapan sampai kapan."""
    from parsers.values import indonesian_date
    from service.config import read_settings
    from service.law.duties import duties

    today = local_day(context.clock(), read_settings(context.home, context.environ))
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
                    "cites": [citation.text for citation in duty.cites],
                }
            )
            continue
        span = f"{indonesian_date(duty.begins)} – {indonesian_date(duty.ends)}"
        click.echo(f"{'>' if due else ' '} {span:<40} {', '.join(duty.roles):<20} {duty.sentence}")


@click.command(cls=Command)
@click.option("--days", type=Between(1, 365), default=7, show_default=True, help="Sabar berapa hari.")
@dry_run
@as_json
@click.pass_obj
def remind(context: CliContext, *, days: int, preview: bool, as_json: bool) -> None:
    """Ingatkan semua yang perlu bertindak hari ini; setiap hal dikatakan sekali. Jalankan tiap hari."""
    from service.jobs.reminders import remind as remind_all

    settings = context.settings()
    with context.store(settings) as store:
        reminders = remind_all(
            store=store, now=context.clock(), zone=settings.timezone, actor=context.actor, days=days, preview=preview
        )
    for reminder in reminders:
        if as_json:
            emit({"nip": reminder.nip, "kind": reminder.kind, "about": dict(reminder.about)})
        else:
            click.echo(f"{reminder.nip}  {reminder.kind}  {', '.join(str(value) for value in reminder.about.values())}")
    if not as_json:
        summary = f"{len(reminders)} pengingat."
        click.echo(f"Pratinjau, belum disimpan: {summary}" if preview else summary)
