"""What every view needs, made once when the door opens and handed in: never a global, never made by a view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

from flask import current_app

from service.accounts.login import Gate
from service.blanks import BlankContext, open_blank_context
from service.bootstrap import reading_limits
from service.circulation.turns import CirculationContext
from service.config import Settings
from service.sandbox.pool import FunctionTask, SandboxPool
from service.store import Store
from service.wiring import open_circulation_context

_NAME = "cmb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A context manager over what views use; the readers' children end with it.

    `means` are those of forms on their way; `apart` does anything with a stranger's bytes, in sandbox children that
    stay ready.
    """

    settings: Settings
    store: Store
    gate: Gate
    blank_context: BlankContext
    circulation_context: CirculationContext
    apart: SandboxPool[Any]
    clock: Callable[[], dt.datetime]
    randomness: Callable[[int], bytes]
    opened: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Use it as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the children go."""
        self.opened.close()


def open_desk(settings: Settings, *, store: Store, gate: Gate) -> Desk:
    """The desk over an open store. Children are started when the first file comes."""
    opened, limits = ExitStack(), reading_limits(settings)
    apart = opened.enter_context(SandboxPool(FunctionTask(limits=limits)))
    blank_context = open_blank_context()
    circulation_context = opened.enter_context(
        open_circulation_context(
            settings, store=store, blank_context=blank_context, clock=gate.clock, randomness=gate.randomness
        )
    )
    return Desk(
        settings=settings,
        store=store,
        gate=gate,
        blank_context=blank_context,
        circulation_context=circulation_context,
        apart=apart,
        clock=gate.clock,
        randomness=gate.randomness,
        opened=opened,
    )


def desk() -> Desk:
    """The desk of the application that answers this request."""
    found: Desk = current_app.extensions[_NAME]
    return found


def put(app: Any, made: Desk) -> None:
    app.extensions[_NAME] = made
