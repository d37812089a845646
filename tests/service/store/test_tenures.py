"""People as they were: what held on which day, whoever tells it when."""

from __future__ import annotations

import datetime as dt

from service.store import BEGINNING, StaffChange, StaffUpdate, Store
from service.store.staff import held_from, held_on
from support.sample_rows import EMPLOYEE, NOW, STRANGER, SUPERVISOR, entry, register

MARCH, JULY, OCTOBER = (dt.date(2026, month, 1) for month in (3, 7, 10))


def tell(store: Store, *statements: StaffUpdate, day: dt.date = JULY) -> list[StaffChange]:
    with store.transaction() as tx:
        return tx.employees.record(statements, day=day, recorded_at=NOW)


def unit_on(store: Store, day: dt.date, nip: str = EMPLOYEE) -> str | None:
    with store.reading() as tx:
        held = tx.employees.as_of(nip, day)
    return held.unit if held else None


def test_what_is_told_first_of_a_person_holds_from_the_beginning(store: Store) -> None:
    tell(store, StaffUpdate(entry=entry()), StaffUpdate(entry=entry(SUPERVISOR)), day=OCTOBER)
    assert unit_on(store, dt.date(2022, 2, 1)) == "Biro Contoh"


def test_a_change_holds_from_its_day_and_what_held_before_stays(store: Store) -> None:
    register(store)
    tell(store, StaffUpdate(entry=entry(unit="Biro Lain", name="Nama Baru")))
    assert unit_on(store, JULY - dt.timedelta(days=1)) == "Biro Contoh"
    assert unit_on(store, JULY) == "Biro Lain"
    with store.reading() as tx:
        first, second = tx.employees.tenures(EMPLOYEE)
        assert (first.since, first.name, first.recorded_at) == (BEGINNING, "Contoh Pegawai", None)
        assert (second.since, second.name, second.recorded_at) == (JULY, "Nama Baru", NOW)
        assert tx.employees.get(EMPLOYEE) == entry(unit="Biro Lain", name="Nama Baru")


def test_news_of_an_earlier_day_leaves_the_later_ones_and_the_register(store: Store) -> None:
    register(store)
    tell(store, StaffUpdate(entry=entry(unit="Biro Akhir")), day=OCTOBER)
    (change,) = tell(store, StaffUpdate(entry=entry(unit="Biro Tengah"), since=MARCH))
    assert (change.new, change.same) == (False, False)
    days = [dt.date(2026, 2, 28), MARCH, JULY, OCTOBER]
    assert [unit_on(store, day) for day in days] == ["Biro Contoh", "Biro Tengah", "Biro Tengah", "Biro Akhir"]
    with store.reading() as tx:
        assert tx.employees.get(EMPLOYEE) == entry(unit="Biro Akhir")


def test_who_joins_or_leaves_is_there_exactly_from_and_until_that_day(store: Store) -> None:
    register(store)
    tell(store, StaffUpdate(entry=entry(STRANGER), since=MARCH))
    tell(store, StaffUpdate(entry=entry(STRANGER), since=OCTOBER, departure="pensiun"))
    days = [MARCH - dt.timedelta(days=1), MARCH, OCTOBER - dt.timedelta(days=1), OCTOBER]
    with store.reading() as tx:
        there = [STRANGER in {tenure.nip for tenure in tx.employees.present_on(day)} for day in days]
        assert there == [False, True, True, False]
        assert tx.employees.as_of(STRANGER, days[0]) is None
        gone = tx.employees.as_of(STRANGER, OCTOBER)
        assert gone is not None
        assert (gone.present, gone.departure) == (False, "pensiun")
        assert [len([*tx.employees.of_year(year, unit="Biro Contoh")]) for year in (2025, 2026, 2027)] == [2, 3, 2]
        assert tx.employees.in_year(STRANGER, 2025) is None
        last = tx.employees.in_year(STRANGER, 2026)
        assert last is not None
        assert last.since == MARCH


def test_a_year_counts_a_person_once_where_they_stood_last(store: Store) -> None:
    register(store)
    tell(store, StaffUpdate(entry=entry(unit="Biro Lain")))
    with store.reading() as tx:
        for unit, people in (("Biro Contoh", [SUPERVISOR]), ("Biro Lain", [EMPLOYEE])):
            assert [tenure.nip for tenure in tx.employees.of_year(2026, unit=unit)] == people
        until_june = tx.employees.during(dt.date(2026, 1, 1), dt.date(2026, 6, 30), unit="Biro Contoh")
        assert [tenure.nip for tenure in until_june] == [SUPERVISOR, EMPLOYEE]
        assert tx.employees.units(JULY) == ["Biro Contoh", "Biro Lain"]


def test_who_left_on_the_first_day_of_a_span_was_not_in_it_and_who_came_back_is(store: Store) -> None:
    register(store)
    tell(store, StaffUpdate(entry=entry(), since=dt.date(2026, 1, 1), departure="berhenti"))
    with store.reading() as tx:
        assert EMPLOYEE not in {tenure.nip for tenure in tx.employees.of_year(2026)}
        assert EMPLOYEE in {tenure.nip for tenure in tx.employees.of_year(2025)}
    tell(store, StaffUpdate(entry=entry(unit="Biro Lain"), since=JULY))
    with store.reading() as tx:
        back = tx.employees.in_year(EMPLOYEE, 2026)
        assert back is not None
        assert back.unit == "Biro Lain"


def test_a_unit_is_renamed_for_all_its_people_at_once_and_for_later_days_too(store: Store) -> None:
    register(store)
    tell(store, StaffUpdate(entry=entry(grade="III/c")), day=OCTOBER)
    with store.transaction() as tx:
        assert len(tx.employees.record_units({"Biro Contoh": "Biro Baru"}, day=JULY, recorded_at=NOW)) == 2
        assert tx.employees.record_units({"Biro Contoh": "Biro Baru"}, day=JULY, recorded_at=NOW) == []
    days = [JULY - dt.timedelta(days=1), JULY, OCTOBER]
    for nip in (EMPLOYEE, SUPERVISOR):
        assert [unit_on(store, day, nip) for day in days] == ["Biro Contoh", "Biro Baru", "Biro Baru"]
    with store.reading() as tx:
        assert {employee.unit for employee in tx.employees.all()} == {"Biro Baru"}
        assert [tenure.grade for tenure in tx.employees.tenures(EMPLOYEE)] == ["III/b", "III/b", "III/c"]


def test_a_preview_writes_nothing(store: Store) -> None:
    register(store)
    with store.reading() as tx:
        (change,) = tx.employees.changes([StaffUpdate(entry=entry(unit="Biro Lain"))], day=JULY)
    assert change.after.unit == "Biro Lain"
    assert unit_on(store, OCTOBER) == "Biro Contoh"


def test_of_somebody_unknown_nothing_ever_held(store: Store) -> None:
    with store.reading() as tx:
        assert tx.employees.tenures_of([STRANGER]) == {STRANGER: []}
        assert tx.employees.as_of(STRANGER, JULY) is None
        assert tx.employees.in_year(STRANGER, 2026) is None


def test_what_held_on_a_day_comes_with_everything_later(store: Store) -> None:
    register(store)
    for day, unit in ((MARCH, "Biro A"), (JULY, "Biro B")):
        tell(store, StaffUpdate(entry=entry(unit=unit)), day=day)
    with store.reading() as tx:
        for day, units in (
            (dt.date(2026, 1, 1), ["Biro Contoh", "Biro A", "Biro B"]),
            (JULY - dt.timedelta(days=1), ["Biro A", "Biro B"]),
            (JULY, ["Biro B"]),
        ):
            assert [tenure.unit for tenure in held_from(tx.employees.tenures(EMPLOYEE), day)] == units


def test_people_asked_for_together_are_told_as_one_by_one(store: Store) -> None:
    register(store)
    tell(store, StaffUpdate(entry=entry(unit="Biro B")))
    with store.reading() as tx:
        told = tx.employees.tenures_of([EMPLOYEE, SUPERVISOR])
        for nip in (EMPLOYEE, SUPERVISOR):
            assert told[nip] == tx.employees.tenures(nip)
            for day in (BEGINNING, MARCH, JULY, OCTOBER):
                assert held_on(told[nip], day) == tx.employees.as_of(nip, day)
        assert held_on([], JULY) is None
