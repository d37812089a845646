"""The whole schema of the beginning."""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    Time,
    UniqueConstraint,
    text,
)

from service.store.types import Exact, Instant, Words

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "employees",
        Column("nip", Words, primary_key=True),
        Column("name", Words, nullable=False),
        Column("position", Words, nullable=False),
        Column("grade", Words, nullable=False),
        Column("unit", Words, nullable=False),
        Column("supervisor_nip", Words, ForeignKey("employees.nip", deferrable=True, initially="DEFERRED")),
        Column("email", Words, nullable=False),
        Column("roles", JSON, nullable=False),
    )
    op.create_table(
        "trust_roots",
        Column("fingerprint", Words, primary_key=True),
        Column("use", Words, primary_key=True),
        Column("subject", Words, nullable=False),
        Column("der", LargeBinary, nullable=False),
        Column("added_at", Instant, nullable=False),
        CheckConstraint("use IN ('signing', 'timestamping')", name="use"),
    )
    op.create_table(
        "enrolments",
        Column("fingerprint", Words, primary_key=True),
        Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
        Column("subject", Words, nullable=False),
        Column("der", LargeBinary, nullable=False),
        Column("enrolled_at", Instant, nullable=False),
        Column("ended_at", Instant),
    )
    op.create_table(
        "blanks",
        Column("serial", Words, primary_key=True),
        Column("form_id", Words, nullable=False),
        Column("form_version", Integer, nullable=False),
        Column("kind", Words, nullable=False),
        Column("scope", Words, nullable=False),
        Column("meeting", Integer, nullable=False),
        Column("employee_nip", Words, ForeignKey("employees.nip"), nullable=False),
        Column("pembimbing_nip", Words, ForeignKey("employees.nip")),
        Column("supervisor_nip", Words, ForeignKey("employees.nip"), nullable=False),
        Column("digest", Words, nullable=False),
        Column("prepared_at", Instant, nullable=False),
    )
    op.create_table(
        "submissions",
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
            "decision <> 'approved' OR (status IN ('verified', 'review') AND employee_nip IS NOT NULL)",
            name="approvable",
        ),
    )
    op.create_table(
        "certificate_series",
        Column("year", Integer, primary_key=True, autoincrement=False),
        Column("last_sequence", Integer, nullable=False),
    )
    op.create_table(
        "certificates",
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
    )
    op.create_table(
        "events",
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("at", Instant, nullable=False),
        Column("actor", Words, nullable=False),
        Column("action", Words, nullable=False),
        Column("subject", Words, nullable=False),
        Column("detail", JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_enrolments_nip", "enrolments", ["nip"])
    op.create_index("ix_blanks_employee_nip", "blanks", ["employee_nip"])
    op.create_index("ix_submissions_employee_nip_date", "submissions", ["employee_nip", "date"])
    op.create_index("ix_submissions_date", "submissions", ["date"])
    op.create_index("ix_submissions_status_decision", "submissions", ["status", "decision"])
    op.create_index("ix_submissions_received_at_id", "submissions", ["received_at", "id"])
    op.create_index("ix_certificates_nip_year", "certificates", ["nip", "year"])
    op.create_index("ix_events_subject_id", "events", ["subject", "id"])
    for state in ("issued", "intended"):
        where = text(f"state = '{state}'")
        op.create_index(
            f"uq_certificates_{state}",
            "certificates",
            ["nip", "year"],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
