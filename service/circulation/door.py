"""The circulation's desk as a door that stays open sets it up: everything strangers sent is read in confined children."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from service.apart import read_apart
from service.circulation.apart import raw_answers, sign_with_file
from service.circulation.desk import Desk, Json, KeyOrder
from service.config import Settings
from service.confined import Confined
from service.judging import Receiving
from service.limits import PATIENT, GaveUp
from service.opening import utc_now
from service.prepare import open_press
from service.sources import Handed
from service.store import Store

_SIGNING = ("service.cli", "service.signatory", "signing.timestamps", "signing.signers.pkcs12")
_READING = ("service.cli", "parsers.parse")


@contextmanager
def open_desk(
    settings: Settings,
    *,
    store: Store,
    clock: Callable[[], dt.datetime] = utc_now,
    randomness: Callable[[int], bytes] = secrets.token_bytes,
) -> Iterator[Desk]:
    """One desk for all threads of a program; its children end with it."""
    with Confined(Receiving(settings=settings, keep=False)) as look, Confined(Receiving(settings=settings)) as receive:

        def judge(content: bytes, file_name: str) -> Json:
            told: Json = look(Handed.of(content, file_name), clock(), "")
            return told

        def submit(content: bytes, file_name: str, actor: str) -> Json:
            source, now = Handed.of(content, file_name), clock()
            try:
                told: Json = receive(source, now, actor)
            except GaveUp as error:
                # Kept and answered without reading it again; a person looks, or it is sent once more.
                told = receive(source, now, actor, error)
            return told

        def sign(order: KeyOrder) -> tuple[bytes, tuple[str, ...]]:
            return read_apart(sign_with_file, settings, order, modules=_SIGNING, limits=PATIENT)

        def read(content: bytes) -> Mapping[str, Any]:
            return read_apart(raw_answers, content, modules=_READING)

        yield Desk(
            store=store,
            press=open_press(),
            zone=settings.timezone,
            clock=clock,
            randomness=randomness,
            judge=judge,
            submit=submit,
            read=read,
            sign=sign,
        )
