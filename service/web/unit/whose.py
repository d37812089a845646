"""Which unit a page is about, and whether the visitor may see it."""

from __future__ import annotations

from flask import abort, request

from service.access import Act, may
from service.subjects import of_recap
from service.web.desk import desk
from service.web.visitor import signed_in

ROLES = ("pengelola", "pimpinan", "biro_sdm")


def unit_of_request() -> str:
    """The unit named in the address (for Biro SDM), else the visitor's own; 404 for one the visitor may not see."""
    who = signed_in()
    unit = request.values.get("unit") or who.unit
    if not unit or not may(who.viewer, Act.SEE, of_recap(unit)):
        abort(404)
    return unit


def units() -> list[str]:
    """The units the visitor may choose from: all for Biro SDM, otherwise none but the own."""
    who, at = signed_in(), desk()
    if not who.holds("biro_sdm"):
        return []
    with at.store.reading() as tx:
        return sorted({each.unit for each in tx.employees.all()})
