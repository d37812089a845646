"""Reminders of what is due today: every worker checks once a day, and each person gets each one once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from service.circulation.turns import recipients
from service.config import Settings, local_day
from service.law.duties import Duty, DutyKind, due_on
from service.law.outlook import PERIODS
from service.monitoring.evaluation import Mark, evaluate
from service.monitoring.recaps import late_recaps
from service.notifications.messages import (
    notify_behind,
    notify_decisions_wait,
    notify_evaluation_due,
    notify_issue_due,
    notify_recap_due,
    notify_reminder,
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
    """Send the reminders that are due and were not sent before, and return them. A preview sends none."""
    try:
        with store.transaction() as tx:
            reminders = tuple(_due(open_round(tx, now=now, zone=zone, days=days)))
            if preview:
                raise _Preview(reminders)
            if reminders:
                detail = dict(Counter(reminder.kind for reminder in reminders))
                tx.events.append(
                    Event(at=now, actor=actor, action="reminders.told", subject="reminders", detail=detail)
                )
    except _Preview as preview_rollback:
        return preview_rollback.reminders
    return reminders


class _Preview(Exception):
    """Rolls back a preview."""

    def __init__(self, reminders: tuple[Reminder, ...]) -> None:
        super().__init__()
        self.reminders = reminders


def _due(run: Round) -> Iterator[Reminder]:
    yield from still_waiting(run)
    yield from decisions_wait(run)
    yield from recaps_due(run)
    for duty in due_on(run.today):
        if duty.work is DutyKind.EVALUATION:
            yield from evaluation_due(run, duty)
        elif duty.work is DutyKind.YEAR_END:
            yield from behind(run, duty.year, PERIODS[-1], f"{duty.year}-akhir")
        elif duty.work is DutyKind.ISSUE:
            yield from issue_due(run, duty)


# --- Occasions

# For a month: a new installation does not remind of a past it did not see, and the list of late units shows the rest.
_STILL_ASKED = 31


def recaps_due(run: Round) -> Iterator[Reminder]:
    """Remind of the quarter a unit has not sent: its HR officers, then and now, or Biro SDM when it has none."""
    for year in (run.today.year - 1, run.today.year):
        for late in late_recaps(year, run.tx, today=run.today):
            if late.days > _STILL_ASKED:
                continue
            members = {employee.nip for employee in run.tx.employees.present_on(late.quarter.ends, unit=late.unit)}
            members |= {employee.nip for employee in run.tx.employees.now_in(late.unit)}
            officers = [nip for nip in run.holders("pengelola") if nip in members]
            for nip in officers or run.holders("biro_sdm"):
                about = {"unit": late.unit, "quarter": str(late.quarter)}
                if notify_recap_due(run.tx, nip=nip, unit=late.unit, quarter=str(late.quarter), now=run.now):
                    yield Reminder(nip=nip, kind="recap_due", about=about)


def evaluation_due(run: Round, duty: Duty) -> Iterator[Reminder]:
    """Remind of a period that is over: heads of unit and Biro SDM, and people who are behind while the year goes on."""
    period = int(duty.part.rpartition("-")[2])
    for nip in run.holders(*duty.roles):
        if notify_evaluation_due(run.tx, nip=nip, year=duty.year, period=period, now=run.now):
            yield Reminder(nip=nip, kind="evaluation_due", about={"year": duty.year, "period": period})
    if period != PERIODS[-1]:
        yield from behind(run, duty.year, period, duty.part)


def behind(run: Round, year: int, period: int, part: str) -> Iterator[Reminder]:
    """Remind people who have not reached the target of a period; `part` names the occasion."""
    for person in evaluate(year, period, run.tx, today=run.today).people:
        if person.mark is Mark.REACHED or person.nip not in run.roles:
            continue
        if notify_behind(run.tx, nip=person.nip, year=year, period=part, now=run.now):
            yield Reminder(nip=person.nip, kind="behind", about={"year": year, "period": part})


def issue_due(run: Round, duty: Duty) -> Iterator[Reminder]:
    """Remind Biro SDM of a year that is over with approved activities and no certificate yet."""
    issued = {
        certificate.nip for certificate in run.tx.certificates.of_year(duty.year) if certificate.issued_at is not None
    }
    if not set(run.tx.submissions.approved_nips(duty.year)) - issued:
        return
    for nip in run.holders(*duty.roles):
        if notify_issue_due(run.tx, nip=nip, year=duty.year, now=run.now):
            yield Reminder(nip=nip, kind="issue_due", about={"year": duty.year})


def still_waiting(run: Round) -> Iterator[Reminder]:
    """Remind signers of forms that have waited longer than `days`, once in each such time."""
    before = run.now - dt.timedelta(days=run.days)
    for listed in run.tx.circulations.stuck(None, before=before, limit=100_000):
        circulation = listed.circulation
        if circulation.state is not State.AWAITING:
            continue
        waited = (run.now - circulation.changed_at).days // run.days * run.days
        day = circulation.changed_at.astimezone(run.zone).date() + dt.timedelta(days=waited)
        for nip in recipients(run.tx, circulation, now=run.now, zone=run.zone):
            about = {
                "serial": circulation.serial,
                "role": circulation.awaits or "",
                "employee_nip": circulation.employee_nip,
            }
            if nip in run.roles and notify_reminder(run.tx, nip=nip, **about, day=day, now=run.now):
                yield Reminder(nip=nip, kind="reminder", about=about)


def decisions_wait(run: Round) -> Iterator[Reminder]:
    """Remind Biro SDM once a week of submissions undecided for longer than `days`."""
    count = run.tx.listings.undecided(run.now - dt.timedelta(days=run.days))
    if not count:
        return
    year, week, _ = run.today.isocalendar()
    for nip in run.holders("biro_sdm"):
        if notify_decisions_wait(run.tx, nip=nip, count=count, days=run.days, week=f"{year}-W{week:02}", now=run.now):
            yield Reminder(nip=nip, kind="decisions_wait", about={"count": count, "days": run.days})


# --- One run


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One message that was sent (or would be): to whom, of which kind, about what."""

    nip: str
    kind: str
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One run. `days` is the patience with what waits for somebody; `roles` are those of everybody employed today."""

    tx: WriteTransaction
    now: dt.datetime
    today: dt.date
    zone: ZoneInfo
    days: int
    roles: Mapping[str, tuple[str, ...]]

    def holders(self, *roles: str) -> Iterator[str]:
        """Return the NIPs of those who hold one of these roles."""
        return (nip for nip, held in self.roles.items() if set(roles) & set(held))


def open_round(tx: WriteTransaction, *, now: dt.datetime, zone: ZoneInfo, days: int) -> Round:
    today = now.astimezone(zone).date()
    here = {employee.nip for employee in tx.employees.present_on(today)}
    roles = {employee.nip: employee.roles for employee in tx.employees.all() if employee.nip in here}
    return Round(tx=tx, now=now, today=today, zone=zone, days=days, roles=roles)


# --- The round of the worker --------------------------------------------------------------------------------------


class DailyReminders:
    """A round of the worker that sends the reminders of the day, in the agency's time zone."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], dt.datetime]) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        self._last_day: dt.date | None = None

    def send_due(self) -> bool:
        """Send the reminders of a new day; always False, as nothing is left to do at once."""
        now = self._clock()
        today = local_day(now, self._settings)
        if today != self._last_day:
            remind(store=self._store, now=now, zone=self._settings.timezone, actor="cmb:worker")
            self._last_day = today
        return False
