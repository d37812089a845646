"""`cmb signers proposals`, `confirm`, `decline`: certificates seen in files, and whose they may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from service.apart import read_apart
from service.cli.door import Door, as_json, emit
from service.limits import PATIENT
from service.opening import store_of

if TYPE_CHECKING:
    from service.store.proposals import Proposal

_MODULES = ("service.rejudge", "service.store")


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
    from service.proposals import confirm
    from service.rejudge import rejudge_at

    settings, now = door.settings(), door.clock()
    with store_of(settings) as store:
        confirmed = confirm(proposal, store=store, now=now, actor=door.actor, by=None)
    again = {
        each: read_apart(rejudge_at, settings, each, now, door.actor, modules=_MODULES, limits=PATIENT)
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
    from service.proposals import decline

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
