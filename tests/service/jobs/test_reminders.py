"""Reminders of the calendar's duties: workers check once a day, and each reminder is sent once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from service.jobs.reminders import DailyReminders
from service.store import Store
from support.office import CAHYA, DIAH, EKO, PEOPLE, Office, open_office, plain_settings

QUARTER_ENDED = dt.datetime(2026, 10, 5, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def office(store: Store) -> Office:
    opened = open_office(store, plain_settings("/tidak/ada"))
    with store.transaction() as tx:
        tx.employees.upsert([replace(PEOPLE[3], roles=("pegawai", "pengelola"))])
    return opened


def run_worker(office: Office, *moments: dt.datetime) -> None:
    """Run one worker at each of these moments."""
    clock = iter(moments)
    reminders = DailyReminders(office.store, office.settings, lambda: next(clock))
    for _ in moments:
        assert not reminders.send_due()


def kinds_of(office: Office, nip: str) -> list[str]:
    with office.store.reading() as tx:
        return [notification.kind for notification in reversed(tx.notifications.of(nip, 99))]


def test_what_is_due_today_is_told_once_whichever_worker_looks(office: Office) -> None:
    run_worker(office, QUARTER_ENDED, QUARTER_ENDED + dt.timedelta(minutes=1))
    first = [kinds_of(office, nip) for nip in (CAHYA, DIAH, EKO)]
    assert "recap_due" in kinds_of(office, EKO)
    assert "recap_due" not in kinds_of(office, CAHYA)
    run_worker(office, QUARTER_ENDED + dt.timedelta(hours=1))
    assert [kinds_of(office, nip) for nip in (CAHYA, DIAH, EKO)] == first
    with office.store.reading() as tx:
        events = [event for event in tx.events.list() if event.action == "reminders.told"]
    assert [event.actor for event in events] == ["cmb:worker"]
