"""Who signs as whose Plt. or Plh., from when to when; given by the official, the head of unit, or Biro SDM."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.config import local_day
from service.errors import BadInput, NotGranted
from service.people.delegations import DELEGABLE, delegate, end_delegation
from service.web.auth import only, signed_in
from service.web.context import desk


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/delegasi", "delegations", delegations, methods=["GET", "POST"])
    blueprint.add_url_rule("/delegasi/<delegation_id>/akhiri", "end_delegation", end, methods=["POST"])


@only()
def delegations() -> str | Response | tuple[str, int]:
    """Those the visitor gave or got, and a form to give one."""
    problem = None
    if request.method == "POST":
        try:
            _make()
        except (BadInput, NotGranted) as refused:
            problem = refused
        else:
            flash(_("Delegasi tersimpan; penggantinya diberi tahu."), "good")
            return redirect(url_for("signing.delegations"))
    at, who = desk(), signed_in()
    with at.store.reading() as tx:
        listed = tx.delegations.all() if who.holds("biro_sdm") else tx.delegations.of(who.nip)
        names = {nip: tx.employees.get(nip) for each in listed for nip in (each.from_nip, each.to_nip)}
    page = render_template(
        "signing/delegations.html",
        listed=listed,
        names=names,
        problem=problem,
        roles=DELEGABLE,
        today=local_day(at.clock(), at.settings),
    )
    return (page, 422) if problem else page


@only()
def end(delegation_id: str) -> Response:
    at, who = desk(), signed_in()
    end_delegation(delegation_id, store=at.store, now=at.clock(), actor=who.actor, by=who.person)
    return redirect(url_for("signing.delegations"))


def _make() -> None:
    at, who, form = desk(), signed_in(), request.form
    try:
        starts, ends = (dt.date.fromisoformat(form.get(name, "")) for name in ("starts", "ends"))
    except ValueError as error:
        raise BadInput(_("Tanggal mulai atau akhir belum diisi."), _("Pilih kedua tanggalnya.")) from error
    delegate(
        form.get("from", "").strip() or who.nip,
        form.get("to", ""),
        kind=form.get("kind", ""),
        scope=tuple(form.getlist("scope")),
        starts=starts,
        ends=ends,
        reason=form.get("reason", ""),
        store=at.store,
        now=at.clock(),
        zone=at.settings.timezone,
        randomness=at.randomness,
        actor=who.actor,
        by=who.person,
    )
