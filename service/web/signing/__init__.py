"""Blueprint of the signing pages: documents, key file, gateway, delegations."""

from __future__ import annotations

from flask import Blueprint

from service.web.signing import delegations, documents, gateway

blueprint = Blueprint("signing", __name__)
documents.add_to(blueprint)
gateway.add_to(blueprint)
delegations.add_to(blueprint)
