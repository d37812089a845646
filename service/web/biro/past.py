"""CMB activities known from paper, brought in by a table: each row with its JP by the law before anything is kept."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.config import local_day
from service.errors import BadInput, BadRows
from service.learning.past import BroughtPast, bring_past
from service.web.desk import desk
from service.web.receiving import rows_apart, table_sent
from service.web.visitor import only, signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/cmb-terdahulu", "past", past, methods=["GET", "POST"])
    blueprint.add_url_rule("/cmb-terdahulu/simpan", "keep_past", keep, methods=["POST"])


@only("biro_sdm")
def past() -> str | tuple[str, int]:
    """Upload a table; what each row gives and why, or every row that is wrong."""
    if request.method == "GET":
        return render_template("biro/past.html")
    try:
        content, name = table_sent()
        rows = _bring(content, name, preview=True).rows
    except BadInput as problem:
        details = problem.problems if isinstance(problem, BadRows) else ()
        return render_template("biro/past.html", problem=problem, details=details), 422
    at = desk()
    with at.store.reading() as tx:
        names = tx.employees.named(sorted({row.draft.nip for row in rows}))
    # Kept under its digest until it is confirmed: what is written is what was shown.
    digest = at.store.keep_document(content)
    return render_template("biro/past.html", rows=rows, names=names, digest=digest, name=name)


@only("biro_sdm")
def keep() -> Response:
    """Write down what was shown; all of it awaits a decision."""
    content = desk().store.document(request.form.get("digest", ""))
    kept = _bring(content, request.form.get("name", "cmb-terdahulu.xlsx"), preview=False).kept
    flash(_("%(count)s kegiatan dicatat dan menunggu keputusan.", count=len(kept)), "good")
    return redirect(url_for("biro.learning", tahun=max(each.ends.year for each in kept)))


def _bring(content: bytes, name: str, *, preview: bool) -> BroughtPast:
    at = desk()
    now = at.clock()
    return bring_past(
        content,
        name,
        store=at.store,
        now=now,
        today=local_day(now, at.settings),
        randomness=at.randomness,
        actor=signed_in().actor,
        preview=preview,
        read=rows_apart,
    )
