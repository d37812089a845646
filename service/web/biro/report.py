"""The report to the Sekretaris Utama (5.b.6) over any run of months, to read, to file and to work with."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, abort, render_template, request

from forms.render import Renderer
from service.config import local_day
from service.errors import BadInput
from service.monitoring.filed import filed_report
from service.monitoring.periodic import Periodic, periodic
from service.monitoring.signed_papers import paper_pdf
from service.monitoring.span import span_of
from service.monitoring.workbook import tables_of, workbook
from service.web.desk import desk
from service.web.papers import XLSX, file_answer, pdf_answer
from service.web.visitor import only


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/laporan", "report", report)
    blueprint.add_url_rule("/laporan.<kind>", "report_file", report_file)


@only("biro_sdm")
def report() -> str:
    """The months asked for (the running year without any), unit by unit."""
    first, last = _months()
    return render_template("biro/report.html", told=_report(first, last), first=first, last=last)


@only("biro_sdm")
def report_file(kind: str) -> Response:
    """The same as PDF with charts, or as a workbook."""
    at = desk()
    first, last = _months()
    paper = filed_report(_report(first, last), settings=at.settings, now=at.clock())
    name = f"laporan-{first:%Y-%m}-{last:%Y-%m}.{kind}"
    if kind == "xlsx":
        return file_answer(workbook(tables_of(paper)), name=name, media_type=XLSX, save=True)
    if kind != "pdf":
        abort(404)
    return pdf_answer(paper_pdf(paper, Renderer()), name=name)


def _report(first: dt.date, last: dt.date) -> Periodic:
    at = desk()
    span = span_of((first.year, first.month), (last.year, last.month))
    with at.store.reading() as tx:
        return periodic(span, tx, zone=at.settings.timezone)


def _months() -> tuple[dt.date, dt.date]:
    at = desk()
    today = local_day(at.clock(), at.settings)
    try:
        first = dt.date.fromisoformat(f"{request.args.get('dari') or f'{today.year}-01'}-01")
        last = dt.date.fromisoformat(f"{request.args.get('sampai') or f'{today:%Y-%m}'}-01")
    except ValueError as error:
        raise BadInput("Bulan laporan tidak terbaca.", "Pilih bulan pertama dan bulan terakhir.") from error
    return first, last
