"""Past CMB activities that share time with another activity of their person: a person looks before approving them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from parsers.times import span_of
from service.overlaps import overlap_reason, overlap_reasons
from service.policy import Activity
from service.proof.reasons import Reason
from service.records import Decision
from service.store import Transaction
from service.store.other_learning import OtherLearning

_DAY = dt.timedelta(days=1)


def overlaps_of(learning: OtherLearning, tx: Transaction) -> Sequence[Reason]:
    """Return a notice for every activity, of a form or of paper, whose time it shares; none for what has no hours."""
    mine = next((activity for number, activity in _of_days(learning, tx) if number == learning.id), None)
    hours = _hours(mine) if mine else None
    if hours is None:
        return ()
    begins, ends = hours
    form = tx.submissions.overlapping(learning.nip, learning.starts, begins, ends, None)
    found = list(overlap_reasons([form])) if form is not None else []
    first, last = span_of(learning.starts, begins, ends)
    for number, activity in _of_days(learning, tx):
        other, hours = tx.other_learning.get(number), _hours(activity)
        if number == learning.id or other is None or hours is None:
            continue
        starts, over = span_of(activity.date, *hours)
        if starts < last and first < over:
            approved = other.decision is Decision.APPROVED
            found.append(
                overlap_reason(title=other.title, day=activity.date, hours=hours, number=number, approved=approved)
            )
    return found


def _of_days(learning: OtherLearning, tx: Transaction) -> Iterator[tuple[str, Activity]]:
    """Yield number and activity of what is known from paper of that day, the day before and the day after."""
    days = [learning.starts + shift * _DAY for shift in (-1, 0, 1)]
    for first in sorted({day.replace(day=1) for day in days}):
        for past in tx.past_activities.of_month(learning.nip, first):
            if past.activity.date in days:
                yield past.id, past.activity


def _hours(activity: Activity) -> tuple[dt.time, dt.time] | None:
    """Begin and end on the clock; None when they are not known."""
    if activity.begins is None or not activity.minutes:
        return None
    begin = dt.datetime.combine(activity.date, activity.begins)
    return activity.begins, (begin + dt.timedelta(minutes=activity.minutes)).time()
