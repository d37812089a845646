"""Reminders of what is due today: each told once to whom it concerns, however often this runs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from service.circulation.turns import hears
from service.law.duties import Duty, Work, due_on
from service.law.outlook import PERIODS
from service.monitoring.evaluation import Mark, evaluate
from service.monitoring.recaps import late_recaps
from service.notifications.messages import (
    tell_again,
    tell_behind,
    tell_decisions_wait,
    tell_evaluation_due,
    tell_issue_due,
    tell_recap_due,
)
from service.records import Event
from service.store import Store, WriteTransaction
from service.store.circulations import State

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


# --- The occasions on which somebody is reminded; each gives what is news to somebody

# A month long: an installation that was just set up asks nobody for a past it did not see, and the list of late units
# tells the rest.
_STILL_ASKED = 31


def recaps_due(turn: Round) -> Iterator[Reminder]:
    """The quarter a unit has not sent: to its HR officers, then and now; to Biro SDM when it has none."""
    for year in (turn.today.year - 1, turn.today.year):
        for late in late_recaps(year, turn.tx, today=turn.today):
            if late.days > _STILL_ASKED:
                continue
            members = {each.nip for each in turn.tx.employees.present_on(late.quarter.ends, unit=late.unit)}
            members |= {each.nip for each in turn.tx.employees.now_in(late.unit)}
            officers = [nip for nip in turn.holders("pengelola") if nip in members]
            for nip in officers or turn.holders("biro_sdm"):
                about = {"unit": late.unit, "quarter": str(late.quarter)}
                if tell_recap_due(turn.tx, nip=nip, unit=late.unit, quarter=str(late.quarter), now=turn.now):
                    yield Reminder(nip=nip, kind="recap_due", about=about)


def evaluation_due(turn: Round, duty: Duty) -> Iterator[Reminder]:
    """A period that is over: to heads of unit and Biro SDM, and to whoever is behind while the year goes on."""
    period = int(duty.part.rpartition("-")[2])
    for nip in turn.holders(*duty.roles):
        if tell_evaluation_due(turn.tx, nip=nip, year=duty.year, period=period, now=turn.now):
            yield Reminder(nip=nip, kind="evaluation_due", about={"year": duty.year, "period": period})
    if period != PERIODS[-1]:
        yield from behind(turn, duty.year, period, duty.part)


def behind(turn: Round, year: int, period: int, part: str) -> Iterator[Reminder]:
    """Who has not reached the target of a period; `part` names the occasion."""
    for each in evaluate(year, period, turn.tx, today=turn.today).people:
        if each.mark is Mark.REACHED or each.nip not in turn.roles:
            continue
        if tell_behind(turn.tx, nip=each.nip, year=year, period=part, now=turn.now):
            yield Reminder(nip=each.nip, kind="behind", about={"year": year, "period": part})


def issue_due(turn: Round, duty: Duty) -> Iterator[Reminder]:
    """A year that is over, with approved activities and no certificate yet: to Biro SDM."""
    issued = {each.nip for each in turn.tx.certificates.of_year(duty.year) if each.issued_at is not None}
    if not set(turn.tx.submissions.approved_nips(duty.year)) - issued:
        return
    for nip in turn.holders(*duty.roles):
        if tell_issue_due(turn.tx, nip=nip, year=duty.year, now=turn.now):
            yield Reminder(nip=nip, kind="issue_due", about={"year": duty.year})


def still_waiting(turn: Round) -> Iterator[Reminder]:
    """Forms that have waited for a signature longer than we are patient: to whoever signs, once in each such time."""
    before = turn.now - dt.timedelta(days=turn.days)
    for listed in turn.tx.circulations.stuck(None, before=before, limit=100_000):
        kept = listed.circulation
        if kept.state is not State.AWAITING:
            continue
        waited = (turn.now - kept.changed_at).days // turn.days * turn.days
        day = kept.changed_at.astimezone(turn.zone).date() + dt.timedelta(days=waited)
        for nip in hears(turn.tx, kept, now=turn.now, zone=turn.zone):
            told = {"serial": kept.serial, "role": kept.awaits or "", "employee_nip": kept.employee_nip}
            if nip in turn.roles and tell_again(turn.tx, nip=nip, **told, day=day, now=turn.now):
                yield Reminder(nip=nip, kind="reminder", about=told)


def decisions_wait(turn: Round) -> Iterator[Reminder]:
    """Submissions Biro SDM has not decided for longer than we are patient: once a week."""
    count = turn.tx.listings.undecided(turn.now - dt.timedelta(days=turn.days))
    if not count:
        return
    year, week, _ = turn.today.isocalendar()
    for nip in turn.holders("biro_sdm"):
        if tell_decisions_wait(turn.tx, nip=nip, count=count, days=turn.days, week=f"{year}-W{week:02}", now=turn.now):
            yield Reminder(nip=nip, kind="decisions_wait", about={"count": count, "days": turn.days})


# --- One run of the reminders: the transaction, the day, and who is there to be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One message that was told (or would be): to whom, of which kind, about what."""

    nip: str
    kind: str
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`days` is the patience with what waits for somebody; `roles` are those of everybody who is with us today."""

    tx: WriteTransaction
    now: dt.datetime
    today: dt.date
    zone: ZoneInfo
    days: int
    roles: Mapping[str, tuple[str, ...]]

    def holders(self, *roles: str) -> Iterator[str]:
        """Who holds one of these roles, by NIP."""
        return (nip for nip, held in self.roles.items() if set(roles) & set(held))


def open_round(tx: WriteTransaction, *, now: dt.datetime, zone: ZoneInfo, days: int) -> Round:
    today = now.astimezone(zone).date()
    here = {each.nip for each in tx.employees.present_on(today)}
    roles = {each.nip: each.roles for each in tx.employees.all() if each.nip in here}
    return Round(tx=tx, now=now, today=today, zone=zone, days=days, roles=roles)
