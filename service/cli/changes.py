"""Changes of the staff register on their way out: the options they share, and what is shown of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from service.cli.days import DAY
from service.cli.door import Door, emit
from service.config import local_day

if TYPE_CHECKING:
    from service.staffing import Told

since_option = click.option("--since", type=DAY, help="Sejak kapan berlaku (bawaan: hari ini).")
dry_run = click.option("--dry-run", "preview", is_flag=True, help="Hanya tunjukkan apa yang akan berubah.")


def change_register(
    door: Door, job: Callable[..., Told], *words: object, since: dt.date | None, preview: bool, as_json: bool
) -> None:
    """`job(*words)` over the open register, and what it did or would do."""
    settings, now = door.settings(), door.clock()
    with door.store(settings) as store:
        told = job(
            *words,
            store=store,
            now=now,
            today=local_day(now, settings),
            actor=door.actor,
            since=since,
            preview=preview,
        )
    _show_changes(told, as_json=as_json)


def _show_changes(told: Told, *, as_json: bool) -> None:
    """A preview person by person, and how many."""
    from service.differences import differences

    if not told.kept:
        for change in told.changes:
            for each in differences(change):
                since = each.since.isoformat() if each.since else None
                if as_json:
                    pair = {"column": each.column, "before": each.before, "after": each.after}
                    emit(
                        {"nip": change.after.nip, "name": change.after.name, "new": change.new, **pair, "since": since}
                    )
                else:
                    begun = f" sejak {since}" if since else ""
                    before = "(baru)" if change.new else f"“{each.before}”"
                    click.echo(f"{change.after.nip}  {each.column}: {before} → “{each.after}”{begun}")
    counts = told.counts
    if as_json:
        emit(counts if told.kept else counts | {"dry_run": True})
        return
    summary = f"{counts['new']} pegawai baru, {counts['changed']} diperbarui, {counts['same']} tetap."
    click.echo(summary if told.kept else f"Pratinjau, belum disimpan: {summary}")
