"""Biro SDM's pages of yearly certificates: preview, issue as a batch, revoke with a reason."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.certificates.lasting import due_numbers, newest_document
from service.certificates.lifecycle import preview_issue, reissues_of, revoke
from service.config import local_day
from service.jobs.requests import request_batch
from service.records import CertificateState
from service.web.auth import require_visitor, roles_required
from service.web.context import current_services
from service.web.requests import YEARS, number_in_form, pdf_answer, year_of_request

_YEARS = range(2022, YEARS.stop)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/sertifikat", "certificates", certificates)
    blueprint.add_url_rule("/sertifikat/terbitkan", "issue", issue, methods=["POST"])
    blueprint.add_url_rule("/sertifikat/perbarui", "renew", renew, methods=["POST"])
    blueprint.add_url_rule("/sertifikat/<number>.pdf", "certificate_file", certificate_file)
    blueprint.add_url_rule("/sertifikat/<number>/cabut", "revoke", revoke_certificate, methods=["POST"])
    blueprint.add_url_rule("/sertifikat/<number>/terbitkan-kembali", "reissue", reissue, methods=["POST"])


@roles_required("biro_sdm")
def certificates() -> str:
    """Show what would be issued for a year now, and what was issued."""
    services = current_services()
    today = local_day(services.clock(), services.settings)
    year = year_of_request(today.year - 1)
    with services.store.reading() as tx:
        plan = list(preview_issue(year, today=today, settings=services.settings, tx=tx))
        issued = [
            certificate
            for certificate in tx.certificates.of_year(year)
            if certificate.state is not CertificateState.INTENDED
        ]
        levels = {
            number: copy.level
            for number, copy in tx.certificates.newest_copies([certificate.number for certificate in issued]).items()
        }
        due = sum(1 for _ in due_numbers(now=services.clock(), settings=services.settings, tx=tx, year=year))
    if services.settings.timestamp_url is None:
        due = 0
    return render_template(
        "biro/certificates.html", year=year, today=today, plan=plan, issued=issued, levels=levels, due=due
    )


@roles_required("biro_sdm")
def issue() -> Response:
    """Start issuing to everybody with approved activities; a certificate on the same basis is kept."""
    services = current_services()
    year = request.form.get("year", 0, type=number_in_form)
    if year not in _YEARS:
        abort(404)
    title = _("Sertifikat %(year)s", year=year)
    batch = request_batch(
        "issue",
        title,
        {"year": year},
        store=services.store,
        now=services.clock(),
        actor=require_visitor().actor,
        randomness=services.randomness,
    )
    return redirect(url_for("biro.batch", batch_id=batch.id))


@roles_required("biro_sdm")
def renew() -> Response:
    """Start adding this year's archive time stamp to the certificates of a year that wait for it."""
    services = current_services()
    year = request.form.get("year", 0, type=number_in_form)
    if year not in _YEARS:
        abort(404)
    now = services.clock()
    with services.store.reading() as tx:
        numbers = list(due_numbers(now=now, settings=services.settings, tx=tx, year=year))
    batch = request_batch(
        "renew",
        _("Stempel arsip sertifikat %(year)s", year=year),
        {"numbers": numbers},
        store=services.store,
        now=now,
        actor=require_visitor().actor,
        randomness=services.randomness,
    )
    return redirect(url_for("biro.batch", batch_id=batch.id))


@roles_required("biro_sdm")
def reissue(number: str) -> Response:
    """Start issuing again what was revoked, with the reason to do so."""
    services, reason = current_services(), request.form.get("reason", "")
    with services.store.reading() as tx:
        ((nip, (certificate, decision)),) = reissues_of([number], reason, tx).items()
    batch = request_batch(
        "issue",
        _("Penerbitan kembali %(number)s", number=certificate.number),
        {"year": certificate.year, "nips": [nip], "reissue": {nip: decision.number}, "reason": decision.reason},
        store=services.store,
        now=services.clock(),
        actor=require_visitor().actor,
        randomness=services.randomness,
    )
    return redirect(url_for("biro.batch", batch_id=batch.id))


@roles_required("biro_sdm")
def certificate_file(number: str) -> Response:
    with current_services().store.reading() as tx:
        certificate = tx.certificates.find(number)
    if certificate is None or certificate.digest is None:
        abort(404)
    return pdf_answer(newest_document(certificate, current_services().store), name=f"{number}.pdf")


@roles_required("biro_sdm")
def revoke_certificate(number: str) -> Response:
    """Revoke a certificate; the reason is shown to those who check it."""
    services = current_services()
    revoke(
        number,
        request.form.get("reason", ""),
        store=services.store,
        now=services.clock(),
        actor=require_visitor().actor,
    )
    flash(_("Sertifikat %(number)s dicabut.", number=number), "good")
    return redirect(url_for("biro.certificates", tahun=request.form.get("tahun")))
