"""Pages of proposed signer certificates, which Biro SDM or the unit's HR officer confirms or declines."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.circulation.intake import retry_unsettled
from service.people.enrolment import confirm, decline
from service.sandbox.limits import GaveUp
from service.submissions.sandboxed import reevaluate_in_sandbox
from service.web.auth import require_visitor, roles_required
from service.web.context import current_services

blueprint = Blueprint("proposals", __name__, url_prefix="/pendaftaran")
_ROLES = ("biro_sdm", "pengelola")


@blueprint.get("")
@roles_required(*_ROLES)
def proposals() -> str:
    """Show the open proposals: those of the visitor's unit, or all of them for Biro SDM."""
    visitor = require_visitor()
    with current_services().store.reading() as tx:
        listed = tx.proposals.open(None if visitor.holds("biro_sdm") else visitor.unit)
        people = {proposal.nip: tx.employees.get(proposal.nip) for proposal in listed}
    return render_template("proposals.html", listed=listed, people=people)


@blueprint.post("/<proposal_id>/cocok")
@roles_required(*_ROLES)
def agree(proposal_id: str) -> Response:
    """Confirm that the certificate is that person's, and verify again what waited for it."""
    services, visitor = current_services(), require_visitor()
    now = services.clock()
    confirmed = confirm(proposal_id, store=services.store, now=now, actor=visitor.actor, by=visitor.person)
    for submission_id in confirmed.submissions:
        with suppress(GaveUp):  # the submission keeps its status, for a person to look at
            services.sandbox(reevaluate_in_sandbox, services.settings, submission_id, now, visitor.actor)
    moved = retry_unsettled(context=services.circulation_context, actor=visitor.actor)
    flash(
        _(
            "Sertifikat didaftarkan; %(count)s berkas yang menunggu diperiksa lagi.",
            count=len(confirmed.submissions) + len(moved),
        ),
        "good",
    )
    return redirect(url_for("proposals.proposals"))


@blueprint.post("/<proposal_id>/bukan")
@roles_required(*_ROLES)
def disagree(proposal_id: str) -> Response:
    """Decline: the certificate is not that person's."""
    services, visitor = current_services(), require_visitor()
    decline(proposal_id, store=services.store, now=services.clock(), actor=visitor.actor, by=visitor.person)
    flash(_("Usulan ditolak; sertifikat itu tidak diusulkan lagi untuk orang yang sama."), "good")
    return redirect(url_for("proposals.proposals"))
