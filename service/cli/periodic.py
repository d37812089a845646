"""`cmb periodic`: the report to the Sekretaris Utama (5.b.6) over any run of months."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from service.cli.door import Door, as_json, emit, say, write_file
from service.cli.filing import filed, signed, signing_options


class _Month(click.ParamType[tuple[int, int]]):
    """`2026-06`."""

    name = "bulan"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", str(value).strip())
        if found is None:
            self.fail(
                f"“{value}” bukan bulan. Tulis seperti 2026-06; laporan memuat bulan penuh, seperti batas JP.",
                param,
                ctx,
            )
        return int(found[1]), int(found[2])


@click.command()
@click.option("--from", "first", type=_Month(), required=True, help="Bulan pertama, mis. 2026-01.")
@click.option("--to", "last", type=_Month(), required=True, help="Bulan terakhir, mis. 2026-06.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help=".pdf atau .xlsx.")
@signing_options
@as_json
@click.pass_obj
def periodic(
    door: Door,
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
    from service.monitoring.filed import filed_report
    from service.monitoring.periodic import periodic as report_of
    from service.monitoring.periodic_told import periodic_json
    from service.monitoring.span import span_of

    settings = door.settings()
    span = span_of(first, last)
    with door.store(settings) as store:
        with store.reading() as tx:
            report = report_of(span, tx, zone=settings.timezone)
        if target is not None:
            paper = filed_report(report, settings=settings, now=door.clock())
            signing = (key, passphrase_file, tsa) if key else None
            write_file(
                target,
                signed(door, settings, store, paper, target=target, signing=signing)
                if signing
                else filed(paper, target),
            )
            say(f"Laporan ditulis ke {target}.")
        elif key:
            raise click.UsageError("--key memerlukan -o BERKAS.pdf.")
    if as_json:
        emit(periodic_json(report))
    elif target is None:
        for each in (*report.units, report.whole):
            click.echo(f"{each.unit:<40} {each.active:>6} dari {each.people:>6} pegawai  {each.jp:>10} JP")
