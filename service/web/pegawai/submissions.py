"""One's activities and each submission: where it is, why, and the file itself."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from service.config import local_day
from service.own_year import Reported, own_year
from service.records import Submission
from service.web.desk import desk
from service.web.papers import pdf_answer
from service.web.visitor import Visitor, only, signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kegiatan", "activities", activities)
    blueprint.add_url_rule("/kiriman/<submission_id>", "submission", submission)
    blueprint.add_url_rule("/kiriman/<submission_id>/berkas.pdf", "submission_file", submission_file)


@only()
def activities() -> str:
    """Everything of one year, newest first, and what is still on its way."""
    who, at = signed_in(), desk()
    today = local_day(at.clock(), at.settings)
    year = request.args.get("tahun", today.year, type=int)
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
        allowed = found is not None and _may_see(who, found)
    if found is None or not allowed:
        abort(404)
    return found


def _may_see(who: Visitor, found: Submission) -> bool:
    named = {each["nip"] for each in (found.answer.get("roles") or {}).values() if each}
    employee = found.facts.employee_nip if found.facts else None
    return who.nip in {*named, employee} or who.holds("biro_sdm")
