"""What every view needs, made once when the door opens and handed in: never a global, never made by a view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

from flask import current_app

from service.accounts.login import AccountContext
from service.blanks import Press, open_press
from service.bootstrap import reading_limits
from service.circulation.turns import Means
from service.config import Settings
from service.sandbox.pool import Apart, Confined
from service.store import Store
from service.submissions.sandboxed import Json, Receiving
from service.wiring import open_means

_NAME = "cmb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A context manager over what views use; the readers' children end with it.

    `means` are those of forms on their way; `receive` keeps and judges a file, `apart` does anything else with a
    stranger's bytes: all in confined children that stay ready.
    """

    settings: Settings
    store: Store
    account_context: AccountContext
    press: Press
    means: Means
    receive: Confined[Json]
    apart: Confined[Any]
    clock: Callable[[], dt.datetime]
    randomness: Callable[[int], bytes]
    opened: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Use it as a context."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the children go."""
        self.opened.close()


def open_desk(settings: Settings, *, store: Store, account_context: AccountContext) -> Desk:
    """The desk over an open store. Children are started when the first file comes."""
    opened, limits = ExitStack(), reading_limits(settings)
    receive = opened.enter_context(Confined(Receiving(settings=settings, limits=limits)))
    apart = opened.enter_context(Confined(Apart(limits=limits)))
    press = open_press()
    means = opened.enter_context(
        open_means(
            settings,
            store=store,
            press=press,
            receive=receive,
            clock=account_context.clock,
            randomness=account_context.randomness,
        )
    )
    return Desk(
        settings=settings,
        store=store,
        account_context=account_context,
        press=press,
        means=means,
        receive=receive,
        apart=apart,
        clock=account_context.clock,
        randomness=account_context.randomness,
        opened=opened,
    )


def desk() -> Desk:
    """The desk of the application that answers this request."""
    found: Desk = current_app.extensions[_NAME]
    return found


def put(app: Any, made: Desk) -> None:
    app.extensions[_NAME] = made
