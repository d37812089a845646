"""The employee's first page, own data, and tokens for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from service.accounts.accounts import make_token, revoke_token, state_of
from service.config import local_day
from service.errors import BadInput, NotGranted
from service.learning.other import employee_learning
from service.records import Event, Status
from service.store import Transaction
from service.web.auth import require_visitor, sign_in_required
from service.web.context import current_services
from service.web.filters import SCOPE_LABELS
from service.web.requests import file_answer, number_in_form
from service.year import employee_year


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/beranda", "home", home)
    blueprint.add_url_rule("/data-saya", "own", own_data)
    blueprint.add_url_rule("/data-saya.json", "own_file", own_file)
    blueprint.add_url_rule("/data-saya/surel", "mail", mail, methods=["POST"])
    blueprint.add_url_rule("/data-saya/token", "tokens", tokens, methods=["GET", "POST"])
    blueprint.add_url_rule("/data-saya/token/<token_id>/cabut", "revoke_token", revoke, methods=["POST"])


@sign_in_required
def home() -> str:
    """Show the year in JP, what each kind still allows this month, and what is next."""
    visitor, services = require_visitor(), current_services()
    today = local_day(services.clock(), services.settings)
    with services.store.reading() as tx:
        mine = employee_year(visitor.nip, today.year, today=today, tx=tx)
        open_forms = tx.circulations.of_employee(visitor.nip)
        waiting = tx.circulations.waiting([(visitor.nip, ("pembimbing", "atasan"))])
        other_learning = employee_learning(visitor.nip, today.year, tx)
        biro = (Status.VERIFIED, Status.REVIEW) if visitor.holds("biro_sdm") else ()
        undecided = sum(tx.submissions.undecided_count(status) for status in biro)
        earlier = employee_year(visitor.nip, today.year - 1, today=today, tx=tx) if not mine.reported else None
    return render_template(
        "pegawai/home.html",
        mine=mine,
        open_forms=open_forms,
        waiting=waiting,
        undecided=undecided,
        earlier=earlier,
        today=today,
        other_learning=other_learning,
    )


# --- Own data and its processing (UU PDP 27/2022)

_MAIL_CHOICES = ("each", "daily", "none")


@sign_in_required
def own_data() -> str:
    visitor = require_visitor()
    with current_services().store.reading() as tx:
        enrolled = tx.signers.of(visitor.nip)
        trail = _trail(tx, visitor.nip, limit=100)
        account = tx.accounts.get(visitor.account.id)
    return render_template(
        "pegawai/own-data.html",
        enrolled=enrolled,
        trail=trail,
        account=account,
        gateway=current_services().settings.gateway is not None,
    )


@sign_in_required
def own_file() -> Response:
    """Send the same as a file; keys and passwords are not stored, so they are not in it."""
    visitor = require_visitor()
    with current_services().store.reading() as tx:
        payload: dict[str, Any] = {
            "employee": asdict(visitor.employee) if visitor.employee else None,
            "account": {
                "login": visitor.account.login,
                "language": visitor.account.language,
                "mail": visitor.account.mail,
            },
            "signer_certificates": [
                {
                    "fingerprint": signer.fingerprint,
                    "subject": signer.subject,
                    "enrolled_at": signer.enrolled_at.isoformat(),
                }
                for signer in tx.signers.of(visitor.nip)
            ],
            "certificates": [certificate.number for certificate in tx.certificates.of_nip(visitor.nip)],
            "trail": [asdict(event) for event in _trail(tx, visitor.nip, limit=5000)],
        }
    content = json.dumps(payload, ensure_ascii=False, indent=1, default=str).encode()
    return file_answer(content, name="data-saya.json", media_type="application/json", save=True)


@sign_in_required
def mail() -> Response:
    """Set how often e-mail is sent to the visitor."""
    wanted = request.form.get("mail", "")
    if wanted in _MAIL_CHOICES:
        with current_services().store.transaction() as tx:
            tx.accounts.change(require_visitor().account.id, mail=wanted)
    return redirect(url_for("pegawai.own"))


def _trail(tx: Transaction, nip: str, *, limit: int) -> list[Event]:
    """Return what the person did and what others did to their data, newest first."""
    return list(tx.events.concerning(nip, limit=limit))


# --- Tokens

_DAYS = (30, 90, 180, 365)


@sign_in_required
def tokens() -> str | tuple[str, int]:
    """List the tokens, or make one, whose secret is on this answer only."""
    if request.method == "GET":
        return _page()
    form = request.form
    try:
        token, secret = make_token(
            require_visitor().account,
            form.get("name", ""),
            form.getlist("scope"),
            form.get("days", 0, type=number_in_form),
            account_context=current_services().account_context,
        )
    except (BadInput, NotGranted) as problem:
        return _page(problem=problem), 422
    return _page(made=token.name, secret=secret)


@sign_in_required
def revoke(token_id: str) -> Response:
    """Revoke a token."""
    visitor = require_visitor()
    revoke_token(
        token_id, account=visitor.account, account_context=current_services().account_context, actor=visitor.actor
    )
    flash(_("Token %(token)s dicabut.", token=token_id), "good")
    return redirect(url_for("pegawai.tokens"))


def _page(*, made: str = "", secret: str = "", problem: BadInput | NotGranted | None = None) -> str:
    services = current_services()
    with services.store.reading() as tx:
        mine = tx.tokens.of_account(require_visitor().account.id)
    listed = [(token, state_of(token, services.clock())) for token in mine]
    return render_template(
        "pegawai/tokens.html",
        listed=listed,
        made=made,
        secret=secret,
        problem=problem,
        scopes=SCOPE_LABELS,
        typed=request.form if problem else MultiDict(),
        days=[(count, _("%(count)s hari", count=count)) for count in _DAYS],
    )
