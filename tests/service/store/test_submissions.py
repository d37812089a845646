"""Submissions: received once, answered once, decided once, and found as they were kept."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.values import span_of
from service.records import ActivityFacts, Decision, Status, Submission
from service.store import Store
from service.store.errors import RowExists, UnknownRow
from support.sample_rows import EMPLOYEE, NOW, STRANGER, facts, receives, side_by_side


def keep(
    store: Store,
    submission_id: str,
    *,
    status: Status = Status.VERIFIED,
    told: ActivityFacts | None = None,
    answer: Mapping[str, Any] | None = None,
    at: dt.datetime = NOW,
) -> Submission:
    with store.transaction() as tx:
        tx.submissions.receive(submission_id * 8, "a.pdf", at, submission_id)
        return tx.submissions.complete(submission_id, status, told or facts(), answer or {"verdict": "passed"})


def test_the_same_bytes_are_received_once(store: Store) -> None:
    with store.transaction() as tx:
        first, new = tx.submissions.receive("aa", "satu.pdf", NOW, "K-1")
    with store.transaction() as tx:
        second, again = tx.submissions.receive("aa", "dua.pdf", NOW + dt.timedelta(days=1), "K-2")
    assert (new, again) == (True, False)
    assert second == first
    assert first == Submission(id="K-1", digest="aa", file_name="satu.pdf", received_at=NOW, status=Status.RECEIVED)


def test_the_same_bytes_sent_by_many_processes_at_once_are_one_submission(database_url: str, tmp_path: Path) -> None:
    urls = (database_url, str(tmp_path / "documents"))
    told = side_by_side(urls, receives, times=8)
    assert len({submission_id for submission_id, _ in told}) == 1
    assert sum(new for _, new in told) == 1


def test_two_files_of_one_activity_answered_at_once_do_not_miss_each_other(store: Store) -> None:
    told = facts()

    def answer(place: int, meanwhile: Callable[[], None]) -> Submission | None:
        with store.transaction() as tx:
            kept, _ = tx.submissions.receive(f"{place}", "a.pdf", NOW, f"K-{place}")
        with store.transaction() as tx:
            earlier = tx.submissions.overlapping_all(told, kept.id)
            meanwhile()
            tx.submissions.complete(kept.id, Status.REFUSED if earlier else Status.VERIFIED, told, {})
        return earlier[0] if earlier else None

    with ThreadPoolExecutor() as people:
        later: list[Future[Submission | None]] = []

        def another_begins_and_has_to_wait() -> None:
            later.append(people.submit(answer, 2, lambda: None))
            with pytest.raises(TimeoutError):
                later[0].result(timeout=0.5)

        assert answer(1, another_begins_and_has_to_wait) is None
        seen = later[0].result()
    assert seen is not None
    assert seen.id == "K-1"


def test_an_id_given_twice_is_refused(store: Store) -> None:
    keep(store, "K-1")
    with pytest.raises(RowExists), store.transaction() as tx:
        tx.submissions.receive("bb", "b.pdf", NOW, "K-1")


def test_an_answer_is_written_once(store: Store) -> None:
    first = keep(store, "K-1", answer={"verdict": "passed", "reasons": []})
    with store.transaction() as tx:
        second = tx.submissions.complete("K-1", Status.REFUSED, None, {"verdict": "failed"})
    assert second == first
    assert second.status is Status.VERIFIED


def test_an_answer_without_a_record_has_no_facts(store: Store) -> None:
    with store.transaction() as tx:
        tx.submissions.receive("aa", "a.pdf", NOW, "K-1")
        kept = tx.submissions.complete("K-1", Status.REFUSED, None, {"reasons": [{"code": "broken_pdf"}]})
    assert kept.facts is None
    assert kept.answer == {"reasons": [{"code": "broken_pdf"}]}


def test_an_answer_to_an_unknown_submission_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownRow, match="K-9"), store.transaction() as tx:
        tx.submissions.complete("K-9", Status.REFUSED, None, {})


def test_what_a_killed_process_left_is_found(store: Store) -> None:
    keep(store, "K-1")
    with store.transaction() as tx:
        tx.submissions.receive("bb", "b.pdf", NOW, "K-2")
    with store.reading() as tx:
        assert [submission.id for submission in tx.submissions.unfinished()] == ["K-2"]


def test_a_refused_submission_is_never_approved(store: Store) -> None:
    keep(store, "K-1", status=Status.REFUSED)
    with store.transaction() as tx:
        assert not tx.submissions.decide("K-1", Decision.APPROVED, NOW, "biro", None)
    with store.reading() as tx:
        assert tx.submissions.approved(EMPLOYEE, 2026) == []


def test_a_submission_that_was_not_judged_yet_is_not_decided(store: Store) -> None:
    with store.transaction() as tx:
        tx.submissions.receive("aa", "a.pdf", NOW, "K-1")
        assert not tx.submissions.decide("K-1", Decision.APPROVED, NOW, "biro", None)
        assert not tx.submissions.decide("K-1", Decision.REJECTED, NOW, "biro", "salah")


@pytest.mark.parametrize("status", [Status.VERIFIED, Status.REVIEW])
def test_a_decision_is_made_once_and_kept_with_who_and_when(store: Store, status: Status) -> None:
    keep(store, "K-1", status=status)
    with store.transaction() as tx:
        assert tx.submissions.decide("K-1", Decision.APPROVED, NOW, "biro", None)
    with store.transaction() as tx:
        assert not tx.submissions.decide("K-1", Decision.REJECTED, NOW, "lain", "berubah pikiran")
        kept = tx.submissions.get("K-1")
    assert kept is not None
    assert (kept.decision, kept.decided_at, kept.decided_by) == (Decision.APPROVED, NOW, "biro")
    assert kept.decision_reason is None


def test_what_counts_is_approved_of_that_person_and_year_in_order(store: Store) -> None:
    late = facts(date=dt.date(2026, 12, 31), begins=dt.time(8))
    keep(store, "K-3", told=late)
    keep(store, "K-2", told=facts(begins=dt.time(13), ends=dt.time(14)))
    keep(store, "K-1")
    keep(store, "K-4", told=facts(date=dt.date(2027, 1, 1)))
    keep(store, "K-5", told=facts(employee_nip=STRANGER))
    keep(store, "K-6", told=facts(date=dt.date(2026, 5, 1)))
    with store.transaction() as tx:
        for submission_id in ("K-1", "K-2", "K-3", "K-4", "K-5"):
            assert tx.submissions.decide(submission_id, Decision.APPROVED, NOW, "biro", None)
    with store.reading() as tx:
        assert [submission.id for submission in tx.submissions.approved(EMPLOYEE, 2026)] == ["K-1", "K-2", "K-3"]
        assert [submission.id for submission in tx.submissions.of_employee(EMPLOYEE, 2026)] == [
            "K-1",
            "K-2",
            "K-6",
            "K-3",
        ]
        assert tx.submissions.approved_nips(2026) == sorted([EMPLOYEE, STRANGER])
        assert tx.submissions.approved_nips(2027) == [EMPLOYEE]


def test_only_what_passed_and_is_undecided_waits(store: Store) -> None:
    keep(store, "K-1", at=NOW + dt.timedelta(hours=1))
    keep(store, "K-2", at=NOW)
    keep(store, "K-3", status=Status.REVIEW)
    keep(store, "K-4", status=Status.REFUSED)
    keep(store, "K-5")
    with store.transaction() as tx:
        tx.submissions.decide("K-5", Decision.REJECTED, NOW, "biro", "salah")
    with store.reading() as tx:
        assert [submission.id for submission in tx.submissions.waiting()] == ["K-2", "K-1"]


@pytest.mark.parametrize("status", [Status.VERIFIED, Status.REVIEW])
def test_an_earlier_activity_is_found_unless_it_is_oneself(store: Store, status: Status) -> None:
    keep(store, "K-1", status=status)
    with store.reading() as tx:
        find = tx.submissions.overlapping_all
        assert [found.id for found in find(facts(), "K-2")] == ["K-1"]
        assert [found.id for found in find(facts(), None)] == ["K-1"]
        assert [found.id for found in find(replace(facts(), kind="mentoring"), None)] == ["K-1"]
        assert not find(facts(), "K-1")
        assert not find(replace(facts(), employee_nip=STRANGER), None)


def test_a_refused_or_rejected_activity_does_not_stand_in_the_way(store: Store) -> None:
    keep(store, "K-1", status=Status.REFUSED)
    keep(store, "K-2")
    with store.transaction() as tx:
        tx.submissions.decide("K-2", Decision.REJECTED, NOW, "biro", "salah")
    told = facts()
    with store.reading() as tx:
        assert not tx.submissions.overlapping_all(told, None)
        assert tx.submissions.overlapping(told.employee_nip, told.date, told.begins, told.ends, None) is None


@pytest.mark.parametrize(
    ("begins", "ends", "shares"),
    [
        (dt.time(8), dt.time(9), False),
        (dt.time(10, 30), dt.time(11), False),
        (dt.time(8), dt.time(9, 1), True),
        (dt.time(10, 29), dt.time(11), True),
        (dt.time(9, 30), dt.time(10), True),
        (dt.time(8), dt.time(12), True),
    ],
)
def test_activities_overlap_when_they_share_time(store: Store, begins: dt.time, ends: dt.time, *, shares: bool) -> None:
    keep(store, "K-1")
    with store.transaction() as tx:
        assert (tx.submissions.overlapping(EMPLOYEE, facts().date, begins, ends, None) is not None) is shares
        assert tx.submissions.overlapping(EMPLOYEE, dt.date(2026, 4, 8), begins, ends, None) is None
        assert tx.submissions.overlapping(EMPLOYEE, facts().date, begins, ends, "K-1") is None


@pytest.mark.parametrize(
    ("days", "begins", "ends", "shares"),
    [
        (0, dt.time(21), dt.time(22, 30), False),
        (0, dt.time(21), dt.time(22, 31), True),
        (0, dt.time(23), dt.time(23, 30), True),
        (0, dt.time(23), dt.time(0), True),
        (0, dt.time(0, 10), dt.time(0, 20), False),
        (1, dt.time(0), dt.time(0, 1), True),
        (1, dt.time(0, 10), dt.time(1), True),
        (1, dt.time(0, 30), dt.time(1), False),
        (1, dt.time(23), dt.time(0, 30), False),
        (-1, dt.time(23), dt.time(0, 30), False),
    ],
)
def test_an_activity_past_midnight_overlaps_the_morning_after(
    store: Store, days: int, begins: dt.time, ends: dt.time, *, shares: bool
) -> None:
    """Seen from both: which of the two was kept first changes nothing."""
    night = facts(begins=dt.time(22, 30), ends=dt.time(0, 30), minutes=120)
    other = facts(date=night.date + dt.timedelta(days=days), begins=begins, ends=ends)
    keep(store, "K-1", told=night)
    with store.transaction() as tx:
        found = tx.submissions.overlapping(EMPLOYEE, other.date, begins, ends, None)
        assert [submission.id for submission in tx.submissions.overlapping_all(other, None)] == ["K-1"] * shares
    assert (found is not None) is shares
    keep(store, "K-2", told=replace(other, employee_nip=STRANGER))
    with store.transaction() as tx:
        assert len(tx.submissions.overlapping_all(replace(night, employee_nip=STRANGER), None)) == shares


_TIMES = st.sampled_from([0, 1, 10, 30, 60, 61, 420, 719, 720, 1380, 1410, 1439]).map(
    lambda at: dt.time(*divmod(at, 60))
)
_SPANS = st.tuples(st.integers(0, 3), _TIMES, _TIMES).filter(lambda span: span[1] != span[2])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=_SPANS, others=st.lists(_SPANS, min_size=1, max_size=4))
def test_two_activities_overlap_exactly_when_they_share_a_moment(
    store: Store, one: tuple[int, dt.time, dt.time], others: list[tuple[int, dt.time, dt.time]]
) -> None:
    nip = f"{secrets.randbelow(10**18):018}"

    def told(span: tuple[int, dt.time, dt.time]) -> ActivityFacts:
        return facts(employee_nip=nip, date=facts().date + dt.timedelta(days=span[0]), begins=span[1], ends=span[2])

    def moments(span: tuple[int, dt.time, dt.time]) -> tuple[dt.datetime, dt.datetime]:
        return span_of(told(span).date, span[1], span[2])

    kept = {f"K{nip}-{place}": span for place, span in enumerate(others)}
    for submission_id, span in kept.items():
        keep(store, submission_id, told=told(span))
    first, last = moments(one)
    expected = {name for name, span in kept.items() if moments(span)[0] < last and first < moments(span)[1]}
    with store.reading() as tx:
        assert {submission.id for submission in tx.submissions.overlapping_all(told(one), None)} == expected
        earliest = tx.submissions.overlapping(nip, told(one).date, one[1], one[2], None)
    assert (earliest is not None) is bool(expected)


def test_the_list_goes_through_all_pages_newest_first(store: Store) -> None:
    for place in range(5):
        keep(store, f"K-{place}", at=NOW + dt.timedelta(minutes=place // 2))
    seen: list[str] = []
    with store.reading() as tx:
        page = tx.submissions.list(2)
        while page:
            seen += [submission.id for submission in page]
            page = tx.submissions.list(2, after_id=seen[-1])
    assert seen == ["K-4", "K-3", "K-2", "K-1", "K-0"]


def test_a_large_result_is_read_in_portions(store: Store) -> None:
    with store.transaction() as tx:
        for place in range(1203):
            tx.submissions.receive(f"{place:064x}", "a.pdf", NOW, f"K-{place:04d}")
    with store.reading() as tx:
        assert [submission.id for submission in tx.submissions.unfinished()] == [
            f"K-{place:04d}" for place in range(1203)
        ]
