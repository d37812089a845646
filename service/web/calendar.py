"""What the year asks of whom, by the circular; for everybody signed in, one's own first."""

from __future__ import annotations

from flask import Blueprint, render_template

from service.config import local_day
from service.policy.duties import duties
from service.web.desk import desk
from service.web.visitor import only
from service.web.years import year_of_request

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/kalender")
@only()
def year() -> str:
    """Quarter ends, evaluations, the yearly issue: from when to when, and what is due today."""
    at = desk()
    today = local_day(at.clock(), at.settings)
    wanted = year_of_request(today.year)
    listed = duties(wanted)
    return render_template("calendar.html", year=wanted, today=today, listed=listed)
