"""Who has how much, who is behind, and what is stuck where; as a page, a PDF and a workbook."""

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
from service.web.auth import only, signed_in
from service.web.context import desk
from service.web.requests import XLSX, file_answer, pdf_answer, year_of_request

# --- Which unit a page is about, and whether the visitor may see it

ROLES = ("pengelola", "pimpinan", "biro_sdm")


def unit_of_request() -> str:
    """The unit named in the address (for Biro SDM), else the visitor's own; 404 for one the visitor may not see."""
    who = signed_in()
    unit = request.values.get("unit") or who.unit
    if not unit or not may(who.viewer, Act.SEE, of_recap(unit)):
        abort(404)
    return unit


def units() -> list[str]:
    """The units the visitor may choose from: all for Biro SDM, otherwise none but the own."""
    who, at = signed_in(), desk()
    if not who.holds("biro_sdm"):
        return []
    with at.store.reading() as tx:
        return sorted({each.unit for each in tx.employees.all()})


_STUCK = dt.timedelta(days=7)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("", "overview", overview)
    blueprint.add_url_rule("/evaluasi.<kind>", "evaluation_file", evaluation_file)


@only(*ROLES)
def overview() -> str:
    """The unit in the running four months: everybody against the target, filtered by how they stand."""
    at, unit = desk(), unit_of_request()
    evaluation, today = _evaluated(unit)
    wanted = request.args.get("keadaan", "")
    people = [each for each in evaluation.people if not wanted or each.mark == wanted]
    with at.store.reading() as tx:
        moving = tx.circulations.open_in(unit)
    stuck = [each for each in moving if each.circulation.signed and each.circulation.changed_at < at.clock() - _STUCK]
    return render_template(
        "unit/overview.html",
        unit=unit,
        units=units(),
        evaluation=evaluation,
        people=people,
        moving=moving,
        stuck=stuck,
        wanted=wanted,
        marks=filters.marks(),
        counts={each: len(evaluation.marked(each)) for each in Mark},
        period=filters.period(evaluation.period),
        periods={
            each: filters.period(each) for each in PERIODS if evaluation.year < today.year or each <= period_of(today)
        },
        suggestion=filters.suggestion,
        today=today,
    )


@only(*ROLES)
def evaluation_file(kind: str) -> Response:
    """The evaluation of a period, for the file (`pdf`) or to work with (`xlsx`)."""
    at, unit = desk(), unit_of_request()
    evaluation, _today = _evaluated(unit)
    name = f"evaluasi-{evaluation.year}-{evaluation.period}.{kind}"
    if kind == "xlsx":
        tables = [people_table(evaluation.people), units_table(evaluation)]
        return file_answer(workbook(tables), name=name, media_type=XLSX, save=True)
    if kind != "pdf":
        abort(404)
    with at.store.reading() as tx:
        paper = evaluation_to_sign(evaluation, tx, settings=at.settings, now=at.clock())
    return pdf_answer(paper_pdf(paper, Renderer()), name=name)


def _evaluated(unit: str) -> tuple[Evaluation, dt.date]:
    """The period asked for, else the one of today."""
    at = desk()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year)
    period = request.args.get("masa", 0, type=int) or (period_of(today) if year == today.year else 3)
    if period not in PERIODS:
        abort(404)
    with at.store.reading() as tx:
        return evaluate(year, period, tx, today=today, unit=unit), today
