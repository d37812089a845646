"""The employee's pages of activities, submissions, uploads and certificates."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.access import Act, may
from service.access_lookup import of_submission
from service.certificates.lasting import newest_document
from service.certificates.lifecycle import share, unshare
from service.circulation.intake import IntakeResult
from service.config import local_day
from service.errors import BadInput
from service.records import CertificateState, Submission
from service.store import Transaction
from service.web.auth import require_visitor, sign_in_required
from service.web.context import current_services
from service.web.requests import name_of, pdf_answer, receive, year_of_request
from service.year import Reported, employee_year


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kegiatan", "activities", activities)
    blueprint.add_url_rule("/kiriman/<submission_id>", "submission", submission)
    blueprint.add_url_rule("/kiriman/<submission_id>/berkas.pdf", "submission_file", submission_file)
    blueprint.add_url_rule("/unggah", "upload", upload, methods=["GET", "POST"])
    blueprint.add_url_rule("/sertifikat", "certificates", certificates)
    blueprint.add_url_rule("/sertifikat/<number>.pdf", "certificate_file", certificate_file)
    blueprint.add_url_rule("/sertifikat/<number>/berbagi", "share_certificate", share_certificate, methods=["POST"])


@sign_in_required
def activities() -> str:
    """List a year's submissions, newest first, and the forms on their way."""
    visitor, services = require_visitor(), current_services()
    today = local_day(services.clock(), services.settings)
    year = year_of_request(today.year)
    with services.store.reading() as tx:
        mine = employee_year(visitor.nip, year, today=today, tx=tx)
        open_forms = tx.circulations.of_employee(visitor.nip) if year == today.year else ()
    return render_template("pegawai/activities.html", mine=mine, open_forms=open_forms, this_year=today.year)


@sign_in_required
def submission(submission_id: str) -> str:
    """Show a submission's state with its reasons, the findings of the law and its history."""
    services = current_services()
    submission = _visible_submission(submission_id)
    facts = submission.facts
    with services.store.reading() as tx:
        history = tx.events.list(submission.id, limit=50)
        checks = tx.verifications.of(submission.id)
        year = employee_year(facts.employee_nip, facts.date.year, today=facts.date, tx=tx) if facts else None
    reported = next(
        (entry for entry in (year.reported if year else ()) if entry.submission.id == submission.id),
        Reported(submission=submission, assessed=None),
    )
    return render_template("pegawai/submission.html", entry=reported, history=history, checks=checks)


@sign_in_required
def submission_file(submission_id: str) -> Response:
    """Send the bytes as they were submitted."""
    submission = _visible_submission(submission_id)
    return pdf_answer(current_services().store.document(submission.digest), name=f"{submission.id}.pdf")


def _visible_submission(submission_id: str) -> Submission:
    """Return the submission if the visitor may see it or sent it; 404 otherwise, as for a missing one."""
    visitor, services = require_visitor(), current_services()
    with services.store.reading() as tx:
        submission = tx.submissions.get(submission_id)
        allowed = submission is not None and (
            may(visitor.viewer, Act.SEE, of_submission(tx, submission)) or _sender(tx, submission) == visitor.actor
        )
    if submission is None or not allowed:
        abort(404)
    return submission


def _sender(tx: Transaction, submission: Submission) -> str:
    """Return who sent the file: one that names nobody is shown to its sender."""
    received = [event for event in tx.events.list(submission.id) if event.action == "submission.received"]
    return received[-1].actor if received else ""


# --- Upload

MOST_FILES = 20


@sign_in_required
def upload() -> str:
    """Show the upload page, or the verdicts of uploaded forms."""
    if request.method == "GET":
        return render_template("pegawai/upload.html", answers=None, intakes=())
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih formulir PDF yang sudah ditandatangani."))
    if len(files) > MOST_FILES:
        raise BadInput(
            _("Terlalu banyak berkas sekaligus."), _("Unggah paling banyak %(most)s berkas.", most=MOST_FILES)
        )
    visitor = require_visitor()
    results = [(name_of(file), receive(file, actor=visitor.actor)) for file in files]
    return render_template(
        "pegawai/upload.html",
        answers=[answer for _name, answer in results if not isinstance(answer, IntakeResult)],
        intakes=[(name, answer) for name, answer in results if isinstance(answer, IntakeResult)],
    )


# --- Certificates


@sign_in_required
def certificates() -> str:
    visitor, services = require_visitor(), current_services()
    with services.store.reading() as tx:
        mine = [
            certificate
            for certificate in tx.certificates.of_nip(visitor.nip)
            if certificate.state is not CertificateState.INTENDED
        ]
        shared = {certificate.number for certificate in mine if tx.shares.since(certificate.number) is not None}
    return render_template("pegawai/certificates.html", mine=mine, shared=shared)


@sign_in_required
def certificate_file(number: str) -> Response:
    """Send the sealed bytes as stored, also of a certificate that is no longer valid."""
    visitor, services = require_visitor(), current_services()
    with services.store.reading() as tx:
        certificate = tx.certificates.find(number)
    if certificate is None or certificate.nip != visitor.nip or certificate.digest is None:
        abort(404)
    return pdf_answer(newest_document(certificate, services.store), name=f"{certificate.number}.pdf")


@sign_in_required
def share_certificate(number: str) -> Response:
    """Share the document on its public check page, or stop sharing it; only its holder may."""
    visitor, services = require_visitor(), current_services()
    change = share if request.form.get("shared") == "1" else unshare
    change(number, holder_nip=visitor.nip, store=services.store, now=services.clock())
    return redirect(url_for("pegawai.certificates"))
