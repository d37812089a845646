"""Where a program of Biro SDM wants to be told of what happens."""

from __future__ import annotations

from service.errors import NotGranted
from service.identifiers import short_id
from service.notifications.messages import EVENTS
from service.notifications.webhooks import may_hear, require_address
from service.records import Event
from service.store.notifications import Delivery, Webhook
from service.web.api.errors import Refused
from service.web.api.operation import Answer, Asked, Body, Json, Operation, Told
from service.web.api.schema import LIMIT, asked, choice, cursor, ident, in_path, ref
from service.web.auth import Visitor, signed_in
from service.web.context import desk

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
    at, who, url = desk(), hearing(), call.body["url"]
    require_address(url, at.settings)
    webhook = Webhook(
        id=short_id("W", at.randomness),
        account_id=who.account.id,
        url=url,
        events=tuple(call.body["events"]),
        created_at=at.clock(),
    )
    with at.store.transaction() as tx:
        if len([each for each in tx.webhooks.of_account(who.account.id) if each.ended_at is None]) >= _MOST:
            raise NotGranted(f"Sudah ada {_MOST} alamat webhook.", "Akhiri yang tidak dipakai lagi.")
        tx.webhooks.add(webhook)
        tx.events.append(Event(at=at.clock(), actor=who.actor, action="webhook.added", subject=webhook.id))
    return Told(
        status=201, body=_webhook_payload(webhook), secret_of=webhook.id, location=f"/api/v1/webhooks/{webhook.id}"
    )


def listed(call: Asked) -> Told:  # noqa: ARG001 - every view's shape
    """The account's own that still are told."""
    who = hearing()
    with desk().store.reading() as tx:
        mine = [each for each in tx.webhooks.of_account(who.account.id) if each.ended_at is None]
    return Told(body={"items": [_webhook_payload(each) for each in mine], "next_cursor": None})


def end(call: Asked) -> Told:
    """Nothing is told there any more, not even what waits."""
    at, who, webhook_id = desk(), signed_in(), call.params["id"]
    with at.store.transaction() as tx:
        found = tx.webhooks.get(webhook_id)
        if found is None or found.account_id != who.account.id or not tx.webhooks.end(webhook_id, at.clock()):
            raise Refused(404)
        tx.events.append(Event(at=at.clock(), actor=who.actor, action="webhook.ended", subject=webhook_id))
    return Told(status=204)


def hearing() -> Visitor:
    """The visitor, when events may be told to them; Refused (403) otherwise."""
    who = signed_in()
    if not may_hear(who.viewer):
        raise Refused(403, "Peristiwa menyangkut semua pegawai; webhook hanya untuk akun Biro SDM.")
    return who


def _webhook_payload(each: Webhook) -> Json:
    return {"id": each.id, "url": each.url, "events": list(each.events), "created_at": each.created_at.isoformat()}


# --- What became of the events for an address: a program's owner sees whether it was heard, and what it answered


def list_deliveries(call: Asked) -> Told:
    """Newest first, of one of the account's own addresses, ended ones too."""
    who, limit = hearing(), call.params["limit"] or 50
    with desk().store.reading() as tx:
        found = tx.webhooks.get(call.params["id"])
        if found is None or found.account_id != who.account.id:
            raise Refused(404)
        came = tx.webhooks.deliveries(found.id, limit + 1, call.params["cursor"])
    more = str(came[limit - 1].id) if len(came) > limit else None
    return Told(body={"items": [_delivery_payload(each) for each in came[:limit]], "next_cursor": more})


def _delivery_payload(each: Delivery) -> Json:
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
