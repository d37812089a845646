"""Other learning (5.f.6): brought in by a table, looked at, approved or rejected; never mixed with CMB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer
from werkzeug.wrappers import Response as BaseResponse

from service.access import Act, may
from service.access_lookup import of_learning
from service.config import local_day
from service.errors import BadInput, BadRows
from service.learning.other import Brought, Draft, approve, bring_in, reject
from service.learning.paper_era import BroughtPast, bring_past, overlaps_of
from service.records import Decision
from service.web.auth import require_visitor, roles_required
from service.web.biro.review import flash_left_out
from service.web.context import current_services
from service.web.requests import file_answer, read_rows_sandboxed, uploaded_table, year_of_request

_PAGE = 100  # rows


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/pembelajaran", "learning", learning, methods=["GET", "POST"])
    blueprint.add_url_rule("/pembelajaran/simpan", "keep_learning", keep, methods=["POST"])
    blueprint.add_url_rule("/pembelajaran/sahkan", "approve_learning", approve_shown, methods=["POST"])
    blueprint.add_url_rule("/pembelajaran/<learning_id>", "decide_learning", decide, methods=["POST"])
    blueprint.add_url_rule("/pembelajaran/<learning_id>/bukti", "learning_evidence", evidence)
    blueprint.add_url_rule("/cmb-terdahulu", "past", past, methods=["GET", "POST"])
    blueprint.add_url_rule("/cmb-terdahulu/simpan", "keep_past", keep_past, methods=["POST"])


@roles_required("biro_sdm")
def learning() -> str | tuple[str, int]:
    """One year's, the undecided first; a table that was sent is shown row by row before anything of it is kept."""
    at = current_services()
    year = year_of_request(local_day(at.clock(), at.settings).year)
    if request.method == "GET":
        return _page(year)
    try:
        content, name = uploaded_table()
        drafts = _bring(content, name, preview=True).drafts
    except BadInput as problem:
        details = problem.problems if isinstance(problem, BadRows) else ()
        return _page(year, problem=problem, details=details), 422
    # Kept under its digest until it is confirmed: what is written is what was shown.
    return _page(year, drafts=drafts, digest=at.store.keep_document(content), name=name)


@roles_required("biro_sdm")
def keep() -> Answer:
    """Write down what was shown; all of it awaits a decision."""
    content = current_services().store.document(request.form.get("digest", ""))
    brought = _bring(content, request.form.get("name", "pembelajaran.xlsx"), preview=False)
    flash(_("%(count)s pembelajaran dicatat dan menunggu keputusan.", count=len(brought.kept)), "good")
    return redirect(url_for("biro.learning", tahun=max(each.ends.year for each in brought.kept)))


@roles_required("biro_sdm")
def decide(learning_id: str) -> Answer:
    """Approve, or reject with a reason; nobody decides on their own."""
    at, who = current_services(), require_visitor()
    with at.store.reading() as tx:
        found = tx.other_learning.get(learning_id)
        if found is None:
            abort(404)
        if not may(who.viewer, Act.DECIDE, of_learning(tx, found)):
            abort(403)
    if request.form.get("decision") == "approve":
        approve(learning_id, store=at.store, now=at.clock(), actor=who.actor)
    else:
        reject(learning_id, request.form.get("reason", ""), store=at.store, now=at.clock(), actor=who.actor)
    return redirect(url_for("biro.learning", tahun=found.starts.year))


@roles_required("biro_sdm")
def approve_shown() -> Answer:
    """Approve everything that was shown as waiting, one's own apart; what shares time with another is left out."""
    at, who, count = current_services(), require_visitor(), 0
    left_out = []
    for learning_id in request.form.getlist("learning_id"):
        with at.store.reading() as tx:
            found = tx.other_learning.get(learning_id)
            allowed = found is not None and may(who.viewer, Act.DECIDE, of_learning(tx, found))
            held = found is not None and bool(overlaps_of(found, tx))
        if found is None or not allowed or found.decision is not Decision.PENDING:
            continue
        if held:
            left_out.append(learning_id)
            continue
        approve(learning_id, store=at.store, now=at.clock(), actor=who.actor)
        count += 1
    flash(_("%(count)s pembelajaran disahkan.", count=count), "good")
    flash_left_out(left_out)
    return redirect(url_for("biro.learning", tahun=request.form.get("tahun")))


@roles_required("biro_sdm")
def evidence(learning_id: str) -> Response:
    """The evidence as it was handed in; always saved, never shown in the page's own place."""
    at = current_services()
    with at.store.reading() as tx:
        found = tx.other_learning.get(learning_id)
    if found is None or found.evidence_digest is None:
        abort(404)
    content = at.store.document(found.evidence_digest)
    return file_answer(content, name=found.evidence_name or "bukti", media_type="application/octet-stream", save=True)


def _page(year: int, *, drafts: Sequence[Draft] = (), **told: object) -> str:
    start = max(request.args.get("mulai", 0, type=int), 0)
    with current_services().store.reading() as tx:
        listed = tx.other_learning.list(dt.date(year, 1, 1), dt.date(year, 12, 31))
        listed = sorted(listed, key=lambda each: (each.decision is not Decision.PENDING, each.starts, each.id))
        rows = listed[start : start + _PAGE]
        past = tx.past_activities.of_year(year)
        nips = {*(each.nip for each in rows), *(each.nip for each in drafts)}
        names = tx.employees.named(sorted(nips))
        held = {row.id: overlaps_of(row, tx) for row in rows if row.id in past and row.decision is Decision.PENDING}
    return render_template(
        "biro/learning.html",
        rows=rows,
        waiting=[
            row.id
            for row in rows
            if row.decision is Decision.PENDING and row.nip != require_visitor().nip and not held.get(row.id)
        ],
        held=held,
        all_waiting=sum(each.decision is Decision.PENDING for each in listed),
        more=start + _PAGE if len(listed) > start + _PAGE else None,
        drafts=drafts,
        names=names,
        year=year,
        past=past,
        **told,
    )


def _bring(content: bytes, name: str, *, preview: bool) -> Brought:
    at = current_services()
    now = at.clock()
    return bring_in(
        content,
        name,
        store=at.store,
        now=now,
        today=local_day(now, at.settings),
        randomness=at.randomness,
        actor=require_visitor().actor,
        preview=preview,
        read=read_rows_sandboxed,
    )


# --- CMB activities known from paper, brought in by a table: each row with its JP by the law before anything is kept


@roles_required("biro_sdm")
def past() -> str | tuple[str, int]:
    """Upload a table; what each row gives and why, or every row that is wrong."""
    if request.method == "GET":
        return render_template("biro/past.html")
    try:
        content, name = uploaded_table()
        rows = _bring_past(content, name, preview=True).rows
    except BadInput as problem:
        details = problem.problems if isinstance(problem, BadRows) else ()
        return render_template("biro/past.html", problem=problem, details=details), 422
    at = current_services()
    with at.store.reading() as tx:
        names = tx.employees.named(sorted({row.draft.nip for row in rows}))
    # Kept under its digest until it is confirmed: what is written is what was shown.
    digest = at.store.keep_document(content)
    return render_template("biro/past.html", rows=rows, names=names, digest=digest, name=name)


@roles_required("biro_sdm")
def keep_past() -> BaseResponse:
    """Write down what was shown; all of it awaits a decision."""
    content = current_services().store.document(request.form.get("digest", ""))
    kept = _bring_past(content, request.form.get("name", "cmb-terdahulu.xlsx"), preview=False).kept
    flash(_("%(count)s kegiatan dicatat dan menunggu keputusan.", count=len(kept)), "good")
    return redirect(url_for("biro.learning", tahun=max(each.ends.year for each in kept)))


def _bring_past(content: bytes, name: str, *, preview: bool) -> BroughtPast:
    at = current_services()
    now = at.clock()
    return bring_past(
        content,
        name,
        store=at.store,
        now=now,
        today=local_day(now, at.settings),
        randomness=at.randomness,
        actor=require_visitor().actor,
        preview=preview,
        read=read_rows_sandboxed,
    )
