"""`cmb report`: what was found, on paper for a person or in a form for machines."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.door import Door, as_json, emit, write_file
from service.errors import BadInput
from service.outcomes import said_of
from service.reporting import KINDS, machine, report_of


@click.command()
@click.argument("subject", metavar="FILE|SUBMISSION")
@click.option("--number", type=click.IntRange(min=1), help="Pemeriksaan ke berapa (bawaan: yang terakhir).")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="Berkas hasil.")
@as_json
@click.pass_obj
def report(door: Door, subject: str, *, number: int | None, target: Path | None, as_json: bool) -> None:
    """Laporan pemeriksaan sebuah berkas atau kiriman: .html, .pdf, .json, atau .xml (ETSI) menurut nama hasilnya."""
    if target is None and not as_json:
        raise click.UsageError("Sebutkan -o BERKAS, atau --json.")
    kind = target.suffix.lower() if target else ".json"
    if kind not in KINDS:
        raise BadInput(
            f"{target}: jenis laporan tidak dikenal.", "Beri nama hasil yang berakhir .html, .pdf, .json, atau .xml."
        )
    settings, now = door.settings(), door.clock()
    found, written = report_of(subject, number, settings, now, kind)
    if target is not None:
        write_file(target, written)
    if as_json:
        emit(machine(found))
    else:
        click.echo(f"{target}: {said_of(found.told['verdict'])}")
