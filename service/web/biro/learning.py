"""Other learning (5.f.6): brought in by a table, looked at, approved or rejected; never mixed with CMB."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.config import local_day
from service.errors import BadInput, BadRows
from service.learning.bring import bring_in
from service.learning.decide import approve, reject
from service.learning.table import LEARNING
from service.tables.template import template_bytes
from service.web.biro.employees import XLSX
from service.web.desk import desk
from service.web.papers import file_answer
from service.web.receiving import content_of, name_of
from service.web.visitor import only, signed_in
from service.web.years import year_of_request


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/pembelajaran", "learning", learning, methods=["GET", "POST"])
    blueprint.add_url_rule("/pembelajaran/<learning_id>", "decide_learning", decide, methods=["POST"])
    blueprint.add_url_rule("/pembelajaran/<learning_id>/bukti", "learning_evidence", evidence)
    blueprint.add_url_rule("/pembelajaran/contoh.xlsx", "learning_template", template)


@only("biro_sdm")
def learning() -> str | Answer | tuple[str, int]:
    """One year's, the undecided first; a table brings in more, all of it or nothing."""
    at = desk()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year)
    problem: BadInput | None = None
    if request.method == "POST":
        try:
            brought = _bring(today)
        except BadInput as refused:
            problem = refused
        else:
            flash(_("%(count)s pembelajaran dicatat dan menunggu keputusan.", count=brought), "good")
            return redirect(url_for("biro.learning"))
    details = problem.problems if isinstance(problem, BadRows) else ()
    with at.store.reading() as tx:
        rows = tx.other_learning.list(dt.date(year, 1, 1), dt.date(year, 12, 31))
        names = {each.nip: tx.employees.get(each.nip) for each in rows}
    rows = sorted(rows, key=lambda each: (each.decision.value != "pending", each.starts))
    told = {"rows": rows, "names": names, "problem": problem, "details": details}
    page = render_template("biro/learning.html", year=year, today=today, **told)
    return (page, 422) if problem else page


@only("biro_sdm")
def decide(learning_id: str) -> Answer:
    """Approve, or reject with a reason; nobody decides on their own."""
    at, who = desk(), signed_in()
    with at.store.reading() as tx:
        found = tx.other_learning.get(learning_id)
    if found is None:
        abort(404)
    if found.nip == who.nip:
        abort(403)
    if request.form.get("decision") == "approve":
        approve(learning_id, store=at.store, now=at.clock(), actor=who.actor)
    else:
        reject(learning_id, request.form.get("reason", ""), store=at.store, now=at.clock(), actor=who.actor)
    return redirect(url_for("biro.learning", tahun=found.starts.year))


@only("biro_sdm")
def evidence(learning_id: str) -> Response:
    """The evidence as it was handed in; always saved, never shown in the page's own place."""
    at = desk()
    with at.store.reading() as tx:
        found = tx.other_learning.get(learning_id)
    if found is None or found.evidence_digest is None:
        abort(404)
    content = at.store.document(found.evidence_digest)
    return file_answer(content, name=found.evidence_name or "bukti", media_type="application/octet-stream", save=True)


@only("biro_sdm")
def template() -> Response:
    return file_answer(template_bytes(LEARNING, xlsx=True), name="pembelajaran.xlsx", media_type=XLSX, save=True)


def _bring(today: dt.date) -> int:
    at = desk()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih tabel CSV atau XLSX."))
    brought = bring_in(
        content_of(sent),
        name_of(sent),
        store=at.store,
        now=at.clock(),
        today=today,
        randomness=at.randomness,
        actor=signed_in().actor,
    )
    return len(brought.kept)
