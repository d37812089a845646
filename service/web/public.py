"""Public pages: what this service is, and the check of a certificate by number or file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.certificates.check import (
    PublicAnswer,
    State,
    caller_digest,
    check_file,
    check_number,
    is_shared,
    shared_document,
)
from service.config import local_day
from service.identifiers import as_typed, is_number
from service.law import target_of
from service.web.context import Page, current_services
from service.web.networks import count_as_failure

blueprint = Blueprint("public", __name__)
# Our certificates are well under 1 MB; larger bodies are refused before they are read.
_LARGEST_FILE = 5 * 1024 * 1024


@blueprint.url_value_preprocessor
def _limit_body(_endpoint: str | None, _values: object) -> None:
    request.max_content_length = _LARGEST_FILE


@blueprint.get("/")
def welcome() -> str:
    services = current_services()
    year = local_day(services.clock(), services.settings).year
    return render_template("welcome.html", target=target_of(year).value)


@blueprint.route("/periksa", methods=["GET", "POST"])
def check() -> Page:
    """Check by number (redirects to the page of that number) or by file."""
    if request.method == "POST":
        return _check_file_page()
    typed = request.args.get("nomor", "")
    number = as_typed(typed)
    if is_number(number):
        return redirect(url_for("public.check_number", number=number))
    wrong = _("Nomor sertifikat berbentuk seperti CMB-2026-000123-K7Q2M9XD.") if typed.strip() else ""
    page = render_template("public/check.html", typed=typed, wrong_number=wrong, wrong_file="", host=_host())
    return (page, 422) if wrong else page


def _check_file_page() -> Page:
    sent = request.files.get("berkas")
    if sent is None or not sent.filename:
        wrong = _("Pilih berkas PDF sertifikat lebih dahulu.")
        return render_template("public/check.html", typed="", wrong_number="", wrong_file=wrong, host=_host()), 422
    services = current_services()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "berkas.pdf"
        sent.save(path)
        answer = check_file(
            path,
            store=services.store,
            settings=services.settings,
            apart=services.sandbox,
            now=services.clock(),
            caller=_caller(),
        )
    return _answer_page(answer, file_name=sent.filename)


@blueprint.get("/periksa/<number>", endpoint="check_number")
def check_number_page(number: str) -> Page:
    """Show the state of a certificate; its QR code leads here. Unknown numbers get the same page and status."""
    services = current_services()
    answer = check_number(
        as_typed(number),
        store=services.store,
        settings=services.settings,
        readings=services.sealed_readings,
        now=services.clock(),
        caller=_caller(),
    )
    return _answer_page(answer)


@blueprint.get("/periksa/<number>/dokumen")
def document(number: str) -> Response:
    """Send the sealed PDF if its holder shares it; 404 otherwise, as for an unknown number."""
    found = shared_document(
        as_typed(number), store=current_services().store, readings=current_services().sealed_readings
    )
    if found is None:
        abort(404)
    certificate, content = found
    answer = make_response(content)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{certificate.number}.pdf"'
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _answer_page(answer: PublicAnswer, file_name: str = "") -> Page:
    if answer.state is State.UNKNOWN:
        count_as_failure()
    shown = answer.certificate is not None and is_shared(answer.certificate, store=current_services().store)
    page = make_response(
        render_template(
            "public/answer.html",
            answer=answer,
            shown=shown,
            file_name=file_name,
            now=current_services().clock(),
            host=_host(),
        )
    )
    page.headers["X-Robots-Tag"] = "noindex"  # search engines must not list people's certificates
    return page


def _host() -> str:
    """Return the host name that our certificates lead to."""
    return urlsplit(current_services().settings.check_url).netloc


def _caller() -> str:
    return caller_digest(request.remote_addr or "", current_services().settings)
