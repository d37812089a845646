"""Tables as files: empty templates to fill in, and downloads of what is stored."""

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
from service.spreadsheets.exports import TABLE_LAYOUTS, Span, export
from service.spreadsheets.read import Layout
from service.spreadsheets.templates import template_bytes
from service.submissions.decisions import waiting_rows
from service.web.auth import require_visitor, roles_required
from service.web.context import current_services
from service.web.requests import XLSX, file_answer, streamed_answer, year_of_request

blueprint = Blueprint("tables", __name__, url_prefix="/tabel")
TYPES = {"csv": "text/csv", "xlsx": XLSX}
_ROLES = ("pengelola", "pimpinan", "biro_sdm", "admin")


@blueprint.get("", endpoint="listed")
@roles_required(*_ROLES)
def list_tables() -> str:
    """Show the templates and downloads that the visitor may use."""
    visitor, today = require_visitor(), _current_year()
    return render_template(
        "tables.html",
        year=year_of_request(today),
        this_year=today,
        templates=_templates(),
        offers=offers_for(visitor.viewer),
        labels=table_labels(),
    )


@blueprint.get("/isian/<subject>.<kind>")
@roles_required("pengelola", "biro_sdm")
def template(subject: str, kind: str) -> Response:
    """Send an empty table with its guide; `?menunggu` fills the one of approvals with what awaits a decision."""
    if subject not in _templates() or kind not in TYPES:
        abort(404)
    waiting, rows = "menunggu" in request.args and subject == "approvals", []
    if waiting:
        with current_services().store.reading() as tx:
            rows = list(waiting_rows(tx))
    name = f"{table_labels()[subject].file}{'-menunggu' if waiting else ''}.{kind}"
    content = template_bytes(TABLE_LAYOUTS[subject], xlsx=kind == "xlsx", rows=rows)
    return file_answer(content, name=name, media_type=TYPES[kind], save=True)


@blueprint.get("/<subject>.<kind>", endpoint="taken")
@roles_required(*_ROLES)
def download(subject: str, kind: str) -> Response:
    """Send every row the visitor may see, of the year asked for (by default the current one)."""
    services, offer = current_services(), offers_for(require_visitor().viewer).get(subject)
    if offer is None or kind not in TYPES:
        abort(404)
    span = Span(year=year_of_request(_current_year()), zone=services.settings.timezone)
    name = f"{table_labels()[subject].file}{f'-{span.year}' if offer.yearly else ''}.{kind}"
    with TemporaryDirectory(prefix="cmb-tabel-") as folder:
        path = Path(folder) / name
        export(subject, path, store=services.store, span=span, unit=offer.unit)
        # Opened before its folder is removed, and streamed: a year of everybody is too much to hold in memory.
        return streamed_answer(path.open("rb"), name=name, media_type=TYPES[kind])


def _templates() -> Mapping[str, Layout]:
    """Return the templates the visitor may use; the one of approvals only for those who decide on submissions."""
    visitor = require_visitor()
    if not visitor.holds("pengelola", "biro_sdm"):
        return {}
    decides = may(visitor.viewer, Act.DECIDE, Subject(kind=Kind.SUBMISSION))
    return {subject: layout for subject, layout in TABLE_LAYOUTS.items() if decides or subject != "approvals"}


def _current_year() -> int:
    services = current_services()
    return local_day(services.clock(), services.settings).year


# --- Labels of the tables


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLabel:
    """How a table is shown. `file` is the file's name without its ending, the same in every language."""

    name: str
    purpose: str
    file: str


def table_labels() -> Mapping[str, TableLabel]:
    """Return the labels by subject, for the subjects of `OFFERED` and `EXPORTS`."""
    return {
        "employees": TableLabel(
            name=_("Data pegawai"),
            purpose=_("Siapa bekerja di mana sejak kapan: pegawai baru, pindah, naik golongan, berhenti, pensiun."),
            file="pegawai",
        ),
        "activities": TableLabel(
            name=_("Kegiatan"),
            purpose=_("Setiap kegiatan yang diserahkan, keputusannya, dan JP yang dihitung."),
            file="kegiatan",
        ),
        "certificates": TableLabel(
            name=_("Sertifikat"), purpose=_("Yang terbit, digantikan, dan dicabut."), file="sertifikat"
        ),
        "learning": TableLabel(
            name=_("Pembelajaran lain"),
            purpose=_("Pelatihan, workshop, sosialisasi, seminar; yang dibawa memuat juga CMB terdahulu."),
            file="pembelajaran",
        ),
        "past": TableLabel(
            name=_("CMB terdahulu"),
            purpose=_("Kegiatan CMB di atas kertas dari sebelum layanan ini; JP-nya dihitung menurut Surat Edaran."),
            file="cmb-terdahulu",
        ),
        "approvals": TableLabel(
            name=_("Pengesahan"),
            purpose=_("Keputusan Biro SDM atas banyak kiriman sekaligus: sah atau tolak, dengan alasannya."),
            file="pengesahan",
        ),
        "events": TableLabel(name=_("Jejak"), purpose=_("Siapa melakukan apa, kapan, dan terhadap apa."), file="jejak"),
    }
