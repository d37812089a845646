"""Biro SDM's pages of decisions: queue, one submission, approvals and rejections, also by table."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.access import Act, may
from service.access_lookup import of_submission
from service.config import local_day
from service.errors import BadInput, BadRows, ServiceError
from service.records import Decision, Status
from service.sandbox.limits import GaveUp
from service.store.confirmations import Confirming
from service.submissions.decisions import TableDecision, approve, decide_table, reject
from service.submissions.report import ChangePictures, change_pictures
from service.submissions.withdrawals import (
    Withdrawing,
    confirm_withdrawal,
    decline_withdrawal,
    withdraw_approval,
)
from service.verification.overlaps import OverlapNeedsLook, overlaps, reasons_now
from service.web.auth import require_visitor, roles_required
from service.web.context import current_services
from service.web.i18n import translate
from service.web.requests import read_rows_sandboxed, uploaded_table

_PAGE = 50
_QUEUES = {"lulus": Status.VERIFIED, "tinjau": Status.REVIEW}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/antrean", "queue", queue)
    blueprint.add_url_rule("/antrean/sahkan", "approve", approve_many, methods=["POST"])
    blueprint.add_url_rule("/antrean/tolak", "reject", reject_many, methods=["POST"])
    blueprint.add_url_rule("/antrean/<submission_id>", "look", show_submission)
    blueprint.add_url_rule("/antrean/<submission_id>/cabut", "withdraw", withdraw, methods=["POST"])
    blueprint.add_url_rule("/pencabutan/<submission_id>", "end_withdrawal", end_withdrawal, methods=["POST"])
    blueprint.add_url_rule("/pencabutan", "withdrawals", list_withdrawals)
    blueprint.add_url_rule("/pengesahan", "approvals", approvals, methods=["GET", "POST"])
    blueprint.add_url_rule("/pengesahan/laksanakan", "keep_approvals", carry_out, methods=["POST"])
    blueprint.add_url_rule("/antrean/<submission_id>/berdampingan", "side_by_side", side_by_side)


@roles_required("biro_sdm")
def queue() -> str:
    """List undecided submissions, oldest first: those that passed, or those that need a review."""
    sort = request.args.get("macam", "lulus")
    status = _QUEUES.get(sort, Status.VERIFIED)
    with current_services().store.reading() as tx:
        rows = tx.submissions.undecided(status, limit=_PAGE, after_id=request.args.get("sesudah"))
        counts = {name: tx.submissions.undecided_count(wanted) for name, wanted in _QUEUES.items()}
        reasons = {row.id: reasons_now(row, overlaps(row, tx)) for row in rows}
    more = rows[-1].id if len(rows) == _PAGE else None
    return render_template("biro/queue.html", rows=rows, sort=sort, counts=counts, more=more, reasons=reasons)


@roles_required("biro_sdm")
def show_submission(submission_id: str) -> str:
    """Show one submission with its report, and the page as signed beside the page as received."""
    with current_services().store.reading() as tx:
        submission = tx.submissions.get(submission_id)
        if submission is None or not may(require_visitor().viewer, Act.SEE, of_submission(tx, submission)):
            abort(404)
        checks = tx.verifications.of(submission.id)
        own = not may(require_visitor().viewer, Act.DECIDE, of_submission(tx, submission))
        others = overlaps(submission, tx)
        asked = next(iter(tx.confirmations.waiting(Confirming.WITHDRAWAL, submission.id)), None)
        history = tx.events.list(submission.id, limit=50)
    return render_template(
        "biro/submission.html",
        asked=asked,
        history=history,
        submission=submission,
        checks=checks,
        own=own,
        others=others,
        listed=reasons_now(submission, others),
    )


@roles_required("biro_sdm")
def approve_many() -> Response:
    """Approve the chosen submissions; those that cannot be approved are reported, the others are approved.

    One that overlaps another activity can be approved only from its own page, which shows the other (`seen`).
    """
    services, chosen = current_services(), _chosen()
    seen = request.form.getlist("seen") if len(chosen) == 1 else []
    approved, failures, left_out = 0, [], []
    for submission_id in chosen:
        try:
            approve(submission_id, store=services.store, now=services.clock(), actor=require_visitor().actor, seen=seen)
            approved += 1
        except OverlapNeedsLook:
            left_out.append(submission_id)
        except ServiceError as error:
            failures.append(f"{submission_id}: {translate(error.message)}")
    flash_left_out(left_out)
    if left_out == chosen and len(chosen) == 1:
        return redirect(url_for("biro.look", submission_id=left_out[0]))
    return _back_to_queue(_("%(count)s formulir disahkan.", count=approved), failures)


@roles_required("biro_sdm")
def reject_many() -> Response:
    """Reject the chosen submissions with one reason, which their employees read."""
    services, reason = current_services(), request.form.get("reason", "")
    rejected, failures = 0, []
    for submission_id in _chosen():
        try:
            reject(submission_id, reason, store=services.store, now=services.clock(), actor=require_visitor().actor)
            rejected += 1
        except BadInput:
            raise
        except ServiceError as error:
            failures.append(f"{submission_id}: {translate(error.message)}")
    return _back_to_queue(_("%(count)s formulir ditolak dengan alasan Anda.", count=rejected), failures)


def _chosen() -> list[str]:
    """Return the chosen ids; 403 if the visitor may not decide on one of them, such as their own."""
    chosen = list(dict.fromkeys(request.form.getlist("id")))
    if not chosen:
        raise BadInput(_("Belum ada kiriman yang dipilih."), _("Centang kiriman yang Anda maksud."))
    with current_services().store.reading() as tx:
        for submission_id in chosen:
            submission = tx.submissions.get(submission_id)
            if submission is None or not may(require_visitor().viewer, Act.DECIDE, of_submission(tx, submission)):
                abort(403)
    return chosen


def _back_to_queue(message: str, failures: list[str]) -> Response:
    flash(message, "good")
    for failure in failures:
        flash(failure, "doubt")
    return redirect(url_for("biro.queue", macam=request.form.get("macam", "lulus")))


# --- Withdrawing an approval


@roles_required("biro_sdm")
def list_withdrawals() -> str:
    """List the withdrawals that wait for a second person."""
    with current_services().store.reading() as tx:
        waiting = tx.confirmations.waiting(Confirming.WITHDRAWAL)
        rows = [(asked, found) for asked in waiting if (found := tx.submissions.get(asked.subject)) is not None]
        shown = [row for row in rows if may(require_visitor().viewer, Act.SEE, of_submission(tx, row[1]))]
    return render_template("biro/withdrawals.html", rows=shown)


@roles_required("biro_sdm")
def withdraw(submission_id: str) -> Response:
    """Withdraw an approval with a reason, or ask a second person to."""
    _require_decidable(submission_id)
    asked = withdraw_approval(submission_id, request.form.get("reason", ""), _withdrawing())
    flash(
        _("Pencabutan diminta; seorang rekan di Biro SDM yang menyetujuinya.") if asked else _("Pengesahan dicabut."),
        "good",
    )
    return redirect(url_for("biro.look", submission_id=submission_id))


@roles_required("biro_sdm")
def end_withdrawal(submission_id: str) -> Response:
    """Confirm or decline a withdrawal that somebody else asked for."""
    _require_decidable(submission_id)
    if request.form.get("decision") == "confirm":
        confirm_withdrawal(submission_id, _withdrawing())
        flash(_("Pengesahan dicabut."), "good")
    else:
        decline_withdrawal(submission_id, _withdrawing())
        flash(_("Pengesahan tetap berlaku."), "good")
    return redirect(url_for("biro.look", submission_id=submission_id))


def _require_decidable(submission_id: str) -> None:
    """404 for a submission that the visitor may not see, 403 for one they may not decide on, such as their own."""
    viewer = require_visitor().viewer
    with current_services().store.reading() as tx:
        submission = tx.submissions.get(submission_id)
        if submission is None or not may(viewer, Act.SEE, of_submission(tx, submission)):
            abort(404)
        if not may(viewer, Act.DECIDE, of_submission(tx, submission)):
            abort(403)


def _withdrawing() -> Withdrawing:
    services, visitor = current_services(), require_visitor()
    return Withdrawing(
        store=services.store,
        now=services.clock(),
        today=local_day(services.clock(), services.settings),
        actor=visitor.actor,
        by=visitor.viewer,
        second_person=services.settings.second_person,
        randomness=services.account_context.randomness,
    )


# --- Decisions by table


@roles_required("biro_sdm")
def approvals() -> str | tuple[str, int]:
    """Upload a table; show everything it would decide, or every wrong row."""
    if request.method == "GET":
        return render_template("biro/approvals.html", wishes=(), problem=None)
    services = current_services()
    try:
        content, name = uploaded_table()
        wishes = _wishes(content, name, preview=True)
    except BadInput as problem:
        details = problem.problems if isinstance(problem, BadRows) else ()
        return render_template("biro/approvals.html", wishes=(), problem=problem, details=details), 422
    with services.store.reading() as tx:
        submissions = {wish.submission: tx.submissions.get(wish.submission) for wish in wishes}
    # Stored under its digest until it is confirmed: what is carried out is what was shown.
    return render_template(
        "biro/approvals.html",
        wishes=wishes,
        submissions=submissions,
        counts=_counts(wishes),
        problem=None,
        digest=services.store.keep_document(content),
        name=name,
    )


@roles_required("biro_sdm")
def carry_out() -> Response:
    """Carry out the decisions that were shown."""
    content = current_services().store.document(request.form.get("digest", ""))
    wishes = _wishes(content, request.form.get("name", "pengesahan.xlsx"), preview=False)
    counts = _counts(wishes)
    flash(_("%(approved)s formulir disahkan, %(rejected)s ditolak.", **counts), "good")
    flash_left_out([wish.submission for wish in wishes if wish.left_out])
    return redirect(url_for("biro.queue"))


def _wishes(content: bytes, name: str, *, preview: bool) -> tuple[TableDecision, ...]:
    services, visitor = current_services(), require_visitor()
    return decide_table(
        content,
        name,
        store=services.store,
        now=services.clock(),
        actor=visitor.actor,
        by=visitor.viewer,
        preview=preview,
        read=read_rows_sandboxed,
    )


def _counts(wishes: tuple[TableDecision, ...]) -> dict[str, int]:
    left_out = sum(wish.left_out for wish in wishes)
    approved = sum(wish.decision is Decision.APPROVED for wish in wishes) - left_out
    return {"approved": approved, "rejected": len(wishes) - approved - left_out, "left_out": left_out}


# --- Page as signed and as received


@roles_required("biro_sdm")
def side_by_side(submission_id: str) -> str:
    """Return a part of the review page, loaded after it because drawing runs in the sandbox and takes a moment."""
    services = current_services()
    with services.store.reading() as tx:
        submission = tx.submissions.get(submission_id)
        allowed = submission is not None and may(require_visitor().viewer, Act.SEE, of_submission(tx, submission))
    if submission is None or not allowed:
        abort(404)
    try:
        seen = services.sandbox(change_pictures, services.store.document(submission.digest), dict(submission.answer))
    except GaveUp:
        seen = ChangePictures()
    shown = () if seen.untouched else seen.pictures  # the review page shows the unchanged file anyway
    pictures = [(picture.caption, _inline(picture.png)) for picture in shown]
    compared = [(answer.label, answer.value, _inline(answer.drawn), _inline(answer.plain)) for answer in seen.compared]
    return render_template(
        "biro/side-by-side.html", pictures=pictures, notes=seen.notes, answers=seen.answers, compared=compared
    )


def _inline(png: bytes | None) -> str:
    return base64.b64encode(png or b"").decode("ascii")


def flash_left_out(numbers: Sequence[str]) -> None:
    """Flash how many were left out because they overlap another activity, and which."""
    if numbers:
        flash(
            _(
                "%(count)s kegiatan tidak ikut disahkan karena waktunya bertumpuk dengan kegiatan lain; "
                "buka dan putuskan satu per satu: %(numbers)s.",
                count=len(numbers),
                numbers=", ".join(numbers),
            ),
            "doubt",
        )
