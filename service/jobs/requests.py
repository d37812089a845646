"""How long work is asked for: gathered file by file, kept before anything else, handed to the workers, or stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from service.identifiers import short_id
from service.jobs.kind import Json
from service.records import Event
from service.store import Store
from service.store.jobs import Batch, BatchState, Item, NewItem
from service.submissions.summary import Summary


def ask(
    kind: str,
    title: str,
    asked: Mapping[str, Any],
    *,
    store: Store,
    now: dt.datetime,
    actor: str,
    randomness: Callable[[int], bytes],
    complete: bool = True,
) -> Batch:
    """A new batch; `complete` ones wait for a worker at once, others gather files until `hand_over`."""
    state = BatchState.WAITING if complete else BatchState.GATHERING
    batch = Batch(
        id=short_id("B", randomness),
        kind=kind,
        title=title,
        asked=dict(asked),
        asked_by=actor,
        created_at=now,
        state=state,
    )
    with store.transaction() as tx:
        tx.batches.create(batch)
        tx.events.append(Event(at=now, actor=actor, action="batch.asked", subject=batch.id, detail={"kind": kind}))
    return batch


def hand_in(batch_id: str, name: str, file: BinaryIO, *, store: Store, now: dt.datetime) -> str:
    """Keep a file of a batch that gathers; its digest. A ZIP file is unpacked by the worker. UnknownRow: no such batch.

    The original is on the disk before its batch knows of it; nothing of its size is in memory.
    """
    digest = store.keep_file(file)
    with store.transaction() as tx:
        if name.lower().endswith(".zip"):
            tx.batches.ask_also(batch_id, "archives", {"name": name, "digest": digest})
        else:
            tx.batches.add(batch_id, [NewItem(name=name, digest=digest)], now)
    return digest


def hand_over(batch_id: str, *, store: Store) -> bool:
    """Everything is handed in: a worker may take it. False when it was handed over before."""
    with store.transaction() as tx:
        return tx.batches.mark_ready(batch_id)


def stop(batch_id: str, *, store: Store, now: dt.datetime, actor: str) -> bool:
    """Nothing more of it is begun; what is done stays. False when it had ended already."""
    with store.transaction() as tx:
        if not tx.batches.cancel(batch_id, now):
            return False
        tx.events.append(Event(at=now, actor=actor, action="batch.cancelled", subject=batch_id))
    return True


# --- A batch as a table for people: CSV or XLSX, one row an item, those that still wait among them


def write_table(batch_id: str, *, store: Store, table: Path | None = None, sheet: Path | None = None) -> None:
    """Write the CSV (`table`) or the XLSX (`sheet`); a portion in memory at a time."""
    with Summary(table=table, sheet=sheet) as summary, store.reading() as tx:
        for item in tx.batches.all_items(batch_id):
            summary.add(_row(item))


def _row(item: Item) -> Json:
    answer = dict(item.answer or {})
    # What an item came to is its outcome, whatever its kind calls it in the answer.
    return {**answer, "file": item.name, "status": item.outcome or "waiting", "reasons": answer.get("reasons", [])}
