"""The services of the web application: what views depend on, made once when the server starts."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

from flask import Flask, current_app
from werkzeug.wrappers import Response

from service.accounts.login import AccountContext
from service.blanks import BlankContext, open_blank_context
from service.bootstrap import reading_limits
from service.certificates.proof import SealedReadings
from service.circulation.turns import CirculationContext
from service.config import Settings
from service.jobs.selfcheck import UNTRUSTED_PROXY
from service.records import Event
from service.sandbox.pool import FunctionTask, SandboxPool
from service.store import Store
from service.web.metrics import Metrics
from service.wiring import open_circulation_context

_NAME = "cmb"
Page = str | Response | tuple[str, int]  # what a view of pages returns


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What views depend on, as a context manager: leaving it ends the sandbox's processes.

    The contexts are what those packages depend on. `sandbox` runs a function on a stranger's bytes in a confined
    process.
    """

    settings: Settings
    store: Store
    account_context: AccountContext
    blank_context: BlankContext
    circulation_context: CirculationContext
    sandbox: SandboxPool[Any]
    clock: Callable[[], dt.datetime]
    randomness: Callable[[int], bytes]
    metrics: Metrics
    sealed_readings: SealedReadings = field(default_factory=SealedReadings)
    untrusted_proxy: threading.Event = field(default_factory=threading.Event)
    opened: ExitStack = field(default_factory=ExitStack)

    def note_untrusted_proxy(self) -> None:
        """Write, once in the life of this process, that requests come through a proxy nobody named."""
        if not self.untrusted_proxy.is_set():
            self.untrusted_proxy.set()
            with self.store.transaction() as tx:
                tx.events.append(Event(at=self.clock(), actor="-", action=UNTRUSTED_PROXY, subject="-"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.opened.close()


def open_services(settings: Settings, *, store: Store, account_context: AccountContext) -> Services:
    """Return the services over an open store. The sandbox's processes start with the first file."""
    opened, limits = ExitStack(), reading_limits(settings)
    sandbox = opened.enter_context(SandboxPool(FunctionTask(limits=limits)))
    blank_context = open_blank_context()
    circulation_context = opened.enter_context(
        open_circulation_context(
            settings,
            store=store,
            blank_context=blank_context,
            clock=account_context.clock,
            randomness=account_context.randomness,
        )
    )
    return Services(
        settings=settings,
        store=store,
        account_context=account_context,
        blank_context=blank_context,
        circulation_context=circulation_context,
        sandbox=sandbox,
        clock=account_context.clock,
        randomness=account_context.randomness,
        metrics=Metrics(store, settings),
        opened=opened,
    )


def attach_services(app: Flask, services: Services) -> None:
    """Let the application's views find `services`."""
    app.extensions[_NAME] = services


def current_services() -> Services:
    """Return the services of the application that answers this request."""
    services: Services = current_app.extensions[_NAME]
    return services
