"""JSON Schemas (2020-12) of the API's requests and responses, and the check of input against them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.law import KINDS, SCOPES
from service.notifications.messages import EVENTS
from service.records import CertificateState, Decision, Status
from service.store.jobs import BatchState, ItemState
from service.web.api.operation import Param, Schema

Json = dict[str, Any]
# No control characters: people do not type them, and PostgreSQL stores no NUL.
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


def identifier(letter: str) -> Json:
    return {"type": "string", "pattern": f"^{letter}-[0-9A-HJKMNP-TV-Z]{{10}}$"}


def text(longest: int = 500, *, least: int = 0) -> Json:
    return {"type": "string", "pattern": TEXT, "minLength": least, "maxLength": longest}


def string() -> Json:
    return {"type": "string"}


def nullable(schema: Schema) -> Json:
    """Return the schema of the same value or null."""
    return {"anyOf": [dict(schema), {"type": "null"}]}


def response_object(**properties: Schema) -> Json:
    """Return the schema of a response object: all properties are required, more may be added later."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def with_optional(schema: Schema, **properties: Schema) -> Json:
    """Return the same object with further, optional properties."""
    return {**schema, "properties": {**schema["properties"], **properties}}


def request_object(*required: str, **properties: Schema) -> Json:
    """Return the schema of a request object: no other properties are allowed."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def array_of(schema: Schema) -> Json:
    return {"type": "array", "items": dict(schema)}


def page_of(name: str) -> Json:
    return response_object(items=array_of(ref(name)), next_cursor=nullable(string()))


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def one_of(*values: str) -> Json:
    return {"type": "string", "enum": list(values)}


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


_REASON = response_object(code=string(), title=string(), message=string(), hint=string(), cites=array_of(string()))
_FINDING = response_object(rule=string(), outcome=string(), because=string(), cites=array_of(string()))
_PAGES = ("Submission", "Certificate", "Batch", "BatchItem", "Webhook", "Delivery")
COMPONENTS: dict[str, Json] = {
    "Problem": with_optional(
        response_object(
            type={"type": "string", "format": "uri"},
            title=string(),
            status={"type": "integer", "minimum": 400, "maximum": 599},
            detail=string(),
            hint=string(),
        ),
        errors=array_of(response_object(place=string(), message=string())),
    )
    | {"description": "RFC 9457; `errors` menyebut setiap isi yang keliru."},
    "Form": response_object(
        serial=string(),
        form=response_object(id=string(), version=COUNT),
        kind=one_of(*KINDS),
        scope=one_of(*SCOPES),
        meeting=COUNT,
        employee_nip=NIP,
        pembimbing_nip=nullable(NIP),
        supervisor_nip=NIP,
        digest=DIGEST,
        prepared_at=MOMENT,
        pdf={"type": "string", "contentEncoding": "base64", "contentMediaType": "application/pdf"},
    ),
    "Reason": _REASON,
    "Submission": response_object(
        id=identifier("K"),
        digest=DIGEST,
        file_name=string(),
        received_at=MOMENT,
        status=one_of(*Status),
        decision=one_of(*Decision),
        decided_at=nullable(MOMENT),
        decision_reason=nullable(string()),
        employee_nip=nullable(NIP),
        kind=nullable(string()),
        date=nullable(DAY),
        minutes=nullable(COUNT),
        title=nullable(string()),
    ),
    "SubmissionWhole": response_object(submission=ref("Submission"), answer={"type": "object"})
    | {"description": "`answer` adalah jawaban `cmb verify` saat berkas diterima."},
    "Received": response_object(
        outcome=one_of("kept", "moved", "unmoved"),
        state=string(),
        digest=DIGEST,
        submission=nullable(identifier("K")),
        serial=nullable(string()),
        verdict=nullable(one_of("passed", "review", "failed")),
        reasons=array_of({"type": "object"}),
    )
    | {
        "description": "`kept`: diterima sebagai formulir lengkap, `state` statusnya. `moved`: formulir yang sedang "
        "beredar maju ke penanda tangan berikutnya, atau sudah sejauh itu. `unmoved`: berkas disimpan, "
        "tetapi formulir tidak maju."
    },
    "Assessment": response_object(
        nip=NIP,
        year=YEAR,
        total=JP,
        target=JP,
        items=array_of(
            response_object(
                kind=one_of(*KINDS),
                scope=one_of(*SCOPES),
                date=DAY,
                minutes=nullable(COUNT),
                jp=JP,
                counted=BOOL,
                findings=array_of(_FINDING),
            )
        ),
    ),
    "Certificate": response_object(
        number=NUMBER,
        nip=NIP,
        year=YEAR,
        jp=JP,
        state=one_of(*CertificateState),
        sha256=nullable(DIGEST),
        issued_at=nullable(MOMENT),
        ended_at=nullable(MOMENT),
        end_reason=nullable(string()),
    ),
    "Check": with_optional(
        response_object(
            state=one_of("valid", "revoked", "superseded", "altered", "unknown", "unconfirmed"),
            number=nullable(NUMBER),
            year=nullable(YEAR),
            jp=nullable(JP),
            holder=nullable(string()),
            issued_at=nullable(MOMENT),
        ),
        nip=string(),
        reason=string(),
    )
    | {"description": "`nip` tersamar, seperti pada halaman pemeriksaan."},
    "Batch": response_object(
        id=identifier("B"),
        kind=string(),
        title=string(),
        state=one_of(*BatchState),
        created_at=MOMENT,
        ended_at=nullable(MOMENT),
        problem=nullable(string()),
        progress=response_object(
            total=COUNT,
            waiting=COUNT,
            done=COUNT,
            failed=COUNT,
            outcomes={"type": "object", "additionalProperties": COUNT},
            per_second={"type": "number", "minimum": 0},
            seconds_left=nullable({"type": "number", "minimum": 0}),
        ),
    ),
    "BatchItem": response_object(
        place=COUNT,
        name=string(),
        state=one_of(*ItemState),
        outcome=nullable(string()),
        answer=nullable({"type": "object"}),
    ),
    "Webhook": response_object(id=identifier("W"), url=string(), events=array_of(one_of(*EVENTS)), created_at=MOMENT),
    "WebhookWithSecret": response_object(
        id=identifier("W"), url=string(), events=array_of(one_of(*EVENTS)), created_at=MOMENT, secret=string()
    ),
    "Delivery": response_object(
        id=COUNT,
        event=one_of(*EVENTS),
        body={"type": "object"},
        created_at=MOMENT,
        state=one_of("waiting", "delivered", "given_up"),
        tries=COUNT,
        next_at=nullable(MOMENT),
        delivered_at=nullable(MOMENT),
        last_answer=nullable(string()),
    )
    | {"description": "`last_answer`: status HTTP yang diterima, atau sepatah kata mengapa tidak ada."},
    **{
        f"{name}Page": page_of(name)
        for name in ("Submission", "Certificate", "Batch", "BatchItem", "Webhook", "Delivery")
    },
}


# --- Checks of input

Fault = tuple[str, str]
_TYPES: dict[str, Any] = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
_TYPE_NAMES = {"string": "teks", "integer": "bilangan bulat", "boolean": "true atau false", "array": "daftar"}


class NotJson(ValueError):
    """The bytes are no JSON, or JSON that readers understand differently."""


def read_json(content: bytes) -> Any:
    """Return the value; NotJson for unreadable bytes and for what readers disagree on (a name twice, NaN)."""
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_members, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error


def parse_value(text: str, schema: Schema) -> Any:
    """Return a value of the path or the query as its schema's type; the text itself where it does not fit."""
    if schema["type"] == "integer" and re.fullmatch(r"-?[0-9]{1,9}", text):
        return int(text)
    return text


def faults(value: Any, schema: Schema, place: str = "") -> Iterator[Fault]:
    """Yield place and sentence of everything wrong with a value."""
    kind: str = schema["type"]
    if not isinstance(value, _TYPES[kind]) or (kind == "integer" and isinstance(value, bool)):
        yield place, f"harus {_TYPE_NAMES.get(kind, 'objek')}"
    elif kind == "object":
        yield from _of_object(value, schema, place)
    elif kind == "array":
        yield from _of_list(value, schema, place)
    elif kind == "string":
        yield from _of_text(value, schema, place)
    elif kind == "integer" and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield place, f"harus {schema.get('minimum')} sampai {schema.get('maximum')}"


def _of_object(value: Mapping[str, Any], schema: Schema, place: str) -> Iterator[Fault]:
    inside = f"{place}." if place else ""
    for name in schema.get("required", ()):
        if name not in value:
            yield inside + name, "wajib ada"
    for name, member in value.items():
        if name in schema["properties"]:
            yield from faults(member, schema["properties"][name], inside + name)
        else:
            yield inside + name[:60], "tidak dikenal"


def _of_list(value: list[Any], schema: Schema, place: str) -> Iterator[Fault]:
    least, most = schema.get("minItems", 0), schema["maxItems"]
    if not least <= len(value) <= most:
        yield place, f"harus {least} sampai {most} butir"
        return
    if schema.get("uniqueItems") and len({repr(item) for item in value}) != len(value):
        yield place, "tidak boleh ada yang sama"
    for index, item in enumerate(value):
        yield from faults(item, schema["items"], f"{place}[{index}]")


def _of_text(value: str, schema: Schema, place: str) -> Iterator[Fault]:
    longest = schema.get("maxLength", 1000)
    if not schema.get("minLength", 0) <= len(value) <= longest:
        yield place, f"harus {schema.get('minLength', 0)} sampai {longest} huruf"
    elif "enum" in schema and value not in schema["enum"]:
        yield place, f"pilih dari: {', '.join(schema['enum'])}"
    elif any("\ud800" <= letter <= "\udfff" for letter in value):
        yield place, "bukan teks Unicode yang utuh"
    elif "pattern" in schema and not _fits(value, schema["pattern"]):
        yield place, f"bentuknya harus {schema['pattern']}"
    elif schema.get("format") == "date" and not _is_day(value):
        yield place, "harus tanggal seperti 2026-04-07"


def _fits(value: str, pattern: str) -> bool:
    """Match the whole text, as `^...$` in JSON Schema; `$` in Python would allow a final newline."""
    return re.fullmatch(pattern.removeprefix("^").removesuffix("$"), value) is not None


def _is_day(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotJson("sebuah nama ada dua kali")
    return members


def _constant(text: str) -> Any:
    raise NotJson(f"{text} bukan bilangan")
