"""`cmb evaluate` and `periodic`: the four-monthly evaluation and the report to the Sekretaris Utama."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import DAY, CliContext, as_json, emit, say, signing_options, write_file
from service.cli.usage import Between, Command
from service.config import local_day
from service.errors import BadInput

if TYPE_CHECKING:
    from forms.dossier import Dossier, Table
    from service.cli.cards import Signing
    from service.config import Settings
    from service.monitoring.evaluation import Evaluation
    from service.store import Store


# --- Documents as files


def filed(dossier: Dossier, target: Path, *, first: tuple[Table, ...] = ()) -> bytes:
    """Return the file as PDF or XLSX, by its suffix; an XLSX begins with the `first` tables."""
    ending = target.suffix.lower()
    if ending == ".xlsx":
        from service.monitoring.workbook import tables_of, workbook

        return workbook(list({table.title: table for table in (*first, *tables_of(dossier))}.values()))
    if ending == ".pdf":
        from forms.render import Renderer
        from service.monitoring.filing import paper_pdf

        return paper_pdf(dossier, Renderer())
    raise BadInput(f"{target}: akhiran berkas tidak dikenal.", "Pakai .pdf atau .xlsx.")


def signed(
    context: CliContext, settings: Settings, store: Store, dossier: Dossier, *, target: Path, signing: Signing
) -> bytes:
    """Return the PDF, signed; `signing` is the key, the file of its passphrase, and the time-stamp authority."""
    from forms.render import Renderer
    from forms.typesetting.fonts import FontFamily
    from service.bootstrap import open_key, timestamper_of, trust_of
    from service.monitoring.card_signing import CardSigningContext
    from service.monitoring.filing import sign_paper

    if target.suffix.lower() != ".pdf":
        raise BadInput("Yang ditandatangani adalah dokumen PDF.", "Beri nama hasil yang berakhir .pdf.")
    key, passphrase_file, tsa = signing
    now = context.clock()
    signing_context = CardSigningContext(
        store=store,
        letters=FontFamily(),
        trust=trust_of(store, settings, now),
        now=now,
        zone=settings.timezone,
        randomness=context.randomness,
        actor=context.actor,
    )
    timestamper = timestamper_of(tsa, settings, context.clock)
    return sign_paper(
        dossier, Renderer(), signing_context, holder=open_key(key, passphrase_file), timestamper=timestamper
    )


@click.command(cls=Command)
@click.option("--year", type=Between(2022, 2999), required=True)
@click.option("--period", type=Between(1, 3), required=True, help="1 Jan-Apr, 2 Mei-Agu, 3 Sep-Des.")
@click.option("--unit", help="Hanya unit kerja ini.")
@click.option("--day", type=DAY, help="Kemungkinan dihitung sejak hari ini (bawaan: hari ini).")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help=".pdf atau .xlsx.")
@signing_options
@as_json
@click.pass_obj
def evaluate(
    context: CliContext,
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
    """Evaluasi empat bulanan: siapa mencapai target, siapa tertinggal, siapa tidak dapat lagi mencapai target."""
    from service.monitoring.evaluation import evaluate as evaluate_all
    from service.monitoring.evaluation import evaluation_json
    from service.monitoring.evaluation_document import people_table, units_table
    from service.monitoring.filing import evaluation_to_sign

    settings, now = context.settings(), context.clock()
    with context.store(settings) as store:
        with store.reading() as tx:
            evaluation = evaluate_all(year, period, tx, today=local_day(now, settings), unit=unit, day=day)
            dossier = evaluation_to_sign(evaluation, tx, settings=settings, now=now)
        if target is not None:
            first = (people_table(evaluation), units_table(evaluation))
            signing = (key, passphrase_file, tsa) if key else None
            content = (
                signed(context, settings, store, dossier, target=target, signing=signing)
                if signing
                else filed(dossier, target, first=first)
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
    from service.monitoring.wording import MARKS, jp, suggestion

    for person in evaluation.people:
        click.echo(f"{person.nip}  {person.name:<32} {jp(person.jp):>9} / {jp(person.target)}  {MARKS[person.mark]}")
        if person.short:
            click.echo(f"    Paling banyak {jp(person.most)}. {suggestion(person.suggestion)}")
    lost = len(evaluation.lost)
    click.echo(
        f"{len(evaluation.people)} pegawai, {lost} tidak dapat lagi mencapai target setahun; sejak {evaluation.day}."
    )


# --- `cmb periodic`: the report of 5.b.6 over any months


class _Month(click.ParamType[tuple[int, int]]):
    """A month such as `2026-06`."""

    name = "bulan"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", str(value).strip())
        if match is None:
            self.fail(
                f"“{value}” bukan bulan. Tulis seperti 2026-06; laporan memuat bulan penuh, seperti batas JP.",
                param,
                ctx,
            )
        return int(match[1]), int(match[2])


@click.command(cls=Command)
@click.option("--from", "first", type=_Month(), required=True, help="Bulan pertama, mis. 2026-01.")
@click.option("--to", "last", type=_Month(), required=True, help="Bulan terakhir, mis. 2026-06.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help=".pdf atau .xlsx.")
@signing_options
@as_json
@click.pass_obj
def periodic(
    context: CliContext,
    *,
    first: tuple[int, int],
    last: tuple[int, int],
    target: Path | None,
    key: Path | None,
    passphrase_file: Path | None,
    tsa: str | None,
    as_json: bool,
) -> None:
    """Laporan berkala kepada Sekretaris Utama: semua unit kerja, bulan berapa pun."""
    from service.monitoring.filing import report_to_sign
    from service.monitoring.report import periodic as report_of
    from service.monitoring.report import periodic_report_json, span_of

    settings = context.settings()
    span = span_of(first, last)
    with context.store(settings) as store:
        with store.reading() as tx:
            report = report_of(span, tx, zone=settings.timezone)
        if target is not None:
            dossier = report_to_sign(report, settings=settings, now=context.clock())
            signing = (key, passphrase_file, tsa) if key else None
            write_file(
                target,
                signed(context, settings, store, dossier, target=target, signing=signing)
                if signing
                else filed(dossier, target),
            )
            say(f"Laporan ditulis ke {target}.")
        elif key:
            raise click.UsageError("--key memerlukan -o BERKAS.pdf.")
    if as_json:
        emit(periodic_report_json(report))
    elif target is None:
        for unit in (*report.units, report.whole):
            click.echo(f"{unit.unit:<40} {unit.active:>6} dari {unit.people:>6} pegawai  {unit.jp:>10} JP")
