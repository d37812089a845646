"""What the calendar makes worth telling is looked at by the worker: once a day, and told once whoever looks."""

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


def look(office: Office, *moments: dt.datetime) -> None:
    """One worker that looks at each of these moments."""
    clock = iter(moments)
    reminders = DailyReminders(office.store, office.settings, lambda: next(clock))
    for _ in moments:
        assert not reminders.send_due()


def told(office: Office, nip: str) -> list[str]:
    with office.store.reading() as tx:
        return [notification.kind for notification in reversed(tx.notifications.of(nip, 99))]


def test_what_is_due_today_is_told_once_whichever_worker_looks(office: Office) -> None:
    look(office, QUARTER_ENDED, QUARTER_ENDED + dt.timedelta(minutes=1))
    first = [told(office, nip) for nip in (CAHYA, DIAH, EKO)]
    assert "recap_due" in told(office, EKO)
    assert "recap_due" not in told(office, CAHYA)
    look(office, QUARTER_ENDED + dt.timedelta(hours=1))
    assert [told(office, nip) for nip in (CAHYA, DIAH, EKO)] == first
    with office.store.reading() as tx:
        events = [event for event in tx.events.list() if event.action == "reminders.told"]
    assert [event.actor for event in events] == ["cmb:worker"]
