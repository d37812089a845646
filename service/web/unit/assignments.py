"""Pages of assignments (5.f.6): the head of a unit assigns learning to somebody who is behind, by letter."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms.render import Renderer
from service.access import Act, may
from service.access_lookup import of_employee
from service.config import local_day
from service.errors import BadInput
from service.law.outlook import period_of
from service.monitoring.assignments import KINDS, Request, assign, end
from service.store.monitoring import State
from service.web.auth import require_visitor, roles_required, sign_in_required
from service.web.context import current_services
from service.web.requests import pdf_answer, year_of_request
from service.web.unit.overview import ROLES, unit_of_request


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/penugasan", "assignments", assignments)
    blueprint.add_url_rule("/penugasan/<nip>", "assign", assign_learning, methods=["GET", "POST"])
    blueprint.add_url_rule("/penugasan/<assignment_id>/surat.pdf", "assignment_file", letter)
    blueprint.add_url_rule("/penugasan/<assignment_id>/selesai", "assignment_done", close_assignment, methods=["POST"])


@roles_required(*ROLES)
def assignments() -> str:
    unit, services = unit_of_request(), current_services()
    today = local_day(services.clock(), services.settings)
    year = year_of_request(today.year)
    with services.store.reading() as tx:
        listed = [
            (assignment, tx.employees.get(assignment.nip)) for assignment in tx.assignments.list(unit=unit, year=year)
        ]
    return render_template("unit/assignments.html", unit=unit, listed=listed, year=year, today=today)


@roles_required("pimpinan", "biro_sdm")
def assign_learning(nip: str) -> str | Response | tuple[str, int]:
    """Show the form of an assignment, or make it with its letter."""
    services, visitor = current_services(), require_visitor()
    with services.store.reading() as tx:
        person = tx.employees.get(nip)
        allowed = may(visitor.viewer, Act.ASSIGN, of_employee(tx, nip))
    if person is None or not allowed:
        abort(404)
    today, problem = local_day(services.clock(), services.settings), None
    if request.method == "POST":
        try:
            assignment = assign(
                _assignment_request(nip, today),
                store=services.store,
                renderer=Renderer(),
                place=services.settings.official.place if services.settings.official else "",
                now=services.clock(),
                today=today,
                randomness=services.randomness,
                actor=visitor.actor,
            )
        except BadInput as error:
            problem = error
        else:
            flash(_("Penugasan %(id)s untuk %(name)s dibuat.", id=assignment.id, name=person.name), "good")
            return redirect(url_for("unit.assignments", unit=person.unit))
    page = render_template("unit/assign.html", person=person, kinds=KINDS, today=today, problem=problem)
    return (page, 422) if problem else page


@sign_in_required
def letter(assignment_id: str) -> Response:
    """Send the letter to the person it names and to their unit."""
    services = current_services()
    with services.store.reading() as tx:
        assignment = tx.assignments.get(assignment_id)
        subject = of_employee(tx, assignment.nip) if assignment else None
    visitor = require_visitor()
    allowed = subject and (may(visitor.viewer, Act.SEE, subject) or may(visitor.viewer, Act.ASSIGN, subject))
    if assignment is None or not allowed:
        abort(404)
    return pdf_answer(services.store.document(assignment.digest), name=f"penugasan-{assignment.id}.pdf")


@roles_required(*ROLES)
def close_assignment(assignment_id: str) -> Response:
    """Mark an assignment as done or cancelled."""
    services, visitor = current_services(), require_visitor()
    with services.store.reading() as tx:
        assignment = tx.assignments.get(assignment_id)
        subject = of_employee(tx, assignment.nip) if assignment else None
    known = subject is not None and (may(visitor.viewer, Act.SEE, subject) or may(visitor.viewer, Act.ASSIGN, subject))
    if assignment is None or not known:
        abort(404)
    if assignment.nip == visitor.nip:  # nobody may mark their own assignment as done
        abort(403)
    state = State.CANCELLED if request.form.get("state") == "cancelled" else State.DONE
    end(assignment_id, state, store=services.store, now=services.clock(), actor=visitor.actor)
    return redirect(url_for("unit.assignments", unit=assignment.unit))


def _assignment_request(nip: str, today: dt.date) -> Request:
    form = request.form
    try:
        due = dt.date.fromisoformat(form.get("due", ""))
    except ValueError as error:
        raise BadInput(_("Tenggat belum diisi."), _("Pilih tanggal tenggat.")) from error
    return Request(
        nip=nip,
        year=today.year,
        period=period_of(today),
        kind=form.get("kind", ""),
        title=form.get("title", ""),
        due=due,
        reason=form.get("reason", ""),
        head_nip=require_visitor().nip,
    )
