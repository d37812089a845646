"""`cmb template`, `export`, `approvals`: tables to fill in, tables of what is stored, decisions as a table."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.context import CliContext, as_json, emit, existing_file, output, say, write_file
from service.cli.staff import dry_run
from service.cli.usage import Between, Command, Group
from service.config import local_day
from service.errors import BadInput
from service.identifiers import as_typed
from service.language import Message, words

_SUBJECTS = ("employees", "activities", "certificates", "learning", "events")


@click.command(cls=Command)
@click.argument("subject", type=click.Choice(["employees", "learning", "past", "approvals"]))
@click.option("--waiting", is_flag=True, help="approvals: sudah berisi semua kiriman yang menunggu keputusan.")
@output
@click.pass_obj
def template(context: CliContext, subject: str, *, waiting: bool, target: Path) -> None:
    """Tabel kosong (.xlsx atau .csv) untuk diisi lalu diimpor."""
    from service.spreadsheets.exports import TABLE_LAYOUTS
    from service.spreadsheets.templates import template_bytes
    from service.submissions.decisions import waiting_rows

    if target.suffix.lower() not in {".xlsx", ".csv"}:
        raise BadInput(f"{target}: jenis berkas tidak dikenal.", "Pakai nama berakhiran .csv atau .xlsx.")
    if waiting and subject != "approvals":
        raise click.UsageError("--waiting hanya untuk approvals.")
    rows = []
    if waiting:
        with context.store(context.settings()) as store, store.reading() as tx:
            rows = list(waiting_rows(tx))
    write_file(target, template_bytes(TABLE_LAYOUTS[subject], xlsx=target.suffix.lower() == ".xlsx", rows=rows))
    click.echo(str(target))


@click.command(cls=Command)
@click.argument("subject", type=click.Choice(_SUBJECTS))
@click.option("--year", type=Between(2000, 2999), help="Tahun kalender (bawaan: tahun ini).")
@output
@as_json
@click.pass_obj
def export(context: CliContext, subject: str, *, year: int | None, target: Path, as_json: bool) -> None:
    """Keluarkan semua baris ke .csv atau .xlsx."""
    from service.spreadsheets.exports import Span
    from service.spreadsheets.exports import export as write

    settings = context.settings()
    span = Span(year=year or local_day(context.clock(), settings).year, zone=settings.timezone)
    with context.store(settings) as store:
        count = write(subject, target, store=store, span=span)
    if as_json:
        emit({"file": str(target), "rows": count})
    else:
        click.echo(f"{target}: {count} baris.")


@click.group(cls=Group)
def approvals() -> None:
    """Keputusan Biro SDM sebagai tabel, dan pencabutan pengesahan."""


@approvals.command("import")
@click.argument("file", type=existing_file)
@dry_run
@as_json
@click.pass_obj
def import_approvals(context: CliContext, file: Path, *, preview: bool, as_json: bool) -> None:
    """Sahkan dan tolak kiriman menurut tabel (kolom kiriman, keputusan, alasan)."""
    from service.submissions.decisions import decide_table

    with context.store(context.settings()) as store:
        rows = decide_table(
            file.read_bytes(), file.name, store=store, now=context.clock(), actor=context.actor, preview=preview
        )
    for row in rows:
        for note in row.notes:
            say(note)
    done = {
        name: [row.submission for row in rows if row.decision.value == name and not row.left_out]
        for name in ("approved", "rejected")
    }
    done["left_out"] = [row.submission for row in rows if row.left_out]
    if as_json:
        emit(done | ({"dry_run": True} if preview else {}))
        return
    summary = f"{len(done['approved'])} kiriman disahkan, {len(done['rejected'])} ditolak."
    if done["left_out"]:
        summary += (
            f" {len(done['left_out'])} dilewati karena waktunya bertumpuk dengan kegiatan lain "
            f"({', '.join(done['left_out'])}); lihat dan sahkan satu per satu: cmb approve NOMOR."
        )
    click.echo(f"Pratinjau, belum disimpan: {summary}" if preview else summary)


@approvals.command("withdraw")
@click.argument("submission")
@click.option("--reason", required=True, help="Alasan yang dibaca pegawai.")
@as_json
@click.pass_obj
def withdraw(context: CliContext, submission: str, *, reason: str, as_json: bool) -> None:
    """Cabut pengesahan sebuah kiriman; bila Biro SDM beranggota dua orang, seorang dari mereka menyetujuinya."""
    from service.submissions.withdrawals import Withdrawing, withdraw_approval

    settings, now = context.settings(), context.clock()
    with context.store(settings) as store:
        asked = withdraw_approval(
            submission,
            reason,
            Withdrawing(
                store=store,
                now=now,
                today=local_day(now, settings),
                actor=context.actor,
                by=None,
                second_person=settings.second_person,
                randomness=context.randomness,
            ),
        )
    number = as_typed(submission)
    if as_json:
        emit({"submission": number, "withdrawn": asked is None, "waits": asked.id if asked else None})
    else:
        said = (
            Message("withdrawal_asked", submission=number) if asked else Message("withdrawal_done", submission=number)
        )
        click.echo(words(said, context.reader))


@approvals.command("withdrawals")
@as_json
@click.pass_obj
def list_withdrawals(context: CliContext, *, as_json: bool) -> None:
    """Pencabutan yang menunggu persetujuan orang kedua."""
    from service.store.confirmations import Confirming

    with context.store(context.settings()) as store, store.reading() as tx:
        for asked in tx.confirmations.waiting(Confirming.WITHDRAWAL):
            if as_json:
                emit(
                    {
                        "id": asked.id,
                        "submission": asked.subject,
                        "reason": asked.reason,
                        "asked_at": asked.asked_at.isoformat(),
                        "asked_by": asked.asked_by,
                    }
                )
            else:
                click.echo(f"{asked.subject}  {asked.asked_by}  {asked.reason}")
