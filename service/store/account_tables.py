"""Who may come in: accounts and their sessions, tokens of programs, and where programs want to be told."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table

from service.store.columns import Instant, Words
from service.store.metadata import COUNTED, METADATA

# What an account may do follows from the employee's roles; an account without an employee is a program's or admin's.
ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("login", Words, nullable=False, unique=True),
    Column("nip", Words, ForeignKey("employees.nip"), unique=True),
    Column("password_hash", Words),
    Column("must_change", Boolean, nullable=False),
    Column("oidc_subject", Words, unique=True),
    Column("active", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("language", Words, nullable=False),
    Column("mail", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("signed_in_at", Instant),
    CheckConstraint("language IN ('id', 'en')", name="language"),
    CheckConstraint("mail IN ('each', 'daily', 'none')", name="mail"),
)

# `key` is the SHA-256 of what the cookie holds: whoever reads the table cannot sign in with it.
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("key", Words, primary_key=True),
    Column("account_id", Words, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# `key` is the SHA-256 of the token.
TOKENS = Table(
    "tokens",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("key", Words, nullable=False, unique=True),
    Column("account_id", Words, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

# What was answered to a request that must not be carried out twice.
IDEMPOTENCY_KEYS = Table(
    "idempotency_keys",
    METADATA,
    Column("account_id", Words, ForeignKey("accounts.id"), primary_key=True),
    Column("key", Words, primary_key=True),
    Column("request_digest", Words, nullable=False),
    Column("status", Integer),
    Column("answer", JSON),
    Column("created_at", Instant, nullable=False, index=True),
)

# The secret of a webhook is derived from the installation's own key, so it is not kept here.
WEBHOOKS = Table(
    "webhooks",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("account_id", Words, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("url", Words, nullable=False),
    Column("events", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

DELIVERIES = Table(
    "webhook_deliveries",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("webhook_id", Words, ForeignKey("webhooks.id"), nullable=False),
    Column("event", Words, nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("delivered_at", Instant),
    Column("last_answer", Words),
    Index(None, "webhook_id", "id"),
    Index(None, "next_at"),
    sqlite_autoincrement=True,
)
