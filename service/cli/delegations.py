"""`cmb delegations`: who signs as Plt. or Plh. for whom, in which roles, on which days."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import NIP, CliContext, as_json, emit
from service.cli.usage import Group

if TYPE_CHECKING:
    from service.store.delegations import Delegation

_day = click.DateTime(["%Y-%m-%d"])


@click.group(cls=Group)
def delegations() -> None:
    """Plt. dan Plh.: siapa menandatangani atas nama siapa."""


@delegations.command("add")
@click.argument("from_nip", type=NIP)
@click.argument("to_nip", type=NIP)
@click.option("--kind", type=click.Choice(["plt", "plh"]), required=True)
@click.option("--role", "scope", type=click.Choice(["pembimbing", "atasan"]), multiple=True, required=True)
@click.option("--from", "starts", type=_day, required=True, help="Hari pertama (TTTT-BB-HH).")
@click.option("--until", "ends", type=_day, required=True, help="Hari terakhir (TTTT-BB-HH).")
@click.option("--reason", required=True, help="Dasarnya, misalnya nomor surat perintah.")
@as_json
@click.pass_obj
def add_delegation(
    context: CliContext,
    from_nip: str,
    to_nip: str,
    *,
    kind: str,
    scope: tuple[str, ...],
    starts: dt.datetime,
    ends: dt.datetime,
    reason: str,
    as_json: bool,
) -> None:
    """TO_NIP menandatangani atas nama FROM_NIP dalam peran itu selama masa itu."""
    from service.people.delegations import delegate

    settings = context.settings()
    with context.store(settings) as store:
        delegation = delegate(
            from_nip,
            to_nip,
            kind=kind,
            scope=scope,
            starts=starts.date(),
            ends=ends.date(),
            reason=reason,
            store=store,
            now=context.clock(),
            zone=settings.timezone,
            randomness=context.randomness,
            actor=context.actor,
            by=None,
        )
    _show(delegation, as_json=as_json)


@delegations.command("list")
@click.option("--nip", type=NIP, help="Hanya yang menyangkut pegawai ini.")
@as_json
@click.pass_obj
def list_delegations(context: CliContext, *, nip: str | None, as_json: bool) -> None:
    """Semua delegasi, yang sudah berakhir pun."""
    with context.store(context.settings()) as store, store.reading() as tx:
        for delegation in tx.delegations.of(nip) if nip else tx.delegations.all():
            _show(delegation, as_json=as_json)


@delegations.command("end")
@click.argument("delegation")
@as_json
@click.pass_obj
def end_one(context: CliContext, delegation: str, *, as_json: bool) -> None:
    """Akhiri sebuah delegasi sekarang; yang sudah ditandatangani tetap berlaku."""
    from service.people.delegations import end_delegation

    with context.store(context.settings()) as store:
        ended = end_delegation(delegation, store=store, now=context.clock(), actor=context.actor, by=None)
    _show(ended, as_json=as_json)


def _show(delegation: Delegation, *, as_json: bool) -> None:
    if as_json:
        emit(_json(delegation))
        return
    ended = f", diakhiri {delegation.ended_at:%Y-%m-%d}" if delegation.ended_at else ""
    span = f"{delegation.starts} s.d. {delegation.ends}"
    people = f"{delegation.kind} {delegation.from_nip} → {delegation.to_nip}"
    ended += ", menunggu persetujuan pejabatnya" if delegation.waits else ""
    click.echo(f"{delegation.id}  {people}  {', '.join(delegation.scope)}  {span}{ended}")


def _json(delegation: Delegation) -> dict[str, Any]:
    return {
        "id": delegation.id,
        "from_nip": delegation.from_nip,
        "to_nip": delegation.to_nip,
        "kind": delegation.kind,
        "scope": list(delegation.scope),
        "starts": delegation.starts.isoformat(),
        "ends": delegation.ends.isoformat(),
        "reason": delegation.reason,
        "made_at": delegation.made_at.isoformat(),
        "made_by": delegation.made_by,
        "ended_at": delegation.ended_at.isoformat() if delegation.ended_at else None,
        "waits": delegation.waits,
    }
