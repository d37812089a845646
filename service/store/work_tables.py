"""Long work and messages: rows with a state, so that whoever starts again does what is left."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, Table

from service.store.columns import Instant, Words
from service.store.metadata import COUNTED, METADATA

# `lease_until`: until then the worker that took it is believed to be alive; of one that waits, not to be taken before.
# `given`: how many items it was handed; what a worker lays out itself (members of a ZIP file) stands behind them.
BATCHES = Table(
    "batches",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("asked", JSON, nullable=False),
    Column("asked_by", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("laid_out_at", Instant),
    Column("ended_at", Instant),
    Column("lease_until", Instant),
    Column("worker", Words),
    Column("problem", Words),
    Column("given", Integer, nullable=False),
    CheckConstraint("state IN ('gathering', 'waiting', 'running', 'done', 'cancelled', 'failed')", name="state"),
    Index(None, "state", "created_at"),
)

BATCH_ITEMS = Table(
    "batch_items",
    METADATA,
    Column("batch_id", Words, ForeignKey("batches.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("digest", Words),
    Column("state", Words, nullable=False),
    Column("outcome", Words),
    Column("answer", JSON),
    Column("done_at", Instant),
    CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
    Index(None, "batch_id", "state", "place"),
)

# `once` makes a message unique: the same reason on the same day is told once.
NOTIFICATIONS = Table(
    "notifications",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
    Column("kind", Words, nullable=False),
    Column("about", JSON, nullable=False),
    Column("once", Words, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("read_at", Instant),
    Column("next_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("problem", Words),
    Index(None, "nip", "id"),
    Index(None, "next_at"),
    sqlite_autoincrement=True,
)
