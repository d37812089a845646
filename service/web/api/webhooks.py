"""API operations on webhooks and their deliveries, for accounts of Biro SDM."""

from __future__ import annotations

from service.errors import NotGranted
from service.identifiers import short_id
from service.notifications.webhooks import may_hear, require_address
from service.records import Event
from service.store.notifications import Delivery, Webhook
from service.web.api import models
from service.web.api.errors import ApiError
from service.web.api.models import DeliveriesAsked, Nothing, OneWebhook, WebhookWanted
from service.web.api.operation import ApiRequest, ApiResponse, Operation, ResponseSpec
from service.web.auth import Visitor, require_visitor
from service.web.context import current_services

_MOST = 10


def add_webhook(call: ApiRequest[Nothing, WebhookWanted]) -> ApiResponse:
    """Add an address; its secret is in this answer only."""
    services, visitor, url = current_services(), require_listener(), call.body.url
    require_address(url, services.settings)
    webhook = Webhook(
        id=short_id("W", services.randomness),
        account_id=visitor.account.id,
        url=url,
        events=call.body.events,
        created_at=services.clock(),
    )
    with services.store.transaction() as tx:
        if (
            len([webhook for webhook in tx.webhooks.of_account(visitor.account.id) if webhook.ended_at is None])
            >= _MOST
        ):
            raise NotGranted(f"Sudah ada {_MOST} alamat webhook.", "Akhiri yang tidak dipakai lagi.")
        tx.webhooks.add(webhook)
        tx.events.append(Event(at=services.clock(), actor=visitor.actor, action="webhook.added", subject=webhook.id))
    return ApiResponse(
        status=201, body=_webhook_payload(webhook), secret_of=webhook.id, location=f"/api/v1/webhooks/{webhook.id}"
    )


def list_webhooks(call: ApiRequest[Nothing, Nothing]) -> ApiResponse:  # noqa: ARG001 - the signature of every view
    """List the account's own webhooks that have not ended."""
    visitor = require_listener()
    with current_services().store.reading() as tx:
        webhooks = [webhook for webhook in tx.webhooks.of_account(visitor.account.id) if webhook.ended_at is None]
    return ApiResponse(
        body=models.WebhookPage(items=tuple(_webhook_payload(webhook) for webhook in webhooks), next_cursor=None)
    )


def end_webhook(call: ApiRequest[OneWebhook, Nothing]) -> ApiResponse:
    """End a webhook; nothing more is sent to it, not even waiting deliveries."""
    services, visitor, webhook_id = current_services(), require_visitor(), call.params.id
    with services.store.transaction() as tx:
        webhook = tx.webhooks.get(webhook_id)
        if (
            webhook is None
            or webhook.account_id != visitor.account.id
            or not tx.webhooks.end(webhook_id, services.clock())
        ):
            raise ApiError(404)
        tx.events.append(Event(at=services.clock(), actor=visitor.actor, action="webhook.ended", subject=webhook_id))
    return ApiResponse(status=204)


def require_listener() -> Visitor:
    """Return the visitor if they may receive events; ApiError 403 otherwise."""
    visitor = require_visitor()
    if not may_hear(visitor.viewer):
        raise ApiError(403, "Peristiwa menyangkut semua pegawai; webhook hanya untuk akun Biro SDM.")
    return visitor


def _webhook_payload(webhook: Webhook) -> models.Webhook:
    return models.Webhook(id=webhook.id, url=webhook.url, events=tuple(webhook.events), created_at=webhook.created_at)


# --- Deliveries


def list_deliveries(call: ApiRequest[DeliveriesAsked, Nothing]) -> ApiResponse:
    """List deliveries, newest first, to one of the account's own webhooks, also an ended one."""
    visitor, limit = require_listener(), call.params.limit
    with current_services().store.reading() as tx:
        webhook = tx.webhooks.get(call.params.id)
        if webhook is None or webhook.account_id != visitor.account.id:
            raise ApiError(404)
        deliveries = tx.webhooks.deliveries(webhook.id, limit + 1, call.params.cursor)
    more = str(deliveries[limit - 1].id) if len(deliveries) > limit else None
    return ApiResponse(
        body=models.DeliveryPage(
            items=tuple(_delivery_payload(delivery) for delivery in deliveries[:limit]), next_cursor=more
        )
    )


def _delivery_payload(delivery: Delivery) -> models.Delivery:
    undelivered = "waiting" if delivery.next_at else "given_up"
    return models.Delivery(
        id=delivery.id,
        event=delivery.event,
        body=dict(delivery.body),
        created_at=delivery.created_at,
        state="delivered" if delivery.delivered_at else undelivered,
        tries=delivery.attempts,
        next_at=delivery.next_at,
        delivered_at=delivery.delivered_at,
        last_answer=delivery.last_answer,
    )


OPERATIONS = (
    Operation(
        method="POST",
        path="/webhooks",
        id="addWebhook",
        tag="webhooks",
        summary="Tambah alamat webhook; rahasianya hanya ada pada jawaban ini",
        scope="webhooks:write",
        view=add_webhook,
        params=Nothing,
        body=WebhookWanted,
        largest=16 * 1024,
        answers={201: ResponseSpec(description="Alamat baru.", model=models.WebhookWithSecret, location=True)},
        rate="20 per minute",
    ),
    Operation(
        method="GET",
        path="/webhooks",
        id="listWebhooks",
        tag="webhooks",
        summary="Alamat webhook akun ini",
        scope="webhooks:read",
        view=list_webhooks,
        params=Nothing,
        body=Nothing,
        answers={200: ResponseSpec(description="Semuanya.", model=models.WebhookPage)},
    ),
    Operation(
        method="DELETE",
        path="/webhooks/{id}",
        id="endWebhook",
        tag="webhooks",
        summary="Akhiri sebuah alamat webhook",
        scope="webhooks:write",
        view=end_webhook,
        params=OneWebhook,
        body=Nothing,
        answers={204: ResponseSpec(description="Tidak dikabari lagi.")},
    ),
    Operation(
        method="GET",
        path="/webhooks/{id}/deliveries",
        id="listDeliveries",
        tag="webhooks",
        summary="Kabar kepada satu alamat webhook: keadaan, banyak percobaan, dan jawaban terakhir",
        scope="webhooks:read",
        view=list_deliveries,
        params=DeliveriesAsked,
        body=Nothing,
        answers={200: ResponseSpec(description="Satu halaman, terbaru di depan.", model=models.DeliveryPage)},
    ),
)
