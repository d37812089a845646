"""`cmb evaluate`: the circular's evaluation every four months, as text, JSON, PDF or XLSX."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.door import Door, as_json, emit, say, write_file
from service.errors import BadInput

if TYPE_CHECKING:
    from service.monitoring.evaluated import Evaluation


@click.command()
@click.option("--year", type=click.IntRange(2022, 2999), required=True)
@click.option("--period", type=click.IntRange(1, 3), required=True, help="1 Jan-Apr, 2 Mei-Agu, 3 Sep-Des.")
@click.option("--unit", help="Hanya unit kerja ini.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Kemungkinan dihitung sejak hari ini (TTTT-BB-HH).")
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help="Hasil .pdf atau .xlsx."
)
@as_json
@click.pass_obj
def evaluate(
    door: Door, *, year: int, period: int, unit: str | None, day: object, target: Path | None, as_json: bool
) -> None:
    """Evaluasi empat bulanan: siapa mencapai target, siapa tertinggal, siapa tidak dapat lagi 20 JP."""
    import datetime as dt

    from service.config import local_day
    from service.monitoring.evaluation import evaluate as evaluate_all
    from service.monitoring.told import evaluation_json

    settings = door.settings()
    today = local_day(door.clock(), settings)
    with door.store(settings) as store, store.reading() as tx:
        since = day.date() if isinstance(day, dt.datetime) else None
        evaluation = evaluate_all(year, period, tx, today=today, unit=unit, day=since)
    if target is not None:
        write_file(target, _written(evaluation, target, door))
        say(f"Evaluasi ditulis ke {target}.")
    if as_json:
        emit(evaluation_json(evaluation))
    elif target is None:
        _show(evaluation)


def _written(evaluation: Evaluation, target: Path, door: Door) -> bytes:
    from service.monitoring.evaluation_paper import evaluation_paper, people_table, units_table
    from service.monitoring.workbook import tables_of, workbook
    from service.signatory import moment_text

    made = f"Dibuat {moment_text(door.clock(), door.settings().timezone)} dari kegiatan yang sudah disahkan Biro SDM."
    paper = evaluation_paper(evaluation, made=made)
    if target.suffix.lower() == ".xlsx":
        everybody = [people_table(evaluation.people), units_table(evaluation)]
        return workbook(
            [*everybody, *(each for each in tables_of(paper) if each.title not in {t.title for t in everybody})]
        )
    if target.suffix.lower() != ".pdf":
        raise BadInput(f"{target}: akhiran berkas tidak dikenal.", "Pakai .pdf atau .xlsx.")
    from forms.render import Renderer

    return Renderer().dossier(paper)


def _show(evaluation: Evaluation) -> None:
    from service.monitoring.words import MARKS, jp, suggestion

    for each in evaluation.people:
        click.echo(f"{each.nip}  {each.name:<32} {jp(each.jp):>9} / {jp(each.target)}  {MARKS[each.mark]}")
        if each.short:
            click.echo(f"    Paling banyak {jp(each.most)}. {suggestion(each.suggestion)}")
    lost = len(evaluation.lost)
    click.echo(f"{len(evaluation.people)} pegawai, {lost} tidak dapat lagi mencapai 20 JP; sejak {evaluation.day}.")
