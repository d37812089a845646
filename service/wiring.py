"""The dependencies of circulation and gateway for web service and worker; strangers' bytes are read sandboxed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from service.blanks import Press, open_press
from service.bootstrap import gateway_of, moment_of, reading_limits
from service.circulation.maintenance import Recovery, Upkeep
from service.circulation.signing import raw_answers, sign_with_file
from service.circulation.turns import Json, KeyOrder, Means
from service.config import Settings
from service.gateway.calls import Desk
from service.sandbox.inputs import Handed
from service.sandbox.limits import PATIENT, GaveUp
from service.sandbox.pool import READERS, Confined, read_apart
from service.store import Store
from service.submissions.sandboxed import Receiving

if TYPE_CHECKING:
    from service.gateway.calls import Apart


@contextmanager
def open_means(
    settings: Settings,
    *,
    store: Store,
    press: Press,
    receive: Callable[..., Json],
    clock: Callable[[], dt.datetime],
    randomness: Callable[[int], bytes],
) -> Iterator[Means]:
    """Open the context of all threads; its children end with it. `receive`: a `Confined(Receiving(...))`."""
    modules = (*READERS, "signing.timestamps", "signing.keys.pkcs12")
    with Confined(Receiving(settings=settings, keep=False, limits=reading_limits(settings))) as look:

        def judge(content: bytes, file_name: str) -> Json:
            verdict: Json = look(Handed.of(content, file_name), clock(), "")
            return verdict

        def submit(content: bytes, file_name: str, actor: str) -> Json:
            source, now = Handed.of(content, file_name), clock()
            try:
                return receive(source, now, actor)
            except GaveUp as error:
                # The file is kept and answered without reading it again; a person checks it, or it is sent again.
                return receive(source, now, actor, error)

        def sign(order: KeyOrder) -> tuple[bytes, tuple[str, ...]]:
            return read_apart(sign_with_file, settings, order, modules=modules, limits=PATIENT)

        def read(content: bytes) -> Mapping[str, str]:
            return read_apart(raw_answers, content, modules=modules)

        yield Means(
            store=store,
            press=press,
            zone=settings.timezone,
            clock=clock,
            randomness=randomness,
            judge=judge,
            submit=submit,
            read=read,
            sign=sign,
        )


def upkeep_of(
    settings: Settings, *, store: Store, clock: Callable[[], dt.datetime], randomness: Callable[[int], bytes]
) -> Upkeep:
    """Return the upkeep of a worker; readers are only started when there is something to do."""
    return Upkeep(
        store=store,
        clock=clock,
        opened=lambda: _means_of_a_worker(settings, store=store, clock=clock, randomness=randomness),
    )


def recovery_of(
    settings: Settings, *, store: Store, clock: Callable[[], dt.datetime], randomness: Callable[[int], bytes]
) -> Recovery | None:
    """Return the recovery of lost signatures of a worker; None if no gateway is set up."""
    if settings.gateway is None:
        return None

    @contextmanager
    def opened() -> Iterator[tuple[Means, Desk]]:
        with _means_of_a_worker(settings, store=store, clock=clock, randomness=randomness) as means:
            yield means, open_desk(settings, store=store, clock=clock, randomness=randomness)

    return Recovery(store=store, clock=clock, opened=opened)


@contextmanager
def _means_of_a_worker(
    settings: Settings, *, store: Store, clock: Callable[[], dt.datetime], randomness: Callable[[int], bytes]
) -> Iterator[Means]:
    with (
        Confined(Receiving(settings=settings, limits=reading_limits(settings))) as receive,
        open_means(
            settings, store=store, press=open_press(), receive=receive, clock=clock, randomness=randomness
        ) as means,
    ):
        yield means


# --- Gateway

T = TypeVar("T")
_MODULES = (*READERS, "service.gateway.signing", "service.gateway.calls")


def open_desk(
    settings: Settings,
    *,
    store: Store,
    clock: Callable[[], dt.datetime],
    randomness: Callable[[int], bytes],
    apart: Apart | None = None,
) -> Desk:
    """Return the context for calls of the gateway; MissingResource if none is set up, or its password file is open.

    `apart`: a `Confined(service.sandbox.pool.Apart())` that stays ready; without it each reading starts a child.
    """
    from service.gateway.calls import Desk

    return Desk(
        store=store,
        gateway=gateway_of(settings),
        moment=lambda: moment_of(store, settings, clock()),
        randomness=randomness,
        apart=apart or _started,
    )


def _started(job: Callable[..., T], /, *args: Any) -> T:
    return read_apart(job, *args, modules=_MODULES, limits=PATIENT)
