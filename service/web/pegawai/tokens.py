"""Tokens for programs that act for one's account: made here, shown once, revoked here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from service.errors import BadInput, NotGranted
from service.tokens import make_token, revoke_token, state_of
from service.web.desk import desk
from service.web.scope_words import SCOPE_WORDS
from service.web.visitor import only, signed_in

_DAYS = (30, 90, 180, 365)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/data-saya/token", "tokens", tokens, methods=["GET", "POST"])
    blueprint.add_url_rule("/data-saya/token/<token_id>/cabut", "revoke_token", revoke, methods=["POST"])


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
            gate=desk().gate,
        )
    except (BadInput, NotGranted) as problem:
        return _page(problem=problem), 422
    return _page(made=token.name, shown=shown)


@only()
def revoke(token_id: str) -> Response:
    """From now on nothing comes in with it."""
    who = signed_in()
    revoke_token(token_id, account=who.account, gate=desk().gate, actor=who.actor)
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
