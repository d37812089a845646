"""API operations on submissions and blank forms."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from service.access import Act, Kind, Subject, may
from service.access_lookup import of_employee, of_submission
from service.blanks import Request, prepare
from service.circulation.intake import IntakeResult, Outcome
from service.records import Submission
from service.sandbox.inputs import LARGEST
from service.verification.wording import shown_reasons
from service.web.api import models
from service.web.api.errors import ApiError
from service.web.api.models import FormWanted, Nothing, OneSubmission, SubmissionsAsked, Upload
from service.web.api.operation import JSON, PDF, ApiRequest, ApiResponse, Operation, ResponseSpec
from service.web.auth import require_visitor
from service.web.context import current_services
from service.web.i18n import reader
from service.web.requests import receive


def submit_form(call: ApiRequest[Upload, Nothing]) -> ApiResponse:
    """Store and verify a signed form; one that belongs to an open circulation moves that on."""
    name = call.params.file_name
    with current_services().store.reading() as tx:
        known = tx.submissions.find_by_digest(hashlib.sha256(call.content).hexdigest()) is not None
    came = receive(FileStorage(io.BytesIO(call.content), filename=name), actor=require_visitor().actor)
    if isinstance(came, IntakeResult) and came.submission is None:
        moved = came.outcome in {Outcome.ADVANCED, Outcome.COMPLETE, Outcome.ALREADY}
        return ApiResponse(
            body=models.Received(
                outcome="moved" if moved else "unmoved",
                state=came.outcome.value,
                digest=came.digest,
                submission=None,
                serial=came.serial,
                verdict=None,
                reasons=tuple(shown_reasons(came.reasons, reader())),
            )
        )
    answer: Mapping[str, Any] = (came.submission or {}) if isinstance(came, IntakeResult) else came
    submission_id, form = answer["submission"], answer.get("form") or {}
    payload = models.Received(
        outcome="kept",
        state=answer["status"],
        digest=answer["digest"],
        submission=submission_id,
        serial=form.get("serial"),
        verdict=answer["verdict"],
        reasons=tuple(shown_reasons(answer["reasons"], reader())),
    )
    if known or submission_id is None:
        return ApiResponse(body=payload)
    return ApiResponse(status=201, body=payload, location=f"/api/v1/submissions/{submission_id}")


def get_submission(call: ApiRequest[OneSubmission, Nothing]) -> ApiResponse:
    submission = _visible_submission(call.params.id)
    return ApiResponse(body=models.SubmissionWhole(submission=_payload(submission), answer=dict(submission.answer)))


def submission_file(call: ApiRequest[OneSubmission, Nothing]) -> ApiResponse:
    """Send the bytes as they were submitted."""
    submission = _visible_submission(call.params.id)
    return ApiResponse(content=current_services().store.document(submission.digest), name=f"{submission.id}.pdf")


def list_submissions(call: ApiRequest[SubmissionsAsked, Nothing]) -> ApiResponse:
    """List submissions, newest first: all for Biro SDM, the visitor's own for others, or one person's if permitted."""
    visitor, limit = require_visitor(), call.params.limit
    everybody = may(visitor.viewer, Act.SEE, Subject(kind=Kind.SUBMISSION))
    nip = call.params.employee_nip or (None if everybody else visitor.nip)
    with current_services().store.reading() as tx:
        submissions = tx.submissions.list(limit + 1, call.params.cursor, nip=nip)
        page = submissions[:limit]
        visible = [submission for submission in page if may(visitor.viewer, Act.SEE, of_submission(tx, submission))]
    more = page[-1].id if len(submissions) > limit else None
    return ApiResponse(
        body=models.SubmissionPage(items=tuple(_payload(submission) for submission in visible), next_cursor=more)
    )


def _visible_submission(submission_id: str) -> Submission:
    with current_services().store.reading() as tx:
        submission = tx.submissions.get(submission_id)
        allowed = submission is not None and may(require_visitor().viewer, Act.SEE, of_submission(tx, submission))
    if submission is None or not allowed:
        raise ApiError(404)
    return submission


def _payload(submission: Submission) -> models.Submission:
    facts = submission.facts
    return models.Submission(
        id=submission.id,
        digest=submission.digest,
        file_name=submission.file_name,
        received_at=submission.received_at,
        status=submission.status,
        decision=submission.decision,
        decided_at=submission.decided_at,
        decision_reason=submission.decision_reason,
        employee_nip=facts.employee_nip if facts else None,
        kind=facts.kind if facts else None,
        date=facts.date if facts else None,
        minutes=facts.minutes if facts else None,
        title=facts.title if facts else None,
    )


# --- Blank forms


def make_form(call: ApiRequest[Nothing, FormWanted]) -> ApiResponse:
    """Prepare a blank for an employee whose data the visitor may see; the answer holds its bytes."""
    services, visitor, body = current_services(), require_visitor(), call.body
    nip = body.employee_nip
    with services.store.reading() as tx:
        allowed = may(visitor.viewer, Act.SEE, of_employee(tx, nip))
    if not allowed:
        raise ApiError(403, f"Akun ini tidak membuat formulir bagi NIP {nip}.")
    blank = prepare(
        Request(
            kind=body.kind,
            scope=body.scope,
            meeting=body.meeting,
            employee_nip=nip,
            pembimbing_nip=body.pembimbing_nip,
            day=body.day,
        ),
        store=services.store,
        blank_context=services.blank_context,
        now=services.clock(),
        randomness=services.randomness,
        actor=visitor.actor,
    )
    entry = blank.entry
    if request.accept_mimetypes.best_match((JSON, PDF)) == PDF:
        return ApiResponse(status=201, content=blank.content, name=f"{entry.serial}.pdf")
    payload = models.Form(
        serial=entry.serial,
        form=models.PublishedForm(id=entry.form_id, version=entry.form_version),
        kind=entry.kind,
        scope=entry.scope,
        meeting=entry.meeting,
        employee_nip=entry.employee_nip,
        pembimbing_nip=entry.pembimbing_nip,
        supervisor_nip=entry.supervisor_nip,
        digest=entry.digest,
        prepared_at=entry.prepared_at,
        pdf=base64.b64encode(blank.content).decode(),
    )
    return ApiResponse(status=201, body=payload)


OPERATIONS = (
    Operation(
        method="POST",
        path="/submissions",
        id="submitForm",
        tag="submissions",
        summary="Kirim formulir yang sudah ditandatangani",
        scope="submissions:write",
        view=submit_form,
        params=Upload,
        body=Nothing,
        largest=LARGEST,
        answers={
            200: ResponseSpec(description="Sudah dikenal, atau formulir yang beredar berubah.", model=models.Received),
            201: ResponseSpec(description="Disimpan dan dinilai.", model=models.Received, location=True),
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
        view=list_submissions,
        params=SubmissionsAsked,
        body=Nothing,
        answers={200: ResponseSpec(description="Satu halaman.", model=models.SubmissionPage)},
    ),
    Operation(
        method="GET",
        path="/submissions/{id}",
        id="getSubmission",
        tag="submissions",
        summary="Satu kiriman dengan seluruh jawabannya",
        scope="submissions:read",
        view=get_submission,
        params=OneSubmission,
        body=Nothing,
        answers={200: ResponseSpec(description="Kiriman.", model=models.SubmissionWhole)},
    ),
    Operation(
        method="GET",
        path="/submissions/{id}/file",
        id="getSubmissionFile",
        tag="submissions",
        summary="Berkas yang dikirim",
        scope="submissions:read",
        view=submission_file,
        params=OneSubmission,
        body=Nothing,
        answers={200: ResponseSpec(description="Berkas itu, bita demi bita.", pdf=True)},
    ),
    Operation(
        method="POST",
        path="/forms",
        id="makeForm",
        tag="forms",
        summary="Buat formulir kosong yang sudah terisi data pegawai",
        scope="forms:write",
        view=make_form,
        params=Nothing,
        body=FormWanted,
        largest=16 * 1024,
        answers={201: ResponseSpec(description="Formulir: JSON, atau PDF bila diminta.", model=models.Form, pdf=True)},
        rate="120 per minute",
    ),
)
