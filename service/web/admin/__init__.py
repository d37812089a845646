"""The admin's pages: who may come in and as what, whether everything works, and what happened. No personal papers."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.exceptions import Forbidden

from service.access import Act, Kind, Subject, Viewer, may
from service.web.admin import pages
from service.web.auth import require_visitor

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.before_request
def _admins_only() -> None:
    """Every page in here is about accounts or the installation itself; who may see or change those, access says."""
    visitor = require_visitor()
    viewer = Viewer(nip=visitor.nip, roles=visitor.roles, unit=visitor.unit)
    kind = Kind.ACCOUNT if request.endpoint in pages.ENDPOINTS else Kind.HOUSE
    # Nobody is the owner here: one's own account is changed by those who may change every account.
    if not may(viewer, Act.EDIT if request.method == "POST" else Act.SEE, Subject(kind=kind)):
        raise Forbidden


pages.add_to(blueprint)
