"""One's activities and each submission: where it is, why, and the file itself."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Page

from service.access import Act, may
from service.access_lookup import of_submission
from service.certificates.lifecycle import share, unshare
from service.circulation.intake import IntakeResult
from service.config import local_day
from service.errors import BadInput
from service.records import CertificateState, Submission
from service.store import Transaction
from service.web.auth import only, signed_in
from service.web.context import desk
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


@only()
def activities() -> str:
    """Everything of one year, newest first, and what is still on its way."""
    who, at = signed_in(), desk()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year)
    with at.store.reading() as tx:
        mine = employee_year(who.nip, year, today=today, tx=tx)
        moving = tx.circulations.of_employee(who.nip) if year == today.year else ()
    return render_template("pegawai/activities.html", mine=mine, moving=moving, this_year=today.year)


@only()
def submission(submission_id: str) -> str:
    """Where one submission is, with the reasons, the law's findings and its history."""
    at = desk()
    found = _seen(submission_id)
    facts = found.facts
    with at.store.reading() as tx:
        history = tx.events.list(found.id, limit=50)
        checks = tx.verifications.of(found.id)
        year = employee_year(facts.employee_nip, facts.date.year, today=facts.date, tx=tx) if facts else None
    reported = next(
        (each for each in (year.reported if year else ()) if each.submission.id == found.id),
        Reported(submission=found, assessed=None),
    )
    return render_template("pegawai/submission.html", each=reported, history=history, checks=checks)


@only()
def submission_file(submission_id: str) -> Response:
    """The very bytes that were handed in."""
    found = _seen(submission_id)
    return pdf_answer(desk().store.document(found.digest), name=f"{found.id}.pdf")


def _seen(submission_id: str) -> Submission:
    """The submission, if it is one the visitor may see; whoever may not is told what strangers are told."""
    who, at = signed_in(), desk()
    with at.store.reading() as tx:
        found = tx.submissions.get(submission_id)
        allowed = found is not None and (
            may(who.viewer, Act.SEE, of_submission(tx, found)) or _sender(tx, found) == who.actor
        )
    if found is None or not allowed:
        abort(404)
    return found


def _sender(tx: Transaction, found: Submission) -> str:
    """Who handed it in: a file that names nobody is nobody else's."""
    received = [each for each in tx.events.list(found.id) if each.action == "submission.received"]
    return received[-1].actor if received else ""


# --- A signed form handed in: kept before anything else, judged at once, and told with what to do about it

MOST_FILES = 20


@only()
def upload() -> str:
    """The upload page, and the verdicts of what was uploaded on it."""
    if request.method == "GET":
        return render_template("pegawai/upload.html", answers=None, taken=())
    files = [each for each in request.files.getlist("files") if each.filename]
    if not files:
        raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih formulir PDF yang sudah ditandatangani."))
    if len(files) > MOST_FILES:
        raise BadInput(
            _("Terlalu banyak berkas sekaligus."), _("Unggah paling banyak %(most)s berkas.", most=MOST_FILES)
        )
    who = signed_in()
    told = [(name_of(each), receive(each, actor=who.actor)) for each in files]
    return render_template(
        "pegawai/upload.html",
        answers=[answer for _name, answer in told if not isinstance(answer, IntakeResult)],
        taken=[(name, answer) for name, answer in told if isinstance(answer, IntakeResult)],
    )


# --- One's yearly certificates, to read and to save


@only()
def certificates() -> str:
    who, at = signed_in(), desk()
    with at.store.reading() as tx:
        mine = [each for each in tx.certificates.of_nip(who.nip) if each.state is not CertificateState.INTENDED]
        shown = {each.number for each in mine if tx.shares.since(each.number) is not None}
    return render_template("pegawai/certificates.html", mine=mine, shown=shown)


@only()
def certificate_file(number: str) -> Response:
    """The sealed bytes, as kept; also of one that ended, marked so on the page that leads here."""
    who, at = signed_in(), desk()
    with at.store.reading() as tx:
        found = tx.certificates.find(number)
    if found is None or found.nip != who.nip or found.digest is None:
        abort(404)
    return pdf_answer(at.store.document(found.digest), name=f"{found.number}.pdf")


@only()
def share_certificate(number: str) -> Page:
    """Show the document beside its public check, or show it no more; only its holder may."""
    who, at = signed_in(), desk()
    change = share if request.form.get("shared") == "1" else unshare
    change(number, holder_nip=who.nip, store=at.store, now=at.clock())
    return redirect(url_for("pegawai.certificates"))
