"""Signed forms: handed in, found again, listed; each only for whoever may see it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import FileStorage

from service.access import Act, Kind, Subject, may
from service.circulation.taken import Outcome, Taken
from service.records import Submission
from service.sources import LARGEST
from service.subjects import of_submission
from service.web.api.operation import Answer, Asked, Body, Json, Operation, Told
from service.web.api.refusals import Refused
from service.web.api.shapes import FILE_NAME, LIMIT, NIP, cursor, ident, in_path, in_query, ref
from service.web.desk import desk
from service.web.receiving import receive
from service.web.visitor import signed_in

_ID = in_path("id", ident("K"), "Nomor kiriman.")


def submit(call: Asked) -> Told:
    """Keep and judge a file; one that belongs to a form on its way moves that on."""
    name = call.params["file_name"] or "formulir.pdf"
    with desk().store.reading() as tx:
        known = tx.submissions.find_by_digest(hashlib.sha256(call.content).hexdigest()) is not None
    came = receive(FileStorage(io.BytesIO(call.content), filename=name), actor=signed_in().actor)
    if isinstance(came, Taken) and came.submission is None:
        moved = came.outcome in {Outcome.ADVANCED, Outcome.COMPLETE, Outcome.ALREADY}
        return Told(
            body={
                "outcome": "moved" if moved else "unmoved",
                "state": came.outcome.value,
                "digest": came.digest,
                "submission": None,
                "serial": came.serial,
                "verdict": None,
                "reasons": [dict(each) for each in came.reasons],
            }
        )
    answer: Mapping[str, Any] = (came.submission or {}) if isinstance(came, Taken) else came
    found, form = answer["submission"], answer.get("form") or {}
    told = {
        "outcome": "kept",
        "state": answer["status"],
        "digest": answer["digest"],
        "submission": found,
        "serial": form.get("serial"),
        "verdict": answer["verdict"],
        "reasons": list(answer["reasons"]),
    }
    if known or found is None:
        return Told(body=told)
    return Told(status=201, body=told, location=f"/api/v1/submissions/{found}")


def one(call: Asked) -> Told:
    found = _seen(call.params["id"])
    return Told(body={"submission": _told(found), "answer": dict(found.answer)})


def file(call: Asked) -> Told:
    """The very bytes that were handed in."""
    found = _seen(call.params["id"])
    return Told(content=desk().store.document(found.digest), name=f"{found.id}.pdf")


def listed(call: Asked) -> Told:
    """The newest first: everybody's for Biro SDM, one's own for the others, or one person's, where one may see them."""
    who, limit = signed_in(), call.params["limit"] or 50
    everybody = may(who.viewer, Act.SEE, Subject(kind=Kind.SUBMISSION))
    nip = call.params["employee_nip"] or (None if everybody else who.nip)
    with desk().store.reading() as tx:
        found = tx.submissions.list(limit + 1, call.params["cursor"], nip=nip)
        page = found[:limit]
        seen = [each for each in page if may(who.viewer, Act.SEE, of_submission(tx, each))]
    more = page[-1].id if len(found) > limit else None
    return Told(body={"items": [_told(each) for each in seen], "next_cursor": more})


def _seen(submission_id: str) -> Submission:
    with desk().store.reading() as tx:
        found = tx.submissions.get(submission_id)
        allowed = found is not None and may(signed_in().viewer, Act.SEE, of_submission(tx, found))
    if found is None or not allowed:
        raise Refused(404)
    return found


def _told(each: Submission) -> Json:
    facts = each.facts
    return {
        "id": each.id,
        "digest": each.digest,
        "file_name": each.file_name,
        "received_at": each.received_at.isoformat(),
        "status": each.status.value,
        "decision": each.decision.value,
        "decided_at": each.decided_at.isoformat() if each.decided_at else None,
        "decision_reason": each.decision_reason,
        "employee_nip": facts.employee_nip if facts else None,
        "kind": facts.kind if facts else None,
        "date": facts.date.isoformat() if facts else None,
        "minutes": facts.minutes if facts else None,
        "title": facts.title if facts else None,
    }


OPERATIONS = (
    Operation(
        method="POST",
        path="/submissions",
        id="submitForm",
        tag="submissions",
        summary="Kirim formulir yang sudah ditandatangani",
        scope="submissions:write",
        view=submit,
        params=(FILE_NAME,),
        body=Body(largest=LARGEST),
        answers={
            200: Answer(description="Sudah dikenal, atau formulir yang beredar berubah.", schema=ref("Received")),
            201: Answer(description="Disimpan dan dinilai.", schema=ref("Received"), location=True),
        },
        rate="120 per minute",
    ),
    Operation(
        method="GET",
        path="/submissions",
        id="listSubmissions",
        tag="submissions",
        summary="Kiriman, terbaru di depan",
        scope="submissions:read",
        view=listed,
        params=(in_query("employee_nip", NIP, "Hanya milik pegawai ini."), LIMIT, cursor(ident("K"))),
        answers={200: Answer(description="Satu halaman.", schema=ref("SubmissionPage"))},
    ),
    Operation(
        method="GET",
        path="/submissions/{id}",
        id="getSubmission",
        tag="submissions",
        summary="Satu kiriman dengan seluruh jawabannya",
        scope="submissions:read",
        view=one,
        params=(_ID,),
        answers={200: Answer(description="Kiriman.", schema=ref("SubmissionWhole"))},
    ),
    Operation(
        method="GET",
        path="/submissions/{id}/file",
        id="getSubmissionFile",
        tag="submissions",
        summary="Berkas yang dikirim",
        scope="submissions:read",
        view=file,
        params=(_ID,),
        answers={200: Answer(description="Berkas itu, bita demi bita.", pdf=True)},
    ),
)
