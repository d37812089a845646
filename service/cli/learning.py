"""`cmb learning`: other learning (5.f.6), entered, imported, listed and decided."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import DAY, CliContext, as_json, emit, existing_file, say
from service.cli.staff import dry_run
from service.config import local_day
from service.sandbox.problems import EXIT_NO

if TYPE_CHECKING:
    from service.learning.other import Draft
    from service.learning.paper_era import PastRow
    from service.store.learning import OtherLearning


class _Amount(click.ParamType[Decimal]):
    """`8`, `2,5`."""

    name = "jp"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            amount = Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            self.fail(f"“{value}” bukan angka.", param, ctx)
        return amount


@click.group()
def learning() -> None:
    """Pembelajaran lain: pelatihan, workshop, sosialisasi, seminar; tidak masuk sertifikat CMB."""


@learning.command()
@click.argument("nip")
@click.option("--kind", required=True, help="pelatihan, workshop, sosialisasi, seminar, cmb_terdahulu, lainnya.")
@click.option("--title", required=True)
@click.option("--organiser", required=True, help="Penyelenggara.")
@click.option("--starts", type=DAY, required=True, help="Hari pertama.")
@click.option("--ends", type=DAY, help="Hari terakhir (bawaan: sama dengan hari pertama).")
@click.option("--jp", type=_Amount(), required=True)
@click.option("--evidence", type=existing_file, help="Sertifikat atau surat tugas (PDF, PNG, JPEG).")
@click.option("--assignment", help="Nomor penugasan yang dipenuhinya.")
@as_json
@click.pass_obj
def add(
    door: CliContext,
    *,
    nip: str,
    kind: str,
    title: str,
    organiser: str,
    starts: dt.date,
    ends: dt.date | None,
    jp: Decimal,
    evidence: Path | None,
    assignment: str | None,
    as_json: bool,
) -> None:
    """Catat satu pembelajaran; dihitung sesudah disahkan Biro SDM."""
    from service.learning.other import Draft, Evidence, enter

    settings, now = door.settings(), door.clock()
    told = Draft(nip=nip, kind=kind, title=title, organiser=organiser, starts=starts, ends=ends or starts, jp=jp)
    with door.store(settings) as store:
        kept = enter(
            told,
            store=store,
            now=now,
            today=local_day(now, settings),
            randomness=door.randomness,
            actor=door.actor,
            evidence=Evidence(name=evidence.name, content=evidence.read_bytes()) if evidence else None,
            assignment_id=assignment,
        )
    show_learning(kept, as_json=as_json)


@learning.command("import")
@click.argument("file", type=existing_file)
@dry_run
@as_json
@click.pass_obj
def import_learning(door: CliContext, *, file: Path, preview: bool, as_json: bool) -> None:
    """Impor CSV atau XLSX; semua baris yang salah disebut sekaligus, dan tidak ada yang tersimpan."""
    from service.learning.other import bring_in

    settings, now = door.settings(), door.clock()
    with door.store(settings) as store:
        brought = bring_in(
            file.read_bytes(),
            file.name,
            store=store,
            now=now,
            today=local_day(now, settings),
            randomness=door.randomness,
            actor=door.actor,
            preview=preview,
        )
    if preview:
        for draft in brought.drafts:
            show_draft(draft, as_json=as_json)
    show_count(len(brought.drafts), len(brought.kept), preview=preview, as_json=as_json)


@learning.command("list")
@click.option("--year", type=click.IntRange(2000, 2999), required=True)
@click.option("--nip", help="Hanya pegawai ini.")
@click.option("--state", type=click.Choice(["pending", "approved", "rejected"]))
@as_json
@click.pass_obj
def list_learning(door: CliContext, *, year: int, nip: str | None, state: str | None, as_json: bool) -> None:
    """Yang tercatat pada tahun itu."""
    from service.records import Decision

    with door.store(door.settings()) as store, store.reading() as tx:
        decision = Decision(state) if state else None
        for each in tx.other_learning.list(dt.date(year, 1, 1), dt.date(year, 12, 31), decision=decision):
            if nip in {None, each.nip}:
                show_learning(each, as_json=as_json)


@learning.command()
@click.argument("ids", nargs=-1, required=True)
@as_json
@click.pass_obj
def approve(door: CliContext, *, ids: tuple[str, ...], as_json: bool) -> None:
    """Sahkan (Biro SDM). CMB terdahulu yang waktunya bertumpuk hanya disahkan bila disebut sendiri."""
    from service.learning.other import approve as approve_one
    from service.learning.paper_era import overlaps_of

    wanted, left_out = tuple(dict.fromkeys(number.strip().upper() for number in ids)), []
    with door.store(door.settings()) as store:
        for number in wanted:
            with store.reading() as tx:
                found = tx.other_learning.get(number)
                notices = overlaps_of(found, tx) if found is not None else ()
            for notice in notices:
                say(f"{number}: {notice.message}")
            if notices and len(wanted) > 1:
                left_out.append(number)
                continue
            show_learning(approve_one(number, store=store, now=door.clock(), actor=door.actor), as_json=as_json)
    if left_out:
        say(f"{len(left_out)} tidak ikut disahkan karena waktunya bertumpuk: {', '.join(left_out)}")
        raise SystemExit(EXIT_NO)


@learning.command()
@click.argument("learning_id", metavar="ID")
@click.option("--reason", required=True, help="Alasan yang dibaca pegawai.")
@as_json
@click.pass_obj
def reject(door: CliContext, *, learning_id: str, reason: str, as_json: bool) -> None:
    """Tolak, dengan alasan (Biro SDM)."""
    from service.learning.other import reject as reject_one

    with door.store(door.settings()) as store:
        show_learning(reject_one(learning_id, reason, store=store, now=door.clock(), actor=door.actor), as_json=as_json)


# --- How the command shows other learning

_STATES = {"pending": "menunggu", "approved": "disahkan", "rejected": "ditolak"}


def show_learning(learning: OtherLearning, *, as_json: bool) -> None:
    """One line, or one object."""
    if as_json:
        emit(learning_json(learning))
        return
    state = _STATES[learning.decision.value]
    click.echo(f"{learning.id}  {_line(learning)}  {state}  {learning.decision_reason or ''}".rstrip())


def show_draft(draft: Draft, *, as_json: bool) -> None:
    """What an import would keep."""
    if as_json:
        emit(_told(draft))
    else:
        click.echo(_line(draft))


def show_past(row: PastRow, *, as_json: bool) -> None:
    """A past activity with its JP, and under it what took from them."""
    told = row.draft.activity
    if as_json:
        found = [{"rule": each.rule, "because": each.because, "cites": each.cites_text} for each in row.findings]
        activity = {"activity": told.kind, "scope": told.scope, "minutes": told.minutes}
        emit({"line": row.draft.line} | _told(row.learning) | activity | {"findings": found})
        return
    click.echo(_line(row.learning))
    for each in row.findings:
        click.echo(f"    {each.because} ({'; '.join(each.cites_text)})")


def show_count(rows: int, kept: int, *, preview: bool, as_json: bool) -> None:
    """How many rows an import kept, or would keep."""
    if as_json:
        emit({"rows": rows, "kept": kept} | ({"dry_run": True} if preview else {}))
    else:
        click.echo(f"Pratinjau, belum disimpan: {rows} baris." if preview else f"{rows} baris menunggu pengesahan.")


def learning_json(learning: OtherLearning) -> dict[str, Any]:
    """Everything of it but who entered it."""
    return (
        {"id": learning.id}
        | _told(learning)
        | {
            "state": learning.decision.value,
            "reason": learning.decision_reason,
            "evidence": learning.evidence_digest,
            "assignment": learning.assignment_id,
        }
    )


def _told(told: Draft | OtherLearning) -> dict[str, Any]:
    from service.law import jp_text

    return {
        "nip": told.nip,
        "kind": told.kind,
        "title": told.title,
        "organiser": told.organiser,
        "starts": told.starts.isoformat(),
        "ends": told.ends.isoformat(),
        "jp": jp_text(told.jp),
    }


def _line(told: Draft | OtherLearning) -> str:
    from forms.indonesian import comma

    return f"{told.nip}  {told.ends}  {comma(told.jp)} JP  {told.kind}  {told.title} ({told.organiser})"


# --- `cmb past`: CMB of the paper era, known from cards and forms that nobody signed electronically


@click.group()
def past() -> None:
    """CMB terdahulu: dari catatan kertas sebelum layanan ini; diputuskan lewat `cmb learning`."""


@past.command("import")
@click.argument("file", type=existing_file)
@dry_run
@as_json
@click.pass_obj
def import_past(door: CliContext, *, file: Path, preview: bool, as_json: bool) -> None:
    """Impor kegiatan CMB dari catatan kertas (`cmb template past`); JP-nya dihitung menurut Surat Edaran."""
    from service.learning.paper_era import bring_past

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
