"""Tables for whoever works with them: empty ones to fill in, and what the service keeps to take away."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, render_template, request

from service.access import Act, Kind, Subject, may
from service.config import local_day
from service.decisions_table import waiting_rows
from service.export_access import offers_for
from service.exports import Span, export
from service.tables.layout import Layout
from service.tables.offered import OFFERED
from service.tables.template import template_bytes
from service.web.desk import desk
from service.web.papers import XLSX, file_answer, streamed_answer
from service.web.table_words import table_words
from service.web.visitor import only, signed_in
from service.web.years import year_of_request

blueprint = Blueprint("tables", __name__, url_prefix="/tabel")
TYPES = {"csv": "text/csv", "xlsx": XLSX}
_ROLES = ("pengelola", "pimpinan", "biro_sdm", "admin")


@blueprint.get("")
@only(*_ROLES)
def listed() -> str:
    """What there is to fill in, and what to take away, for whoever is at the door."""
    who, today = signed_in(), _today_year()
    return render_template(
        "tables.html",
        year=year_of_request(today),
        this_year=today,
        offered=_offered(),
        offers=offers_for(who.viewer),
        words=table_words(),
    )


@blueprint.get("/isian/<subject>.<kind>")
@only("pengelola", "biro_sdm")
def template(subject: str, kind: str) -> Response:
    """An empty table with its guide; `?menunggu` fills that of approvals with what awaits a decision."""
    if subject not in _offered() or kind not in TYPES:
        abort(404)
    waiting, rows = "menunggu" in request.args and subject == "approvals", []
    if waiting:
        with desk().store.reading() as tx:
            rows = list(waiting_rows(tx))
    name = f"{table_words()[subject].file}{'-menunggu' if waiting else ''}.{kind}"
    content = template_bytes(OFFERED[subject], xlsx=kind == "xlsx", rows=rows)
    return file_answer(content, name=name, media_type=TYPES[kind], save=True)


@blueprint.get("/<subject>.<kind>")
@only(*_ROLES)
def taken(subject: str, kind: str) -> Response:
    """Every row the visitor may see, of the year asked for (the running one without any)."""
    at, offer = desk(), offers_for(signed_in().viewer).get(subject)
    if offer is None or kind not in TYPES:
        abort(404)
    span = Span(year=year_of_request(_today_year()), zone=at.settings.timezone)
    name = f"{table_words()[subject].file}{f'-{span.year}' if offer.yearly else ''}.{kind}"
    with TemporaryDirectory(prefix="cmb-tabel-") as folder:
        path = Path(folder) / name
        export(subject, path, store=at.store, span=span, unit=offer.unit)
        # Opened before its folder goes: a year of everybody is too much to hold in memory for each who asks.
        return streamed_answer(path.open("rb"), name=name, media_type=TYPES[kind])


def _offered() -> Mapping[str, Layout]:
    """What the visitor may fill in: decisions only who decides on what others handed in."""
    who = signed_in()
    if not who.holds("pengelola", "biro_sdm"):
        return {}
    decides = may(who.viewer, Act.DECIDE, Subject(kind=Kind.SUBMISSION))
    return {subject: each for subject, each in OFFERED.items() if decides or subject != "approvals"}


def _today_year() -> int:
    at = desk()
    return local_day(at.clock(), at.settings).year
