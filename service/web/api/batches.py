"""Long work somebody asked for: how far it is, and what became of each item."""

from __future__ import annotations

from service.access import Act, may
from service.access_lookup import of_batch
from service.jobs.requests import cancel_batch
from service.store.jobs import Batch
from service.web.api.errors import Refused
from service.web.api.operation import Answer, Asked, Json, Operation, Told
from service.web.api.schema import LIMIT, cursor, ident, in_path, ref
from service.web.auth import signed_in
from service.web.context import desk

_ID = in_path("id", ident("B"), "Nomor pekerjaan.")


def listed(call: Asked) -> Told:
    """Newest first: everybody's for whoever may see everybody's, else the account's own."""
    who, limit = signed_in(), call.params["limit"] or 50
    mine = None if may(who.viewer, Act.SEE, of_batch("")) else who.actor
    with desk().store.reading() as tx:
        came = tx.batches.list(limit + 1, after_id=call.params["cursor"], asked_by=mine)
    more = came[limit - 1].id if len(came) > limit else None
    return Told(body={"items": [batch_json(each.id) for each in came[:limit]], "next_cursor": more})


def cancel(call: Asked) -> Told:
    """What is done stays done, items under way are still written. Refused (409) for what has ended."""
    found, at, who = _seen(call.params["id"]), desk(), signed_in()
    if not may(who.viewer, Act.EDIT, of_batch(found.asked_by)):
        raise Refused(403)
    if not cancel_batch(found.id, store=at.store, now=at.clock(), actor=who.actor):
        raise Refused(409, "Pekerjaan ini sudah berakhir.", "Lihat hasilnya; tidak ada yang perlu dihentikan.")
    return Told(body=batch_json(found.id))


def one(call: Asked) -> Told:
    return Told(body=batch_json(_seen(call.params["id"]).id))


def items(call: Asked) -> Told:
    """In the order they were laid out."""
    found, limit = _seen(call.params["id"]), call.params["limit"] or 50
    after = call.params["cursor"]
    with desk().store.reading() as tx:
        came = tx.batches.items(found.id, limit + 1, after=-1 if after is None else after)
    page = [
        {
            "place": each.place,
            "name": each.name,
            "state": each.state.value,
            "outcome": each.outcome,
            "answer": dict(each.answer) if each.answer is not None else None,
        }
        for each in came[:limit]
    ]
    more = str(came[limit - 1].place) if len(came) > limit else None
    return Told(body={"items": page, "next_cursor": more})


def batch_json(batch_id: str) -> Json:
    """A batch that is there, with its counts and pace of now."""
    at = desk()
    with at.store.reading() as tx:
        found, now = tx.batches.get(batch_id), tx.batches.progress(batch_id, at.clock())
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
    with desk().store.reading() as tx:
        found = tx.batches.get(batch_id)
    if found is None or not may(signed_in().viewer, Act.SEE, of_batch(found.asked_by)):
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
