"""Input against its schema, before anything else sees it: what is not described is refused, and every fault is told."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.web.api.operation import Schema

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
    for name, each in value.items():
        if name in schema["properties"]:
            yield from faults(each, schema["properties"][name], inside + name)
        else:
            yield inside + name[:60], "tidak dikenal"


def _of_list(value: list[Any], schema: Schema, place: str) -> Iterator[Fault]:
    least, most = schema.get("minItems", 0), schema["maxItems"]
    if not least <= len(value) <= most:
        yield place, f"harus {least} sampai {most} butir"
        return
    if schema.get("uniqueItems") and len({repr(each) for each in value}) != len(value):
        yield place, "tidak boleh ada yang sama"
    for at, each in enumerate(value):
        yield from faults(each, schema["items"], f"{place}[{at}]")


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
