"""`cmb signers`: whose certificate is whose, said once by a person who looked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.bootstrap import store_of, trust_of
from service.cli.context import Door, as_json, emit, existing_file, say
from service.records import Enrolment
from service.sandbox.limits import PATIENT
from service.sandbox.pool import run_sandboxed

if TYPE_CHECKING:
    from service.people.enrolment import Suggestion
    from service.store import Store
    from service.store.signers import Proposal


# --- `cmb signers proposals`, `confirm`, `decline`: certificates seen in files, and whose they may be

_MODULES = ("service.submissions.intake", "service.store")


@click.command("proposals")
@click.option("--unit", help="Hanya pegawai unit kerja ini.")
@as_json
@click.pass_obj
def list_proposals(door: Door, *, unit: str | None, as_json: bool) -> None:
    """Usulan yang belum diputuskan. Kemiripan nama hanya petunjuk, bukan bukti."""
    with store_of(door.settings()) as store, store.reading() as tx:
        for each in tx.proposals.open(unit):
            if as_json:
                emit(_json(each))
            else:
                entry = tx.employees.get(each.nip)
                name = entry.name if entry else each.nip
                click.echo(f"{each.id}  {each.nip} {name}  kemiripan nama {each.likeness}  {each.subject}")
                click.echo(f"    sidik jari {each.fingerprint}, dari {each.seen_in}")


@click.command("confirm")
@click.argument("proposal")
@as_json
@click.pass_obj
def confirm_proposal(door: Door, proposal: str, *, as_json: bool) -> None:
    """Sertifikat itu memang milik pegawainya; kiriman yang menunggunya diperiksa lagi."""
    from service.people.enrolment import confirm
    from service.submissions.sandboxed import reevaluate_in_sandbox

    settings, now = door.settings(), door.clock()
    with store_of(settings) as store:
        confirmed = confirm(proposal, store=store, now=now, actor=door.actor, by=None)
    again = {
        each: run_sandboxed(reevaluate_in_sandbox, settings, each, now, door.actor, modules=_MODULES, limits=PATIENT)
        for each in confirmed.submissions
    }
    if as_json:
        bond = confirmed.enrolment
        emit({"nip": bond.nip, "fingerprint": bond.fingerprint, "subject": bond.subject, "submissions": again})
        return
    click.echo(f"Terdaftar untuk NIP {confirmed.enrolment.nip}: {confirmed.enrolment.subject}")
    for submission, status in again.items():
        click.echo(f"{submission}: {status or 'sudah diputuskan'}")


@click.command("decline")
@click.argument("proposal")
@as_json
@click.pass_obj
def decline_proposal(door: Door, proposal: str, *, as_json: bool) -> None:
    """Sertifikat itu bukan milik pegawainya; tidak diusulkan lagi."""
    from service.people.enrolment import decline

    with store_of(door.settings()) as store:
        declined = decline(proposal, store=store, now=door.clock(), actor=door.actor, by=None)
    if as_json:
        emit(_json(declined))
    else:
        click.echo(f"Usulan {declined.id} ditolak.")


def _json(each: Proposal) -> dict[str, Any]:
    return {
        "id": each.id,
        "nip": each.nip,
        "fingerprint": each.fingerprint,
        "subject": each.subject,
        "likeness": str(each.likeness),
        "seen_in": each.seen_in,
        "proposed_at": each.proposed_at.isoformat(),
        "state": each.state,
    }


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
    from service.people.enrolment import enrol

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
    from service.people.enrolment import end

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
    from service.cli.run import look
    from service.people.enrolment import suggest
    from service.sandbox.inputs import Source
    from service.sandbox.pool import run_sandboxed

    trust = trust_of(store, door.settings(), door.clock())
    report = run_sandboxed(look, Source(path=signed), trust, modules=("signing.validation.inspect",))
    return suggest(nip, report, field=field, store=store)


for command in (list_proposals, confirm_proposal, decline_proposal):
    signers.add_command(command)


# --- A certificate found in a signed file, shown beside the person it is said to belong to


def suggestion_json(each: Suggestion) -> dict[str, Any]:
    """For programs."""
    certificate, signature = each.certificate, each.signature
    return {
        "fingerprint": certificate.fingerprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
        "field": signature.field,
        "indication": signature.indication.value,
        "sub_indication": signature.sub_indication,
        "doubts": list(each.doubts),
        "name": certificate.name,
        "register_name": each.employee.name,
        "likeness": each.likeness.value,
    }


def described(each: Suggestion) -> str:
    """For the person who confirms."""
    certificate, signature = each.certificate, each.signature
    alike = {"same": "sama", "similar": "mirip, lihat baik-baik", "different": "BERBEDA"}[each.likeness.value]
    detail = f" ({signature.sub_indication})" if signature.sub_indication else ""
    return "\n".join(
        (
            f"Pegawai          : {each.employee.name}, NIP {each.employee.nip}",
            f"Nama sertifikat  : {certificate.name} – {alike} (hanya petunjuk, bukan bukti)",
            f"Subjek           : {certificate.subject}",
            f"Penerbit         : {certificate.issuer}",
            f"Berlaku          : {certificate.not_before:%Y-%m-%d} s.d. {certificate.not_after:%Y-%m-%d}",
            f"Sidik jari       : {certificate.fingerprint}",
            f"Tanda tangan     : {signature.field} – {signature.indication.value}{detail}",
            "Cocokkan sidik jari dengan yang ditunjukkan pegawai itu sendiri, misalnya dari aplikasi BSrE-nya.",
        )
    )
