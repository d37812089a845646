"""Biro SDM's overview, report to the Sekretaris Utama (5.b.6), and policies in force."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, abort, render_template, request

from forms.render import Renderer
from service.config import local_day
from service.errors import BadInput
from service.law.assessment import RULES
from service.law.regulations import numbers_on
from service.monitoring.filing import paper_pdf, report_to_sign
from service.monitoring.report import PeriodicReport, periodic, span_of
from service.monitoring.workbook import tables_of, workbook
from service.records import Status
from service.verification.policy import CURRENT, POLICIES
from service.web.auth import roles_required
from service.web.biro.batches import OPEN
from service.web.context import current_services
from service.web.requests import XLSX, file_answer, pdf_answer
from signing.certificates import national_root_note, read_certificate


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/laporan", "report", report)
    blueprint.add_url_rule("/laporan.<kind>", "report_file", report_file)
    blueprint.add_url_rule("", "overview", overview)
    blueprint.add_url_rule("/kebijakan", "policies", policies)


@roles_required("biro_sdm")
def report() -> str:
    """Show the report by unit for the months asked for (by default the current year)."""
    first, last = _months()
    return render_template("biro/report.html", report=_report(first, last), first=first, last=last)


@roles_required("biro_sdm")
def report_file(kind: str) -> Response:
    """Send the report as PDF with charts, or as a workbook."""
    services = current_services()
    first, last = _months()
    paper = report_to_sign(_report(first, last), settings=services.settings, now=services.clock())
    name = f"laporan-{first:%Y-%m}-{last:%Y-%m}.{kind}"
    if kind == "xlsx":
        return file_answer(workbook(tables_of(paper)), name=name, media_type=XLSX, save=True)
    if kind != "pdf":
        abort(404)
    return pdf_answer(paper_pdf(paper, Renderer()), name=name)


def _report(first: dt.date, last: dt.date) -> PeriodicReport:
    services = current_services()
    span = span_of((first.year, first.month), (last.year, last.month))
    with services.store.reading() as tx:
        return periodic(span, tx, zone=services.settings.timezone)


def _months() -> tuple[dt.date, dt.date]:
    services = current_services()
    today = local_day(services.clock(), services.settings)
    try:
        first = dt.date.fromisoformat(f"{request.args.get('dari') or f'{today.year}-01'}-01")
        last = dt.date.fromisoformat(f"{request.args.get('sampai') or f'{today:%Y-%m}'}-01")
    except ValueError as error:
        raise BadInput("Bulan laporan tidak terbaca.", "Pilih bulan pertama dan bulan terakhir.") from error
    return first, last


# --- Overview: what waits for Biro SDM


@roles_required("biro_sdm")
def overview() -> str:
    with current_services().store.reading() as tx:
        return render_template(
            "biro/overview.html",
            verified=tx.submissions.undecided_count(Status.VERIFIED),
            review=tx.submissions.undecided_count(Status.REVIEW),
            running=[batch for batch in tx.batches.list(20) if batch.state in OPEN],
        )


# --- Trust and policies, read only


@roles_required("biro_sdm", "admin")
def policies() -> str:
    """Show trusted roots, verification policies and the rules of the law in force."""
    services = current_services()
    numbers = numbers_on(local_day(services.clock(), services.settings))
    rules = [rule.with_numbers(numbers) for rule in RULES]
    with current_services().store.reading() as tx:
        roots = [(root, read_certificate(root.der), national_root_note(root.fingerprint)) for root in tx.trust.all()]
    return render_template("biro/policies.html", roots=roots, policies=POLICIES, current=CURRENT, rules=rules)
