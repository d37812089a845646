"""Certificates somebody should confirm as a person's own, for Biro SDM and the unit's HR officer."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.circulation.intake import retry_unsettled
from service.people.enrolment import confirm, decline
from service.sandbox.limits import GaveUp
from service.submissions.sandboxed import reevaluate_in_sandbox
from service.web.auth import only, signed_in
from service.web.context import desk

blueprint = Blueprint("proposals", __name__, url_prefix="/pendaftaran")
_ROLES = ("biro_sdm", "pengelola")


@blueprint.get("")
@only(*_ROLES)
def proposals() -> str:
    """What nobody has decided: of the own unit, or all for Biro SDM."""
    who = signed_in()
    with desk().store.reading() as tx:
        listed = tx.proposals.open(None if who.holds("biro_sdm") else who.unit)
        people = {each.nip: tx.employees.get(each.nip) for each in listed}
    return render_template("proposals.html", listed=listed, people=people)


@blueprint.post("/<proposal_id>/cocok")
@only(*_ROLES)
def agree(proposal_id: str) -> Response:
    """It is that person's; what waited for it is judged again at once."""
    at, who = desk(), signed_in()
    now = at.clock()
    done = confirm(proposal_id, store=at.store, now=now, actor=who.actor, by=who.person)
    for submission_id in done.submissions:
        with suppress(GaveUp):  # it stays where it is, for a person to look at
            at.apart(reevaluate_in_sandbox, at.settings, submission_id, now, who.actor)
    moved = retry_unsettled(context=at.circulation_context, actor=who.actor)
    flash(
        _(
            "Sertifikat didaftarkan; %(count)s berkas yang menunggu diperiksa lagi.",
            count=len(done.submissions) + len(moved),
        ),
        "good",
    )
    return redirect(url_for("proposals.proposals"))


@blueprint.post("/<proposal_id>/bukan")
@only(*_ROLES)
def disagree(proposal_id: str) -> Response:
    """It is not that person's."""
    at, who = desk(), signed_in()
    decline(proposal_id, store=at.store, now=at.clock(), actor=who.actor, by=who.person)
    flash(_("Usulan ditolak; sertifikat itu tidak diusulkan lagi untuk orang yang sama."), "good")
    return redirect(url_for("proposals.proposals"))
