"""Where a program of Biro SDM wants to be told of what happens."""

from __future__ import annotations

from service.errors import NotGranted
from service.numbers import short_id
from service.records import Event
from service.store.webhooks import Webhook
from service.telling import EVENTS
from service.web.api.operation import Answer, Asked, Body, Json, Operation, Told
from service.web.api.refusals import Refused
from service.web.api.shapes import asked, choice, ident, in_path, ref
from service.web.desk import desk
from service.web.visitor import Visitor, signed_in
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
    return Told(status=201, body=_told(webhook), secret_of=webhook.id, location=f"/api/v1/webhooks/{webhook.id}")


def listed(call: Asked) -> Told:  # noqa: ARG001 - every view's shape
    """The account's own that still are told."""
    who = hearing()
    with desk().store.reading() as tx:
        mine = [each for each in tx.webhooks.of_account(who.account.id) if each.ended_at is None]
    return Told(body={"items": [_told(each) for each in mine], "next_cursor": None})


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


def _told(each: Webhook) -> Json:
    return {"id": each.id, "url": each.url, "events": list(each.events), "created_at": each.created_at.isoformat()}


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
)
