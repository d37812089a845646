"""Blueprint of the admin's pages: accounts, roles, self-check, event log. No personal documents."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.exceptions import Forbidden

from service.access import Act, Kind, Subject, Viewer, may
from service.web.admin import pages
from service.web.auth import require_visitor

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.before_request
def _admins_only() -> None:
    """Let `service.access` decide who may see or change accounts and the installation."""
    visitor = require_visitor()
    viewer = Viewer(nip=visitor.nip, roles=visitor.roles, unit=visitor.unit)
    kind = Kind.ACCOUNT if request.endpoint in pages.ENDPOINTS else Kind.HOUSE
    # The subject has no owner: an admin's own account is changed only by those who may change every account.
    if not may(viewer, Act.EDIT if request.method == "POST" else Act.SEE, Subject(kind=kind)):
        raise Forbidden


pages.add_to(blueprint)
