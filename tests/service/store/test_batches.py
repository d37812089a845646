"""Long work in the store: gathered, taken by one worker at a time, written item by item, left and found again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from service.store import Store, open_store
from service.store.errors import UnknownRow
from service.store.jobs import Batch, BatchState, Item, ItemState, NewItem
from support.sample_rows import NOW, side_by_side

LEASE = dt.timedelta(seconds=60)


def batch(batch_id: str = "B-1", *, minutes: int = 0, **changed: Any) -> Batch:
    told: dict[str, Any] = {
        "kind": "submit",
        "title": "Formulir Maret",
        "asked": {"archives": []},
        "asked_by": "biro",
        "created_at": NOW + dt.timedelta(minutes=minutes),
        "state": BatchState.GATHERING,
    }
    return Batch(id=batch_id, **told | changed)


def keep(store: Store, batch_id: str = "B-1", *, count: int = 3, minutes: int = 0) -> None:
    """A batch of `count` items, ready to be taken."""
    with store.transaction() as tx:
        tx.batches.create(batch(batch_id, minutes=minutes))
        tx.batches.add(batch_id, (NewItem(name=f"{n}.pdf", digest=f"{n:064}") for n in range(count)), NOW)
        assert tx.batches.mark_ready(batch_id)


def claim(store: Store, worker: str = "w1", *, seconds: int = 0) -> Batch | None:
    with store.transaction() as tx:
        return tx.batches.claim(worker, NOW + dt.timedelta(seconds=seconds), LEASE)


def done(store: Store, place: int, outcome: str = "verified", *, seconds: int = 0, state: str = "done") -> bool:
    with store.transaction() as tx:
        at = NOW + dt.timedelta(seconds=seconds)
        return tx.batches.result(
            "B-1", place, state=ItemState(state), outcome=outcome, answer={"n": [place, "2.40", None]}, at=at
        )


def test_a_batch_comes_back_as_it_was_kept(store: Store) -> None:
    with store.transaction() as tx:
        tx.batches.create(batch())
    with store.reading() as tx:
        assert tx.batches.get("B-1") == batch()
        assert tx.batches.get("B-2") is None


def test_items_are_handed_over_in_portions_and_keep_their_order(store: Store) -> None:
    with store.transaction() as tx:
        tx.batches.create(batch())
        assert tx.batches.add("B-1", (NewItem(name=f"{n}") for n in range(1201)), NOW) == 1201
    with store.transaction() as tx:
        told = {"reasons": [{"code": "nested_archive"}]}
        assert tx.batches.add("B-1", [NewItem(name="x.zip", outcome="refused", answer=told)], NOW) == 1202
    with store.reading() as tx:
        assert [item.name for item in tx.batches.all_items("B-1")] == [*map(str, range(1201)), "x.zip"]
        assert [item.place for item in tx.batches.items("B-1", 2, after=500)] == [501, 502]
        assert tx.batches.items("B-1", 5, outcome="refused") == [
            Item(
                batch_id="B-1",
                place=1201,
                name="x.zip",
                digest=None,
                state=ItemState.DONE,
                outcome="refused",
                answer=told,
                done_at=NOW,
            )
        ]


def test_nothing_is_added_once_a_batch_is_complete_and_nobody_takes_it_before(store: Store) -> None:
    with store.transaction() as tx:
        tx.batches.create(batch())
    assert claim(store) is None
    with store.transaction() as tx:
        assert tx.batches.mark_ready("B-1")
        assert not tx.batches.mark_ready("B-1")
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.batches.add("B-1", [NewItem(name="a")], NOW)
    assert claim(store) is not None


def test_the_oldest_waiting_batch_is_taken_first_and_only_once(store: Store) -> None:
    keep(store, "B-2", minutes=1)
    keep(store, "B-1")
    first, second = claim(store, "w1"), claim(store, "w2")
    assert first is not None
    assert second is not None
    assert (first.id, first.worker, first.state, first.started_at) == ("B-1", "w1", BatchState.RUNNING, NOW)
    assert (second.id, second.lease_until) == ("B-2", NOW + LEASE)
    assert claim(store, "w3") is None


def test_a_crashed_workers_batch_is_taken_again_after_its_lease_and_not_before(store: Store) -> None:
    keep(store)
    claim(store, "w1")
    assert claim(store, "w2", seconds=59) is None
    with store.transaction() as tx:
        assert tx.batches.renew("B-1", "w1", NOW + dt.timedelta(seconds=90))
    assert claim(store, "w2", seconds=60) is None
    again = claim(store, "w2", seconds=90)
    assert again is not None
    assert (again.worker, again.started_at) == ("w2", NOW)
    with store.transaction() as tx:
        assert not tx.batches.renew("B-1", "w1", NOW + dt.timedelta(seconds=200))
        assert not tx.batches.release("B-1", "w1")
        assert not tx.batches.fail("B-1", "w1", NOW, "x")


def test_a_result_is_written_once(store: Store) -> None:
    keep(store)
    assert done(store, 1)
    assert not done(store, 1, "refused")
    with store.reading() as tx:
        item = tx.batches.item("B-1", 1)
        assert item is not None
        assert (item.outcome, item.answer) == ("verified", {"n": [1, "2.40", None]})
        assert [item.place for item in tx.batches.items("B-1", 9, state=ItemState.WAITING)] == [0, 2]


def test_a_batch_is_done_when_nothing_waits(store: Store) -> None:
    keep(store, count=2)
    claim(store)
    done(store, 0)
    with store.transaction() as tx:
        tx.batches.mark_laid_out("B-1", 2, NOW)
        assert not tx.batches.finish("B-1", "w1", NOW)
    done(store, 1)
    with store.transaction() as tx:
        assert not tx.batches.finish("B-1", "w2", NOW)
        assert tx.batches.finish("B-1", "w1", NOW)
        kept = tx.batches.get("B-1")
    assert kept is not None
    assert (kept.state, kept.worker, kept.lease_until, kept.ended_at) == (BatchState.DONE, None, None, NOW)


def test_progress_counts_states_and_outcomes_and_tells_pace_and_time_left(store: Store) -> None:
    keep(store, count=10)
    with store.transaction() as tx:
        tx.batches.mark_laid_out("B-1", 10, NOW)
    claim(store)
    with store.reading() as tx:
        nothing = tx.batches.progress("B-1", NOW)
    assert (nothing.total, nothing.waiting, nothing.per_second, nothing.seconds_left) == (10, 10, 0.0, None)
    for place, outcome in enumerate(["verified", "refused", "verified"]):
        done(store, place, outcome, seconds=place + 1)
    done(store, 3, "stumble", seconds=4, state="failed")
    with store.reading() as tx:
        told = tx.batches.progress("B-1", NOW + dt.timedelta(seconds=8))
        later = tx.batches.progress("B-1", NOW + dt.timedelta(minutes=5))
    assert (told.waiting, told.done, told.failed) == (6, 3, 1)
    assert told.outcomes == {"refused": 1, "stumble": 1, "verified": 2}
    assert (told.per_second, told.seconds_left) == (0.5, 12.0)
    assert (later.per_second, later.seconds_left) == (0.0, None)


def test_a_cancelled_batch_keeps_what_is_done_and_goes_on_when_resumed(store: Store) -> None:
    keep(store)
    claim(store)
    done(store, 0)
    with store.transaction() as tx:
        assert tx.batches.cancel("B-1", NOW)
        assert not tx.batches.cancel("B-1", NOW)
        assert not tx.batches.renew("B-1", "w1", NOW)
        assert not tx.batches.finish("B-1", "w1", NOW)
    assert done(store, 1)  # it was under way
    assert claim(store, seconds=99) is None
    with store.transaction() as tx:
        assert tx.batches.resume("B-1")
        assert not tx.batches.resume("B-1")
    again = claim(store)
    assert again is not None
    assert again.ended_at is None
    with store.reading() as tx:
        assert tx.batches.progress("B-1", NOW).waiting == 1


def test_items_that_failed_are_tried_again_when_the_batch_is_resumed(store: Store) -> None:
    keep(store, count=2)
    claim(store)
    done(store, 0)
    done(store, 1, "stumble", state="failed")
    with store.transaction() as tx:
        tx.batches.mark_laid_out("B-1", 2, NOW)
        assert tx.batches.finish("B-1", "w1", NOW)
        assert tx.batches.resume("B-1")
        assert [item.place for item in tx.batches.items("B-1", 9, state=ItemState.WAITING)] == [1]
    claim(store)
    done(store, 1)
    with store.transaction() as tx:
        assert tx.batches.finish("B-1", "w1", NOW)
        assert not tx.batches.resume("B-1")


def test_a_batch_given_back_with_a_problem_is_left_in_peace_for_a_while(store: Store) -> None:
    keep(store)
    claim(store)
    with store.transaction() as tx:
        assert tx.batches.release("B-1", "w1", problem="Penyimpanan penuh.", not_before=NOW + LEASE)
        kept = tx.batches.get("B-1")
    assert kept is not None
    assert (kept.state, kept.problem) == (BatchState.WAITING, "Penyimpanan penuh.")
    assert claim(store, seconds=59) is None
    again = claim(store, seconds=60)
    assert again is not None
    assert again.problem is None


def test_a_failed_batch_waits_for_a_person(store: Store) -> None:
    keep(store)
    claim(store)
    with store.transaction() as tx:
        assert tx.batches.fail("B-1", "w1", NOW, "Kunci segel belum dipasang.")
    assert claim(store, seconds=999) is None
    with store.transaction() as tx:
        assert tx.batches.resume("B-1")
    assert claim(store) is not None


def test_what_was_laid_out_half_is_laid_out_anew(store: Store) -> None:
    keep(store, count=1)
    with store.transaction() as tx:
        assert tx.batches.lay_out("B-1", 1, [NewItem(name="lama"), NewItem(name="b"), NewItem(name="c")], NOW) == 3
    with store.transaction() as tx:
        assert tx.batches.lay_out("B-1", 1, [NewItem(name="baru"), NewItem(name="b")], NOW) == 2
        tx.batches.mark_laid_out("B-1", 3, NOW)
    with store.reading() as tx:
        assert [item.name for item in tx.batches.all_items("B-1")] == ["0.pdf", "baru", "b"]


def test_batches_are_listed_newest_first_by_page(store: Store) -> None:
    for number in range(5):
        keep(store, f"B-{number}", count=0, minutes=number)
    with store.reading() as tx:
        page = tx.batches.list(2)
        assert [batch.id for batch in page] == ["B-4", "B-3"]
        assert [batch.id for batch in tx.batches.list(2, after_id="B-3")] == ["B-2", "B-1"]
        assert tx.batches.list(5, kind="issue") == []
        assert len(tx.batches.list(9, kind="submit", asked_by="biro")) == 5


def claims(urls: tuple[str, str], place: int) -> str | None:
    """Take a batch, as everybody else does at the same time."""
    with open_store(database_url=urls[0], storage_url=urls[1]) as store:
        taken = claim(store, f"w{place}")
    return taken.id if taken else None


def test_many_workers_at_once_take_each_batch_once(store: Store, database_url: str, tmp_path: Path) -> None:
    for number in range(6):
        keep(store, f"B-{number}", count=1)
    taken = side_by_side((database_url, str(tmp_path / "documents")), claims, times=8)
    assert sorted(filter(None, taken)) == [f"B-{number}" for number in range(6)]
