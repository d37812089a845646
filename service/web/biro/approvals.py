"""Decisions as a table: what each row would do is shown first, then carried out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.decisions_table import Wish, decide_table
from service.errors import BadInput, BadRows
from service.records import Decision
from service.web.biro.left_out import flash_left_out
from service.web.desk import desk
from service.web.receiving import rows_apart, table_sent
from service.web.visitor import only, signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/pengesahan", "approvals", approvals, methods=["GET", "POST"])
    blueprint.add_url_rule("/pengesahan/laksanakan", "keep_approvals", keep, methods=["POST"])


@only("biro_sdm")
def approvals() -> str | tuple[str, int]:
    """Upload a table; everything it would decide, or every row that is wrong."""
    if request.method == "GET":
        return render_template("biro/approvals.html", wishes=(), problem=None)
    at = desk()
    try:
        content, name = table_sent()
        wishes = _wishes(content, name, preview=True)
    except BadInput as problem:
        details = problem.problems if isinstance(problem, BadRows) else ()
        return render_template("biro/approvals.html", wishes=(), problem=problem, details=details), 422
    with at.store.reading() as tx:
        found = {each.submission: tx.submissions.get(each.submission) for each in wishes}
    # Kept under its digest until it is confirmed: what is carried out is what was shown.
    return render_template(
        "biro/approvals.html",
        wishes=wishes,
        found=found,
        counts=_counts(wishes),
        problem=None,
        digest=at.store.keep_document(content),
        name=name,
    )


@only("biro_sdm")
def keep() -> Response:
    """Carry out what was shown."""
    content = desk().store.document(request.form.get("digest", ""))
    wishes = _wishes(content, request.form.get("name", "pengesahan.xlsx"), preview=False)
    counts = _counts(wishes)
    flash(_("%(approved)s formulir disahkan, %(rejected)s ditolak.", **counts), "good")
    flash_left_out([wish.submission for wish in wishes if wish.left_out])
    return redirect(url_for("biro.queue"))


def _wishes(content: bytes, name: str, *, preview: bool) -> tuple[Wish, ...]:
    at, who = desk(), signed_in()
    return decide_table(
        content,
        name,
        store=at.store,
        now=at.clock(),
        actor=who.actor,
        by=who.viewer,
        preview=preview,
        read=rows_apart,
    )


def _counts(wishes: tuple[Wish, ...]) -> dict[str, int]:
    left_out = sum(wish.left_out for wish in wishes)
    approved = sum(wish.decision is Decision.APPROVED for wish in wishes) - left_out
    return {"approved": approved, "rejected": len(wishes) - approved - left_out, "left_out": left_out}
