"""Blueprint of Biro SDM's pages: batches, review, certificates, staff, SIASN, other learning, reports."""

from __future__ import annotations

from flask import Blueprint

from service.web.biro import batches, certificates, learning, report, review, siasn, staff

blueprint = Blueprint("biro", __name__, url_prefix="/biro")
report.add_to(blueprint)
batches.add_to(blueprint)
review.add_to(blueprint)
certificates.add_to(blueprint)
staff.add_to(blueprint)
siasn.add_to(blueprint)
learning.add_to(blueprint)
