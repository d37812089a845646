"""The shapes of what is asked and told (JSON Schema 2020-12); those with a name are components of the document."""

from __future__ import annotations

from typing import Any

from service.policy import KINDS, SCOPES
from service.records import CertificateState, Decision, Status
from service.store.batch_rows import BatchState, ItemState
from service.telling import EVENTS
from service.web.api.operation import Param, Schema

Json = dict[str, Any]
# No control characters: they are no text of people, and one of our databases keeps no NUL.
TEXT = "^[^\\u0000-\\u001f\\u007f]*$"
NIP: Json = {"type": "string", "pattern": "^[0-9]{18}$", "minLength": 18, "maxLength": 18}
YEAR: Json = {"type": "integer", "minimum": 2022, "maximum": 2999}
NUMBER: Json = {
    "type": "string",
    "pattern": "^CMB-[0-9]{4}-[0-9]{6}-[0-9A-HJKMNP-TV-Z]{8}$",
    "examples": ["CMB-2026-000123-K7Q2M9XD"],
}
DIGEST: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
MOMENT: Json = {"type": "string", "format": "date-time"}
DAY: Json = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
JP: Json = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$", "examples": ["2.4"]}
BOOL: Json = {"type": "boolean"}
COUNT: Json = {"type": "integer", "minimum": 0}


def ident(letter: str) -> Json:
    return {"type": "string", "pattern": f"^{letter}-[0-9A-HJKMNP-TV-Z]{{10}}$"}


def text(longest: int = 500, *, least: int = 0) -> Json:
    return {"type": "string", "pattern": TEXT, "minLength": least, "maxLength": longest}


def said() -> Json:
    return {"type": "string"}


def maybe(schema: Schema) -> Json:
    """The same, or null."""
    return {"anyOf": [dict(schema), {"type": "null"}]}


def told(**properties: Schema) -> Json:
    """An answer: everything named is there; more may be added one day."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def also(schema: Schema, **properties: Schema) -> Json:
    """The same, with what may be there."""
    return {**schema, "properties": {**schema["properties"], **properties}}


def asked(*required: str, **properties: Schema) -> Json:
    """What is sent: nothing that is not named."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def several(schema: Schema) -> Json:
    return {"type": "array", "items": dict(schema)}


def page_of(name: str) -> Json:
    return told(items=several(ref(name)), next_cursor=maybe(said()))


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def choice(*words: str) -> Json:
    return {"type": "string", "enum": list(words)}


LIMIT = Param(
    name="limit",
    place="query",
    schema={"type": "integer", "minimum": 1, "maximum": 200},
    description="Paling banyak sekian butir; bawaan 50.",
)
FILE_NAME = Param(
    name="file_name", place="query", schema=text(120, least=1), description="Nama berkas menurut pengirimnya."
)


def cursor(schema: Schema) -> Param:
    return Param(name="cursor", place="query", schema=schema, description="`next_cursor` dari halaman sebelumnya.")


def in_path(name: str, schema: Schema, description: str) -> Param:
    return Param(name=name, place="path", schema=schema, description=description)


def in_query(name: str, schema: Schema, description: str) -> Param:
    return Param(name=name, place="query", schema=schema, description=description)


_REASON = told(code=said(), title=said(), message=said(), hint=said(), cites=several(said()))
_FINDING = told(rule=said(), outcome=said(), because=said(), cites=several(said()))
_PAGES = ("Submission", "Certificate", "Batch", "BatchItem", "Webhook", "Delivery")
COMPONENTS: dict[str, Json] = {
    "Problem": also(
        told(
            type={"type": "string", "format": "uri"},
            title=said(),
            status={"type": "integer", "minimum": 400, "maximum": 599},
            detail=said(),
            hint=said(),
        ),
        errors=several(told(place=said(), message=said())),
    )
    | {"description": "RFC 9457; `errors` menyebut setiap isi yang keliru."},
    "Form": told(
        serial=said(),
        form=told(id=said(), version=COUNT),
        kind=choice(*KINDS),
        scope=choice(*SCOPES),
        meeting=COUNT,
        employee_nip=NIP,
        pembimbing_nip=maybe(NIP),
        supervisor_nip=NIP,
        digest=DIGEST,
        prepared_at=MOMENT,
        pdf={"type": "string", "contentEncoding": "base64", "contentMediaType": "application/pdf"},
    ),
    "Reason": _REASON,
    "Submission": told(
        id=ident("K"),
        digest=DIGEST,
        file_name=said(),
        received_at=MOMENT,
        status=choice(*Status),
        decision=choice(*Decision),
        decided_at=maybe(MOMENT),
        decision_reason=maybe(said()),
        employee_nip=maybe(NIP),
        kind=maybe(said()),
        date=maybe(DAY),
        minutes=maybe(COUNT),
        title=maybe(said()),
    ),
    "SubmissionWhole": told(submission=ref("Submission"), answer={"type": "object"})
    | {"description": "`answer` adalah jawaban `cmb verify` saat berkas diterima."},
    "Received": told(
        outcome=choice("kept", "moved", "unmoved"),
        state=said(),
        digest=DIGEST,
        submission=maybe(ident("K")),
        serial=maybe(said()),
        verdict=maybe(choice("passed", "review", "failed")),
        reasons=several({"type": "object"}),
    )
    | {
        "description": "`kept`: diterima sebagai formulir lengkap, `state` statusnya. `moved`: formulir yang sedang "
        "beredar maju ke penanda tangan berikutnya, atau sudah sejauh itu. `unmoved`: berkas disimpan, "
        "tetapi formulir tidak maju."
    },
    "Assessment": told(
        nip=NIP,
        year=YEAR,
        total=JP,
        target=JP,
        items=several(
            told(
                kind=choice(*KINDS),
                scope=choice(*SCOPES),
                date=DAY,
                minutes=maybe(COUNT),
                jp=JP,
                counted=BOOL,
                findings=several(_FINDING),
            )
        ),
    ),
    "Certificate": told(
        number=NUMBER,
        nip=NIP,
        year=YEAR,
        jp=JP,
        state=choice(*CertificateState),
        sha256=maybe(DIGEST),
        issued_at=maybe(MOMENT),
        ended_at=maybe(MOMENT),
        end_reason=maybe(said()),
    ),
    "Check": also(
        told(
            state=choice("valid", "revoked", "superseded", "altered", "unknown"),
            number=maybe(NUMBER),
            year=maybe(YEAR),
            jp=maybe(JP),
            holder=maybe(said()),
            issued_at=maybe(MOMENT),
        ),
        nip=said(),
        reason=said(),
    )
    | {"description": "`nip` tersamar, seperti pada halaman pemeriksaan."},
    "Batch": told(
        id=ident("B"),
        kind=said(),
        title=said(),
        state=choice(*BatchState),
        created_at=MOMENT,
        ended_at=maybe(MOMENT),
        problem=maybe(said()),
        progress=told(
            total=COUNT,
            waiting=COUNT,
            done=COUNT,
            failed=COUNT,
            outcomes={"type": "object", "additionalProperties": COUNT},
            per_second={"type": "number", "minimum": 0},
            seconds_left=maybe({"type": "number", "minimum": 0}),
        ),
    ),
    "BatchItem": told(
        place=COUNT, name=said(), state=choice(*ItemState), outcome=maybe(said()), answer=maybe({"type": "object"})
    ),
    "Webhook": told(id=ident("W"), url=said(), events=several(choice(*EVENTS)), created_at=MOMENT),
    "WebhookWithSecret": told(
        id=ident("W"), url=said(), events=several(choice(*EVENTS)), created_at=MOMENT, secret=said()
    ),
    "Delivery": told(
        id=COUNT,
        event=choice(*EVENTS),
        body={"type": "object"},
        created_at=MOMENT,
        state=choice("waiting", "delivered", "given_up"),
        tries=COUNT,
        next_at=maybe(MOMENT),
        delivered_at=maybe(MOMENT),
        last_answer=maybe(said()),
    )
    | {"description": "`last_answer`: status HTTP yang diterima, atau sepatah kata mengapa tidak ada."},
    **{
        f"{name}Page": page_of(name)
        for name in ("Submission", "Certificate", "Batch", "BatchItem", "Webhook", "Delivery")
    },
}
