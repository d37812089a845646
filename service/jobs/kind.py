"""What a kind of long work is: how its items are laid out, and what a confined child does with one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from service.config import Settings
from service.confined import Work
from service.limits import GaveUp
from service.store import Store
from service.store.batch_rows import Batch, Item, NewItem

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
    work: Callable[[Batch, Settings], Work[Done]]
    at_once: int | None = None
    patience: float = 90.0


def cause(code: str, title: str, message: str, hint: str) -> Json:
    """One reason in the shape of the contract."""
    return {"code": code, "title": title, "message": message, "hint": hint, "cites": []}
