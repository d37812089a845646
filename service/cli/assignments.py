"""`cmb assign`: what a head of unit assigns to an employee (5.f.6), with its letter."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.context import DAY, NIP, CliContext, as_json, emit, say, write_file
from service.cli.usage import Between, Group
from service.config import local_day

if TYPE_CHECKING:
    from service.store.monitoring import Assignment

_STATES = {"open": "terbuka", "done": "selesai", "cancelled": "dibatalkan"}


@click.group(cls=Group)
def assign() -> None:
    """Penugasan pegawai yang belum memenuhi target setahun."""


@assign.command()
@click.argument("nip", type=NIP)
@click.option("--year", type=Between(2022, 2999), required=True)
@click.option("--period", type=Between(1, 3), required=True, help="Masa evaluasi yang menjadi dasarnya.")
@click.option("--kind", required=True, help="workshop, sosialisasi, pelatihan, atau cmb.")
@click.option("--title", required=True, help="Nama kegiatan.")
@click.option("--due", type=DAY, required=True, help="Tenggat.")
@click.option("--reason", required=True)
@click.option("--by", "head", type=NIP, required=True, help="NIP pimpinan unit kerja.")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help="Surat (.pdf).")
@as_json
@click.pass_obj
def add(
    context: CliContext,
    *,
    nip: str,
    year: int,
    period: int,
    kind: str,
    title: str,
    due: dt.date,
    reason: str,
    head: str,
    target: Path | None,
    as_json: bool,
) -> None:
    """Buat penugasan beserta suratnya."""
    from forms.render import Renderer
    from service.monitoring.assignments import Request
    from service.monitoring.assignments import assign as assign_one

    settings, now = context.settings(), context.clock()
    request = Request(nip=nip, year=year, period=period, kind=kind, title=title, due=due, reason=reason, head_nip=head)
    with context.store(settings) as store:
        assignment = assign_one(
            request,
            store=store,
            renderer=Renderer(),
            place=settings.official.place if settings.official else "",
            now=now,
            today=local_day(now, settings),
            randomness=context.randomness,
            actor=context.actor,
        )
        if target is not None:
            write_file(target, store.document(assignment.digest))
            say(f"Surat ditulis ke {target}.")
    _show(assignment, as_json=as_json)


@assign.command("list")
@click.option("--year", type=Between(2022, 2999), required=True)
@click.option("--unit")
@click.option("--nip", type=NIP)
@click.option("--state", type=click.Choice(["open", "done", "cancelled"]))
@as_json
@click.pass_obj
def list_assignments(
    context: CliContext, *, year: int, unit: str | None, nip: str | None, state: str | None, as_json: bool
) -> None:
    """Penugasan tahun itu, menurut tenggat."""
    from service.store.monitoring import State

    with context.store(context.settings()) as store, store.reading() as tx:
        for assignment in tx.assignments.list(year=year, unit=unit, nip=nip, state=State(state) if state else None):
            _show(assignment, as_json=as_json)


@assign.command()
@click.argument("assignment_id", metavar="ID")
@as_json
@click.pass_obj
def done(context: CliContext, *, assignment_id: str, as_json: bool) -> None:
    """Nyatakan selesai."""
    _end(context, assignment_id, "done", as_json=as_json)


@assign.command()
@click.argument("assignment_id", metavar="ID")
@as_json
@click.pass_obj
def cancel(context: CliContext, *, assignment_id: str, as_json: bool) -> None:
    """Batalkan."""
    _end(context, assignment_id, "cancelled", as_json=as_json)


def _end(context: CliContext, assignment_id: str, state: str, *, as_json: bool) -> None:
    from service.monitoring.assignments import end
    from service.store.monitoring import State

    with context.store(context.settings()) as store:
        ended = end(assignment_id, State(state), store=store, now=context.clock(), actor=context.actor)
    _show(ended, as_json=as_json)


def _show(assignment: Assignment, *, as_json: bool) -> None:
    if as_json:
        names = ("id", "nip", "unit", "year", "period", "kind", "title", "reason", "digest")
        emit(
            {name: getattr(assignment, name) for name in names}
            | {"due": assignment.due.isoformat(), "state": assignment.state.value, "made_by": assignment.made_by}
        )
        return
    state = f"tenggat {assignment.due}  {_STATES[assignment.state.value]}"
    click.echo(f"{assignment.id}  {assignment.nip}  {assignment.kind}  {assignment.title}  {state}")
