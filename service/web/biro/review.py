"""What waits for Biro SDM's word: seen, compared, approved or rejected, one or many."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.access import Act, may
from service.decisions import approve, reject
from service.errors import BadInput, ServiceError
from service.overlaps import OverlapNeedsLook, overlaps, reasons_now
from service.records import Status
from service.subjects import of_submission
from service.web.biro.left_out import flash_left_out
from service.web.desk import desk
from service.web.phrases import said
from service.web.visitor import only, signed_in

_PAGE = 50
_SORTS = {"lulus": Status.VERIFIED, "tinjau": Status.REVIEW}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/antrean", "queue", queue)
    blueprint.add_url_rule("/antrean/sahkan", "approve", approve_many, methods=["POST"])
    blueprint.add_url_rule("/antrean/tolak", "reject", reject_many, methods=["POST"])
    blueprint.add_url_rule("/antrean/<submission_id>", "look", look)


@only("biro_sdm")
def queue() -> str:
    """Oldest first; what passed, or what a person has to look at."""
    sort = request.args.get("macam", "lulus")
    status = _SORTS.get(sort, Status.VERIFIED)
    with desk().store.reading() as tx:
        rows = tx.submissions.undecided(status, limit=_PAGE, after_id=request.args.get("sesudah"))
        counts = {name: tx.submissions.undecided_count(each) for name, each in _SORTS.items()}
        reasons = {row.id: reasons_now(row, overlaps(row, tx)) for row in rows}
    more = rows[-1].id if len(rows) == _PAGE else None
    return render_template("biro/queue.html", rows=rows, sort=sort, counts=counts, more=more, reasons=reasons)


@only("biro_sdm")
def look(submission_id: str) -> str:
    """One submission with its report: the page as signed beside the page as received where they differ."""
    with desk().store.reading() as tx:
        found = tx.submissions.get(submission_id)
        if found is None or not may(signed_in().viewer, Act.SEE, of_submission(tx, found)):
            abort(404)
        checks = tx.verifications.of(found.id)
        own = not may(signed_in().viewer, Act.DECIDE, of_submission(tx, found))
        others = overlaps(found, tx)
    return render_template(
        "biro/look.html", found=found, checks=checks, own=own, others=others, listed=reasons_now(found, others)
    )


@only("biro_sdm")
def approve_many() -> Response:
    """Approve the chosen ones; each that cannot be is told, the others are done all the same.

    What shares time with another activity is approved from its own page only, which shows that one (`seen`).
    """
    at, chosen = desk(), _chosen()
    seen = request.form.getlist("seen") if len(chosen) == 1 else []
    done, stopped, left_out = 0, [], []
    for submission_id in chosen:
        try:
            approve(submission_id, store=at.store, now=at.clock(), actor=signed_in().actor, seen=seen)
            done += 1
        except OverlapNeedsLook:
            left_out.append(submission_id)
        except ServiceError as error:
            stopped.append(f"{submission_id}: {said(error.message)}")
    flash_left_out(left_out)
    if left_out == chosen and len(chosen) == 1:
        return redirect(url_for("biro.look", submission_id=left_out[0]))
    return _told(_("%(count)s formulir disahkan.", count=done), stopped)


@only("biro_sdm")
def reject_many() -> Response:
    """Reject the chosen ones with one reason, which their employees read."""
    at, reason = desk(), request.form.get("reason", "")
    done, stopped = 0, []
    for submission_id in _chosen():
        try:
            reject(submission_id, reason, store=at.store, now=at.clock(), actor=signed_in().actor)
            done += 1
        except BadInput:
            raise
        except ServiceError as error:
            stopped.append(f"{submission_id}: {said(error.message)}")
    return _told(_("%(count)s formulir ditolak dengan alasan Anda.", count=done), stopped)


def _chosen() -> list[str]:
    """The ids sent; what the visitor may not decide (one's own) stops all of it."""
    chosen = list(dict.fromkeys(request.form.getlist("id")))
    if not chosen:
        raise BadInput(_("Belum ada kiriman yang dipilih."), _("Centang kiriman yang Anda maksud."))
    with desk().store.reading() as tx:
        for each in chosen:
            found = tx.submissions.get(each)
            if found is None or not may(signed_in().viewer, Act.DECIDE, of_submission(tx, found)):
                abort(403)
    return chosen


def _told(sentence: str, stopped: list[str]) -> Response:
    flash(sentence, "good")
    for each in stopped:
        flash(each, "doubt")
    return redirect(url_for("biro.queue", macam=request.form.get("macam", "lulus")))
