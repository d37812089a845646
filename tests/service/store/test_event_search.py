"""Searching the log reads an index, not the log: by who, by what kind, by when, on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from service.records import Event
from service.store import Store
from service.store.events import EventFilter, EventsRead
from service.store.schema import EVENTS
from service.store.store import for_writing, open_engine
from support.sample_rows import NOW

MANY = 20_000


@pytest.fixture
def log(database_url: str) -> str:
    """A long log in which little is to be found: one action, actor and day among many others."""
    told = [
        {"at": NOW + dt.timedelta(minutes=n), "actor": f"1980{n % 40}", "action": "submission.received"}
        for n in range(MANY)
    ]
    told[7] |= {"actor": "biro"}
    told[9] |= {"action": "trust.added"}
    engine = open_engine(database_url)
    with for_writing(engine).begin() as connection:
        connection.execute(insert(EVENTS), [row | {"subject": "K-1", "detail": {}} for row in told])
        connection.execute(text("ANALYZE events"))
    engine.dispose()
    return database_url


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (EventFilter(actor="biro"), "ix_events_actor_id"),
        (EventFilter(action="trust."), "ix_events_action_id"),
        (EventFilter(since=NOW, until=NOW + dt.timedelta(hours=1)), "ix_events_at"),
    ],
    ids=["who", "what", "when"],
)
def test_a_search_reads_its_index(log: str, wanted: EventFilter, index: str) -> None:
    engine = open_engine(log)
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, words, *_: asked.append((statement, words)))
    with engine.connect() as connection:
        assert EventsRead(connection).search(wanted)
        statement, words = asked[-1]
        explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
        plan = "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", words))
    engine.dispose()
    assert index in plan, plan


def test_a_beginning_is_what_was_typed_and_nothing_else(store: Store) -> None:
    actions = ("trust.added", "trust.removed", "TRUST.added", "trust_added", "trus", "trust.\U0010fffe", "trustx")
    with store.transaction() as tx:
        for action in actions:
            tx.events.append(Event(at=NOW, actor="a", action=action, subject="b", detail={}))
    with store.reading() as tx:
        found = {logged.event.action for logged in tx.events.search(EventFilter(action="trust."))}
    assert found == {"trust.added", "trust.removed", "trust.\U0010fffe"}
