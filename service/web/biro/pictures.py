"""The page as it was signed beside the page as received, where they look different."""

from __future__ import annotations

import base64

from flask import Blueprint, abort, render_template

from service.access import Act, may
from service.afterwards import Afterwards, afterwards
from service.limits import GaveUp
from service.subjects import of_submission
from service.web.desk import desk
from service.web.visitor import only, signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/antrean/<submission_id>/berdampingan", "side_by_side", side_by_side)


@only("biro_sdm")
def side_by_side(submission_id: str) -> str:
    """A piece of the page, fetched after it: drawing takes a moment, and a confined child."""
    at = desk()
    with at.store.reading() as tx:
        found = tx.submissions.get(submission_id)
        allowed = found is not None and may(signed_in().viewer, Act.SEE, of_submission(tx, found))
    if found is None or not allowed:
        abort(404)
    try:
        seen = at.apart(afterwards, at.store.document(found.digest), dict(found.answer))
    except GaveUp:
        seen = Afterwards()
    shown = () if seen.untouched else seen.pictures  # the review page shows the file as it is anyway
    pictures = [(picture.caption, _inline(picture.png)) for picture in shown]
    compared = [(answer.label, answer.value, _inline(answer.drawn), _inline(answer.plain)) for answer in seen.compared]
    return render_template(
        "biro/side-by-side.html", pictures=pictures, note=seen.note, answers=seen.answers, compared=compared
    )


def _inline(png: bytes | None) -> str:
    return base64.b64encode(png or b"").decode("ascii")
