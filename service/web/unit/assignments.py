"""Assignments (5.f.6): the head of the unit sends somebody who is behind to learn; a letter and a task."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from forms.render import Renderer
from service.access import Act, may
from service.access_lookup import of_employee
from service.config import local_day
from service.errors import BadInput
from service.law.outlook import period_of
from service.monitoring.assignments import KINDS, Request, assign, end
from service.store.monitoring import State
from service.web.auth import only, signed_in
from service.web.context import desk
from service.web.requests import pdf_answer, year_of_request
from service.web.unit.overview import ROLES, unit_of_request


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/penugasan", "assignments", assignments)
    blueprint.add_url_rule("/penugasan/<nip>", "assign", make, methods=["GET", "POST"])
    blueprint.add_url_rule("/penugasan/<assignment_id>/surat.pdf", "assignment_file", letter)
    blueprint.add_url_rule("/penugasan/<assignment_id>/selesai", "assignment_done", done, methods=["POST"])


@only(*ROLES)
def assignments() -> str:
    unit, at = unit_of_request(), desk()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year)
    with at.store.reading() as tx:
        listed = [(each, tx.employees.get(each.nip)) for each in tx.assignments.list(unit=unit, year=year)]
    return render_template("unit/assignments.html", unit=unit, listed=listed, year=year, today=today)


@only("pimpinan", "biro_sdm")
def make(nip: str) -> str | Answer | tuple[str, int]:
    """Choose what, until when and why; the letter is made and kept."""
    at, who = desk(), signed_in()
    with at.store.reading() as tx:
        person = tx.employees.get(nip)
        allowed = may(who.viewer, Act.ASSIGN, of_employee(tx, nip))
    if person is None or not allowed:
        abort(404)
    today, problem = local_day(at.clock(), at.settings), None
    if request.method == "POST":
        try:
            made = assign(
                _wanted(nip, today),
                store=at.store,
                renderer=Renderer(),
                place=at.settings.official.place if at.settings.official else "",
                now=at.clock(),
                today=today,
                randomness=at.randomness,
                actor=who.actor,
            )
        except BadInput as refused:
            problem = refused
        else:
            flash(_("Penugasan %(id)s untuk %(name)s dibuat.", id=made.id, name=person.name), "good")
            return redirect(url_for("unit.assignments", unit=person.unit))
    page = render_template("unit/assign.html", person=person, kinds=KINDS, today=today, problem=problem)
    return (page, 422) if problem else page


@only()
def letter(assignment_id: str) -> Response:
    """The letter, for the person it names and their unit."""
    at = desk()
    with at.store.reading() as tx:
        found = tx.assignments.get(assignment_id)
        subject = of_employee(tx, found.nip) if found else None
    who = signed_in()
    allowed = subject and (may(who.viewer, Act.SEE, subject) or may(who.viewer, Act.ASSIGN, subject))
    if found is None or not allowed:
        abort(404)
    return pdf_answer(at.store.document(found.digest), name=f"penugasan-{found.id}.pdf")


@only(*ROLES)
def done(assignment_id: str) -> Answer:
    """The task is done, or cancelled."""
    at, who = desk(), signed_in()
    with at.store.reading() as tx:
        found = tx.assignments.get(assignment_id)
        subject = of_employee(tx, found.nip) if found else None
    known = subject is not None and (may(who.viewer, Act.SEE, subject) or may(who.viewer, Act.ASSIGN, subject))
    if found is None or not known:
        abort(404)
    if found.nip == who.nip:  # nobody says of the own task that it is done
        abort(403)
    state = State.CANCELLED if request.form.get("state") == "cancelled" else State.DONE
    end(assignment_id, state, store=at.store, now=at.clock(), actor=who.actor)
    return redirect(url_for("unit.assignments", unit=found.unit))


def _wanted(nip: str, today: dt.date) -> Request:
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
        head_nip=signed_in().nip,
    )
