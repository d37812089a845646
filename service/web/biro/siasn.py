"""How a year's certificates stand in the national register, what would be sent, and sending it as long work."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.config import local_day
from service.errors import NotGranted
from service.jobs.requests import ask
from service.siasn.courses import export_year
from service.siasn.sending import standing_of
from service.siasn.settings import read_codes
from service.store.jobs import Batch
from service.web.auth import require_visitor, roles_required
from service.web.biro.batches import OPEN
from service.web.context import current_services
from service.web.requests import XLSX, YEARS, file_answer, year_of_request

_TYPES = {"jsonl": "application/x-ndjson", "xlsx": XLSX}
_LATELY, _PAGE = 50, 100


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/siasn", "siasn", siasn)
    blueprint.add_url_rule("/siasn/kirim", "send_to_siasn", send, methods=["POST"])
    blueprint.add_url_rule("/siasn/sertifikat/<number>", "siasn_answers", answers)
    blueprint.add_url_rule("/siasn/<int:year>.<kind>", "siasn_file", siasn_file)


@roles_required("biro_sdm")
def siasn() -> str:
    """One year's certificates as the answers tell; the running sending, when there is one."""
    services = current_services()
    today = local_day(services.clock(), services.settings)
    year = year_of_request(today.year - 1)
    listed = list(standing_of(year, services.store))
    wanted, start = request.args.get("keadaan", ""), max(request.args.get("mulai", 0, type=int), 0)
    shown = [certificate for certificate in listed if wanted in {"", certificate.state}]
    return render_template(
        "biro/siasn.html",
        year=year,
        today=today,
        counts=Counter(certificate.state for certificate in listed),
        wanted=wanted,
        listed=shown[start : start + _PAGE],
        more=start + _PAGE if len(shown) > start + _PAGE else None,
        to_send=sum(certificate.to_send for certificate in listed),
        running=_running(year),
    )


@roles_required("biro_sdm")
def send() -> Answer:
    """Ask for it: the worker sends, with the tokens that are its own. One sending of a year at a time."""
    services, year = current_services(), request.form.get("year", 0, type=int)
    if year not in YEARS:
        abort(404)
    running = _running(year)
    if running is not None:
        return redirect(url_for("biro.batch", batch_id=running.id))
    read_codes(services.settings.home)  # a missing code is said here, not in a worker's log
    if not any(certificate.to_send for certificate in standing_of(year, services.store)):
        raise NotGranted(_("Tidak ada yang perlu dikirim."), _("Semua sertifikat tahun itu sudah diterima SIASN."))
    made = ask(
        "siasn",
        _("SIASN %(year)s", year=year),
        {"year": year},
        store=services.store,
        now=services.clock(),
        actor=require_visitor().actor,
        randomness=services.randomness,
    )
    return redirect(url_for("biro.batch", batch_id=made.id))


@roles_required("biro_sdm")
def answers(number: str) -> str:
    """Every attempt for one certificate and what SIASN answered, oldest first."""
    with current_services().store.reading() as tx:
        certificate = tx.certificates.find(number)
        attempts = tx.sendings.of(number)
    if certificate is None:
        abort(404)
    return render_template("biro/siasn-answers.html", certificate=certificate, attempts=attempts)


@roles_required("biro_sdm")
def siasn_file(year: int, kind: str) -> Response:
    """What would be sent; MissingResource or BadInput for codes that are not set."""
    services = current_services()
    if kind not in _TYPES:
        abort(404)
    with TemporaryDirectory(prefix="cmb-siasn-") as folder:
        path = Path(folder) / f"siasn-{year}.{kind}"
        export_year(year, path, store=services.store, codes=read_codes(services.settings.home))
        return file_answer(path.read_bytes(), name=path.name, media_type=_TYPES[kind], save=True)


def _running(year: int) -> Batch | None:
    with current_services().store.reading() as tx:
        lately = tx.batches.list(_LATELY)
    return next(
        (
            batch
            for batch in lately
            if batch.kind == "siasn" and batch.asked.get("year") == year and batch.state in OPEN
        ),
        None,
    )
