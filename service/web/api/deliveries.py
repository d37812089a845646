"""What became of the events for an address: a program's owner sees whether it was heard, and what it answered."""

from __future__ import annotations

from service.store.webhooks import Delivery
from service.web.api.operation import Answer, Asked, Json, Operation, Told
from service.web.api.refusals import Refused
from service.web.api.shapes import LIMIT, cursor, ident, in_path, ref
from service.web.api.webhooks import hearing
from service.web.desk import desk


def listed(call: Asked) -> Told:
    """Newest first, of one of the account's own addresses, ended ones too."""
    who, limit = hearing(), call.params["limit"] or 50
    with desk().store.reading() as tx:
        found = tx.webhooks.get(call.params["id"])
        if found is None or found.account_id != who.account.id:
            raise Refused(404)
        came = tx.webhooks.deliveries(found.id, limit + 1, call.params["cursor"])
    more = str(came[limit - 1].id) if len(came) > limit else None
    return Told(body={"items": [_told(each) for each in came[:limit]], "next_cursor": more})


def _told(each: Delivery) -> Json:
    waits = "waiting" if each.next_at else "given_up"
    return {
        "id": each.id,
        "event": each.event,
        "body": dict(each.body),
        "created_at": each.created_at.isoformat(),
        "state": "delivered" if each.delivered_at else waits,
        "tries": each.attempts,
        "next_at": each.next_at.isoformat() if each.next_at else None,
        "delivered_at": each.delivered_at.isoformat() if each.delivered_at else None,
        "last_answer": each.last_answer,
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="/webhooks/{id}/deliveries",
        id="listDeliveries",
        tag="webhooks",
        summary="Kabar kepada satu alamat webhook: keadaan, banyak percobaan, dan jawaban terakhir",
        scope="webhooks:read",
        view=listed,
        params=(
            in_path("id", ident("W"), "Nomor webhook."),
            LIMIT,
            cursor({"type": "integer", "minimum": 1, "maximum": 10**9 - 1}),
        ),
        answers={200: Answer(description="Satu halaman, terbaru di depan.", schema=ref("DeliveryPage"))},
    ),
)
