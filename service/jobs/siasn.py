"""The job that sends a year's certificates to SIASN, one after the other.

`asked`: `year`. Tokens are read where the settings or the worker's environment name them; a batch never holds them. An
item whose outcome is unknown fails, and SIASN is asked for it before it is sent again. Refused tokens, or a register
that is away, stop the batch until a person resumes it.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from service.bootstrap import store_of
from service.config import Settings
from service.errors import BadInput, MissingResource
from service.jobs.kind import DoItem, ItemResult, Json, Kind, reason_json
from service.language import Message
from service.sandbox.limits import GaveUp, Limits
from service.siasn.sending import registration_statuses
from service.store import Store
from service.store.jobs import Batch, Item, NewItem

if TYPE_CHECKING:
    from service.siasn.sending import Sent
    from service.siasn.settings import Access

# Three calls of a minute each, and the time to connect; ending the child earlier would leave an outcome unknown.
_PATIENCE = 240.0
_OUTCOMES = {"accepted": "accepted", "refused": "declined", "postponed": "not_sent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """The work of a child."""

    settings: Settings
    actor: str
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "service.siasn.sending", "service.jobs.siasn", "service.store")

    @contextmanager
    def opened(self) -> Iterator[DoItem]:
        from service.siasn.client import SiasnClient, UnclearAnswer
        from service.siasn.sending import WAIT, Patience, SendingContext, send_number
        from service.siasn.settings import read_codes

        codes, patience = read_codes(self.settings.home), Patience()
        with store_of(self.settings) as store, SiasnClient(_access(self.settings)) as register:

            def do(item: Item, now: dt.datetime, gave_up: GaveUp | None = None) -> ItemResult:
                if gave_up is not None:
                    raise UnclearAnswer(WAIT)
                sending_context = SendingContext(
                    store=store, register=register, codes=codes, clock=lambda: now, actor=self.actor
                )
                with patience:
                    sent = send_number(item.name, sending_context)
                if sent.outcome == "unknown":
                    raise UnclearAnswer(sent.message)
                return ItemResult(outcome=_OUTCOMES[sent.outcome], answer=_answer(sent))

            yield do


def _answer(sent: Sent) -> Json:
    unsent = {
        "refused": Message("refused.siasn", why=sent.message),
        "postponed": Message("postponed.siasn", why=sent.message),
    }
    reasons = [reason_json(unsent[sent.outcome])] if sent.outcome in unsent else []
    course = sent.course
    return {
        "file": course.number,
        "number": course.number,
        "nip": course.nip,
        "hours": course.hours,
        "note": course.note,
        "register_id": sent.register_id,
        "new": sent.new,
        "reasons": reasons,
    }


def _access(settings: Settings) -> Access:
    from service.siasn.settings import read_access

    try:
        return read_access(settings.home, os.environ)
    except BadInput as error:
        # A setting is wrong, not an item: the operator has to correct it.
        raise MissingResource(error.code, **error.params) from error


def _lay_out(batch: Batch, store: Store, settings: Settings) -> Iterator[NewItem]:  # noqa: ARG001 - every kind's shape
    for sending in registration_statuses(int(batch.asked["year"]), store):
        if sending.to_send:
            yield NewItem(name=sending.number)


def _work(batch: Batch, settings: Settings) -> Sending:
    return Sending(settings=settings, actor=batch.asked_by)


SIASN = Kind(name="siasn", lay_out=_lay_out, work=_work, at_once=1, patience=_PATIENCE)
