"""A form on its way to its signers: what was typed, whose turn it is, what belongs to it, who stands in for whom."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    text,
)

from service.store.columns import Exact, Instant, Words
from service.store.metadata import COUNTED, METADATA

# One row per blank that goes round in the service. `digest` names the newest bytes, `awaits` the role whose turn it is,
# `revision` counts every change, so that of two open tabs the older one is told. `replaces`: the one this continues
# with a fresh blank (signatures on the old one are void). `unsettled_digest`: bytes that wait until somebody knows
# whose signature they carry. `complete`: everybody has signed, not handed in yet.
CIRCULATIONS = Table(
    "circulations",
    METADATA,
    Column("serial", Words, ForeignKey("blanks.serial"), primary_key=True),
    Column("employee_nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
    Column("state", Words, nullable=False),
    Column("awaits", Words),
    Column("awaits_nip", Words, ForeignKey("employees.nip")),
    Column("answers", JSON, nullable=False),
    Column("signed", JSON, nullable=False),
    Column("digest", Words, nullable=False),
    Column("unsettled_digest", Words),
    Column("revision", Integer, nullable=False),
    Column("replaces", Words, ForeignKey("circulations.serial"), index=True, unique=True),
    Column("returned_by", Words),
    Column("return_reason", Words),
    Column("submission_id", Words, ForeignKey("submissions.id"), index=True),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint("state IN ('draft', 'awaiting', 'complete', 'returned', 'submitted', 'withdrawn')", name="state"),
    CheckConstraint("awaits IN ('pegawai', 'pembimbing', 'atasan')", name="awaits"),
    CheckConstraint("(state = 'awaiting') = (awaits IS NOT NULL)", name="awaiting"),
    Index(None, "awaits_nip", "state"),
    Index(None, "state", "changed_at"),
)

# A call to a signing gateway: kept before it goes out. One whose outcome is not known is never repeated by itself, the
# file is looked at instead. `document_id`: under which the gateway keeps a copy for one download.
GATEWAY_CALLS = Table(
    "gateway_calls",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("serial", Words, ForeignKey("blanks.serial"), index=True),
    Column("card_id", Words, ForeignKey("cards.id"), index=True),
    Column("role", Words, nullable=False),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
    Column("digest_before", Words, nullable=False),
    Column("digest_after", Words),
    Column("document_id", Words),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Words, nullable=False),
    Column("message", Words),
    CheckConstraint("outcome IN ('started', 'signed', 'refused', 'unknown', 'settled')", name="outcome"),
    CheckConstraint("(serial IS NULL) <> (card_id IS NULL)", name="one_paper"),
    # Of two windows in which somebody signs the same form or card, one calls.
    Index(
        "uq_gateway_calls_running",
        "serial",
        "role",
        unique=True,
        sqlite_where=text("outcome = 'started'"),
        postgresql_where=text("outcome = 'started'"),
    ),
    Index(
        "uq_gateway_calls_card_running",
        "card_id",
        "role",
        unique=True,
        sqlite_where=text("outcome = 'started'"),
        postgresql_where=text("outcome = 'started'"),
    ),
)

ATTACHMENTS = Table(
    "attachments",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("serial", Words, ForeignKey("blanks.serial"), nullable=False, index=True),
    Column("digest", Words, nullable=False),
    Column("file_name", Words, nullable=False),
    Column("media_type", Words, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Words, nullable=False),
    Column("removed_at", Instant),
)

# `scope` lists the roles in which `to_nip` may sign for `from_nip` between the two days (inclusive).
DELEGATIONS = Table(
    "delegations",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("from_nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
    Column("to_nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
    Column("kind", Words, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("reason", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Words, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint("kind IN ('plt', 'plh')", name="kind"),
    CheckConstraint("ends >= starts", name="days"),
    CheckConstraint("from_nip <> to_nip", name="two_people"),
)

# A bond somebody should confirm: whose certificate it seems to be, and where it was seen.
PROPOSALS = Table(
    "enrolment_proposals",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("fingerprint", Words, nullable=False),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
    Column("subject", Words, nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("likeness", Exact, nullable=False),
    Column("seen_in", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Words),
    CheckConstraint("state IN ('open', 'confirmed', 'declined')", name="state"),
    Index("uq_enrolment_proposals_fingerprint_nip", "fingerprint", "nip", unique=True),
)

# Certificates whose holder lets anybody who knows the number read the document.
SHARES = Table(
    "certificate_shares",
    METADATA,
    Column("number", Words, ForeignKey("certificates.number"), primary_key=True),
    Column("shared_at", Instant, nullable=False),
)

# Every public look-up. `caller` is a keyed digest of the address: enough to see a walk through the register.
CHECKS = Table(
    "public_checks",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("by", Words, nullable=False),
    Column("asked", Words, nullable=False, index=True),
    Column("state", Words, nullable=False),
    Column("caller", Words, nullable=False),
    CheckConstraint("by IN ('number', 'file')", name="by"),
    sqlite_autoincrement=True,
)
