"""`cmb signers`: which certificate belongs to which employee, as a person confirmed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.bootstrap import store_of, trust_of
from service.cli.context import NIP, CliContext, as_json, emit, existing_file, say
from service.cli.usage import Command, Group
from service.records import Enrolment
from service.sandbox.limits import PATIENT
from service.sandbox.pool import run_sandboxed

if TYPE_CHECKING:
    from service.people.enrolment import Suggestion
    from service.store import Store
    from service.store.signers import Proposal


# --- Proposals

_MODULES = ("service.submissions.intake", "service.store")


@click.command("proposals", cls=Command)
@click.option("--unit", help="Hanya pegawai unit kerja ini.")
@as_json
@click.pass_obj
def list_proposals(context: CliContext, *, unit: str | None, as_json: bool) -> None:
    """Usulan yang belum diputuskan. Kemiripan nama hanya petunjuk, bukan bukti."""
    with store_of(context.settings()) as store, store.reading() as tx:
        for proposal in tx.proposals.open(unit):
            if as_json:
                emit(_json(proposal))
            else:
                entry = tx.employees.get(proposal.nip)
                name = entry.name if entry else proposal.nip
                likeness = f"kemiripan nama {proposal.likeness}"
                click.echo(f"{proposal.id}  {proposal.nip} {name}  {likeness}  {proposal.subject}")
                click.echo(f"    sidik jari {proposal.fingerprint}, dari {proposal.seen_in}")


@click.command("confirm", cls=Command)
@click.argument("proposal")
@as_json
@click.pass_obj
def confirm_proposal(context: CliContext, proposal: str, *, as_json: bool) -> None:
    """Sertifikat itu memang milik pegawainya; kiriman yang menunggunya diperiksa lagi."""
    from service.people.enrolment import confirm
    from service.submissions.sandboxed import reevaluate_in_sandbox

    settings, now = context.settings(), context.clock()
    with store_of(settings) as store:
        confirmed = confirm(proposal, store=store, now=now, actor=context.actor, by=None)
    statuses = {
        submission_id: run_sandboxed(
            reevaluate_in_sandbox, settings, submission_id, now, context.actor, modules=_MODULES, limits=PATIENT
        )
        for submission_id in confirmed.submissions
    }
    if as_json:
        emit(_binding_json(confirmed.enrolment) | {"submissions": statuses})
        return
    click.echo(f"Terdaftar untuk NIP {confirmed.enrolment.nip}: {confirmed.enrolment.subject}")
    for submission, status in statuses.items():
        click.echo(f"{submission}: {status or 'sudah diputuskan'}")


@click.command("decline", cls=Command)
@click.argument("proposal")
@as_json
@click.pass_obj
def decline_proposal(context: CliContext, proposal: str, *, as_json: bool) -> None:
    """Sertifikat itu bukan milik pegawainya; tidak diusulkan lagi."""
    from service.people.enrolment import decline

    with store_of(context.settings()) as store:
        declined = decline(proposal, store=store, now=context.clock(), actor=context.actor, by=None)
    if as_json:
        emit(_json(declined))
    else:
        click.echo(f"Usulan {declined.id} ditolak.")


def _json(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "nip": proposal.nip,
        "fingerprint": proposal.fingerprint,
        "subject": proposal.subject,
        "likeness": str(proposal.likeness),
        "seen_in": proposal.seen_in,
        "proposed_at": proposal.proposed_at.isoformat(),
        "state": proposal.state,
    }


@click.group(cls=Group)
def signers() -> None:
    """Sertifikat elektronik para penanda tangan."""


@signers.command("enroll")
@click.argument("nip", type=NIP)
@click.argument("cert", type=existing_file, required=False)
@click.option("--from", "signed", type=existing_file, help="PDF bertanda tangan yang memuat sertifikatnya.")
@click.option("--field", help="Kolom tanda tangan pada PDF itu, bila ada beberapa penanda tangan.")
@click.option("--yes", is_flag=True, help="Sertifikat dari PDF itu sudah dicocokkan; jangan tanya lagi.")
@as_json
@click.pass_obj
def enroll_signer(
    context: CliContext,
    nip: str,
    *,
    cert: Path | None,
    signed: Path | None,
    field: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Ikat sertifikat elektronik kepada seorang pegawai, dari CERT (PEM) atau dari PDF yang ditandatanganinya."""
    from service.people.enrolment import enrol

    if (cert is None) == (signed is None):
        raise click.UsageError("Sebutkan berkas sertifikat, atau --from dengan PDF bertanda tangan.")
    with context.store(context.settings()) as store:
        shown: dict[str, Any] = {}
        if signed is not None:
            suggestion = _suggested(context, store, nip, signed, field)
            shown, content = suggestion_json(suggestion), suggestion.certificate.der
            if not as_json:
                say(described(suggestion))
            # A program is not asked: without --yes it gets what a person would have to confirm.
            if not yes and (as_json or not click.confirm("Benar sertifikat pegawai ini?", err=True)):
                if as_json:
                    emit({"nip": nip, "enrolled": False, **shown})
                raise SystemExit(1)
        elif cert is not None:
            content = cert.read_bytes()
        enrolment = enrol(nip, content, store=store, now=context.clock(), actor=context.actor)
    if as_json:
        emit({**shown, **_binding_json(enrolment), "enrolled": True})
    else:
        click.echo(f"Terdaftar untuk NIP {enrolment.nip}: {enrolment.subject}")


@signers.command("revoke")
@click.argument("nip", type=NIP)
@click.argument("fingerprint")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Sejak tanggal (TTTT-BB-HH).")
@click.option("--reason", required=True, help="Alasan, untuk catatan.")
@as_json
@click.pass_obj
def revoke_signer(
    context: CliContext, nip: str, fingerprint: str, *, since: dt.datetime, reason: str, as_json: bool
) -> None:
    """Akhiri pendaftaran sertifikat sejak suatu tanggal; yang terbukti ditandatangani sebelumnya tetap berlaku."""
    from service.people.enrolment import end

    settings = context.settings()
    with context.store(settings) as store:
        ended = end(
            nip,
            fingerprint,
            since=since.replace(tzinfo=settings.timezone),
            reason=reason,
            store=store,
            now=context.clock(),
            actor=context.actor,
        )
    if as_json:
        emit(_enrolment_json(ended))
    else:
        local = ended.ended_at.astimezone(settings.timezone) if ended.ended_at else since
        click.echo(f"Pendaftaran untuk NIP {ended.nip} berakhir sejak {local:%Y-%m-%d}: {ended.subject}")


@signers.command("list")
@as_json
@click.pass_obj
def list_signers(context: CliContext, *, as_json: bool) -> None:
    """Semua sertifikat elektronik yang terdaftar."""
    with context.store(context.settings()) as store, store.reading() as tx:
        for enrolment in tx.signers.all():
            if as_json:
                emit(_enrolment_json(enrolment))
            else:
                ended = f"  (berakhir {enrolment.ended_at:%Y-%m-%d})" if enrolment.ended_at else ""
                click.echo(f"{enrolment.nip}  {enrolment.fingerprint}  {enrolment.subject}{ended}")


def _binding_json(enrolment: Enrolment) -> dict[str, Any]:
    return {"nip": enrolment.nip, "fingerprint": enrolment.fingerprint, "subject": enrolment.subject}


def _enrolment_json(enrolment: Enrolment) -> dict[str, str | None]:
    return {
        "nip": enrolment.nip,
        "fingerprint": enrolment.fingerprint,
        "subject": enrolment.subject,
        "enrolled_at": enrolment.enrolled_at.isoformat(),
        "ended_at": enrolment.ended_at.isoformat() if enrolment.ended_at else None,
    }


def _suggested(context: CliContext, store: Store, nip: str, signed: Path, field: str | None) -> Suggestion:
    from service.cli.run import inspect_one
    from service.people.enrolment import suggest
    from service.sandbox.inputs import Source
    from service.sandbox.pool import run_sandboxed

    trust = trust_of(store, context.settings(), context.clock())
    report = run_sandboxed(inspect_one, Source(path=signed), trust, modules=("signing.validation.inspect",))
    return suggest(nip, report, field=field, store=store)


for command in (list_proposals, confirm_proposal, decline_proposal):
    signers.add_command(command)


# --- Certificates found in a signed file


def suggestion_json(suggestion: Suggestion) -> dict[str, Any]:
    """Return the certificate and the employee it may belong to, as JSON."""
    certificate, signature = suggestion.certificate, suggestion.signature
    return {
        "fingerprint": certificate.fingerprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
        "field": signature.field,
        "indication": signature.indication.value,
        "sub_indication": signature.sub_indication,
        "doubts": list(suggestion.doubts),
        "name": certificate.name,
        "register_name": suggestion.employee.name,
        "likeness": suggestion.likeness.value,
    }


def described(suggestion: Suggestion) -> str:
    """Return the certificate and the employee it may belong to, as text for the person who confirms."""
    certificate, signature = suggestion.certificate, suggestion.signature
    alike = {"same": "sama", "similar": "mirip, lihat baik-baik", "different": "BERBEDA"}[suggestion.likeness.value]
    detail = f" ({signature.sub_indication})" if signature.sub_indication else ""
    return "\n".join(
        (
            f"Pegawai          : {suggestion.employee.name}, NIP {suggestion.employee.nip}",
            f"Nama sertifikat  : {certificate.name} – {alike} (hanya petunjuk, bukan bukti)",
            f"Subjek           : {certificate.subject}",
            f"Penerbit         : {certificate.issuer}",
            f"Berlaku          : {certificate.not_before:%Y-%m-%d} s.d. {certificate.not_after:%Y-%m-%d}",
            f"Sidik jari       : {certificate.fingerprint}",
            f"Tanda tangan     : {signature.field} – {signature.indication.value}{detail}",
            "Cocokkan sidik jari dengan yang ditunjukkan pegawai itu sendiri, misalnya dari aplikasi BSrE-nya.",
        )
    )
