"""API operations on batches of long work: list, progress, items, cancellation."""

from __future__ import annotations

from service.access import Act, may
from service.access_lookup import of_batch
from service.jobs.requests import cancel_batch
from service.store.jobs import Batch
from service.verification.wording import shown_answer
from service.web.api import models
from service.web.api.errors import ApiError
from service.web.api.models import BatchesAsked, ItemsAsked, Nothing, OneBatch
from service.web.api.operation import ApiRequest, ApiResponse, Operation, ResponseSpec
from service.web.auth import require_visitor
from service.web.context import current_services
from service.web.i18n import reader, translate


def list_batches(call: ApiRequest[BatchesAsked, Nothing]) -> ApiResponse:
    """List batches, newest first: all of them for those who may see them, else the account's own."""
    visitor, limit = require_visitor(), call.params.limit
    mine = None if may(visitor.viewer, Act.SEE, of_batch("")) else visitor.actor
    with current_services().store.reading() as tx:
        batches = tx.batches.list(limit + 1, after_id=call.params.cursor, asked_by=mine)
    more = batches[limit - 1].id if len(batches) > limit else None
    return ApiResponse(
        body=models.BatchPage(items=tuple(batch_payload(batch.id) for batch in batches[:limit]), next_cursor=more)
    )


def post_cancellation(call: ApiRequest[OneBatch, Nothing]) -> ApiResponse:
    """Cancel a batch; finished items stay, running ones are completed. ApiError 409 when it has ended."""
    batch, services, visitor = _visible_batch(call.params.id), current_services(), require_visitor()
    if not may(visitor.viewer, Act.EDIT, of_batch(batch.asked_by)):
        raise ApiError(403)
    if not cancel_batch(batch.id, store=services.store, now=services.clock(), actor=visitor.actor):
        raise ApiError(409, "Pekerjaan ini sudah berakhir.", "Lihat hasilnya; tidak ada yang perlu dihentikan.")
    return ApiResponse(body=batch_payload(batch.id))


def get_batch(call: ApiRequest[OneBatch, Nothing]) -> ApiResponse:
    return ApiResponse(body=batch_payload(_visible_batch(call.params.id).id))


def list_items(call: ApiRequest[ItemsAsked, Nothing]) -> ApiResponse:
    """List the items of a batch in their order."""
    batch, limit = _visible_batch(call.params.id), call.params.limit
    after = call.params.cursor
    with current_services().store.reading() as tx:
        items = tx.batches.items(batch.id, limit + 1, after=-1 if after is None else after)
    page = tuple(
        models.BatchItem(
            place=item.place,
            name=item.name,
            state=item.state,
            outcome=item.outcome,
            answer=shown_answer(item.answer, reader()) if item.answer is not None else None,
        )
        for item in items[:limit]
    )
    more = str(items[limit - 1].place) if len(items) > limit else None
    return ApiResponse(body=models.BatchItemPage(items=page, next_cursor=more))


def batch_payload(batch_id: str) -> models.Batch:
    """Return the payload of an existing batch, with its current counts and pace."""
    services = current_services()
    with services.store.reading() as tx:
        batch, now = tx.batches.get(batch_id), tx.batches.progress(batch_id, services.clock())
    if batch is None:
        raise ApiError(404)
    return models.Batch(
        id=batch.id,
        kind=batch.kind,
        title=batch.title,
        state=batch.state,
        created_at=batch.created_at,
        ended_at=batch.ended_at,
        problem=translate(batch.said) if batch.said else None,
        progress=models.Progress(
            total=now.total,
            waiting=now.waiting,
            done=now.done,
            failed=now.failed,
            outcomes=dict(now.outcomes),
            per_second=round(now.per_second, 3),
            seconds_left=round(now.seconds_left, 1) if now.seconds_left is not None else None,
        ),
    )


def _visible_batch(batch_id: str) -> Batch:
    with current_services().store.reading() as tx:
        batch = tx.batches.get(batch_id)
    if batch is None or not may(require_visitor().viewer, Act.SEE, of_batch(batch.asked_by)):
        raise ApiError(404)
    return batch


OPERATIONS = (
    Operation(
        method="GET",
        path="/batches",
        id="listBatches",
        tag="batches",
        summary="Pekerjaan, terbaru di depan",
        scope="batches:read",
        view=list_batches,
        params=BatchesAsked,
        body=Nothing,
        answers={200: ResponseSpec(description="Satu halaman.", model=models.BatchPage)},
    ),
    Operation(
        method="GET",
        path="/batches/{id}",
        id="getBatch",
        tag="batches",
        summary="Kemajuan satu pekerjaan",
        scope="batches:read",
        view=get_batch,
        params=OneBatch,
        body=Nothing,
        answers={200: ResponseSpec(description="Keadaan dan hitungannya.", model=models.Batch)},
    ),
    Operation(
        method="GET",
        path="/batches/{id}/items",
        id="listBatchItems",
        tag="batches",
        summary="Butir-butir satu pekerjaan dan hasilnya",
        scope="batches:read",
        view=list_items,
        params=ItemsAsked,
        body=Nothing,
        answers={200: ResponseSpec(description="Satu halaman.", model=models.BatchItemPage)},
    ),
    Operation(
        method="POST",
        path="/batches/{id}/cancellation",
        id="cancelBatch",
        tag="batches",
        summary="Hentikan satu pekerjaan; yang sudah selesai tetap",
        scope="batches:write",
        view=post_cancellation,
        params=OneBatch,
        body=Nothing,
        answers={200: ResponseSpec(description="Keadaannya sekarang.", model=models.Batch)},
    ),
)
