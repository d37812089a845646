"""Pages of delegations: who signs as whose Plt. or Plh., and when."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.config import local_day
from service.errors import BadInput, NotGranted
from service.people.delegations import DELEGABLE, agree_to_delegation, delegate, end_delegation
from service.store.delegations import Delegation
from service.web.auth import require_visitor, sign_in_required
from service.web.context import current_services


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/delegasi", "delegations", delegations, methods=["GET", "POST"])
    blueprint.add_url_rule("/delegasi/<delegation_id>/setujui", "agree_to_delegation", agree, methods=["POST"])
    blueprint.add_url_rule("/delegasi/<delegation_id>/akhiri", "end_delegation", end, methods=["POST"])


@sign_in_required
def delegations() -> str | Response | tuple[str, int]:
    """List the delegations the visitor gave or received, or make one."""
    problem = None
    if request.method == "POST":
        try:
            made = _delegate()
        except (BadInput, NotGranted) as error:
            problem = error
        else:
            waits = _("Delegasi lebih dari 92 hari berlaku setelah disetujui pejabat yang digantikan.")
            flash(waits if made.waits else _("Delegasi tersimpan; penggantinya diberi tahu."), "good")
            return redirect(url_for("signing.delegations"))
    services, visitor = current_services(), require_visitor()
    with services.store.reading() as tx:
        listed = tx.delegations.all() if visitor.holds("biro_sdm") else tx.delegations.of(visitor.nip)
        names = {
            nip: tx.employees.get(nip) for delegation in listed for nip in (delegation.from_nip, delegation.to_nip)
        }
    page = render_template(
        "signing/delegations.html",
        listed=listed,
        names=names,
        problem=problem,
        roles=DELEGABLE,
        today=local_day(services.clock(), services.settings),
    )
    return (page, 422) if problem else page


@sign_in_required
def agree(delegation_id: str) -> Response:
    """Agree, as the official, to be represented for longer than a quarter."""
    services, visitor = current_services(), require_visitor()
    agree_to_delegation(
        delegation_id, store=services.store, now=services.clock(), actor=visitor.actor, by=visitor.person
    )
    flash(_("Delegasi disetujui; penggantinya diberi tahu."), "good")
    return redirect(url_for("signing.delegations"))


@sign_in_required
def end(delegation_id: str) -> Response:
    services, visitor = current_services(), require_visitor()
    end_delegation(delegation_id, store=services.store, now=services.clock(), actor=visitor.actor, by=visitor.person)
    return redirect(url_for("signing.delegations"))


def _delegate() -> Delegation:
    services, visitor, form = current_services(), require_visitor(), request.form
    try:
        starts, ends = (dt.date.fromisoformat(form.get(name, "")) for name in ("starts", "ends"))
    except ValueError as error:
        raise BadInput(_("Tanggal mulai atau akhir belum diisi."), _("Pilih kedua tanggalnya.")) from error
    return delegate(
        form.get("from", "").strip() or visitor.nip,
        form.get("to", ""),
        kind=form.get("kind", ""),
        scope=tuple(form.getlist("scope")),
        starts=starts,
        ends=ends,
        reason=form.get("reason", ""),
        store=services.store,
        now=services.clock(),
        zone=services.settings.timezone,
        randomness=services.randomness,
        actor=visitor.actor,
        by=visitor.person,
    )
