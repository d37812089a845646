"""What the calendar makes worth telling: once a day, once each, and nothing of a past nobody here saw."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from office import CAHYA, DIAH, EKO, HERI, NOW, PEOPLE, Office, open_office, plain_settings
from ways import on_its_way

from service.store import Store
from service.store.onway import State
from service.works.occasions import Occasions

PERIOD_ENDED = dt.datetime(2026, 9, 2, 1, 0, tzinfo=dt.UTC)
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
    occasions = Occasions(office.store, office.settings, lambda: next(clock))
    for _ in moments:
        assert not occasions.look()


def told(office: Office, nip: str) -> list[tuple[str, dict[str, object]]]:
    with office.store.reading() as tx:
        return [(each.kind, dict(each.about)) for each in reversed(tx.notifications.of(nip, 99))]


def test_a_period_that_ended_below_its_target_is_told_once(office: Office) -> None:
    look(office, PERIOD_ENDED, PERIOD_ENDED, PERIOD_ENDED + dt.timedelta(days=1))
    look(office, PERIOD_ENDED)
    for nip in (CAHYA, DIAH, HERI, EKO):
        assert told(office, nip) == [("behind", {"year": 2026, "period": "2026-2"})]


def test_whoever_keeps_a_units_papers_hears_of_a_recap_that_is_due(office: Office) -> None:
    look(office, QUARTER_ENDED)
    look(office, QUARTER_ENDED + dt.timedelta(days=3))
    assert told(office, EKO) == [("recap_due", {"unit": "Biro Sumber Daya Manusia", "quarter": "2026-Q3"})]
    assert told(office, CAHYA) == []


def test_long_after_nothing_is_told(office: Office) -> None:
    look(office, NOW)
    assert [told(office, nip) for nip in (CAHYA, DIAH, HERI, EKO)] == [[], [], [], []]


def test_a_form_that_waits_for_days_is_called_to_mind_every_three_days(office: Office) -> None:
    serial = office.blank().entry.serial
    with office.store.transaction() as tx:
        tx.circulations.add(
            on_its_way(
                serial, employee_nip=CAHYA, state=State.AWAITING, awaits="atasan", awaits_nip=DIAH, changed_at=NOW
            )
        )
    look(office, *(NOW + dt.timedelta(days=days) for days in range(8)))
    assert told(office, DIAH) == [("reminder", {"serial": serial, "role": "atasan", "employee_nip": CAHYA})] * 2
