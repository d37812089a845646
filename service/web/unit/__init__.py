"""Blueprint of a unit's pages for its HR officer and head, and for Biro SDM: overview, cards, recaps, assignments."""

from __future__ import annotations

from flask import Blueprint

from service.web.unit import assignments, cards, overview, recaps

blueprint = Blueprint("unit", __name__, url_prefix="/unit")
overview.add_to(blueprint)
cards.add_to(blueprint)
recaps.add_to(blueprint)
assignments.add_to(blueprint)
