"""The months kept in sums are what the law says of the approvals, whoever approves when."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from service.law import KINDS, assess
from service.law.month import month_of_activities
from service.records import ActivityFacts, Decision, Status
from service.store import Store, Transaction, WriteTransaction, migrate, open_store
from service.store.schema import SUBMISSIONS
from service.store.store import for_writing, open_engine
from service.year import activity_of
from support.sample_rows import EMPLOYEE, NOW, SUPERVISOR, facts, register, side_by_side


def hand_in(tx: WriteTransaction, place: int, told: ActivityFacts) -> str:
    name = f"K-{place:04}"
    tx.submissions.receive(f"{place:064x}", "a.pdf", NOW, name)
    tx.submissions.complete(name, Status.VERIFIED, told, {"verdict": "passed"})
    return name


def same_as_the_law(tx: Transaction, nip: str, year: int) -> None:
    approved = [submission.facts for submission in tx.submissions.approved(nip, year) if submission.facts]
    by_month = defaultdict(list)
    for fact in approved:
        by_month[fact.date.month].append(activity_of(fact))
    kept = tx.assessed_months.of(nip, year)
    assert dict(kept) == {
        month: month_of_activities(dt.date(year, month, 1), listed) for month, listed in by_month.items()
    }
    assert sum(month.jp for month in kept.values()) == assess([activity_of(facts) for facts in approved]).total


def rebuilt(tx: WriteTransaction, year: int) -> int:
    return sum(tx.assessed_months.rebuild(year, month) for month in range(1, 13))


ONE = st.builds(
    facts,
    employee_nip=st.sampled_from([EMPLOYEE, SUPERVISOR]),
    kind=st.sampled_from(KINDS),
    scope=st.sampled_from(["nasional", "internasional"]),
    date=st.one_of(st.dates(dt.date(2025, 11, 28), dt.date(2026, 2, 3)), st.just(dt.date(2026, 1, 31))),
    begins=st.sampled_from([dt.time(8), dt.time(9, 30)]),
    minutes=st.sampled_from([44, 45, 90, 135]),
)


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the two people in it."""
    path = tmp_path_factory.mktemp("months") / "empty.sqlite3"
    migrate(f"sqlite:///{path}")
    with open_store(database_url=f"sqlite:///{path}", storage_url=str(path.parent / "d")) as store:
        register(store)
    return path


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(ONE, st.sampled_from(["approved", "rejected", "pending"])), max_size=14))
def test_after_any_decisions_the_months_are_what_the_law_says(
    empty_file: Path, told: list[tuple[ActivityFacts, str]]
) -> None:
    copy = shutil.copy(empty_file, empty_file.with_name("copy.sqlite3"))
    with open_store(database_url=f"sqlite:///{copy}", storage_url=str(empty_file.parent / "d")) as store:
        for place, (facts, decision) in enumerate(told):
            with store.transaction() as tx:
                name = hand_in(tx, place, facts)
                if decision != "pending":
                    assert tx.submissions.decide(name, Decision(decision), NOW, "biro", None)
        with store.transaction() as tx:
            for nip in (EMPLOYEE, SUPERVISOR):
                for year in (2025, 2026):
                    same_as_the_law(tx, nip, year)
            assert rebuilt(tx, 2025) + rebuilt(tx, 2026) == 0


def test_an_approval_is_in_the_sums_of_the_same_transaction(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        name = hand_in(tx, 1, facts())
        assert tx.assessed_months.of(EMPLOYEE, 2026) == {}
        tx.submissions.decide(name, Decision.APPROVED, NOW, "biro", None)
        same_as_the_law(tx, EMPLOYEE, 2026)
    with store.reading() as tx:
        assert list(tx.assessed_months.of(EMPLOYEE, 2026)) == [4]


def test_rebuilding_puts_right_what_was_written_past_the_service(store: Store, database_url: str) -> None:
    register(store)
    with store.transaction() as tx:
        for place in range(3):
            name = hand_in(tx, place, facts(date=dt.date(2026, 4, place + 1)))
            tx.submissions.decide(name, Decision.APPROVED, NOW, "biro", None)
    engine = open_engine(database_url)
    with for_writing(engine).begin() as connection:
        connection.execute(text("UPDATE assessed_months SET coaching_jp = 99000, month = 5"))
    engine.dispose()
    with store.transaction() as tx:
        assert rebuilt(tx, 2026) == 2
        same_as_the_law(tx, EMPLOYEE, 2026)
        assert rebuilt(tx, 2026) == 0
        assert list(tx.assessed_months.years()) == [2026]


def test_without_approvals_there_is_no_year_to_rebuild(store: Store) -> None:
    with store.reading() as tx:
        assert list(tx.assessed_months.years()) == []


def approves(urls: tuple[str, str], place: int) -> None:
    """Approve one activity of the same month as everybody else."""
    with open_store(database_url=urls[0], storage_url=urls[1]) as store, store.transaction() as tx:
        assert tx.submissions.decide(f"K-{place:04}", Decision.APPROVED, NOW, "biro", None)


def test_approvals_side_by_side_lose_nothing(store: Store, database_url: str, tmp_path: Path) -> None:
    register(store)
    with store.transaction() as tx:
        for place in range(8):
            hand_in(tx, place, facts(date=dt.date(2026, 4, place + 1), kind=KINDS[place % 3]))
    side_by_side((database_url, str(tmp_path / "documents")), approves, times=8)
    with store.reading() as tx:
        same_as_the_law(tx, EMPLOYEE, 2026)
        assert sum(tally.activities for tally in tx.assessed_months.of(EMPLOYEE, 2026)[4].by_kind.values()) == 8


def test_what_was_approved_before_the_sums_were_kept_is_in_them(empty_url: str, tmp_path: Path) -> None:
    migrate(empty_url, to="0005")
    engine = open_engine(empty_url)
    with for_writing(engine).begin() as connection:
        for place, decision in enumerate(["approved", "approved", "pending"]):
            told = facts(date=dt.date(2026, 3 + place, 1))
            row = {name: getattr(told, name) for name in told.__slots__}
            row |= {"id": f"K-{place}", "digest": f"{place:064x}", "file_name": "a.pdf", "received_at": NOW}
            connection.execute(
                insert(SUBMISSIONS).values(row | {"status": "verified", "answer": {}, "decision": decision})
            )
    engine.dispose()
    migrate(empty_url)
    with open_store(database_url=empty_url, storage_url=str(tmp_path / "d")) as store, store.reading() as tx:
        same_as_the_law(tx, EMPLOYEE, 2026)
        assert list(tx.assessed_months.of(EMPLOYEE, 2026)) == [3, 4]
