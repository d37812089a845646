"""`cmb past`: CMB of the paper era, known from cards and forms that nobody signed electronically."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.changes import dry_run
from service.cli.door import Door, as_json, existing_file
from service.cli.learning_shown import show_count, show_past
from service.config import local_day


@click.group()
def past() -> None:
    """CMB terdahulu: dari catatan kertas sebelum layanan ini; diputuskan lewat `cmb learning`."""


@past.command("import")
@click.argument("file", type=existing_file)
@dry_run
@as_json
@click.pass_obj
def import_past(door: Door, *, file: Path, preview: bool, as_json: bool) -> None:
    """Impor kegiatan CMB dari catatan kertas (`cmb template past`); JP-nya dihitung menurut Surat Edaran."""
    from service.learning.past import bring_past

    settings, now = door.settings(), door.clock()
    with door.store(settings) as store:
        brought = bring_past(
            file.read_bytes(),
            file.name,
            store=store,
            now=now,
            today=local_day(now, settings),
            randomness=door.randomness,
            actor=door.actor,
            preview=preview,
        )
    for row in brought.rows:
        show_past(row, as_json=as_json)
    show_count(len(brought.rows), len(brought.kept), preview=preview, as_json=as_json)
