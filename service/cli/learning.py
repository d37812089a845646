"""`cmb learning` and `cmb past`: other learning (5.f.6) and CMB of the paper era, imported, listed and decided."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from service.cli.context import DAY, NIP, CliContext, as_json, emit, existing_file, say
from service.cli.staff import dry_run
from service.cli.usage import Between, Group
from service.config import local_day
from service.identifiers import as_typed
from service.language import words
from service.sandbox.problems import EXIT_NO

if TYPE_CHECKING:
    from service.learning.other import LearningDraft
    from service.learning.paper_era import PastRow
    from service.spreadsheets.imports import ImportResult, TableKind
    from service.store.learning import OtherLearning

Entry = TypeVar("Entry")


class _JpAmount(click.ParamType[Decimal]):
    """JP as an option: `8` or `2,5`."""

    name = "jp"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            amount = Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            self.fail(f"“{value}” bukan angka.", param, ctx)
        return amount


@click.group(cls=Group)
def learning() -> None:
    """Pembelajaran lain: pelatihan, workshop, sosialisasi, seminar; tidak masuk sertifikat CMB."""


@learning.command()
@click.argument("nip", type=NIP)
@click.option("--kind", required=True, help="pelatihan, workshop, sosialisasi, seminar, cmb_terdahulu, lainnya.")
@click.option("--title", required=True)
@click.option("--organiser", required=True, help="Penyelenggara.")
@click.option("--starts", type=DAY, required=True, help="Hari pertama.")
@click.option("--ends", type=DAY, help="Hari terakhir (bawaan: sama dengan hari pertama).")
@click.option("--jp", type=_JpAmount(), required=True)
@click.option("--evidence", type=existing_file, help="Sertifikat atau surat tugas (PDF, PNG, JPEG).")
@click.option("--assignment", help="Nomor penugasan yang dipenuhinya.")
@as_json
@click.pass_obj
def add(
    context: CliContext,
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
    from service.learning.other import Evidence, LearningDraft, enter

    settings, now = context.settings(), context.clock()
    draft = LearningDraft(
        nip=nip, kind=kind, title=title, organiser=organiser, starts=starts, ends=ends or starts, jp=jp
    )
    with context.store(settings) as store:
        learning = enter(
            draft,
            store=store,
            now=now,
            today=local_day(now, settings),
            randomness=context.randomness,
            actor=context.actor,
            evidence=Evidence(name=evidence.name, content=evidence.read_bytes()) if evidence else None,
            assignment_id=assignment,
        )
    _show_learning(learning, as_json=as_json)


@learning.command("import")
@click.argument("file", type=existing_file)
@dry_run
@as_json
@click.pass_obj
def import_learning(context: CliContext, *, file: Path, preview: bool, as_json: bool) -> None:
    """Impor CSV atau XLSX; semua baris yang salah disebut sekaligus, dan tidak ada yang tersimpan."""
    from service.learning.other import learning_table

    result = _import(context, learning_table(context.randomness), file, preview=preview)
    if preview:
        for draft in result.entries:
            _show_draft(draft, as_json=as_json)
    _show_count(result, preview=preview, as_json=as_json)


@learning.command("list")
@click.option("--year", type=Between(2000, 2999), required=True)
@click.option("--nip", type=NIP, help="Hanya pegawai ini.")
@click.option("--state", type=click.Choice(["pending", "approved", "rejected"]))
@as_json
@click.pass_obj
def list_learning(context: CliContext, *, year: int, nip: str | None, state: str | None, as_json: bool) -> None:
    """Yang tercatat pada tahun itu."""
    from service.records import Decision

    with context.store(context.settings()) as store, store.reading() as tx:
        decision = Decision(state) if state else None
        for piece in tx.other_learning.list(dt.date(year, 1, 1), dt.date(year, 12, 31), decision=decision):
            if nip in {None, piece.nip}:
                _show_learning(piece, as_json=as_json)


@learning.command()
@click.argument("ids", nargs=-1, required=True)
@as_json
@click.pass_obj
def approve(context: CliContext, *, ids: tuple[str, ...], as_json: bool) -> None:
    """Sahkan (Biro SDM). CMB terdahulu yang waktunya bertumpuk hanya disahkan bila disebut sendiri."""
    from service.learning.other import approve as approve_one
    from service.learning.paper_era import overlaps_of

    wanted, left_out = tuple(dict.fromkeys(as_typed(number) for number in ids)), []
    with context.store(context.settings()) as store:
        for number in wanted:
            with store.reading() as tx:
                piece = tx.other_learning.get(number)
                notices = overlaps_of(piece, tx) if piece is not None else ()
            for notice in notices:
                say(f"{number}: {words(notice, context.reader)}")
            if notices and len(wanted) > 1:
                left_out.append(number)
                continue
            _show_learning(approve_one(number, store=store, now=context.clock(), actor=context.actor), as_json=as_json)
    if left_out:
        say(f"{len(left_out)} tidak ikut disahkan karena waktunya bertumpuk: {', '.join(left_out)}")
        raise SystemExit(EXIT_NO)


@learning.command()
@click.argument("learning_id", metavar="ID")
@click.option("--reason", required=True, help="Alasan yang dibaca pegawai.")
@as_json
@click.pass_obj
def reject(context: CliContext, *, learning_id: str, reason: str, as_json: bool) -> None:
    """Tolak, dengan alasan (Biro SDM)."""
    from service.learning.other import reject as reject_one

    with context.store(context.settings()) as store:
        _show_learning(
            reject_one(learning_id, reason, store=store, now=context.clock(), actor=context.actor), as_json=as_json
        )


# --- `cmb past`


@click.group(cls=Group)
def past() -> None:
    """CMB terdahulu: dari catatan kertas sebelum layanan ini; diputuskan lewat `cmb learning`."""


@past.command("import")
@click.argument("file", type=existing_file)
@dry_run
@as_json
@click.pass_obj
def import_past(context: CliContext, *, file: Path, preview: bool, as_json: bool) -> None:
    """Impor kegiatan CMB dari catatan kertas (`cmb template past`); JP-nya dihitung menurut Surat Edaran."""
    from service.learning.paper_era import past_table

    result = _import(context, past_table(context.randomness), file, preview=preview)
    for row in result.entries:
        _show_past_row(row, as_json=as_json)
    _show_count(result, preview=preview, as_json=as_json)


# --- Importing a table


def _import(
    context: CliContext, kind: TableKind[Entry, OtherLearning], file: Path, *, preview: bool
) -> ImportResult[Entry, OtherLearning]:
    from service.spreadsheets.imports import ImportContext, import_table

    settings, now = context.settings(), context.clock()
    with context.store(settings) as store:
        importing = ImportContext(store=store, now=now, today=local_day(now, settings), actor=context.actor)
        result = import_table(kind, file.read_bytes(), file.name, context=importing, preview=preview)
    for note in result.notes:
        say(note)
    return result


def _show_count(result: ImportResult[Any, Any], *, preview: bool, as_json: bool) -> None:
    """Print how many rows the import kept, or would keep."""
    rows = len(result.entries)
    if as_json:
        emit({"rows": rows, "kept": len(result.outcomes)} | ({"dry_run": True} if preview else {}))
    else:
        click.echo(f"Pratinjau, belum disimpan: {rows} baris." if preview else f"{rows} baris menunggu pengesahan.")


# --- Output

_STATES = {"pending": "menunggu", "approved": "disahkan", "rejected": "ditolak"}


def _show_learning(learning: OtherLearning, *, as_json: bool) -> None:
    """Print one line, or one object."""
    if as_json:
        emit(_learning_payload(learning))
        return
    state = _STATES[learning.decision.value]
    click.echo(f"{learning.id}  {_line(learning)}  {state}  {learning.decision_reason or ''}".rstrip())


def _show_draft(draft: LearningDraft, *, as_json: bool) -> None:
    """Print what an import would keep."""
    if as_json:
        emit(_payload(draft))
    else:
        click.echo(_line(draft))


def _show_past_row(row: PastRow, *, as_json: bool) -> None:
    """Print a past activity with its JP, and the rules that reduced them."""
    if as_json:
        findings = [
            {"rule": finding.rule, "because": finding.because, "cites": finding.cites_text} for finding in row.findings
        ]
        activity = row.draft.activity
        payload = {"activity": activity.kind, "scope": activity.scope, "minutes": activity.minutes}
        emit({"line": row.draft.line} | _payload(row.learning) | payload | {"findings": findings})
        return
    click.echo(_line(row.learning))
    for finding in row.findings:
        click.echo(f"    {finding.because} ({'; '.join(finding.cites_text)})")


def _learning_payload(learning: OtherLearning) -> dict[str, Any]:
    """Return everything but who entered it."""
    return (
        {"id": learning.id}
        | _payload(learning)
        | {
            "state": learning.decision.value,
            "reason": learning.decision_reason,
            "evidence": learning.evidence_digest,
            "assignment": learning.assignment_id,
        }
    )


def _payload(learning: LearningDraft | OtherLearning) -> dict[str, Any]:
    from service.law import jp_text

    return {
        "nip": learning.nip,
        "kind": learning.kind,
        "title": learning.title,
        "organiser": learning.organiser,
        "starts": learning.starts.isoformat(),
        "ends": learning.ends.isoformat(),
        "jp": jp_text(learning.jp),
    }


def _line(learning: LearningDraft | OtherLearning) -> str:
    from forms.indonesian import comma

    summary = f"{learning.nip}  {learning.ends}  {comma(learning.jp)} JP  {learning.kind}"
    return f"{summary}  {learning.title} ({learning.organiser})"
