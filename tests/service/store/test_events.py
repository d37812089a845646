"""The log of who did what: complete, in order, and impossible to change through the database."""

from __future__ import annotations

import datetime as dt

import pytest

from service.records import Event
from service.store import Store
from service.store.events import EventFilter
from support.sample_rows import NOW, refused_by_database


def event(action: str = "submission.received", subject: str = "K-1") -> Event:
    return Event(at=NOW, actor="cmb:contoh", action=action, subject=subject, detail={"alasan": ["a", 1, None]})


def test_the_newest_events_come_first(store: Store) -> None:
    with store.transaction() as tx:
        for place in range(5):
            tx.events.append(event(action=f"a{place}", subject=f"K-{place % 2}"))
    with store.reading() as tx:
        assert [event.action for event in tx.events.list(limit=3)] == ["a4", "a3", "a2"]
        assert [event.action for event in tx.events.list("K-1")] == ["a3", "a1"]
        assert tx.events.list("K-9") == []


def test_an_event_comes_back_as_it_was(store: Store) -> None:
    with store.transaction() as tx:
        tx.events.append(event())
    with store.reading() as tx:
        assert tx.events.list() == [event()]


def test_an_event_of_work_that_was_undone_is_undone_with_it(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        tx.events.append(Event(at=NOW, actor="a", action="b", subject="c", detail={"n": 1 // len(tx.events.list())}))
    with store.reading() as tx:
        assert tx.events.list() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'orang lain'",
        "UPDATE events SET detail = '{}' WHERE subject = 'K-1'",
        "DELETE FROM events",
        "DELETE FROM events WHERE subject = 'K-1'",
    ],
)
def test_nobody_changes_or_deletes_an_event(store: Store, database_url: str, statement: str) -> None:
    with store.transaction() as tx:
        tx.events.append(event())
    refused_by_database(database_url, statement)
    with store.reading() as tx:
        assert tx.events.list() == [event()]


def test_nobody_replaces_or_empties_the_log(store: Store, database_url: str) -> None:
    with store.transaction() as tx:
        tx.events.append(event())
    if database_url.startswith("sqlite"):
        refused_by_database(
            database_url,
            "INSERT OR REPLACE INTO events (id, at, actor, action, subject, detail) "
            "SELECT id, at, 'orang lain', action, subject, detail FROM events",
        )
    else:
        refused_by_database(database_url, "TRUNCATE events")
    with store.reading() as tx:
        assert tx.events.list() == [event()]


def test_moments_keep_their_order_whatever_their_zone(store: Store) -> None:
    jayapura = dt.timezone(dt.timedelta(hours=9))
    with store.transaction() as tx:
        tx.events.append(Event(at=NOW.astimezone(jayapura), actor="a", action="b", subject="c"))
    with store.reading() as tx:
        kept = tx.events.list()[0].at
    assert kept == NOW
    assert kept.tzinfo is dt.UTC


def test_the_log_is_searched_by_subject_actor_action_and_period_page_by_page(store: Store) -> None:
    day = dt.timedelta(days=1)
    with store.transaction() as tx:
        tx.events.append(Event(at=NOW - day, actor="a", action="account.opened", subject="x"))
        tx.events.append(Event(at=NOW, actor="b", action="account.closed", subject="x"))
        tx.events.append(Event(at=NOW + day, actor="a", action="account_closed", subject="y"))
    with store.reading() as tx:

        def found(**told: object) -> list[str]:
            return [logged.event.action for logged in tx.events.search(EventFilter(**told))]  # type: ignore[arg-type]  # by name

        assert found() == ["account_closed", "account.closed", "account.opened"]
        assert found(subject="x", actor="a") == ["account.opened"]
        assert found(action="account.") == ["account.closed", "account.opened"]
        assert found(action="account_") == ["account_closed"]
        assert found(since=NOW, until=NOW + day) == ["account.closed"]
        (first,) = tx.events.search(EventFilter(), limit=1)
        (second,) = tx.events.search(EventFilter(), before=first.place, limit=1)
        assert (first.event.action, second.event.action) == ("account_closed", "account.closed")
