"""The first page: this year's JP as one picture, what each kind still allows, and what is next."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer
from werkzeug.wrappers import Response as BaseResponse

from service.accounts.accounts import make_token, revoke_token, state_of
from service.config import local_day
from service.errors import BadInput, NotGranted
from service.learning.other import employee_learning
from service.records import Event, Status
from service.store import Transaction
from service.web.auth import only, signed_in
from service.web.context import desk
from service.web.filters import SCOPE_WORDS
from service.web.requests import file_answer
from service.year import employee_year


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/beranda", "home", home)
    blueprint.add_url_rule("/data-saya", "own", own)
    blueprint.add_url_rule("/data-saya.json", "own_file", own_file)
    blueprint.add_url_rule("/data-saya/surel", "mail", mail, methods=["POST"])
    blueprint.add_url_rule("/data-saya/token", "tokens", tokens, methods=["GET", "POST"])
    blueprint.add_url_rule("/data-saya/token/<token_id>/cabut", "revoke_token", revoke, methods=["POST"])


@only()
def home() -> str:
    """Everybody's first page after signing in."""
    who, at = signed_in(), desk()
    today = local_day(at.clock(), at.settings)
    with at.store.reading() as tx:
        mine = employee_year(who.nip, today.year, today=today, tx=tx)
        moving = tx.circulations.of_employee(who.nip)
        waiting = tx.circulations.waiting([(who.nip, ("pembimbing", "atasan"))])
        beside = employee_learning(who.nip, today.year, tx)
        biro = (Status.VERIFIED, Status.REVIEW) if who.holds("biro_sdm") else ()
        undecided = sum(tx.submissions.undecided_count(each) for each in biro)
        earlier = employee_year(who.nip, today.year - 1, today=today, tx=tx) if not mine.reported else None
    return render_template(
        "pegawai/home.html",
        mine=mine,
        moving=moving,
        waiting=waiting,
        undecided=undecided,
        earlier=earlier,
        today=today,
        beside=beside,
    )


# --- What is kept of oneself, and who did what with it (UU PDP 27/2022): to read and to take along

_MAILS = ("each", "daily", "none")


@only()
def own() -> str:
    who = signed_in()
    with desk().store.reading() as tx:
        enrolled = tx.signers.of(who.nip)
        trail = _trail(tx, who.nip, limit=100)
        account = tx.accounts.get(who.account.id)
    return render_template(
        "pegawai/own.html", enrolled=enrolled, trail=trail, account=account, gateway=desk().settings.gateway is not None
    )


@only()
def own_file() -> Response:
    """The same as a file; keys and passwords are not kept, so they are not in it."""
    who = signed_in()
    with desk().store.reading() as tx:
        told: dict[str, Any] = {
            "employee": asdict(who.employee) if who.employee else None,
            "account": {"login": who.account.login, "language": who.account.language, "mail": who.account.mail},
            "signer_certificates": [
                {"fingerprint": each.fingerprint, "subject": each.subject, "enrolled_at": each.enrolled_at.isoformat()}
                for each in tx.signers.of(who.nip)
            ],
            "certificates": [each.number for each in tx.certificates.of_nip(who.nip)],
            "trail": [asdict(each) for each in _trail(tx, who.nip, limit=5000)],
        }
    content = json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()
    return file_answer(content, name="data-saya.json", media_type="application/json", save=True)


@only()
def mail() -> Answer:
    """How often one is written to."""
    wanted = request.form.get("mail", "")
    if wanted in _MAILS:
        with desk().store.transaction() as tx:
            tx.accounts.change(signed_in().account.id, mail=wanted)
    return redirect(url_for("pegawai.own"))


def _trail(tx: Transaction, nip: str, *, limit: int) -> list[Event]:
    """What the person did, and what others did to what is theirs; newest first."""
    return list(tx.events.concerning(nip, limit=limit))


# --- Tokens for programs that act for one's account: made here, shown once, revoked here

_DAYS = (30, 90, 180, 365)


@only()
def tokens() -> str | tuple[str, int]:
    """The tokens there are; and a new one, whose secret is on this answer only."""
    if request.method == "GET":
        return _page()
    form = request.form
    try:
        token, shown = make_token(
            signed_in().account,
            form.get("name", ""),
            form.getlist("scope"),
            form.get("days", 0, type=int),
            account_context=desk().account_context,
        )
    except (BadInput, NotGranted) as problem:
        return _page(problem=problem), 422
    return _page(made=token.name, shown=shown)


@only()
def revoke(token_id: str) -> BaseResponse:
    """From now on nothing comes in with it."""
    who = signed_in()
    revoke_token(token_id, account=who.account, account_context=desk().account_context, actor=who.actor)
    flash(_("Token %(token)s dicabut.", token=token_id), "good")
    return redirect(url_for("pegawai.tokens"))


def _page(*, made: str = "", shown: str = "", problem: BadInput | NotGranted | None = None) -> str:
    at = desk()
    with at.store.reading() as tx:
        mine = tx.tokens.of_account(signed_in().account.id)
    listed = [(each, state_of(each, at.clock())) for each in mine]
    return render_template(
        "pegawai/tokens.html",
        listed=listed,
        made=made,
        shown=shown,
        problem=problem,
        scopes=SCOPE_WORDS,
        typed=request.form if problem else MultiDict(),
        days=[(each, _("%(count)s hari", count=each)) for each in _DAYS],
    )
