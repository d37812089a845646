"""Recaps out of the store: who is counted with what, sent and frozen, corrected, late."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from forms.recap import KindSum, RecapContent
from service.errors import BadInput, NotGranted
from service.monitoring.recaps import (
    LateRecap,
    Quarter,
    Recap,
    late_recaps,
    quarter_of,
    quarters_until,
    read_quarter,
    recap_now,
    recap_of,
    recap_sent,
    send_recap,
)
from service.store import StaffUpdate, Store
from service.store.monitoring import SentRecap
from service.year import accumulate
from support.monitored_office import BIRO, CAHYA, DEWI, DIAH, GITA, INDRA, KANREG, LESTARI, NAMESAKE, approve, settle_in
from support.office import ZONE
from support.sample_rows import NOW

Q1, Q2 = Quarter(year=2025, number=1), Quarter(year=2025, number=2)
TODAY = NOW.date()


def recap(store: Store, unit: str = BIRO, quarter: Quarter = Q2) -> RecapContent:
    with store.reading() as tx:
        return recap_of(unit, quarter, tx, today=TODAY)


def now_of(store: Store, quarter: Quarter = Q1) -> Recap:
    with store.reading() as tx:
        return recap_now(BIRO, quarter, tx, today=TODAY, zone=ZONE)


def send(store: Store, unit: str = BIRO, quarter: Quarter = Q1, **told: str) -> tuple[Recap, bool]:
    return send_recap(unit, quarter, store=store, now=NOW, zone=ZONE, actor="dewi", **told)


def moved(store: Store, nip: str, day: str, departure: str | None = None, **changed: str) -> None:
    with store.transaction() as tx:
        entry = tx.employees.get(nip)
        assert entry is not None
        told = StaffUpdate(entry=replace(entry, **changed), departure=departure)
        tx.employees.record([told], day=dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "ends"),
    [("2026-Q1", "2026-03-31"), ("2024-q2", "2024-06-30"), ("2026-Q3", "2026-09-30"), (" 2026-Q4 ", "2026-12-31")],
)
def test_a_quarter_ends_on_the_last_day_of_its_last_month(text: str, ends: str) -> None:
    quarter = read_quarter(text)
    assert quarter.ends == dt.date.fromisoformat(ends)
    assert quarter_of(quarter.begins) == quarter_of(quarter.ends) == quarter
    assert str(quarter) == text.strip().upper()


@pytest.mark.parametrize("text", ["", "2026", "2026-Q5", "Q1-2026", "2026-Q1 atau 2"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="bukan triwulan"):
        read_quarter(text)


def test_a_quarter_is_over_the_day_after_its_last() -> None:
    assert quarters_until(dt.date(2026, 3, 31), 2026) == ()
    assert [each.number for each in quarters_until(dt.date(2026, 10, 1), 2026)] == [1, 2, 3]


def test_a_recap_is_cumulative_and_ends_with_the_quarters_last_day(store: Store) -> None:
    settle_in(store)
    for day in ("2024-12-31", "2025-01-01", "2025-03-31", "2025-06-30", "2025-07-01"):
        approve(store, "coaching", day)
    rows = {each.nip: each for each in recap(store).rows}
    assert sorted(rows) == sorted([CAHYA, DIAH, DEWI, LESTARI])
    assert rows[CAHYA].coaching == KindSum(count=3, jp=6)
    assert rows[LESTARI].grade == "IX"
    assert {each.nip: each.coaching.count for each in recap(store, quarter=Q1).rows}[CAHYA] == 2


def test_what_does_not_count_is_told_apart(store: Store) -> None:
    settle_in(store)
    for day in ("2025-03-04", "2025-03-11", "2025-03-18"):
        approve(store, "coaching", day)
    (row,) = [each for each in recap(store).rows if each.nip == CAHYA]
    assert (row.coaching.count, row.coaching.jp, row.uncounted) == (2, 4, 1)


def test_a_recap_adds_up_to_what_the_law_says_of_each(store: Store) -> None:
    settle_in(store)
    for kind, day, nip in (
        ("coaching", "2025-01-02", CAHYA),
        ("mentoring", "2025-02-03", LESTARI),
        ("belajar_mandiri", "2025-12-31", LESTARI),
        ("mentoring", "2025-05-06", NAMESAKE),
    ):
        approve(store, kind, day, nip=nip, scope="internasional")
    whole = [each for unit in (BIRO, KANREG) for each in recap(store, unit, Quarter(year=2025, number=4)).rows]
    with store.reading() as tx:
        for row in whole:
            assert row.total == accumulate(row.nip, 2025, tx).assessment.total
    assert len(whole) == 7


def test_who_moved_is_reported_once_where_they_stood_last_with_the_whole_year(store: Store) -> None:
    settle_in(store)
    approve(store, "coaching", "2025-02-04")
    moved(store, CAHYA, "2025-05-01", unit=KANREG)
    assert CAHYA in {each.nip for each in recap(store, BIRO, Q1).rows}
    assert CAHYA not in {each.nip for each in recap(store, BIRO, Q2).rows}
    (row,) = [each for each in recap(store, KANREG, Q2).rows if each.nip == CAHYA]
    assert row.coaching.count == 1
    assert row.moves == ("Unit kerja sampai 30 April 2025: Biro Sumber Daya Manusia.",)


def test_who_left_is_reported_for_the_last_time_in_that_quarter(store: Store) -> None:
    settle_in(store)
    moved(store, LESTARI, "2025-05-01", "pensiun")
    (row,) = [each for each in recap(store, BIRO, Q2).rows if each.nip == LESTARI]
    assert row.moves == ("Pensiun sejak 1 Mei 2025.",)
    assert LESTARI not in {each.nip for each in recap(store, BIRO, Quarter(year=2025, number=3)).rows}


def test_a_unit_without_anybody_and_a_quarter_to_come_are_refused(store: Store) -> None:
    settle_in(store)
    with pytest.raises(BadInput, match="tidak mempunyai pegawai"):
        recap(store, "Biro Lain")
    with pytest.raises(BadInput, match="belum mulai"):
        recap(store, BIRO, Quarter(year=2027, number=1))


def test_what_was_sent_is_frozen_and_sending_it_again_sends_nothing(store: Store) -> None:
    settle_in(store)
    assert now_of(store).latest is None
    sent, new = send(store)
    assert (new, sent.standing.version) == (True, 1)
    again, new = send(store)
    assert (new, again.standing.version) == (False, 1)
    approve(store, "coaching", "2025-03-04")
    with store.reading() as tx:
        kept = recap_sent(BIRO, Q1, tx, zone=ZONE)
    assert kept is not None
    assert kept.content == sent.content
    assert kept.standing.sent == "8 April 2026 10.04 WIB"


def test_a_later_change_makes_a_correction_that_says_what_differs(store: Store) -> None:
    settle_in(store)
    send(store)
    approve(store, "coaching", "2025-03-04")
    changed = now_of(store)
    assert changed.changed
    told = [(each.nip, each.column, each.before, each.after) for each in changed.standing.changes]
    assert told == [
        (CAHYA, "Coaching, jumlah", "0", "1"),
        (CAHYA, "Coaching, JP", "0", "2"),
        (CAHYA, "Total JP", "0", "2"),
    ]
    corrected, new = send(store)
    assert (new, corrected.standing.version, corrected.standing.changes) == (True, 2, changed.standing.changes)
    with store.reading() as tx:
        first, second = (recap_sent(BIRO, Q1, tx, zone=ZONE, version=version) for version in (1, 2))
        assert recap_sent(BIRO, Q1, tx, zone=ZONE, version=3) is None
        assert [each.action for each in tx.events.list(BIRO)] == ["recap.sent", "recap.sent"]
    assert first is not None
    assert second is not None
    assert (first.standing.changes, second.standing.changes) == ((), changed.standing.changes)
    assert not now_of(store).changed


def test_people_who_come_and_go_are_one_change_each(store: Store) -> None:
    settle_in(store)
    approve(store, "coaching", "2025-03-04")
    send(store)
    moved(store, CAHYA, "2025-03-10", unit=KANREG)
    moved(store, GITA, "2025-03-10", unit=BIRO)
    told = [(each.nip, each.column, each.before, each.after) for each in now_of(store).standing.changes]
    assert told == [(CAHYA, "Tidak lagi tercantum", "2 JP", ""), (GITA, "Ditambahkan", "", "0 JP")]


def test_nothing_is_sent_before_the_quarters_last_day_or_unseen(store: Store) -> None:
    settle_in(store)
    early = dt.datetime(2025, 3, 30, 16, 59, tzinfo=dt.UTC)  # still the 30th in Jakarta
    with pytest.raises(NotGranted, match="belum berakhir"):
        send_recap(BIRO, Q1, store=store, now=early, zone=ZONE, actor="dewi")
    seen = now_of(store).content.digest
    approve(store, "coaching", "2025-03-04")
    with pytest.raises(NotGranted, match="berubah sejak Anda melihatnya"):
        send(store, confirmed=seen)
    in_time = dt.datetime(2025, 3, 30, 17, 0, tzinfo=dt.UTC)
    _, new = send_recap(BIRO, Q1, store=store, now=in_time, zone=ZONE, actor="dewi")
    assert new


def test_two_who_send_at_once_send_it_once(store: Store) -> None:
    settle_in(store)
    content = now_of(store).content
    with store.transaction() as tx:
        tx.recaps.add(
            SentRecap(
                unit=BIRO,
                year=2025,
                quarter=1,
                version=1,
                content=content.to_json(),
                digest=content.digest,
                sent_at=NOW,
                sent_by="diah",
            )
        )
    sent, new = send(store)
    assert not new
    assert sent.latest is not None
    assert sent.latest.sent_by == "diah"


def test_units_that_have_not_sent_are_late_from_the_day_after(store: Store) -> None:
    settle_in(store)
    send(store)
    with store.reading() as tx:
        late = late_recaps(2025, tx, today=dt.date(2025, 7, 1))
        assert not late_recaps(2025, tx, today=dt.date(2025, 3, 31))
    assert late == [
        LateRecap(unit=KANREG, quarter=Q1, days=92),
        LateRecap(unit=BIRO, quarter=Q2, days=1),
        LateRecap(unit=KANREG, quarter=Q2, days=1),
    ]


def test_a_unit_under_its_new_name_is_late_with_that(store: Store) -> None:
    settle_in(store)
    with store.transaction() as tx:
        tx.employees.record_units({KANREG: "Kantor Regional XV"}, day=dt.date(2025, 5, 1))
    with store.reading() as tx:
        late = late_recaps(2025, tx, today=dt.date(2025, 7, 1))
        rows = recap_of("Kantor Regional XV", Q2, tx, today=TODAY).rows
    assert [(each.unit, each.quarter.number) for each in late] == [
        (BIRO, 1),
        (KANREG, 1),
        (BIRO, 2),
        ("Kantor Regional XV", 2),
    ]
    assert {each.nip for each in rows} == {GITA, INDRA, NAMESAKE}
