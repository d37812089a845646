"""What waits for one's signature: the document is shown first, then signed here, by gateway, or elsewhere."""

from __future__ import annotations

from flask import Blueprint

from service.web.signing import delegations, documents, gateway

blueprint = Blueprint("signing", __name__)
documents.add_to(blueprint)
gateway.add_to(blueprint)
delegations.add_to(blueprint)
