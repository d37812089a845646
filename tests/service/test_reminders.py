"""Reminders: whom it concerns, once, from the day it is due; a preview tells nobody."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from service.jobs.reminders import remind
from service.records import Status
from service.store import StaffUpdate, Store
from service.store.monitoring import SentRecap
from support.circulation_rows import awaiting, begin
from support.monitored_office import BIRO, CAHYA, DEWI, DIAH, GITA, INDRA, KANREG, approve, employee, register_people
from support.sample_rows import EMPLOYEE, NOW, SUPERVISOR, facts

WIB = ZoneInfo("Asia/Jakarta")
BOSS = "198001012005012009"


def told(store: Store, day: str, *, preview: bool = False, days: int = 7) -> set[tuple[str, str]]:
    now = dt.datetime.fromisoformat(f"{day}T08:00:00+07:00")
    reminders = remind(store=store, now=now, zone=WIB, actor="uji", days=days, preview=preview)
    return {(reminder.kind, reminder.nip) for reminder in reminders}


@pytest.fixture
def staffed(store: Store) -> Store:
    """People of two units, and one of Biro SDM."""
    register_people(store, employee(BOSS, "Biro Contoh", BIRO, "biro_sdm"))
    return store


def send(store: Store, unit: str, quarter: int) -> None:
    recap = {"content": {}, "digest": "d", "sent_at": NOW, "sent_by": "uji"}
    with store.transaction() as tx:
        tx.recaps.add(SentRecap(unit=unit, year=2026, quarter=quarter, version=1, **recap))


def test_a_quarter_that_is_over_is_asked_of_the_units_that_have_not_sent_it(staffed: Store) -> None:
    assert ("recap_due", GITA) in told(staffed, "2026-01-31", preview=True)
    assert told(staffed, "2026-03-31") == set()
    send(staffed, KANREG, 1)
    assert told(staffed, "2026-04-01", preview=True) == {("recap_due", DEWI)}
    assert told(staffed, "2026-04-01") == {("recap_due", DEWI)}
    assert told(staffed, "2026-04-02") == set()
    send(staffed, BIRO, 2)
    assert told(staffed, "2026-07-01") == {("recap_due", GITA)}
    with staffed.reading() as tx:
        (event, *_) = tx.events.list("reminders")
        assert (event.action, event.detail) == ("reminders.told", {"recap_due": 1})
        assert tx.notifications.unread(DEWI) == 1


def test_a_unit_without_officers_or_renamed_since_is_not_forgotten(staffed: Store) -> None:
    with staffed.transaction() as tx:
        gita = tx.employees.get(GITA)
        assert gita is not None
        tx.employees.record([StaffUpdate(entry=gita, departure="pensiun")], day=dt.date(2026, 4, 1))
        tx.employees.record_units({BIRO: "Biro Baru"}, day=dt.date(2026, 4, 1))
    assert told(staffed, "2026-04-02") == {("recap_due", DEWI), ("recap_due", BOSS)}


def test_an_evaluation_is_told_to_heads_and_to_who_is_behind(staffed: Store) -> None:
    for day in ("2026-01-05", "2026-01-06", "2026-02-05", "2026-02-06"):
        approve(staffed, "coaching", day, nip=DEWI)
    for unit in (BIRO, KANREG):
        send(staffed, unit, 1)
    reminded = told(staffed, "2026-05-01")
    assert {nip for kind, nip in reminded if kind == "evaluation_due"} == {DIAH, INDRA, BOSS}
    late = {nip for kind, nip in reminded if kind == "behind"}
    assert CAHYA in late
    assert DEWI not in late
    assert told(staffed, "2026-05-14") == set()


def test_december_warns_who_has_less_than_twenty(staffed: Store) -> None:
    for unit in (BIRO, KANREG):
        send(staffed, unit, 3)
    for month in range(1, 12):
        approve(staffed, "coaching", f"2026-{month:02}-05", nip=DEWI)
    reminded = told(staffed, "2026-12-01")
    assert ("behind", CAHYA) in reminded
    assert ("behind", DEWI) not in reminded
    assert told(staffed, "2026-12-20") == set()


def test_the_year_that_is_over_is_issued_unless_there_is_nothing_to_issue(staffed: Store) -> None:
    for unit in (BIRO, KANREG):
        send(staffed, unit, 4)
    assert ("issue_due", BOSS) not in told(staffed, "2027-01-02", preview=True)
    approve(staffed, "coaching", "2026-03-05")
    assert ("issue_due", BOSS) in told(staffed, "2027-01-02")
    assert told(staffed, "2027-01-20") == set()


def test_a_signature_is_asked_for_again_once_in_every_week_it_waits(store: Store) -> None:
    begin(store, awaiting("L1-CONTOH"))
    week = [(NOW + dt.timedelta(days=days)).date().isoformat() for days in (6, 7, 8, 9, 15)]
    asked = [("reminder", SUPERVISOR) in told(store, day) for day in week]
    assert asked == [False, False, True, False, True]
    with store.reading() as tx:
        (first, *_) = tx.notifications.of(SUPERVISOR, 10)
    assert first.about == {"serial": "L1-CONTOH", "role": "atasan", "employee_nip": EMPLOYEE}


def test_a_signer_who_has_left_is_not_asked_for_a_signature(store: Store) -> None:
    begin(store, awaiting("L1-CONTOH"))
    with store.transaction() as tx:
        boss = tx.employees.get(SUPERVISOR)
        assert boss is not None
        tx.employees.record([StaffUpdate(entry=boss, departure="pensiun")], day=NOW.date())
    assert told(store, (NOW + dt.timedelta(days=8)).date().isoformat()) == set()


def test_undecided_submissions_are_told_to_biro_sdm_once_a_week(staffed: Store) -> None:
    with staffed.transaction() as tx:
        tx.submissions.receive("ab" * 32, "a.pdf", NOW, "K-1")
        tx.submissions.complete("K-1", Status.VERIFIED, facts(employee_nip=CAHYA), {"verdict": "passed"})
    days = ["2026-04-14", "2026-04-16", "2026-04-17", "2026-04-20"]
    assert [("decisions_wait", BOSS) in told(staffed, day) for day in days] == [False, True, False, True]


def test_who_has_left_is_told_nothing(staffed: Store) -> None:
    with staffed.transaction() as tx:
        for nip in (DIAH, CAHYA, BOSS):
            entry = tx.employees.get(nip)
            assert entry is not None
            tx.employees.record([StaffUpdate(entry=entry, departure="berhenti")], day=dt.date(2026, 4, 30))
    reminded = {nip for _, nip in told(staffed, "2026-05-02")}
    assert not reminded & {DIAH, CAHYA, BOSS}
    assert INDRA in reminded
