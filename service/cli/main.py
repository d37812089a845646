"""`cmb` itself: the group, its global options, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import click

from service.cli.accounts import accounts
from service.cli.assign import assign
from service.cli.calendar import calendar, remind
from service.cli.card import card
from service.cli.cards import cards
from service.cli.certificates import certificates
from service.cli.credit import jp
from service.cli.delegations import delegations
from service.cli.door import Door
from service.cli.evaluate import evaluate
from service.cli.learning import learning
from service.cli.paper import blank, fill, parse, sign
from service.cli.past import past
from service.cli.periodic import periodic
from service.cli.proof import approve, inspect, reject, submit, verify
from service.cli.recap import recap
from service.cli.recap_sending import late, list_, send
from service.cli.recount import recount
from service.cli.register import init, trust
from service.cli.report import report
from service.cli.reverify import reverify
from service.cli.selfcheck import check_self
from service.cli.serve import serve
from service.cli.siasn import siasn
from service.cli.signers import signers
from service.cli.staff import employees
from service.cli.tables import approvals, export, template
from service.cli.tokens import tokens
from service.cli.units import units
from service.cli.usage import in_indonesian
from service.cli.worker import worker
from service.opening import utc_now
from service.problems import problem_of


class _Command(click.Group):
    """A group whose failures are sentences: what is wrong, what to do; a defect still shows its trace."""

    def make_context(self, *told: Any, **more: Any) -> click.Context:
        with in_indonesian():
            return super().make_context(*told, **more)

    def invoke(self, ctx: click.Context) -> object:
        try:
            with in_indonesian():
                return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            lines = [problem.message, *(f"  - {each}" for each in problem.details), problem.hint]
            click.echo("\n".join(line for line in lines if line), err=True)
            sys.exit(problem.exit_code)


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="CMB_HOME",
    default=Path("var"),
    help="Folder keadaan layanan (bawaan: ./var).",
)
@click.version_option(package_name="cmb", prog_name="cmb")
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """Formulir, tanda tangan, JP, dan sertifikat CMB menurut SE Kepala BKN Nomor 3 Tahun 2022."""
    ctx.obj = Door(home=home, environ=dict(os.environ), clock=utc_now, randomness=secrets.token_bytes)


for command in (init, employees, trust, signers, blank, fill, sign, parse, inspect, verify, submit, approve, reject):
    main.add_command(command)
for command in (report, reverify, jp, delegations):
    main.add_command(command)
main.add_command(card)
main.add_command(cards)
main.add_command(recap)
for command in (send, list_, late):
    recap.add_command(command)
main.add_command(certificates)
main.add_command(accounts)
main.add_command(tokens)
main.add_command(units)
main.add_command(siasn)
for command in (template, export, approvals, calendar, remind):
    main.add_command(command)
main.add_command(serve)
main.add_command(check_self)
main.add_command(worker)
for command in (evaluate, learning, past, assign, periodic, recount):
    main.add_command(command)
