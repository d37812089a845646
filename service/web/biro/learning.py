"""Other learning (5.f.6) and CMB of the paper era: imported by a table, looked at, approved or rejected."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from service.access import Act, may
from service.access_lookup import of_learning
from service.config import local_day
from service.learning.other import LearningDraft, approve, learning_table, reject
from service.learning.paper_era import PastRow, overlaps_of, past_table
from service.records import Decision
from service.spreadsheets.imports import ImportResult
from service.store.learning import OtherLearning
from service.web.auth import require_visitor, roles_required
from service.web.biro.review import flash_left_out
from service.web.biro.table_imports import import_confirmed, preview_table
from service.web.context import current_services
from service.web.requests import file_answer, number_in_address, year_of_request

_PAGE = 100  # rows


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/pembelajaran", "learning", learning, methods=["GET", "POST"])
    blueprint.add_url_rule("/pembelajaran/simpan", "keep_learning", keep_learning, methods=["POST"])
    blueprint.add_url_rule("/pembelajaran/sahkan", "approve_learning", approve_shown, methods=["POST"])
    blueprint.add_url_rule("/pembelajaran/<learning_id>", "decide_learning", decide, methods=["POST"])
    blueprint.add_url_rule("/pembelajaran/<learning_id>/bukti", "learning_evidence", evidence)
    blueprint.add_url_rule("/cmb-terdahulu", "past", past, methods=["GET", "POST"])
    blueprint.add_url_rule("/cmb-terdahulu/simpan", "keep_past", keep_past, methods=["POST"])


# --- Other learning


@roles_required("biro_sdm")
def learning() -> str | tuple[str, int]:
    """Show one year's, the undecided first; preview a table that was uploaded."""
    services = current_services()
    year = year_of_request(local_day(services.clock(), services.settings).year)

    def show(*, result: ImportResult[LearningDraft, OtherLearning] | None = None, **payload: object) -> str:
        return _learning_page(year, result.entries if result else (), **payload)

    return show() if request.method == "GET" else preview_table(learning_table(services.randomness), show)


@roles_required("biro_sdm")
def keep_learning() -> BaseResponse:
    """Keep what the table said; all of it awaits a decision."""
    pieces = import_confirmed(learning_table(current_services().randomness), default_name="pembelajaran.xlsx").outcomes
    flash(_("%(count)s pembelajaran dicatat dan menunggu keputusan.", count=len(pieces)), "good")
    return redirect(url_for("biro.learning", tahun=max(piece.ends.year for piece in pieces)))


@roles_required("biro_sdm")
def decide(learning_id: str) -> BaseResponse:
    """Approve, or reject with a reason; nobody decides on their own."""
    services, session = current_services(), require_visitor()
    with services.store.reading() as tx:
        piece = tx.other_learning.get(learning_id)
        if piece is None:
            abort(404)
        if not may(session.viewer, Act.DECIDE, of_learning(tx, piece)):
            abort(403)
    if request.form.get("decision") == "approve":
        approve(learning_id, store=services.store, now=services.clock(), actor=session.actor)
    else:
        reason = request.form.get("reason", "")
        reject(learning_id, reason, store=services.store, now=services.clock(), actor=session.actor)
    return redirect(url_for("biro.learning", tahun=piece.starts.year))


@roles_required("biro_sdm")
def approve_shown() -> BaseResponse:
    """Approve everything shown as waiting except one's own; what overlaps another activity is left out."""
    services, session, count = current_services(), require_visitor(), 0
    left_out = []
    for learning_id in request.form.getlist("learning_id"):
        with services.store.reading() as tx:
            piece = tx.other_learning.get(learning_id)
            allowed = piece is not None and may(session.viewer, Act.DECIDE, of_learning(tx, piece))
            overlapping = piece is not None and bool(overlaps_of(piece, tx))
        if piece is None or not allowed or piece.decision is not Decision.PENDING:
            continue
        if overlapping:
            left_out.append(learning_id)
            continue
        approve(learning_id, store=services.store, now=services.clock(), actor=session.actor)
        count += 1
    flash(_("%(count)s pembelajaran disahkan.", count=count), "good")
    flash_left_out(left_out)
    return redirect(url_for("biro.learning", tahun=request.form.get("tahun")))


@roles_required("biro_sdm")
def evidence(learning_id: str) -> Response:
    """Return the evidence as it was uploaded, to be saved: a stranger's file is never shown as a page of ours."""
    services = current_services()
    with services.store.reading() as tx:
        piece = tx.other_learning.get(learning_id)
    if piece is None or piece.evidence_digest is None:
        abort(404)
    content = services.store.document(piece.evidence_digest)
    return file_answer(content, name=piece.evidence_name or "bukti", media_type="application/octet-stream", save=True)


def _learning_page(year: int, drafts: tuple[LearningDraft, ...], **payload: object) -> str:
    start = max(request.args.get("mulai", 0, type=number_in_address), 0)
    with current_services().store.reading() as tx:
        listed = tx.other_learning.list(dt.date(year, 1, 1), dt.date(year, 12, 31))
        listed = sorted(listed, key=lambda piece: (piece.decision is not Decision.PENDING, piece.starts, piece.id))
        rows = listed[start : start + _PAGE]
        past = tx.past_activities.of_year(year)
        nips = {*(row.nip for row in rows), *(draft.nip for draft in drafts)}
        names = tx.employees.named(sorted(nips))
        overlaps = {row.id: overlaps_of(row, tx) for row in rows if row.id in past and row.decision is Decision.PENDING}
    return render_template(
        "biro/learning.html",
        rows=rows,
        waiting=[
            row.id
            for row in rows
            if row.decision is Decision.PENDING and row.nip != require_visitor().nip and not overlaps.get(row.id)
        ],
        overlaps=overlaps,
        all_waiting=sum(piece.decision is Decision.PENDING for piece in listed),
        more=start + _PAGE if len(listed) > start + _PAGE else None,
        drafts=drafts,
        names=names,
        year=year,
        past=past,
        **payload,
    )


# --- CMB of the paper era


@roles_required("biro_sdm")
def past() -> str | tuple[str, int]:
    """Show the form; preview an uploaded table with the JP of each row and why."""
    return (
        _past_page()
        if request.method == "GET"
        else preview_table(past_table(current_services().randomness), _past_page)
    )


@roles_required("biro_sdm")
def keep_past() -> BaseResponse:
    """Keep what the table said; all of it awaits a decision."""
    pieces = import_confirmed(past_table(current_services().randomness), default_name="cmb-terdahulu.xlsx").outcomes
    flash(_("%(count)s kegiatan dicatat dan menunggu keputusan.", count=len(pieces)), "good")
    return redirect(url_for("biro.learning", tahun=max(piece.ends.year for piece in pieces)))


def _past_page(*, result: ImportResult[PastRow, OtherLearning] | None = None, **payload: object) -> str:
    rows = result.entries if result else ()
    with current_services().store.reading() as tx:
        names = tx.employees.named(sorted({row.draft.nip for row in rows}))
    return render_template("biro/past.html", rows=rows, names=names, **payload)
