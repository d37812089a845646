"""A blank for an employee, by whoever may read what is printed on it."""

from __future__ import annotations

import base64
import datetime as dt

from flask import request

from service.access import Act, may
from service.policy import KINDS, SCOPES
from service.prepare import Request, prepare
from service.subjects import of_employee
from service.web.api.operation import JSON, PDF, Answer, Asked, Body, Operation, Told
from service.web.api.refusals import Refused
from service.web.api.shapes import DAY, NIP, asked, choice, ref
from service.web.desk import desk
from service.web.visitor import signed_in

_BODY = asked(
    "kind",
    "employee_nip",
    kind=choice(*KINDS),
    scope=choice(*SCOPES),
    meeting={"type": "integer", "minimum": 1, "maximum": 4},
    employee_nip=NIP,
    pembimbing_nip=NIP,
    day=DAY,
)


def make(call: Asked) -> Told:
    """One blank; the answer has its bytes too, for they are kept nowhere."""
    at, who, body = desk(), signed_in(), call.body
    nip = body["employee_nip"]
    with at.store.reading() as tx:
        allowed = may(who.viewer, Act.SEE, of_employee(tx, nip))
    if not allowed:
        raise Refused(403, f"Akun ini tidak membuat formulir bagi NIP {nip}.")
    blank = prepare(
        Request(
            kind=body["kind"],
            scope=body.get("scope", "nasional"),
            meeting=body.get("meeting", 1),
            employee_nip=nip,
            pembimbing_nip=body.get("pembimbing_nip"),
            day=dt.date.fromisoformat(body["day"]) if "day" in body else None,
        ),
        store=at.store,
        press=at.press,
        now=at.clock(),
        randomness=at.randomness,
        actor=who.actor,
    )
    entry = blank.entry
    if request.accept_mimetypes.best_match((JSON, PDF)) == PDF:
        return Told(status=201, content=blank.content, name=f"{entry.serial}.pdf")
    told = {
        "serial": entry.serial,
        "form": {"id": entry.form_id, "version": entry.form_version},
        "kind": entry.kind,
        "scope": entry.scope,
        "meeting": entry.meeting,
        "employee_nip": entry.employee_nip,
        "pembimbing_nip": entry.pembimbing_nip,
        "supervisor_nip": entry.supervisor_nip,
        "digest": entry.digest,
        "prepared_at": entry.prepared_at.isoformat(),
        "pdf": base64.b64encode(blank.content).decode(),
    }
    return Told(status=201, body=told)


OPERATIONS = (
    Operation(
        method="POST",
        path="/forms",
        id="makeForm",
        tag="forms",
        summary="Buat formulir kosong yang sudah terisi data pegawai",
        scope="forms:write",
        view=make,
        body=Body(largest=16 * 1024, schema=_BODY),
        answers={201: Answer(description="Formulir: JSON, atau PDF bila diminta.", schema=ref("Form"), pdf=True)},
        rate="120 per minute",
    ),
)
