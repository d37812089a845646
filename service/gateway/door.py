"""The gateway's desk for a door: what strangers sent, and what the gateway sends back, is read in confined children."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from service.apart import READERS, read_apart
from service.limits import PATIENT
from service.opening import gateway_of, moment_of

if TYPE_CHECKING:
    from service.config import Settings
    from service.gateway.desk import Apart, Desk
    from service.store import Store

T = TypeVar("T")
_MODULES = (*READERS, "service.gateway.look", "service.gateway.examine")


def open_desk(
    settings: Settings,
    *,
    store: Store,
    clock: Callable[[], dt.datetime],
    randomness: Callable[[int], bytes],
    apart: Apart | None = None,
) -> Desk:
    """A desk at the installation's gateway. MissingResource where none is set up, or its password lies open.

    `apart`: a `Confined(service.apart.Apart())` that stays ready; without it each reading starts a child.
    """
    from service.gateway.desk import Desk

    return Desk(
        store=store,
        gateway=gateway_of(settings),
        moment=lambda: moment_of(store, settings, clock()),
        randomness=randomness,
        apart=apart or _started,
    )


def _started(job: Callable[..., T], /, *words: Any) -> T:
    return read_apart(job, *words, modules=_MODULES, limits=PATIENT)
