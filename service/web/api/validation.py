"""Checks of what programs send against its model: everything wrong at once, each fault with its code and parameters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from service.web.api.errors import Fault

T = TypeVar("T")
# A place is named by what was sent; more of a name nobody reads.
_LONGEST_NAME, _MOST_FAULTS = 60, 50
# Digits of a number that readers of JSON still read alike, and that we say back.
_MOST_DIGITS, _SHOWN_DIGITS = 1000, 20


class Faulty(ValueError):
    """What was sent does not fit its model."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("faulty")
        self.faults = tuple(faults)[:_MOST_FAULTS]


class NotJson(ValueError):
    """The bytes are no JSON, or JSON that readers understand differently."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.fault = Fault(place="", code=code, params=params)


def adapter(model: Any) -> TypeAdapter[Any]:
    """Return the checks and the writer made from a model."""
    return _adapter(model)


@cache  # made when it is first used: making all of them would slow down every start
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def read_params(model: type[T], path: Mapping[str, str], query: Iterable[tuple[str, list[str]]]) -> T:
    """Return the parameters of path and query as the model; Faulty for unknown, repeated or wrong ones."""
    texts, repeated = dict(path), []
    for name, values in query:
        if len(values) == 1 and name not in path:
            texts[name] = values[0]
        else:
            repeated.append(Fault(place=name[:_LONGEST_NAME], code="unknown" if name in path else "repeated"))
    try:
        params: T = adapter(model).validate_strings(texts)
    except ValidationError as error:
        raise Faulty([*repeated, *_faults(error)]) from error
    if repeated:
        raise Faulty(repeated)
    return params


def read_body(model: type[T], content: bytes) -> T:
    """Return the JSON body as the model; NotJson for unreadable JSON, Faulty for a body that does not fit."""
    _refuse_ambiguous(content)
    try:
        body: T = adapter(model).validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            # What Python's reader lets through: more levels, and half of a letter (`\ud800`).
            raise NotJson("too_deep" if "recursion" in first["msg"] else "not_unicode") from error
        raise Faulty(_faults(error)) from error
    return body


def _refuse_ambiguous(content: bytes) -> None:
    """Raise NotJson for unreadable bytes, and for what readers of JSON disagree on: a name twice, NaN."""
    try:
        json.loads(content.decode("utf-8"), object_pairs_hook=_members, parse_constant=_constant, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise NotJson("not_json", line=error.lineno, column=error.colno) from error
    except UnicodeDecodeError as error:
        raise NotJson("not_unicode") from error
    except RecursionError as error:
        raise NotJson("too_deep") from error


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _value in pairs]
        raise NotJson("name_twice", name=next(name for name in names if names.count(name) > 1)[:_LONGEST_NAME])
    return members


def _constant(text: str) -> Any:
    raise NotJson("no_number", number=text)


def _integer(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise NotJson("no_number", number=f"{text[:_SHOWN_DIGITS]}…")
    return int(text)


# --- From the library's errors to our faults

_TYPES = {
    "string_type": "string",
    "int_type": "integer",
    "bool_type": "boolean",
    "tuple_type": "array",
    "dataclass_type": "object",
}
# The library's word: our code, and which of its parameters we pass on under which name.
_CODES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "missing": ("missing", {}),
    "unexpected_keyword_argument": ("unknown", {}),
    "greater_than_equal": ("too_small", {"ge": "least"}),
    "less_than_equal": ("too_big", {"le": "most"}),
    "string_too_short": ("text_too_short", {"min_length": "least"}),
    "string_too_long": ("text_too_long", {"max_length": "most"}),
    "too_short": ("too_few", {"min_length": "least"}),
    "too_long": ("too_many", {"max_length": "most"}),
    "string_pattern_mismatch": ("wrong_shape", {"pattern": "pattern"}),
    "not_one_of": ("not_one_of", {"words": "words"}),
    "date_type": ("not_a_date", {}),
    "repeated": ("repeated", {}),
}


def _faults(error: ValidationError) -> Iterator[Fault]:
    for found in error.errors(include_url=False, include_input=False):
        code, params = _code(found)
        yield Fault(place=_place(found["loc"]), code=code, params=params)


def _code(found: ErrorDetails) -> tuple[str, dict[str, Any]]:
    kind = found["type"]
    if kind in _TYPES:
        return "wrong_type", {"type": _TYPES[kind]}
    code, names = _CODES.get(kind, ("invalid", {}))
    return code, {ours: found["ctx"][theirs] for theirs, ours in names.items()}


def _place(location: tuple[int | str, ...]) -> str:
    """Return `a.b[0]` for where a fault is; empty for the whole."""
    place = ""
    for step in location:
        place += f"[{step}]" if isinstance(step, int) else f".{step[:_LONGEST_NAME]}"
    return place.removeprefix(".")
