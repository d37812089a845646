"""Long work somebody asked for: how far it is, and what became of each item."""

from __future__ import annotations

from service.access import Act, may
from service.access_lookup import of_batch
from service.jobs.requests import stop
from service.store.jobs import Batch
from service.web.api.errors import Refused
from service.web.api.operation import Answer, Asked, Json, Operation, Told
from service.web.api.schema import LIMIT, cursor, ident, in_path, ref
from service.web.auth import require_visitor
from service.web.context import current_services

_ID = in_path("id", ident("B"), "Nomor pekerjaan.")


def listed(call: Asked) -> Told:
    """Newest first: everybody's for whoever may see everybody's, else the account's own."""
    visitor, limit = require_visitor(), call.params["limit"] or 50
    mine = None if may(visitor.viewer, Act.SEE, of_batch("")) else visitor.actor
    with current_services().store.reading() as tx:
        came = tx.batches.list(limit + 1, after_id=call.params["cursor"], asked_by=mine)
    more = came[limit - 1].id if len(came) > limit else None
    return Told(body={"items": [batch_json(batch.id) for batch in came[:limit]], "next_cursor": more})


def cancel(call: Asked) -> Told:
    """What is done stays done, items under way are still written. Refused (409) for what has ended."""
    found, services, visitor = _seen(call.params["id"]), current_services(), require_visitor()
    if not may(visitor.viewer, Act.EDIT, of_batch(found.asked_by)):
        raise Refused(403)
    if not stop(found.id, store=services.store, now=services.clock(), actor=visitor.actor):
        raise Refused(409, "Pekerjaan ini sudah berakhir.", "Lihat hasilnya; tidak ada yang perlu dihentikan.")
    return Told(body=batch_json(found.id))


def one(call: Asked) -> Told:
    return Told(body=batch_json(_seen(call.params["id"]).id))


def items(call: Asked) -> Told:
    """In the order they were laid out."""
    found, limit = _seen(call.params["id"]), call.params["limit"] or 50
    after = call.params["cursor"]
    with current_services().store.reading() as tx:
        came = tx.batches.items(found.id, limit + 1, after=-1 if after is None else after)
    page = [
        {
            "place": item.place,
            "name": item.name,
            "state": item.state.value,
            "outcome": item.outcome,
            "answer": dict(item.answer) if item.answer is not None else None,
        }
        for item in came[:limit]
    ]
    more = str(came[limit - 1].place) if len(came) > limit else None
    return Told(body={"items": page, "next_cursor": more})


def batch_json(batch_id: str) -> Json:
    """A batch that is there, with its counts and pace of now."""
    services = current_services()
    with services.store.reading() as tx:
        found, now = tx.batches.get(batch_id), tx.batches.progress(batch_id, services.clock())
    if found is None:
        raise Refused(404)
    return {
        "id": found.id,
        "kind": found.kind,
        "title": found.title,
        "state": found.state.value,
        "created_at": found.created_at.isoformat(),
        "ended_at": found.ended_at.isoformat() if found.ended_at else None,
        "problem": found.problem,
        "progress": {
            "total": now.total,
            "waiting": now.waiting,
            "done": now.done,
            "failed": now.failed,
            "outcomes": dict(now.outcomes),
            "per_second": round(now.per_second, 3),
            "seconds_left": round(now.seconds_left, 1) if now.seconds_left is not None else None,
        },
    }


def _seen(batch_id: str) -> Batch:
    with current_services().store.reading() as tx:
        found = tx.batches.get(batch_id)
    if found is None or not may(require_visitor().viewer, Act.SEE, of_batch(found.asked_by)):
        raise Refused(404)
    return found


OPERATIONS = (
    Operation(
        method="GET",
        path="/batches",
        id="listBatches",
        tag="batches",
        summary="Pekerjaan, terbaru di depan",
        scope="batches:read",
        view=listed,
        params=(LIMIT, cursor(ident("B"))),
        answers={200: Answer(description="Satu halaman.", schema=ref("BatchPage"))},
    ),
    Operation(
        method="GET",
        path="/batches/{id}",
        id="getBatch",
        tag="batches",
        summary="Kemajuan satu pekerjaan",
        scope="batches:read",
        view=one,
        params=(_ID,),
        answers={200: Answer(description="Keadaan dan hitungannya.", schema=ref("Batch"))},
    ),
    Operation(
        method="GET",
        path="/batches/{id}/items",
        id="listBatchItems",
        tag="batches",
        summary="Butir-butir satu pekerjaan dan hasilnya",
        scope="batches:read",
        view=items,
        params=(_ID, LIMIT, cursor({"type": "integer", "minimum": 0, "maximum": 10**8})),
        answers={200: Answer(description="Satu halaman.", schema=ref("BatchItemPage"))},
    ),
    Operation(
        method="POST",
        path="/batches/{id}/cancellation",
        id="cancelBatch",
        tag="batches",
        summary="Hentikan satu pekerjaan; yang sudah selesai tetap",
        scope="batches:write",
        view=cancel,
        params=(_ID,),
        answers={200: Answer(description="Keadaannya sekarang.", schema=ref("Batch"))},
    ),
)
