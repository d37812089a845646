"""One's activities and each submission: where it is, why, and the file itself."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Page

from service.access import Act, may
from service.access_lookup import of_submission
from service.certificates.lifecycle import share, unshare
from service.circulation.intake import Taken
from service.config import local_day
from service.errors import BadInput
from service.records import CertificateState, Submission
from service.store import Transaction
from service.web.auth import require_visitor, sign_in_required
from service.web.context import current_services
from service.web.requests import name_of, pdf_answer, receive, year_of_request
from service.year import Reported, own_year


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
    """Everything of one year, newest first, and what is still on its way."""
    visitor, services = require_visitor(), current_services()
    today = local_day(services.clock(), services.settings)
    year = year_of_request(today.year)
    with services.store.reading() as tx:
        mine = own_year(visitor.nip, year, today=today, tx=tx)
        moving = tx.circulations.of_employee(visitor.nip) if year == today.year else ()
    return render_template("pegawai/activities.html", mine=mine, moving=moving, this_year=today.year)


@sign_in_required
def submission(submission_id: str) -> str:
    """Where one submission is, with the reasons, the law's findings and its history."""
    services = current_services()
    found = _seen(submission_id)
    facts = found.facts
    with services.store.reading() as tx:
        history = tx.events.list(found.id, limit=50)
        checks = tx.verifications.of(found.id)
        year = own_year(facts.employee_nip, facts.date.year, today=facts.date, tx=tx) if facts else None
    reported = next(
        (reported_ for reported_ in (year.reported if year else ()) if reported_.submission.id == found.id),
        Reported(submission=found, assessed=None),
    )
    return render_template("pegawai/submission.html", each=reported, history=history, checks=checks)


@sign_in_required
def submission_file(submission_id: str) -> Response:
    """The very bytes that were handed in."""
    found = _seen(submission_id)
    return pdf_answer(current_services().store.document(found.digest), name=f"{found.id}.pdf")


def _seen(submission_id: str) -> Submission:
    """The submission, if it is one the visitor may see; whoever may not is told what strangers are told."""
    visitor, services = require_visitor(), current_services()
    with services.store.reading() as tx:
        found = tx.submissions.get(submission_id)
        allowed = found is not None and (
            may(visitor.viewer, Act.SEE, of_submission(tx, found)) or _sender(tx, found) == visitor.actor
        )
    if found is None or not allowed:
        abort(404)
    return found


def _sender(tx: Transaction, found: Submission) -> str:
    """Who handed it in: a file that names nobody is nobody else's."""
    received = [event for event in tx.events.list(found.id) if event.action == "submission.received"]
    return received[-1].actor if received else ""


# --- A signed form handed in: kept before anything else, judged at once, and told with what to do about it

MOST_FILES = 20


@sign_in_required
def upload() -> str:
    """The upload page, and the verdicts of what was uploaded on it."""
    if request.method == "GET":
        return render_template("pegawai/upload.html", answers=None, taken=())
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih formulir PDF yang sudah ditandatangani."))
    if len(files) > MOST_FILES:
        raise BadInput(
            _("Terlalu banyak berkas sekaligus."), _("Unggah paling banyak %(most)s berkas.", most=MOST_FILES)
        )
    visitor = require_visitor()
    told = [(name_of(file), receive(file, actor=visitor.actor)) for file in files]
    return render_template(
        "pegawai/upload.html",
        answers=[answer for _name, answer in told if not isinstance(answer, Taken)],
        taken=[(name, answer) for name, answer in told if isinstance(answer, Taken)],
    )


# --- One's yearly certificates, to read and to save


@sign_in_required
def certificates() -> str:
    visitor, services = require_visitor(), current_services()
    with services.store.reading() as tx:
        mine = [
            certificate
            for certificate in tx.certificates.of_nip(visitor.nip)
            if certificate.state is not CertificateState.INTENDED
        ]
        shown = {certificate.number for certificate in mine if tx.shares.since(certificate.number) is not None}
    return render_template("pegawai/certificates.html", mine=mine, shown=shown)


@sign_in_required
def certificate_file(number: str) -> Response:
    """The sealed bytes, as kept; also of one that ended, marked so on the page that leads here."""
    visitor, services = require_visitor(), current_services()
    with services.store.reading() as tx:
        found = tx.certificates.find(number)
    if found is None or found.nip != visitor.nip or found.digest is None:
        abort(404)
    return pdf_answer(services.store.document(found.digest), name=f"{found.number}.pdf")


@sign_in_required
def share_certificate(number: str) -> Page:
    """Show the document beside its public check, or show it no more; only its holder may."""
    visitor, services = require_visitor(), current_services()
    change = share if request.form.get("shared") == "1" else unshare
    change(number, holder_nip=visitor.nip, store=services.store, now=services.clock())
    return redirect(url_for("pegawai.certificates"))
