"""The dependencies of circulation and gateway for web service and worker; strangers' bytes are read sandboxed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from service.blanks import BlankContext, open_blank_context
from service.bootstrap import gateway_of, moment_of, reading_limits
from service.circulation.maintenance import Recovery, Upkeep
from service.circulation.signing import raw_answers, sign_with_file
from service.circulation.turns import CirculationContext, Json, KeyOrder
from service.config import Settings
from service.gateway.calls import GatewayContext
from service.sandbox.inputs import FileInMemory
from service.sandbox.limits import PATIENT, GaveUp
from service.sandbox.pool import PRELOADED_MODULES, SandboxPool, run_sandboxed
from service.store import Store
from service.submissions.sandboxed import Receiving

if TYPE_CHECKING:
    from service.gateway.calls import RunSandboxed


@contextmanager
def open_circulation_context(
    settings: Settings,
    *,
    store: Store,
    press: BlankContext,
    receive: Callable[..., Json],
    clock: Callable[[], dt.datetime],
    randomness: Callable[[int], bytes],
) -> Iterator[CirculationContext]:
    """Open the context of all threads; its children end with it. `receive`: a `SandboxPool(Receiving(...))`."""
    modules = (*PRELOADED_MODULES, "signing.timestamps", "signing.keys.pkcs12")
    with SandboxPool(Receiving(settings=settings, keep=False, limits=reading_limits(settings))) as look:

        def judge(content: bytes, file_name: str) -> Json:
            verdict: Json = look(FileInMemory.of(content, file_name), clock(), "")
            return verdict

        def submit(content: bytes, file_name: str, actor: str) -> Json:
            source, now = FileInMemory.of(content, file_name), clock()
            try:
                return receive(source, now, actor)
            except GaveUp as error:
                # The file is kept and answered without reading it again; a person checks it, or it is sent again.
                return receive(source, now, actor, error)

        def sign(order: KeyOrder) -> tuple[bytes, tuple[str, ...]]:
            return run_sandboxed(sign_with_file, settings, order, modules=modules, limits=PATIENT)

        def read(content: bytes) -> Mapping[str, str]:
            return run_sandboxed(raw_answers, content, modules=modules)

        yield CirculationContext(
            store=store,
            blank_context=press,
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
    def opened() -> Iterator[tuple[CirculationContext, GatewayContext]]:
        with _means_of_a_worker(settings, store=store, clock=clock, randomness=randomness) as context:
            yield context, open_gateway_context(settings, store=store, clock=clock, randomness=randomness)

    return Recovery(store=store, clock=clock, opened=opened)


@contextmanager
def _means_of_a_worker(
    settings: Settings, *, store: Store, clock: Callable[[], dt.datetime], randomness: Callable[[int], bytes]
) -> Iterator[CirculationContext]:
    with (
        SandboxPool(Receiving(settings=settings, limits=reading_limits(settings))) as receive,
        open_circulation_context(
            settings,
            store=store,
            blank_context=open_blank_context(),
            receive=receive,
            clock=clock,
            randomness=randomness,
        ) as context,
    ):
        yield context


# --- Gateway

T = TypeVar("T")
_MODULES = (*PRELOADED_MODULES, "service.gateway.signing", "service.gateway.calls")


def open_gateway_context(
    settings: Settings,
    *,
    store: Store,
    clock: Callable[[], dt.datetime],
    randomness: Callable[[int], bytes],
    apart: RunSandboxed | None = None,
) -> GatewayContext:
    """Return the context for calls of the gateway; MissingResource if none is set up, or its password file is open.

    `apart`: a `SandboxPool(service.sandbox.pool.Apart())` that stays ready; without it each reading starts a child.
    """
    from service.gateway.calls import GatewayContext

    return GatewayContext(
        store=store,
        gateway=gateway_of(settings),
        moment=lambda: moment_of(store, settings, clock()),
        randomness=randomness,
        apart=apart or _started,
    )


def _started(job: Callable[..., T], /, *args: Any) -> T:
    return run_sandboxed(job, *args, modules=_MODULES, limits=PATIENT)
