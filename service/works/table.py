"""A batch as a table for people: CSV or XLSX, one row an item, those that still wait among them."""

from __future__ import annotations

from pathlib import Path

from service.store import Store
from service.store.batch_rows import Item
from service.summary import Summary
from service.works.kind import Json


def write_table(batch_id: str, *, store: Store, table: Path | None = None, sheet: Path | None = None) -> None:
    """Write the CSV (`table`) or the XLSX (`sheet`); a portion in memory at a time."""
    with Summary(table=table, sheet=sheet) as summary, store.reading() as tx:
        for item in tx.batches.all_items(batch_id):
            summary.add(_row(item))


def _row(item: Item) -> Json:
    answer = dict(item.answer or {})
    # What an item came to is its outcome, whatever its kind calls it in the answer.
    return {**answer, "file": item.name, "status": item.outcome or "waiting", "reasons": answer.get("reasons", [])}
