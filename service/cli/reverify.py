"""`cmb reverify`: a kept file judged again, beside the earlier times."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from service.apart import read_apart
from service.cli.door import Door, as_json, emit
from service.opening import moment_of
from service.outcomes import said_of

if TYPE_CHECKING:
    from service.config import Settings
    from service.reverify import Reverified

_MODULES = ("service.reverify", "service.store")


@click.command()
@click.argument("submissions", nargs=-1, required=True, metavar="SUBMISSION...")
@as_json
@click.pass_obj
def reverify(door: Door, submissions: tuple[str, ...], *, as_json: bool) -> None:
    """Periksa lagi kiriman yang tersimpan; hasil sebelumnya tetap ada di sampingnya."""
    settings, passed = door.settings(), True
    for each in submissions:
        again = read_apart(_again, each, settings, door.clock(), door.actor, modules=_MODULES)
        new, before = again.verification, again.before
        passed &= new.verdict == "passed"
        if as_json:
            told = {"submission": each, "number": again.number, "verdict": new.verdict, "before": before.verdict}
            emit({**told, "policy": new.policy, "reasons": new.answer["reasons"]})
        else:
            earlier = f"sebelumnya {said_of(before.verdict)}, pemeriksaan ke-{again.number}"
            click.echo(f"{each}: {said_of(new.verdict)} ({earlier})")
    raise SystemExit(0 if passed else 1)


def _again(submission: str, settings: Settings, now: dt.datetime, actor: str) -> Reverified:
    from service.reverify import reverify as judge_again
    from service.store import open_store

    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        return judge_again(submission, store=store, moment=moment_of(store, settings, now), actor=actor)
