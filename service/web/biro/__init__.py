"""Biro SDM's pages: many files at once, what a person has to look at, the yearly certificates."""

from __future__ import annotations

from flask import Blueprint

from service.web.biro import (
    approvals,
    batches,
    certificates,
    employees,
    learning,
    overview,
    past,
    pictures,
    policies,
    progress,
    queue,
    report,
    siasn,
)

blueprint = Blueprint("biro", __name__, url_prefix="/biro")
overview.add_to(blueprint)
batches.add_to(blueprint)
progress.add_to(blueprint)
queue.add_to(blueprint)
approvals.add_to(blueprint)
certificates.add_to(blueprint)
employees.add_to(blueprint)
policies.add_to(blueprint)
siasn.add_to(blueprint)
learning.add_to(blueprint)
past.add_to(blueprint)
report.add_to(blueprint)
pictures.add_to(blueprint)
