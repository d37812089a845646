"""A kind of job: how a batch is divided into items, and what a sandboxed child does with one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from service.config import Settings
from service.language import Coded
from service.language.message import params_json, public_code, wording_of
from service.sandbox.limits import GaveUp
from service.sandbox.pool import SandboxTask
from service.store import Store
from service.store.jobs import Batch, Item, NewItem

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """The outcome of an item (a stable word) and its answer, with at least `file` and `reasons`, as in `verify`."""

    outcome: str
    answer: Mapping[str, Any] = field(default_factory=dict)


class DoItem(Protocol):
    """Does one item in a child. With `gave_up`, a child gave up on it: the result is made without reading it again.

    It raises what is wrong with the service (a database that is away) or, with a message of its own, with the item.
    """

    def __call__(self, item: Item, now: dt.datetime, gave_up: GaveUp | None = None) -> ItemResult: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of job. `lay_out` yields the items that were not added by hand; it may run twice, so it does no work.

    `at_once`: how many items may run at a time (None: one per child); `patience`: after how many seconds the child of
    an item is ended.
    """

    name: str
    lay_out: Callable[[Batch, Store, Settings], Iterator[NewItem]]
    work: Callable[[Batch, Settings], SandboxTask[ItemResult]]
    at_once: int | None = None
    patience: float = 90.0


def reason_json(said: Coded) -> Json:
    """Return one reason as it is stored; doors make its title, message and hint."""
    wording = wording_of(said)
    code = public_code(wording)
    named = {"wording": wording} if wording != code else {}
    return {"code": code, **named, "params": params_json(said.params), "cites": []}


# --- Short answers: kept for each of thousands of items, since the submission keeps the whole one


def short_answer(answer: Mapping[str, object]) -> Json:
    """Return the part of an answer of `submit` that lists and tables show."""
    shown = ("file", "sha256", "status", "verdict", "reasons", "submission")
    return {
        **{name: answer[name] for name in shown if name in answer},
        "form": _pick(answer.get("form"), "id", "version", "serial"),
        "record": _pick(answer.get("record"), "employee", "kind", "date", "minutes", "title"),
    }


def _pick(whole: object, *names: str) -> Json | None:
    return {name: whole.get(name) for name in names} if isinstance(whole, Mapping) else None
