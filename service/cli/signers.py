"""`cmb signers`: whose certificate is whose, said once by a person who looked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.door import Door, as_json, emit, existing_file, say
from service.cli.proposals import confirm_proposal, decline_proposal, list_proposals
from service.opening import trust_of
from service.records import Enrolment

if TYPE_CHECKING:
    from service.enrolment import Suggestion
    from service.store import Store


@click.group()
def signers() -> None:
    """Sertifikat elektronik para penanda tangan."""


@signers.command("enroll")
@click.argument("nip")
@click.argument("cert", type=existing_file, required=False)
@click.option("--from", "signed", type=existing_file, help="PDF bertanda tangan yang memuat sertifikatnya.")
@click.option("--field", help="Kolom tanda tangan pada PDF itu, bila ada beberapa penanda tangan.")
@click.option("--yes", is_flag=True, help="Sertifikat dari PDF itu sudah dicocokkan; jangan tanya lagi.")
@as_json
@click.pass_obj
def enroll_signer(
    door: Door, nip: str, *, cert: Path | None, signed: Path | None, field: str | None, yes: bool, as_json: bool
) -> None:
    """Ikat sertifikat elektronik kepada seorang pegawai, dari CERT (PEM) atau dari PDF yang ditandatanganinya."""
    from service.cli.suggestion import described, suggestion_json
    from service.enrolment import enrol

    if (cert is None) == (signed is None):
        raise click.UsageError("Sebutkan berkas sertifikat, atau --from dengan PDF bertanda tangan.")
    with door.store(door.settings()) as store:
        shown: dict[str, Any] = {}
        if signed is not None:
            suggestion = _suggested(door, store, nip, signed, field)
            shown, content = suggestion_json(suggestion), suggestion.certificate.der
            if not as_json:
                say(described(suggestion))
            # A program is never asked: without --yes it is shown what a person would have to confirm.
            if not yes and (as_json or not click.confirm("Benar sertifikat pegawai ini?", err=True)):
                if as_json:
                    emit({"nip": nip, "enrolled": False, **shown})
                raise SystemExit(1)
        elif cert is not None:
            content = cert.read_bytes()
        enrolment = enrol(nip, content, store=store, now=door.clock(), actor=door.actor)
    if as_json:
        bond = {"nip": enrolment.nip, "fingerprint": enrolment.fingerprint, "subject": enrolment.subject}
        emit({**shown, **bond, "enrolled": True})
    else:
        click.echo(f"Terdaftar untuk NIP {enrolment.nip}: {enrolment.subject}")


@signers.command("revoke")
@click.argument("nip")
@click.argument("fingerprint")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Sejak tanggal (TTTT-BB-HH).")
@click.option("--reason", required=True, help="Alasan, untuk catatan.")
@as_json
@click.pass_obj
def revoke_signer(door: Door, nip: str, fingerprint: str, *, since: dt.datetime, reason: str, as_json: bool) -> None:
    """Akhiri pendaftaran sertifikat sejak suatu tanggal; yang terbukti ditandatangani sebelumnya tetap berlaku."""
    from service.enrolment import end

    settings = door.settings()
    with door.store(settings) as store:
        ended = end(
            nip,
            fingerprint,
            since=since.replace(tzinfo=settings.timezone),
            reason=reason,
            store=store,
            now=door.clock(),
            actor=door.actor,
        )
    if as_json:
        emit(_enrolment_json(ended))
    else:
        local = ended.ended_at.astimezone(settings.timezone) if ended.ended_at else since
        click.echo(f"Pendaftaran untuk NIP {ended.nip} berakhir sejak {local:%Y-%m-%d}: {ended.subject}")


@signers.command("list")
@as_json
@click.pass_obj
def list_signers(door: Door, *, as_json: bool) -> None:
    """Semua sertifikat elektronik yang terdaftar."""
    with door.store(door.settings()) as store, store.reading() as tx:
        for each in tx.signers.all():
            if as_json:
                emit(_enrolment_json(each))
            else:
                ended = f"  (berakhir {each.ended_at:%Y-%m-%d})" if each.ended_at else ""
                click.echo(f"{each.nip}  {each.fingerprint}  {each.subject}{ended}")


def _enrolment_json(each: Enrolment) -> dict[str, str | None]:
    return {
        "nip": each.nip,
        "fingerprint": each.fingerprint,
        "subject": each.subject,
        "enrolled_at": each.enrolled_at.isoformat(),
        "ended_at": each.ended_at.isoformat() if each.ended_at else None,
    }


def _suggested(door: Door, store: Store, nip: str, signed: Path, field: str | None) -> Suggestion:
    from service.apart import read_apart
    from service.cli.reading import look
    from service.enrolment import suggest
    from service.sources import Source

    trust = trust_of(store, door.settings(), door.clock())
    report = read_apart(look, Source(path=signed), trust, modules=("signing.verify",))
    return suggest(nip, report, field=field, store=store)


for command in (list_proposals, confirm_proposal, decline_proposal):
    signers.add_command(command)
