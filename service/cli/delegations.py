"""`cmb delegations`: who signs as Plt. or Plh. for whom, in which roles, on which days."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from service.cli.context import Door, as_json, emit

if TYPE_CHECKING:
    from service.store.delegations import Delegation

_day = click.DateTime(["%Y-%m-%d"])


@click.group()
def delegations() -> None:
    """Plt. dan Plh.: siapa menandatangani atas nama siapa."""


@delegations.command("add")
@click.argument("from_nip")
@click.argument("to_nip")
@click.option("--kind", type=click.Choice(["plt", "plh"]), required=True)
@click.option("--role", "scope", type=click.Choice(["pembimbing", "atasan"]), multiple=True, required=True)
@click.option("--from", "starts", type=_day, required=True, help="Hari pertama (TTTT-BB-HH).")
@click.option("--until", "ends", type=_day, required=True, help="Hari terakhir (TTTT-BB-HH).")
@click.option("--reason", required=True, help="Dasarnya, misalnya nomor surat perintah.")
@as_json
@click.pass_obj
def add_delegation(
    door: Door,
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

    settings = door.settings()
    with door.store(settings) as store:
        made = delegate(
            from_nip,
            to_nip,
            kind=kind,
            scope=scope,
            starts=starts.date(),
            ends=ends.date(),
            reason=reason,
            store=store,
            now=door.clock(),
            zone=settings.timezone,
            randomness=door.randomness,
            actor=door.actor,
            by=None,
        )
    _show(made, as_json=as_json)


@delegations.command("list")
@click.option("--nip", help="Hanya yang menyangkut pegawai ini.")
@as_json
@click.pass_obj
def list_delegations(door: Door, *, nip: str | None, as_json: bool) -> None:
    """Semua delegasi, yang sudah berakhir pun."""
    with door.store(door.settings()) as store, store.reading() as tx:
        for each in tx.delegations.of(nip.replace(" ", "")) if nip else tx.delegations.all():
            _show(each, as_json=as_json)


@delegations.command("end")
@click.argument("delegation")
@as_json
@click.pass_obj
def end_one(door: Door, delegation: str, *, as_json: bool) -> None:
    """Akhiri sebuah delegasi sekarang; yang sudah ditandatangani tetap berlaku."""
    from service.people.delegations import end_delegation

    with door.store(door.settings()) as store:
        ended = end_delegation(delegation, store=store, now=door.clock(), actor=door.actor, by=None)
    _show(ended, as_json=as_json)


def _show(each: Delegation, *, as_json: bool) -> None:
    if as_json:
        emit(_json(each))
        return
    ended = f", diakhiri {each.ended_at:%Y-%m-%d}" if each.ended_at else ""
    span = f"{each.starts} s.d. {each.ends}"
    click.echo(f"{each.id}  {each.kind} {each.from_nip} → {each.to_nip}  {', '.join(each.scope)}  {span}{ended}")


def _json(each: Delegation) -> dict[str, Any]:
    return {
        "id": each.id,
        "from_nip": each.from_nip,
        "to_nip": each.to_nip,
        "kind": each.kind,
        "scope": list(each.scope),
        "starts": each.starts.isoformat(),
        "ends": each.ends.isoformat(),
        "reason": each.reason,
        "made_at": each.made_at.isoformat(),
        "made_by": each.made_by,
        "ended_at": each.ended_at.isoformat() if each.ended_at else None,
    }
