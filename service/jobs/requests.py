"""Batches as people request them: created, given files, started, cancelled, and shown as a table."""

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


def request_batch(
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
    """Create a batch. A `complete` one waits for a worker at once; others gather files until `mark_ready`."""
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


def add_file(batch_id: str, name: str, file: BinaryIO, *, store: Store, now: dt.datetime) -> str:
    """Keep a file for a gathering batch and return its digest; a ZIP file is unpacked by the worker later.

    The original is stored before the batch refers to it, and never held in memory whole. UnknownRow: no such batch.
    """
    archive = _is_archive(name, file)
    digest = store.keep_file(file)
    with store.transaction() as tx:
        if archive:
            tx.batches.ask_also(batch_id, "archives", {"name": name, "digest": digest})
        else:
            tx.batches.add(batch_id, [NewItem(name=name, digest=digest)], now)
    return digest


# Documents of office programs are ZIP files too.
_DOCUMENTS = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub")


def _is_archive(name: str, file: BinaryIO) -> bool:
    """Tell whether a file is a ZIP file, by its first bytes; a damaged one also by its name. The file is rewound."""
    head = file.read(1024)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return not name.lower().endswith(_DOCUMENTS)
    return name.lower().endswith(".zip") and b"%PDF-" not in head


def mark_ready(batch_id: str, *, store: Store) -> bool:
    """Let a worker take the batch, as all its files are there. False if it was marked before."""
    with store.transaction() as tx:
        return tx.batches.mark_ready(batch_id)


def cancel_batch(batch_id: str, *, store: Store, now: dt.datetime, actor: str) -> bool:
    """Begin no further item; finished ones stay. False if the batch had ended already."""
    with store.transaction() as tx:
        if not tx.batches.cancel(batch_id, now):
            return False
        tx.events.append(Event(at=now, actor=actor, action="batch.cancelled", subject=batch_id))
    return True


# --- A batch as a table


def write_table(batch_id: str, *, store: Store, table: Path | None = None, sheet: Path | None = None) -> None:
    """Write a row per item, waiting ones included, as CSV (`table`) or XLSX (`sheet`), page by page."""
    with Summary(table=table, sheet=sheet) as summary, store.reading() as tx:
        for item in tx.batches.all_items(batch_id):
            summary.add(_row(item))


def _row(item: Item) -> Json:
    answer = dict(item.answer or {})
    # The status of an item is its outcome, whatever its kind calls it in the answer.
    return {**answer, "file": item.name, "status": item.outcome or "waiting", "reasons": answer.get("reasons", [])}
