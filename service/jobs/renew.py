"""The job that adds the year's archive time stamp to certificates: one item per number.

`asked`: `numbers`, or nothing for every valid certificate that waits for one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from service.bootstrap import store_of, utc_now
from service.certificates.lasting import due_numbers, is_of_earlier_year
from service.config import Settings, local_day
from service.errors import BadInput, NotGranted
from service.jobs.kind import DoItem, ItemResult, Json, Kind
from service.jobs.requests import request_batch
from service.language import Message
from service.language.message import params_json, public_code
from service.sandbox.limits import GaveUp, Limits
from service.store import Store
from service.store.jobs import Batch, Item, NewItem

_WORKER = "cmb:worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewing:
    """The work of a child. It reads nothing from strangers; a child only because it uses another core."""

    settings: Settings
    actor: str
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "service.certificates.lasting", "service.jobs.renew", "service.store")

    @contextmanager
    def opened(self) -> Iterator[DoItem]:
        from service.certificates.lasting import open_renew_context, renew

        with store_of(self.settings) as store:
            context = open_renew_context(self.settings, store=store, clock=utc_now)

            def do(item: Item, now: dt.datetime, gave_up: GaveUp | None = None) -> ItemResult:
                if gave_up is not None:
                    raise gave_up
                try:
                    renewed = renew(item.name, store=store, context=context, now=now, actor=self.actor)
                except (NotGranted, BadInput) as error:
                    return ItemResult(outcome="not_renewed", answer=_answer(item.name, [_reason(error)]))
                payload = {"number": renewed.number, "sha256": renewed.copy.digest, "level": renewed.copy.level}
                outcome = "renewed" if renewed.new else "unchanged"
                return ItemResult(outcome=outcome, answer=_answer(item.name, []) | payload)

            yield do


def _answer(number: str, reasons: list[Json]) -> Json:
    return {"file": number, "reasons": reasons}


def _reason(error: NotGranted | BadInput) -> Json:
    message = Message.of(error)
    return {
        "code": public_code(message.code),
        "wording": message.code,
        "params": params_json(message.params),
        "cites": [],
    }


def _lay_out(batch: Batch, store: Store, settings: Settings) -> Iterator[NewItem]:
    named = batch.asked.get("numbers")
    if named is None:
        with store.reading() as tx:
            named = list(due_numbers(now=batch.created_at, settings=settings, tx=tx))
    yield from (NewItem(name=number) for number in named)


def _work(batch: Batch, settings: Settings) -> Renewing:
    return Renewing(settings=settings, actor=batch.asked_by)


RENEW = Kind(name="renew", lay_out=_lay_out, work=_work)


class YearlyRenewals:
    """A round of the worker that asks for the renewals of a new year, once; nothing without a time-stamp authority."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Callable[[], dt.datetime],
        randomness: Callable[[int], bytes],
    ) -> None:
        self._store, self._settings, self._clock, self._randomness = store, settings, clock, randomness
        self._looked: dt.date | None = None

    def ask_due(self) -> bool:
        """Ask for a batch when certificates wait and none was asked for this year; tell whether it did."""
        now = self._clock()
        today = local_day(now, self._settings)
        if today == self._looked or self._settings.timestamp_url is None:
            return False
        self._looked = today
        with self._store.reading() as tx:
            asked = tx.batches.list(1, kind="renew")
            if asked and local_day(asked[0].created_at, self._settings).year == today.year:
                return False
            waiting = any(is_of_earlier_year(copy, now, self._settings) for _, copy in tx.certificates.living_copies())
        if waiting:
            request_batch(
                "renew",
                f"Stempel arsip {today.year}",
                {},
                store=self._store,
                now=now,
                actor=_WORKER,
                randomness=self._randomness,
            )
        return waiting
