"""`cmb evaluate`: the circular's evaluation every four months, as text, JSON, PDF or XLSX."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.days import DAY
from service.cli.door import Door, as_json, emit, say, write_file
from service.cli.filing import filed, signed, signing_options
from service.config import local_day

if TYPE_CHECKING:
    from service.monitoring.evaluated import Evaluation


@click.command()
@click.option("--year", type=click.IntRange(2022, 2999), required=True)
@click.option("--period", type=click.IntRange(1, 3), required=True, help="1 Jan-Apr, 2 Mei-Agu, 3 Sep-Des.")
@click.option("--unit", help="Hanya unit kerja ini.")
@click.option("--day", type=DAY, help="Kemungkinan dihitung sejak hari ini (bawaan: hari ini).")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help=".pdf atau .xlsx.")
@signing_options
@as_json
@click.pass_obj
def evaluate(
    door: Door,
    *,
    year: int,
    period: int,
    unit: str | None,
    day: dt.date | None,
    target: Path | None,
    key: Path | None,
    passphrase_file: Path | None,
    tsa: str | None,
    as_json: bool,
) -> None:
    """Evaluasi empat bulanan: siapa mencapai target, siapa tertinggal, siapa tidak dapat lagi 20 JP."""
    from service.monitoring.evaluation import evaluate as evaluate_all
    from service.monitoring.evaluation_paper import people_table, units_table
    from service.monitoring.filed import filed_evaluation
    from service.monitoring.told import evaluation_json

    settings, now = door.settings(), door.clock()
    with door.store(settings) as store:
        with store.reading() as tx:
            evaluation = evaluate_all(year, period, tx, today=local_day(now, settings), unit=unit, day=day)
            paper = filed_evaluation(evaluation, tx, settings=settings, now=now)
        if target is not None:
            first = (people_table(evaluation.people), units_table(evaluation))
            signing = (key, passphrase_file, tsa) if key else None
            content = (
                signed(door, settings, store, paper, target=target, signing=signing)
                if signing
                else filed(paper, target, first=first)
            )
            write_file(target, content)
            say(f"Evaluasi ditulis ke {target}.")
        elif key:
            raise click.UsageError("--key memerlukan -o BERKAS.pdf.")
    if as_json:
        emit(evaluation_json(evaluation))
    elif target is None:
        _show(evaluation)


def _show(evaluation: Evaluation) -> None:
    from service.monitoring.words import MARKS, jp, suggestion

    for each in evaluation.people:
        click.echo(f"{each.nip}  {each.name:<32} {jp(each.jp):>9} / {jp(each.target)}  {MARKS[each.mark]}")
        if each.short:
            click.echo(f"    Paling banyak {jp(each.most)}. {suggestion(each.suggestion)}")
    lost = len(evaluation.lost)
    click.echo(f"{len(evaluation.people)} pegawai, {lost} tidak dapat lagi mencapai 20 JP; sejak {evaluation.day}.")
