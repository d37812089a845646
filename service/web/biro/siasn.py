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
from service.jobs.requests import request_batch
from service.siasn.courses import export_year
from service.siasn.sending import standing_of
from service.siasn.settings import read_codes
from service.store.jobs import Batch
from service.web.auth import only, signed_in
from service.web.biro.batches import OPEN
from service.web.context import desk
from service.web.requests import XLSX, YEARS, file_answer, year_of_request

_TYPES = {"jsonl": "application/x-ndjson", "xlsx": XLSX}
_LATELY, _PAGE = 50, 100


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/siasn", "siasn", siasn)
    blueprint.add_url_rule("/siasn/kirim", "send_to_siasn", send, methods=["POST"])
    blueprint.add_url_rule("/siasn/sertifikat/<number>", "siasn_answers", answers)
    blueprint.add_url_rule("/siasn/<int:year>.<kind>", "siasn_file", siasn_file)


@only("biro_sdm")
def siasn() -> str:
    """One year's certificates as the answers tell; the running sending, when there is one."""
    at = desk()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year - 1)
    listed = list(standing_of(year, at.store))
    wanted, start = request.args.get("keadaan", ""), max(request.args.get("mulai", 0, type=int), 0)
    shown = [each for each in listed if wanted in {"", each.state}]
    return render_template(
        "biro/siasn.html",
        year=year,
        today=today,
        counts=Counter(each.state for each in listed),
        wanted=wanted,
        listed=shown[start : start + _PAGE],
        more=start + _PAGE if len(shown) > start + _PAGE else None,
        to_send=sum(each.to_send for each in listed),
        running=_running(year),
    )


@only("biro_sdm")
def send() -> Answer:
    """Ask for it: the worker sends, with the tokens that are its own. One sending of a year at a time."""
    at, year = desk(), request.form.get("year", 0, type=int)
    if year not in YEARS:
        abort(404)
    running = _running(year)
    if running is not None:
        return redirect(url_for("biro.batch", batch_id=running.id))
    read_codes(at.settings.home)  # a missing code is said here, not in a worker's log
    if not any(each.to_send for each in standing_of(year, at.store)):
        raise NotGranted(_("Tidak ada yang perlu dikirim."), _("Semua sertifikat tahun itu sudah diterima SIASN."))
    made = request_batch(
        "siasn",
        _("SIASN %(year)s", year=year),
        {"year": year},
        store=at.store,
        now=at.clock(),
        actor=signed_in().actor,
        randomness=at.randomness,
    )
    return redirect(url_for("biro.batch", batch_id=made.id))


@only("biro_sdm")
def answers(number: str) -> str:
    """Every attempt for one certificate and what SIASN answered, oldest first."""
    with desk().store.reading() as tx:
        certificate = tx.certificates.find(number)
        attempts = tx.sendings.of(number)
    if certificate is None:
        abort(404)
    return render_template("biro/siasn-answers.html", certificate=certificate, attempts=attempts)


@only("biro_sdm")
def siasn_file(year: int, kind: str) -> Response:
    """What would be sent; MissingResource or BadInput for codes that are not set."""
    at = desk()
    if kind not in _TYPES:
        abort(404)
    with TemporaryDirectory(prefix="cmb-siasn-") as folder:
        path = Path(folder) / f"siasn-{year}.{kind}"
        export_year(year, path, store=at.store, codes=read_codes(at.settings.home))
        return file_answer(path.read_bytes(), name=path.name, media_type=_TYPES[kind], save=True)


def _running(year: int) -> Batch | None:
    with desk().store.reading() as tx:
        lately = tx.batches.list(_LATELY)
    return next(
        (each for each in lately if each.kind == "siasn" and each.asked.get("year") == year and each.state in OPEN),
        None,
    )
