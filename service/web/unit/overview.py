"""Pages of a unit's evaluation: everybody's JP, who is behind, forms that are stuck; also as PDF and workbook."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, abort, render_template, request

from forms.render import Renderer
from service.access import Act, may
from service.access_lookup import of_recap
from service.config import local_day
from service.law.outlook import period_of
from service.monitoring.evaluation import Evaluation, Mark, evaluate
from service.monitoring.evaluation_document import people_table, units_table
from service.monitoring.filing import evaluation_to_sign, paper_pdf
from service.monitoring.wording import PERIODS
from service.monitoring.workbook import workbook
from service.web import filters
from service.web.auth import require_visitor, roles_required
from service.web.context import current_services
from service.web.requests import XLSX, file_answer, number_in_address, pdf_answer, year_of_request

# --- Unit of a page

ROLES = ("pengelola", "pimpinan", "biro_sdm")


def unit_of_request() -> str:
    """Return the unit named in the address, else the visitor's own; 404 for one the visitor may not see."""
    visitor = require_visitor()
    unit = request.values.get("unit") or visitor.unit
    if not unit or not may(visitor.viewer, Act.SEE, of_recap(unit)):
        abort(404)
    return unit


def units() -> list[str]:
    """Return the units to choose from: all for Biro SDM, none for others."""
    visitor, services = require_visitor(), current_services()
    if not visitor.holds("biro_sdm"):
        return []
    with services.store.reading() as tx:
        return sorted({employee.unit for employee in tx.employees.all()})


# --- Evaluation

_STUCK_AFTER = dt.timedelta(days=7)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("", "overview", overview)
    blueprint.add_url_rule("/evaluasi.<kind>", "evaluation_file", evaluation_file)


@roles_required(*ROLES)
def overview() -> str:
    """Show everybody in the unit against the target in a period of four months, filtered by mark."""
    services, unit = current_services(), unit_of_request()
    evaluation, today = _evaluation(unit)
    wanted = request.args.get("keadaan", "")
    people = [person for person in evaluation.people if not wanted or person.mark == wanted]
    with services.store.reading() as tx:
        circulations = tx.circulations.open_in(unit)
    stuck = [
        form
        for form in circulations
        if form.circulation.signed and form.circulation.changed_at < services.clock() - _STUCK_AFTER
    ]
    return render_template(
        "unit/overview.html",
        unit=unit,
        units=units(),
        evaluation=evaluation,
        people=people,
        circulations=circulations,
        stuck=stuck,
        wanted=wanted,
        marks=filters.marks(),
        counts={mark: len(evaluation.marked(mark)) for mark in Mark},
        period=filters.period(evaluation.period),
        periods={
            number: filters.period(number)
            for number in PERIODS
            if evaluation.year < today.year or number <= period_of(today)
        },
        suggestion=filters.suggestion,
        today=today,
    )


@roles_required(*ROLES)
def evaluation_file(kind: str) -> Response:
    """Send the evaluation of a period as `pdf` or `xlsx`."""
    services, unit = current_services(), unit_of_request()
    evaluation, _today = _evaluation(unit)
    name = f"evaluasi-{evaluation.year}-{evaluation.period}.{kind}"
    if kind == "xlsx":
        tables = [people_table(evaluation), units_table(evaluation)]
        return file_answer(workbook(tables), name=name, media_type=XLSX, save=True)
    if kind != "pdf":
        abort(404)
    with services.store.reading() as tx:
        paper = evaluation_to_sign(evaluation, tx, settings=services.settings, now=services.clock())
    return pdf_answer(paper_pdf(paper, Renderer()), name=name)


def _evaluation(unit: str) -> tuple[Evaluation, dt.date]:
    """Return the evaluation of the period asked for, by default today's, and today."""
    services = current_services()
    today = local_day(services.clock(), services.settings)
    year = year_of_request(today.year)
    period = request.args.get("masa", 0, type=number_in_address) or (period_of(today) if year == today.year else 3)
    if period not in PERIODS:
        abort(404)
    with services.store.reading() as tx:
        return evaluate(year, period, tx, today=today, unit=unit), today
