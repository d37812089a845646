"""The shapes of what is asked and told (JSON Schema 2020-12); those with a name are components of the document."""

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


# --- Input against its schema, before anything else sees it: what is not described is refused, and every fault is
# told

Fault = tuple[str, str]
_PLAIN: dict[str, Any] = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
_CALLED = {"string": "teks", "integer": "bilangan bulat", "boolean": "true atau false", "array": "daftar"}


class NotJson(ValueError):
    """The bytes are no JSON as everybody reads it alike."""


def read_json(content: bytes) -> Any:
    """The value; NotJson for what readers disagree on (a name twice, NaN) as for what none can read."""
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_members, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error


def typed(text: str, schema: Schema) -> Any:
    """A value of the path or the query as its schema's type; left as text where it is not of that type."""
    if schema["type"] == "integer" and re.fullmatch(r"-?[0-9]{1,9}", text):
        return int(text)
    return text


def faults(value: Any, schema: Schema, place: str = "") -> Iterator[Fault]:
    """Everything wrong with it: where, and a sentence."""
    kind: str = schema["type"]
    if not isinstance(value, _PLAIN[kind]) or (kind == "integer" and isinstance(value, bool)):
        yield place, f"harus {_CALLED.get(kind, 'objek')}"
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
    for at, item in enumerate(value):
        yield from faults(item, schema["items"], f"{place}[{at}]")


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
    """As JSON Schema means `^...$`: the whole text, also when it ends with a new line."""
    return re.fullmatch(pattern.removeprefix("^").removesuffix("$"), value) is not None


def _is_day(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise NotJson("sebuah nama ada dua kali")
    return told


def _constant(word: str) -> Any:
    raise NotJson(f"{word} bukan bilangan")
