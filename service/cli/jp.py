"""`cmb jp`: a year's JP from the store, or from a list of activities alone."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import NIP, CliContext, as_json, emit, existing_file, line_of
from service.cli.usage import Between, Command
from service.errors import BadInput

if TYPE_CHECKING:
    from service.law import Activity, Assessment


@click.command(cls=Command)
@click.argument("nip", type=NIP, required=False)
@click.option("--year", type=Between(2000, 2999), help="Tahun kalender.")
@click.option("--records", type=existing_file, help="Daftar kegiatan (JSON), tanpa penyimpanan.")
@as_json
@click.pass_obj
def jp(context: CliContext, *, nip: str | None, year: int | None, records: Path | None, as_json: bool) -> None:
    """Jam pelajaran setahun beserta alasannya."""
    if records is not None:
        if nip or year:
            raise click.UsageError("--records dipakai sendiri, tanpa NIP dan --year.")
        _show({}, _assess_file(records), as_json=as_json)
        return
    if not nip or not year:
        raise click.UsageError("Sebutkan NIP dan --year, atau --records.")
    from service.year import accumulate

    with context.store(context.settings()) as store, store.reading() as tx:
        if tx.employees.get(nip) is None:
            raise BadInput(f"NIP {nip} tidak ada pada data kepegawaian.", "Periksa NIP itu.")
        _show({"nip": nip, "year": year}, accumulate(nip, year, tx).assessment, as_json=as_json)


def _assess_file(path: Path) -> Assessment:
    from service.law import assess

    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        entries = document["activities"]
        activities = [_activity(entry, number) for number, entry in enumerate(entries, start=1)]
    except BadInput:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{path}: bukan daftar kegiatan{line_of(error)}.",
            'Bentuknya {"activities": [{"kind", "scope"?, "date", "minutes"?, "begins"?}]}.',
        ) from error
    return assess(activities)


def _activity(entry: dict[str, Any], number: int) -> Activity:
    from service.law import KINDS, SCOPES, Activity

    try:
        kind, scope = entry["kind"], entry.get("scope") or "nasional"
        date = dt.date.fromisoformat(entry["date"])
        begins = entry.get("begins")
        start = _start(begins) if begins else None
        minutes = entry.get("minutes")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"Kegiatan ke-{number}: kind, date, atau begins tidak terbaca.",
            "Tulis date sebagai 2024-03-04 dan begins sebagai 09:00.",
        ) from error
    problems = [f"kind “{kind}” tidak dikenal ({', '.join(KINDS)})."] if kind not in KINDS else []
    problems += [f"scope “{scope}” tidak dikenal ({', '.join(SCOPES)})."] if scope not in SCOPES else []
    if minutes is not None and (not isinstance(minutes, int) or isinstance(minutes, bool) or minutes < 0):
        problems.append("minutes harus bilangan bulat, tidak negatif.")
    if problems:
        raise BadInput(f"Kegiatan ke-{number}: {' '.join(problems)}", "Perbaiki daftar itu, lalu ulangi.")
    return Activity(kind=kind, scope=scope, date=date, minutes=minutes, begins=start)


def _start(text: str) -> dt.time:
    """Read `09:00` or `9.00`; ValueError for anything else, also for `24:00`, which newer Pythons read as 00:00."""
    plain = text.replace(".", ":").zfill(5)
    if plain.startswith("24"):
        raise ValueError(text)
    return dt.time.fromisoformat(plain)


def _show(about: dict[str, Any], assessment: Assessment, *, as_json: bool) -> None:
    from service.law import jp_text
    from service.verification.result import assessed_json

    if as_json:
        emit(
            {
                **about,
                "total": jp_text(assessment.total),
                "target": jp_text(assessment.target),
                "items": [assessed_json(item) for item in assessment.items],
            }
        )
        return
    for item in assessment.items:
        activity = item.activity
        click.echo(f"{activity.date.isoformat()}  {activity.kind:<16} {_comma(jp_text(item.jp)):>4} JP")
        for finding in item.findings:
            click.echo(f"    {finding.because}")
    click.echo(f"Jumlah: {_comma(jp_text(assessment.total))} JP dari sasaran {_comma(jp_text(assessment.target))} JP")


def _comma(number: str) -> str:
    return number.replace(".", ",")
