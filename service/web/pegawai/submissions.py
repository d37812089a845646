"""One's activities and each submission: where it is, why, and the file itself."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from service.access import Act, may
from service.config import local_day
from service.own_year import Reported, own_year
from service.records import Submission
from service.store import Transaction
from service.subjects import of_submission
from service.web.desk import desk
from service.web.papers import pdf_answer
from service.web.visitor import only, signed_in
from service.web.years import year_of_request


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kegiatan", "activities", activities)
    blueprint.add_url_rule("/kiriman/<submission_id>", "submission", submission)
    blueprint.add_url_rule("/kiriman/<submission_id>/berkas.pdf", "submission_file", submission_file)


@only()
def activities() -> str:
    """Everything of one year, newest first, and what is still on its way."""
    who, at = signed_in(), desk()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year)
    with at.store.reading() as tx:
        mine = own_year(who.nip, year, today=today, tx=tx)
        moving = tx.circulations.of_employee(who.nip) if year == today.year else ()
    return render_template("pegawai/activities.html", mine=mine, moving=moving, this_year=today.year)


@only()
def submission(submission_id: str) -> str:
    """Where one submission is, with the reasons, the law's findings and its history."""
    at = desk()
    found = _seen(submission_id)
    facts = found.facts
    with at.store.reading() as tx:
        history = tx.events.list(found.id, limit=50)
        checks = tx.verifications.of(found.id)
        year = own_year(facts.employee_nip, facts.date.year, today=facts.date, tx=tx) if facts else None
    reported = next(
        (each for each in (year.reported if year else ()) if each.submission.id == found.id),
        Reported(submission=found, assessed=None),
    )
    return render_template("pegawai/submission.html", each=reported, history=history, checks=checks)


@only()
def submission_file(submission_id: str) -> Response:
    """The very bytes that were handed in."""
    found = _seen(submission_id)
    return pdf_answer(desk().store.document(found.digest), name=f"{found.id}.pdf")


def _seen(submission_id: str) -> Submission:
    """The submission, if it is one the visitor may see; whoever may not is told what strangers are told."""
    who, at = signed_in(), desk()
    with at.store.reading() as tx:
        found = tx.submissions.get(submission_id)
        allowed = found is not None and (
            may(who.viewer, Act.SEE, of_submission(tx, found)) or _sender(tx, found) == who.actor
        )
    if found is None or not allowed:
        abort(404)
    return found


def _sender(tx: Transaction, found: Submission) -> str:
    """Who handed it in: a file that names nobody is nobody else's."""
    received = [each for each in tx.events.list(found.id) if each.action == "submission.received"]
    return received[-1].actor if received else ""
