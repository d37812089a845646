"""`cmb siasn`: send a year's certificates to the national register, export them, list the outcomes."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.context import CliContext, as_json, emit, output, say
from service.cli.usage import Between, Group

_year = click.option("--year", type=Between(2000, 2999), required=True, help="Tahun sertifikat.")


@click.group(cls=Group)
def siasn() -> None:
    """Sertifikat setahun ke SIASN."""


@siasn.command("export")
@_year
@output
@as_json
@click.pass_obj
def export(context: CliContext, *, year: int, target: Path, as_json: bool) -> None:
    """Tulis yang akan dikirim ke berkas .jsonl, .xlsx, atau .csv; tidak mengirim apa pun."""
    from service.law import jp_text
    from service.siasn.courses import export_year
    from service.siasn.settings import read_codes

    settings = context.settings()
    codes = read_codes(settings.home)
    with context.store(settings) as store:
        count, off = export_year(year, target, store=store, codes=codes)
    if as_json:
        emit({"file": str(target), "certificates": count, "rounded_off": jp_text(off)})
        return
    click.echo(f"{target}: {count} sertifikat.")
    if off:
        say(f"SIASN hanya menerima jam bulat: {jp_text(off).replace('.', ',')} JP tidak ikut (dibulatkan ke bawah).")


@siasn.command("send")
@_year
@click.option("--dry-run", "preview", is_flag=True, help="Hanya tunjukkan; tidak ada yang dikirim atau dicatat.")
@as_json
@click.pass_obj
def send(context: CliContext, *, year: int, preview: bool, as_json: bool) -> None:
    """Kirim sertifikat yang belum diterima SIASN; aman diulang."""
    from service.siasn.client import SiasnClient
    from service.siasn.sending import SendingContext, registration_statuses, send_year
    from service.siasn.settings import read_access, read_codes

    settings = context.settings()
    codes = read_codes(settings.home)
    with context.store(settings) as store:
        if preview:
            for sending in registration_statuses(year, store):
                if sending.to_send:
                    _show(sending.to_json(), as_json=as_json)
            return
        clear = True
        with SiasnClient(read_access(settings.home, context.environ)) as register:
            sending_context = SendingContext(
                store=store, register=register, codes=codes, clock=context.clock, actor=context.actor
            )
            for sent in send_year(year, sending_context):
                clear &= sent.outcome == "accepted"
                if sent.new or sent.outcome != "accepted":
                    _show(
                        {
                            "number": sent.course.number,
                            "nip": sent.course.nip,
                            "outcome": sent.outcome,
                            "hours": sent.course.hours,
                            "register_id": sent.register_id,
                            "message": " ".join(filter(None, (sent.message, sent.course.note))),
                        },
                        as_json=as_json,
                    )
    if not clear:
        raise SystemExit(1)


@siasn.command("list")
@_year
@as_json
@click.pass_obj
def list_sendings(context: CliContext, *, year: int, as_json: bool) -> None:
    """Keadaan setiap sertifikat di SIASN menurut jawaban terakhirnya."""
    from service.siasn.sending import registration_statuses

    with context.store(context.settings()) as store:
        for sending in registration_statuses(year, store):
            _show(sending.to_json(), as_json=as_json)


def _show(payload: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        emit(payload)
        return
    labels = {"accepted": "diterima", "refused": "ditolak", "unknown": "belum pasti", "postponed": "ditunda"}
    labels |= {"not_sent": "belum dikirim", "to_remove": "hapus di SIASN"}
    outcome = str(payload["outcome"])
    click.echo(f"{payload['number']}  {payload['nip']}  {labels.get(outcome, outcome)}  {payload['message']}".rstrip())
