"""The tables as they are now; how they came to be so stands in `migrations`, and a test keeps the two the same."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Time,
    UniqueConstraint,
)

from service.store.columns import Exact, Instant, Words
from service.store.metadata import COUNTED, METADATA

EMPLOYEES = Table(
    "employees",
    METADATA,
    Column("nip", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("position", Words, nullable=False),
    Column("grade", Words, nullable=False),
    Column("unit", Words, nullable=False),
    # Deferred: one import may name a supervisor before the supervisor's own row.
    Column("supervisor_nip", Words, ForeignKey("employees.nip", deferrable=True, initially="DEFERRED")),
    Column("email", Words, nullable=False),
    Column("roles", JSON, nullable=False),
)

TRUST_ROOTS = Table(
    "trust_roots",
    METADATA,
    Column("fingerprint", Words, primary_key=True),
    Column("use", Words, primary_key=True),
    Column("subject", Words, nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("added_at", Instant, nullable=False),
    CheckConstraint("use IN ('signing', 'timestamping')", name="use"),
)

# One signer certificate belongs to one person for ever: the fingerprint alone is the key.
ENROLMENTS = Table(
    "enrolments",
    METADATA,
    Column("fingerprint", Words, primary_key=True),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
    Column("subject", Words, nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("enrolled_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

BLANKS = Table(
    "blanks",
    METADATA,
    Column("serial", Words, primary_key=True),
    Column("form_id", Words, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("kind", Words, nullable=False),
    Column("scope", Words, nullable=False),
    Column("meeting", Integer, nullable=False),
    Column("employee_nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
    Column("pembimbing_nip", Words, ForeignKey("employees.nip")),
    Column("supervisor_nip", Words, ForeignKey("employees.nip"), nullable=False),
    Column("digest", Words, nullable=False),
    Column("prepared_at", Instant, nullable=False),
)

# The facts are what a file claims: a refused one may name nobody we know, so they refer to no other table.
SUBMISSIONS = Table(
    "submissions",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("file_name", Words, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("status", Words, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("decision", Words, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Words),
    Column("decision_reason", Words),
    Column("employee_nip", Words),
    Column("kind", Words),
    Column("scope", Words),
    Column("date", Date),
    Column("begins", Time),
    Column("ends", Time),
    Column("minutes", Integer),
    Column("title", Words),
    Column("source", Words),
    Column("pembimbing_name", Words),
    Column("serial", Words),
    CheckConstraint("status IN ('received', 'verified', 'review', 'refused')", name="status"),
    CheckConstraint("decision IN ('pending', 'approved', 'rejected')", name="decision"),
    CheckConstraint(
        "decision <> 'approved' OR (status IN ('verified', 'review') AND employee_nip IS NOT NULL)", name="approvable"
    ),
    Index(None, "employee_nip", "date"),
    Index(None, "date"),
    Index(None, "status", "decision"),
    Index(None, "received_at", "id"),
)

# Every judgement of a kept file, beside each other; the first one is also the submission's own answer.
VERIFICATIONS = Table(
    "verifications",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("submission_id", Words, ForeignKey("submissions.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("policy", Words, nullable=False),
    Column("verdict", Words, nullable=False),
    Column("answer", JSON, nullable=False),
    CheckConstraint("verdict IN ('passed', 'review', 'failed')", name="verdict"),
    Index(None, "submission_id", "id"),
    sqlite_autoincrement=True,
)

CERTIFICATE_SERIES = Table(
    "certificate_series",
    METADATA,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last_sequence", Integer, nullable=False),
)

CERTIFICATES = Table(
    "certificates",
    METADATA,
    Column("number", Words, primary_key=True),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("jp", Exact, nullable=False),
    Column("state", Words, nullable=False),
    Column("content", JSON, nullable=False),
    Column("basis", Words, nullable=False),
    Column("digest", Words, unique=True),
    Column("intended_at", Instant, nullable=False),
    Column("issued_at", Instant),
    Column("ended_at", Instant),
    Column("end_reason", Words),
    Column("superseded_by", Words, ForeignKey("certificates.number")),
    UniqueConstraint("year", "sequence"),
    CheckConstraint("state IN ('intended', 'issued', 'revoked', 'superseded')", name="state"),
    CheckConstraint("state <> 'issued' OR (digest IS NOT NULL AND issued_at IS NOT NULL)", name="issued"),
    Index(None, "nip", "year"),
)
# One living certificate and one intention per employee and year, whoever asks at the same time.
for _state in ("issued", "intended"):
    Index(
        f"uq_certificates_{_state}",
        CERTIFICATES.c.nip,
        CERTIFICATES.c.year,
        unique=True,
        sqlite_where=CERTIFICATES.c.state == _state,
        postgresql_where=CERTIFICATES.c.state == _state,
    )

EVENTS = Table(
    "events",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("detail", JSON, nullable=False),
    Index(None, "subject", "id"),
    Index(None, "actor", "id"),
    # For beginnings, in whatever order the database's language has letters.
    Index(None, "action", "id", postgresql_ops={"action": "text_pattern_ops"}),
    Index(None, "at"),
    sqlite_autoincrement=True,
)
