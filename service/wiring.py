"""The circulation's means for a door that stays open: everything strangers sent is read in confined children."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from service.apart import READERS, read_apart
from service.circulation.apart import raw_answers, sign_with_file
from service.circulation.means import Json, KeyOrder, Means
from service.circulation.recover import Recovery
from service.circulation.upkeep import Upkeep
from service.config import Settings
from service.confined import Confined
from service.gateway.desk import Desk
from service.gateway.door import open_desk
from service.judging import Receiving
from service.limits import PATIENT, GaveUp
from service.opening import reading_limits
from service.prepare import Press, open_press
from service.sources import Handed
from service.store import Store


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
    """Means for all threads of a program; its children end with it. `receive`: a `Confined(Receiving(...))`."""
    modules = (*READERS, "signing.timestamps", "signing.signers.pkcs12")
    with Confined(Receiving(settings=settings, keep=False, limits=reading_limits(settings))) as look:

        def judge(content: bytes, file_name: str) -> Json:
            told: Json = look(Handed.of(content, file_name), clock(), "")
            return told

        def submit(content: bytes, file_name: str, actor: str) -> Json:
            source, now = Handed.of(content, file_name), clock()
            try:
                return receive(source, now, actor)
            except GaveUp as error:
                # Kept and answered without reading it again; a person looks, or it is sent once more.
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
    """A worker's upkeep; readers are only started when there is something to do."""
    return Upkeep(
        store=store,
        clock=clock,
        opened=lambda: _means_of_a_worker(settings, store=store, clock=clock, randomness=randomness),
    )


def recovery_of(
    settings: Settings, *, store: Store, clock: Callable[[], dt.datetime], randomness: Callable[[int], bytes]
) -> Recovery | None:
    """A worker's recovery of lost signatures; None where no gateway is set up."""
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
