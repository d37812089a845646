"""Biro SDM's pages of SIASN, the national register: status of a year's certificates, sending, answers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.config import local_day
from service.errors import NotGranted
from service.jobs.requests import request_batch
from service.siasn.courses import export_year
from service.siasn.sending import registration_statuses
from service.siasn.settings import read_codes
from service.store.jobs import Batch
from service.web.auth import require_visitor, roles_required
from service.web.biro.batches import OPEN
from service.web.context import current_services
from service.web.requests import XLSX, YEARS, file_answer, number_in_address, number_in_form, year_of_request

_TYPES = {"jsonl": "application/x-ndjson", "xlsx": XLSX}
_RECENT, _PAGE = 50, 100


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/siasn", "siasn", siasn)
    blueprint.add_url_rule("/siasn/kirim", "send_to_siasn", start_sending, methods=["POST"])
    blueprint.add_url_rule("/siasn/sertifikat/<number>", "siasn_answers", answers)
    blueprint.add_url_rule("/siasn/<year:year>.<kind>", "siasn_file", siasn_file)


@roles_required("biro_sdm")
def siasn() -> str:
    """Show the status of a year's certificates in SIASN, and the running batch if there is one."""
    services = current_services()
    today = local_day(services.clock(), services.settings)
    year = year_of_request(today.year - 1)
    certificates = list(registration_statuses(year, services.store))
    wanted, start = request.args.get("keadaan", ""), max(request.args.get("mulai", 0, type=number_in_address), 0)
    filtered = [certificate for certificate in certificates if wanted in {"", certificate.state}]
    return render_template(
        "biro/siasn.html",
        year=year,
        today=today,
        counts=Counter(certificate.state for certificate in certificates),
        wanted=wanted,
        certificates=filtered[start : start + _PAGE],
        more=start + _PAGE if len(filtered) > start + _PAGE else None,
        to_send=sum(certificate.to_send for certificate in certificates),
        running=_running(year),
    )


@roles_required("biro_sdm")
def start_sending() -> Response:
    """Start sending a year's certificates as a batch of the worker, which has the tokens; one at a time."""
    services, year = current_services(), request.form.get("year", 0, type=number_in_form)
    if year not in YEARS:
        abort(404)
    running = _running(year)
    if running is not None:
        return redirect(url_for("biro.batch", batch_id=running.id))
    read_codes(services.settings.home)  # a missing code is an error here, not in the worker's log
    if not any(certificate.to_send for certificate in registration_statuses(year, services.store)):
        raise NotGranted(_("Tidak ada yang perlu dikirim."), _("Semua sertifikat tahun itu sudah diterima SIASN."))
    batch = request_batch(
        "siasn",
        _("SIASN %(year)s", year=year),
        {"year": year},
        store=services.store,
        now=services.clock(),
        actor=require_visitor().actor,
        randomness=services.randomness,
    )
    return redirect(url_for("biro.batch", batch_id=batch.id))


@roles_required("biro_sdm")
def answers(number: str) -> str:
    """Show every attempt for one certificate with SIASN's answer, oldest first."""
    with current_services().store.reading() as tx:
        certificate = tx.certificates.find(number)
        attempts = tx.sendings.of(number)
    if certificate is None:
        abort(404)
    return render_template("biro/siasn-answers.html", certificate=certificate, attempts=attempts)


@roles_required("biro_sdm")
def siasn_file(year: int, kind: str) -> Response:
    """Send what would be sent to SIASN as a file; MissingResource or BadInput for codes that are not set."""
    services = current_services()
    if kind not in _TYPES:
        abort(404)
    with TemporaryDirectory(prefix="cmb-siasn-") as folder:
        path = Path(folder) / f"siasn-{year}.{kind}"
        export_year(year, path, store=services.store, codes=read_codes(services.settings.home))
        return file_answer(path.read_bytes(), name=path.name, media_type=_TYPES[kind], save=True)


def _running(year: int) -> Batch | None:
    with current_services().store.reading() as tx:
        recent = tx.batches.list(_RECENT)
    return next(
        (
            batch
            for batch in recent
            if batch.kind == "siasn" and batch.asked.get("year") == year and batch.state in OPEN
        ),
        None,
    )
