"""Long work as it is kept: a batch, its items, and how far it has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class BatchState(StrEnum):
    """GATHERING: items still come and no worker takes it. RUNNING ends by itself when the lease runs out."""

    GATHERING = "gathering"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ItemState(StrEnum):
    """DONE has an outcome, whatever it is; FAILED is one we could not go through with, and may be tried again."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One piece of long work: `kind` says which, `asked` with what, `given` how many items it was handed."""

    id: str
    kind: str
    title: str
    asked: Mapping[str, Any]
    asked_by: str
    created_at: dt.datetime
    state: BatchState = BatchState.GATHERING
    started_at: dt.datetime | None = None
    laid_out_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    lease_until: dt.datetime | None = None
    worker: str | None = None
    problem: str | None = None
    given: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """One item to be added: what people call it, and the digest of its kept bytes where it has any.

    With an `outcome` nothing is left to do (what a ZIP file holds and nobody reads); `answer` says why.
    """

    name: str
    digest: str | None = None
    outcome: str | None = None
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item in its `place` (from 0), and what became of it."""

    batch_id: str
    place: int
    name: str
    digest: str | None
    state: ItemState
    outcome: str | None
    answer: Mapping[str, Any] | None
    done_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many items wait, are done, have failed; how many came to which outcome; and how fast it goes.

    `per_second` is that of the last minute, `seconds_left` None while nobody can tell.
    """

    waiting: int
    done: int
    failed: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    per_second: float = 0.0
    seconds_left: float | None = None

    @property
    def total(self) -> int:
        return self.waiting + self.done + self.failed
