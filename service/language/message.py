"""What is said, without words: a code and its parameters, also as JSON that keeps the types of the parameters."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

# Words may be made of these: text as it is, the rest in the reader's language.
Param: TypeAlias = "str | int | Decimal | dt.date | dt.time | Coded | Sequence[Param]"

CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")


class Coded(Protocol):
    """Anything that words can be made of: a Message, an error, a reason (see `wording_of`)."""

    @property
    def code(self) -> str: ...

    @property
    def params(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True, init=False)
class Message:
    """A code of the catalogues and its parameters; `part` names another text of that code (`hint`, `title`)."""

    code: str
    params: Mapping[str, Param] = field(hash=False)
    part: str

    def __init__(self, code: str, /, **params: Param) -> None:
        _set(self, code, params)

    @classmethod
    def of(cls, coded: Coded, part: str = "") -> Message:
        """Return what an error or a reason says, without what else it is."""
        message = cls.__new__(cls)
        _set(message, wording_of(coded), coded.params, part)
        return message

    @property
    def hint(self) -> Message:
        """What to do now."""
        return Message.of(self, "hint")

    @property
    def title(self) -> Message:
        """What it is, in a few words."""
        return Message.of(self, "title")


def _set(message: Message, code: str, params: Mapping[str, Param], part: str = "") -> None:
    object.__setattr__(message, "code", code)
    object.__setattr__(message, "params", dict(params))
    object.__setattr__(message, "part", part)


def wording_of(coded: Coded) -> str:
    """Return the code whose words are shown: the `wording` of what keeps its public code beside it, else the code."""
    return getattr(coded, "wording", "") or coded.code


def public_code(code: str) -> str:
    """Return the code that programs see: what stands after a dot only chooses among wordings (`broken_pdf.empty`)."""
    return code.partition(".")[0]


# --- As JSON


def kept_text(message: Coded) -> str:
    """Return a message as text, for a column of the store that holds text; `said_in` reads it back."""
    return json.dumps(message_json(message), ensure_ascii=False)


def said_in(text: str) -> Message | str:
    """Return the message that `kept_text` made; a text of others, or a sentence of an earlier version, as it is."""
    try:
        return message_of(json.loads(text))
    except (ValueError, KeyError, TypeError):
        return text


def message_json(message: Coded) -> dict[str, Any]:
    """Return a message as it is stored; `message_of` reads it back."""
    part = getattr(message, "part", "")
    return {"code": wording_of(message), "params": params_json(message.params)} | ({"part": part} if part else {})


def message_of(payload: Mapping[str, Any]) -> Message:
    """Return the message that `message_json` stored. KeyError or ValueError for anything else."""
    message = Message(str(payload["code"]), **params_of(payload["params"]))
    return Message.of(message, payload["part"]) if "part" in payload else message


def params_json(params: Mapping[str, Param]) -> dict[str, Any]:
    """Return parameters as they are stored: text and whole numbers as they are, other types under their name."""
    return {name: _json(value) for name, value in params.items()}


def params_of(payload: Mapping[str, Any]) -> dict[str, Param]:
    """Return the parameters that `params_json` stored."""
    return {name: _param(value) for name, value in payload.items()}


def _json(value: Param) -> Any:
    if isinstance(value, (str, int)):
        return int(value) if isinstance(value, int) else str(value)
    if isinstance(value, (Decimal, dt.date, dt.time)):
        name, write = next((name, write) for name, (kind, write, _read) in _TYPES.items() if isinstance(value, kind))
        return {name: write(value)}
    if isinstance(value, Sequence):
        return [_json(item) for item in value]
    return {"message": message_json(value)}


def _param(payload: Any) -> Param:
    if isinstance(payload, list):
        return tuple(_param(item) for item in payload)
    if not isinstance(payload, Mapping):
        return payload if isinstance(payload, int) else str(payload)
    ((name, value),) = payload.items()
    param: Param = message_of(value) if name == "message" else _TYPES[name][2](value)
    return param


# A datetime is a date too, so it comes first.
_TYPES: Mapping[str, tuple[type, Callable[[Any], str], Callable[[str], Param]]] = {
    "instant": (dt.datetime, dt.datetime.isoformat, dt.datetime.fromisoformat),
    "date": (dt.date, dt.date.isoformat, dt.date.fromisoformat),
    "time": (dt.time, dt.time.isoformat, dt.time.fromisoformat),
    "decimal": (Decimal, str, Decimal),
}


def public_params(params: Mapping[str, Param]) -> dict[str, Any]:
    """Return parameters as programs get them (contract): instants and days in ISO 8601, decimals as strings."""
    return {name: _public(value) for name, value in params.items()}


def _public(value: Param) -> Any:
    if isinstance(value, (str, int)):
        return _json(value)
    if isinstance(value, (dt.date, dt.time)):  # datetimes too
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Sequence):
        return [_public(item) for item in value]
    code = wording_of(value)
    # A label without parameters (`role.atasan`) is its own word.
    return {"code": code, "params": public_params(value.params)} if value.params else code.rpartition(".")[2]
