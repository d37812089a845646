"""The report of one submission's verification, for whoever may see the submission."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from service.access import Act, may
from service.reporting import KINDS, report_of
from service.subjects import of_submission
from service.web.desk import desk
from service.web.papers import file_answer
from service.web.visitor import only, signed_in

blueprint = Blueprint("reports", __name__)
_TYPES = {".html": "text/html", ".pdf": "application/pdf", ".json": "application/json", ".xml": "application/xml"}
# The page brings its own style sheet, allowed by digest in the page itself; it runs nothing.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@blueprint.get("/kiriman/<submission_id>/laporan<kind>")
@only()
def report(submission_id: str, kind: str) -> Response:
    """`laporan.html`, `.pdf`, `.json` or `.xml`; `?ke=2` asks for the second verification."""
    at = desk()
    if kind not in KINDS:
        abort(404)
    with at.store.reading() as tx:
        found = tx.submissions.get(submission_id)
        allowed = found is not None and may(signed_in().viewer, Act.SEE, of_submission(tx, found))
    if not allowed:
        abort(404)
    _judged, written = report_of(submission_id, request.args.get("ke", type=int), at.settings, at.clock(), kind)
    answer = file_answer(
        written, name=f"laporan-{submission_id}{kind}", media_type=_TYPES[kind], save=kind in {".json", ".xml"}
    )
    if kind == ".html":
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["Content-Type"] = "text/html; charset=utf-8"
    return answer
