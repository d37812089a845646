"""Tables for whoever works with them: empty ones to fill in, and what the service keeps to take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from service.access import Act, Kind, Subject, may
from service.access_lookup import offers_for
from service.config import local_day
from service.exports import OFFERED, Span, export
from service.spreadsheets.read import Layout
from service.spreadsheets.templates import template_bytes
from service.submissions.decisions import waiting_rows
from service.web.auth import require_visitor, roles_required
from service.web.context import current_services
from service.web.requests import XLSX, file_answer, streamed_answer, year_of_request

blueprint = Blueprint("tables", __name__, url_prefix="/tabel")
TYPES = {"csv": "text/csv", "xlsx": XLSX}
_ROLES = ("pengelola", "pimpinan", "biro_sdm", "admin")


@blueprint.get("")
@roles_required(*_ROLES)
def listed() -> str:
    """What there is to fill in, and what to take away, for whoever is at the door."""
    visitor, today = require_visitor(), _today_year()
    return render_template(
        "tables.html",
        year=year_of_request(today),
        this_year=today,
        offered=_offered(),
        offers=offers_for(visitor.viewer),
        words=table_words(),
    )


@blueprint.get("/isian/<subject>.<kind>")
@roles_required("pengelola", "biro_sdm")
def template(subject: str, kind: str) -> Response:
    """An empty table with its guide; `?menunggu` fills that of approvals with what awaits a decision."""
    if subject not in _offered() or kind not in TYPES:
        abort(404)
    waiting, rows = "menunggu" in request.args and subject == "approvals", []
    if waiting:
        with current_services().store.reading() as tx:
            rows = list(waiting_rows(tx))
    name = f"{table_words()[subject].file}{'-menunggu' if waiting else ''}.{kind}"
    content = template_bytes(OFFERED[subject], xlsx=kind == "xlsx", rows=rows)
    return file_answer(content, name=name, media_type=TYPES[kind], save=True)


@blueprint.get("/<subject>.<kind>")
@roles_required(*_ROLES)
def taken(subject: str, kind: str) -> Response:
    """Every row the visitor may see, of the year asked for (the running one without any)."""
    services, offer = current_services(), offers_for(require_visitor().viewer).get(subject)
    if offer is None or kind not in TYPES:
        abort(404)
    span = Span(year=year_of_request(_today_year()), zone=services.settings.timezone)
    name = f"{table_words()[subject].file}{f'-{span.year}' if offer.yearly else ''}.{kind}"
    with TemporaryDirectory(prefix="cmb-tabel-") as folder:
        path = Path(folder) / name
        export(subject, path, store=services.store, span=span, unit=offer.unit)
        # Opened before its folder goes: a year of everybody is too much to hold in memory for each who asks.
        return streamed_answer(path.open("rb"), name=name, media_type=TYPES[kind])


def _offered() -> Mapping[str, Layout]:
    """What the visitor may fill in: decisions only who decides on what others handed in."""
    visitor = require_visitor()
    if not visitor.holds("pengelola", "biro_sdm"):
        return {}
    decides = may(visitor.viewer, Act.DECIDE, Subject(kind=Kind.SUBMISSION))
    return {subject: layout for subject, layout in OFFERED.items() if decides or subject != "approvals"}


def _today_year() -> int:
    services = current_services()
    return local_day(services.clock(), services.settings).year


# --- What the tables are called and are for, in the reader's language; and what their files are called


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`file` has no ending and is the same in every language."""

    name: str
    purpose: str
    file: str


def table_words() -> Mapping[str, Words]:
    """By subject, of `OFFERED` and `EXPORTS`."""
    return {
        "employees": Words(
            name=_("Data pegawai"),
            purpose=_("Siapa bekerja di mana sejak kapan: pegawai baru, pindah, naik golongan, berhenti, pensiun."),
            file="pegawai",
        ),
        "activities": Words(
            name=_("Kegiatan"),
            purpose=_("Setiap kegiatan yang diserahkan, keputusannya, dan JP yang dihitung."),
            file="kegiatan",
        ),
        "certificates": Words(
            name=_("Sertifikat"), purpose=_("Yang terbit, digantikan, dan dicabut."), file="sertifikat"
        ),
        "learning": Words(
            name=_("Pembelajaran lain"),
            purpose=_("Pelatihan, workshop, sosialisasi, seminar; yang dibawa memuat juga CMB terdahulu."),
            file="pembelajaran",
        ),
        "past": Words(
            name=_("CMB terdahulu"),
            purpose=_("Kegiatan CMB di atas kertas dari sebelum layanan ini; JP-nya dihitung menurut Surat Edaran."),
            file="cmb-terdahulu",
        ),
        "approvals": Words(
            name=_("Pengesahan"),
            purpose=_("Keputusan Biro SDM atas banyak kiriman sekaligus: sah atau tolak, dengan alasannya."),
            file="pengesahan",
        ),
        "events": Words(name=_("Jejak"), purpose=_("Siapa melakukan apa, kapan, dan terhadap apa."), file="jejak"),
    }
