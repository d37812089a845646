"""The yearly certificates: who gets one and who does not and why, issued as a batch, revoked with a reason."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.certificates.lifecycle import foresee, revoke
from service.config import local_day
from service.jobs.requests import request_batch
from service.records import CertificateState
from service.web.auth import only, signed_in
from service.web.context import desk
from service.web.requests import pdf_answer, year_of_request

_FIRST_YEAR = 2022


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/sertifikat", "certificates", certificates)
    blueprint.add_url_rule("/sertifikat/terbitkan", "issue", issue, methods=["POST"])
    blueprint.add_url_rule("/sertifikat/<number>.pdf", "certificate_file", certificate_file)
    blueprint.add_url_rule("/sertifikat/<number>/cabut", "revoke", end, methods=["POST"])


@only("biro_sdm")
def certificates() -> str:
    """One year: what would be issued now, and what was issued."""
    at = desk()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year - 1)
    with at.store.reading() as tx:
        plan = list(foresee(year, today=today, tx=tx))
        issued = [each for each in tx.certificates.of_year(year) if each.state is not CertificateState.INTENDED]
    return render_template("biro/certificates.html", year=year, today=today, plan=plan, issued=issued)


@only("biro_sdm")
def issue() -> Answer:
    """Issue for everybody with something approved; who has a certificate on the same basis keeps it."""
    at = desk()
    year = request.form.get("year", 0, type=int)
    if year < _FIRST_YEAR:
        abort(404)
    title = _("Sertifikat %(year)s", year=year)
    made = request_batch(
        "issue",
        title,
        {"year": year},
        store=at.store,
        now=at.clock(),
        actor=signed_in().actor,
        randomness=at.randomness,
    )
    return redirect(url_for("biro.batch", batch_id=made.id))


@only("biro_sdm")
def certificate_file(number: str) -> Response:
    with desk().store.reading() as tx:
        found = tx.certificates.find(number)
    if found is None or found.digest is None:
        abort(404)
    return pdf_answer(desk().store.document(found.digest), name=f"{number}.pdf")


@only("biro_sdm")
def end(number: str) -> Answer:
    """Revoke; whoever checks the number reads the reason."""
    at = desk()
    revoke(number, request.form.get("reason", ""), store=at.store, now=at.clock(), actor=signed_in().actor)
    flash(_("Sertifikat %(number)s dicabut.", number=number), "good")
    return redirect(url_for("biro.certificates", tahun=request.form.get("tahun")))
