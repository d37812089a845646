"""What a kind of long work is: how its items are laid out, and what a confined child does with one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from service.config import Settings
from service.sandbox.limits import GaveUp
from service.sandbox.pool import SandboxTask
from service.store import Store
from service.store.jobs import Batch, Item, NewItem

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of an item: a stable word, and an answer with at least `file` and `reasons`, as `verify` has them."""

    outcome: str
    answer: Mapping[str, Any] = field(default_factory=dict)


class Do(Protocol):
    """One item done, in a child. After a reader `gave_up` on it: what is to be said without reading it again.

    What it raises is the house's trouble (a database that is away) or, with words of its own, the item's.
    """

    def __call__(self, item: Item, now: dt.datetime, gave_up: GaveUp | None = None) -> Done: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind. `lay_out` gives the items the batch was not handed: it may be asked again, and must not do the work.

    `at_once`: how many items may be done at a time (None: as many as there are children); `patience`: how many seconds
    one may take before its child is ended.
    """

    name: str
    lay_out: Callable[[Batch, Store, Settings], Iterator[NewItem]]
    work: Callable[[Batch, Settings], SandboxTask[Done]]
    at_once: int | None = None
    patience: float = 90.0


def cause(code: str, title: str, message: str, hint: str) -> Json:
    """One reason in the shape of the contract."""
    return {"code": code, "title": title, "message": message, "hint": hint, "cites": []}


# --- Answers short enough to be kept for each of thousands of items; the whole one is the submission's own


def brief(answer: Mapping[str, object]) -> Json:
    """Of an answer of `submit`: everything a list or a table shows."""
    kept = ("file", "sha256", "status", "verdict", "reasons", "submission")
    return {
        **{name: answer[name] for name in kept if name in answer},
        "form": _of(answer.get("form"), "id", "version", "serial"),
        "record": _of(answer.get("record"), "employee", "kind", "date", "minutes", "title"),
    }


def _of(whole: object, *names: str) -> Json | None:
    return {name: whole.get(name) for name in names} if isinstance(whole, Mapping) else None
