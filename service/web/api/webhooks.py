"""Where a program of Biro SDM wants to be told of what happens."""

from __future__ import annotations

from service.errors import NotGranted
from service.identifiers import short_id
from service.notifications.messages import EVENTS
from service.records import Event
from service.store.notifications import Delivery, Webhook
from service.web.api.errors import Refused
from service.web.api.operation import Answer, Asked, Body, Json, Operation, Told
from service.web.api.schema import LIMIT, asked, choice, cursor, ident, in_path, ref
from service.web.auth import Visitor, require_visitor
from service.web.context import current_services
from service.webhooks import may_hear, require_address

_MOST = 10
_BODY = asked(
    "url",
    "events",
    url={"type": "string", "pattern": "^https?://[!-~]+$", "minLength": 10, "maxLength": 500},
    events={
        "type": "array",
        "items": choice(*EVENTS),
        "minItems": 1,
        "maxItems": len(EVENTS),
        "uniqueItems": True,
    },
)


def add(call: Asked) -> Told:
    """A new address; its secret is said in this answer only."""
    services, visitor, url = current_services(), hearing(), call.body["url"]
    require_address(url, services.settings)
    webhook = Webhook(
        id=short_id("W", services.randomness),
        account_id=visitor.account.id,
        url=url,
        events=tuple(call.body["events"]),
        created_at=services.clock(),
    )
    with services.store.transaction() as tx:
        if len([hook for hook in tx.webhooks.of_account(visitor.account.id) if hook.ended_at is None]) >= _MOST:
            raise NotGranted(f"Sudah ada {_MOST} alamat webhook.", "Akhiri yang tidak dipakai lagi.")
        tx.webhooks.add(webhook)
        tx.events.append(Event(at=services.clock(), actor=visitor.actor, action="webhook.added", subject=webhook.id))
    return Told(
        status=201, body=_webhook_payload(webhook), secret_of=webhook.id, location=f"/api/v1/webhooks/{webhook.id}"
    )


def listed(call: Asked) -> Told:  # noqa: ARG001 - every view's shape
    """The account's own that still are told."""
    visitor = hearing()
    with current_services().store.reading() as tx:
        mine = [webhook for webhook in tx.webhooks.of_account(visitor.account.id) if webhook.ended_at is None]
    return Told(body={"items": [_webhook_payload(webhook) for webhook in mine], "next_cursor": None})


def end(call: Asked) -> Told:
    """Nothing is told there any more, not even what waits."""
    services, visitor, webhook_id = current_services(), require_visitor(), call.params["id"]
    with services.store.transaction() as tx:
        found = tx.webhooks.get(webhook_id)
        if found is None or found.account_id != visitor.account.id or not tx.webhooks.end(webhook_id, services.clock()):
            raise Refused(404)
        tx.events.append(Event(at=services.clock(), actor=visitor.actor, action="webhook.ended", subject=webhook_id))
    return Told(status=204)


def hearing() -> Visitor:
    """The visitor, when events may be told to them; Refused (403) otherwise."""
    visitor = require_visitor()
    if not may_hear(visitor.viewer):
        raise Refused(403, "Peristiwa menyangkut semua pegawai; webhook hanya untuk akun Biro SDM.")
    return visitor


def _webhook_payload(webhook: Webhook) -> Json:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": list(webhook.events),
        "created_at": webhook.created_at.isoformat(),
    }


# --- What became of the events for an address: a program's owner sees whether it was heard, and what it answered


def list_deliveries(call: Asked) -> Told:
    """Newest first, of one of the account's own addresses, ended ones too."""
    visitor, limit = hearing(), call.params["limit"] or 50
    with current_services().store.reading() as tx:
        found = tx.webhooks.get(call.params["id"])
        if found is None or found.account_id != visitor.account.id:
            raise Refused(404)
        came = tx.webhooks.deliveries(found.id, limit + 1, call.params["cursor"])
    more = str(came[limit - 1].id) if len(came) > limit else None
    return Told(body={"items": [_delivery_payload(delivery) for delivery in came[:limit]], "next_cursor": more})


def _delivery_payload(delivery: Delivery) -> Json:
    waits = "waiting" if delivery.next_at else "given_up"
    return {
        "id": delivery.id,
        "event": delivery.event,
        "body": dict(delivery.body),
        "created_at": delivery.created_at.isoformat(),
        "state": "delivered" if delivery.delivered_at else waits,
        "tries": delivery.attempts,
        "next_at": delivery.next_at.isoformat() if delivery.next_at else None,
        "delivered_at": delivery.delivered_at.isoformat() if delivery.delivered_at else None,
        "last_answer": delivery.last_answer,
    }


OPERATIONS = (
    Operation(
        method="POST",
        path="/webhooks",
        id="addWebhook",
        tag="webhooks",
        summary="Tambah alamat webhook; rahasianya hanya ada pada jawaban ini",
        scope="webhooks:write",
        view=add,
        body=Body(largest=16 * 1024, schema=_BODY),
        answers={201: Answer(description="Alamat baru.", schema=ref("WebhookWithSecret"), location=True)},
        rate="20 per minute",
    ),
    Operation(
        method="GET",
        path="/webhooks",
        id="listWebhooks",
        tag="webhooks",
        summary="Alamat webhook akun ini",
        scope="webhooks:read",
        view=listed,
        answers={200: Answer(description="Semuanya.", schema=ref("WebhookPage"))},
    ),
    Operation(
        method="DELETE",
        path="/webhooks/{id}",
        id="endWebhook",
        tag="webhooks",
        summary="Akhiri sebuah alamat webhook",
        scope="webhooks:write",
        view=end,
        params=(in_path("id", ident("W"), "Nomor webhook."),),
        answers={204: Answer(description="Tidak dikabari lagi.")},
    ),
    Operation(
        method="GET",
        path="/webhooks/{id}/deliveries",
        id="listDeliveries",
        tag="webhooks",
        summary="Kabar kepada satu alamat webhook: keadaan, banyak percobaan, dan jawaban terakhir",
        scope="webhooks:read",
        view=list_deliveries,
        params=(
            in_path("id", ident("W"), "Nomor webhook."),
            LIMIT,
            cursor({"type": "integer", "minimum": 1, "maximum": 10**9 - 1}),
        ),
        answers={200: Answer(description="Satu halaman, terbaru di depan.", schema=ref("DeliveryPage"))},
    ),
)
