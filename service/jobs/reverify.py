"""The job that verifies kept submissions again; earlier verdicts stay.

`asked`: `submissions`, a list of ids, or nothing for all that have a verdict (only those of `status` if given).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.bootstrap import moment_of, reading_limits, store_of
from service.config import Settings
from service.jobs.kind import DoItem, ItemResult, Kind, short_answer
from service.sandbox.limits import GaveUp, Limits, within_limits
from service.store import Store
from service.store.jobs import Batch, Item, NewItem

if TYPE_CHECKING:
    from service.submissions.intake import Reverified


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverifying:
    """The work of a child."""

    settings: Settings
    actor: str
    limits: Limits
    modules: tuple[str, ...] = ("service.cli", "service.submissions.intake", "service.jobs.reverify", "service.store")

    @contextmanager
    def opened(self) -> Iterator[DoItem]:
        from service.submissions.intake import reverify

        with store_of(self.settings) as store:

            def do(item: Item, now: dt.datetime, gave_up: GaveUp | None = None) -> ItemResult:
                if gave_up is not None:
                    raise gave_up
                moment = moment_of(store, self.settings, now)
                with within_limits(self.limits):
                    result: Reverified = reverify(item.name, store=store, moment=moment, actor=self.actor)
                new = result.verification
                payload = short_answer({**new.answer, "file": item.name, "submission": item.name})
                comparison = {"before": result.before.verdict, "number": result.number, "policy": new.policy}
                return ItemResult(outcome=new.verdict, answer={**payload, **comparison})

            yield do


def _lay_out(batch: Batch, store: Store, settings: Settings) -> Iterator[NewItem]:  # noqa: ARG001 - every kind's shape
    named = batch.asked.get("submissions")
    if named is not None:
        yield from (NewItem(name=submission) for submission in named)
        return
    with store.reading() as tx:
        yield from (NewItem(name=submission) for submission in tx.submissions.answered(batch.asked.get("status")))


def _work(batch: Batch, settings: Settings) -> Reverifying:
    return Reverifying(settings=settings, actor=batch.asked_by, limits=reading_limits(settings))


REVERIFY = Kind(name="reverify", lay_out=_lay_out, work=_work)
