"""Reminders of what is due today: each told once to whom it concerns, however often this runs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from service.calendar.occasions import behind, decisions_wait, evaluation_due, issue_due, recaps_due, still_waiting
from service.calendar.round import Reminder, Round, open_round
from service.policy.duties import Work, due_on
from service.policy.target import PERIODS
from service.records import Event
from service.store import Store

# A signature or a decision that takes longer than a week is asked about again, every week (ours).
PATIENT_DAYS = 7


def remind(
    *,
    store: Store,
    now: dt.datetime,
    zone: ZoneInfo,
    actor: str,
    days: int = PATIENT_DAYS,
    preview: bool = False,
) -> tuple[Reminder, ...]:
    """Tell everybody what is due and was not told before; what was told. A preview tells nobody."""
    try:
        with store.transaction() as tx:
            told = tuple(_due(open_round(tx, now=now, zone=zone, days=days)))
            if preview:
                raise _OnlyLooking(told)
            if told:
                detail = dict(Counter(each.kind for each in told))
                tx.events.append(
                    Event(at=now, actor=actor, action="reminders.told", subject="reminders", detail=detail)
                )
    except _OnlyLooking as looked:
        return looked.told
    return told


class _OnlyLooking(Exception):
    """Takes back what was written to see what would be news."""

    def __init__(self, told: tuple[Reminder, ...]) -> None:
        super().__init__()
        self.told = told


def _due(turn: Round) -> Iterator[Reminder]:
    yield from still_waiting(turn)
    yield from decisions_wait(turn)
    yield from recaps_due(turn)
    for duty in due_on(turn.today):
        if duty.work is Work.EVALUATION:
            yield from evaluation_due(turn, duty)
        elif duty.work is Work.YEAR_END:
            yield from behind(turn, duty.year, PERIODS[-1], f"{duty.year}-akhir")
        elif duty.work is Work.ISSUE:
            yield from issue_due(turn, duty)
