"""The web service: accounts, forms on their way to their signers, long work, messages."""

from alembic import op
from sqlalchemy import JSON, BigInteger, Boolean, CheckConstraint, Column, Date, ForeignKey, Integer, LargeBinary, text

from service.store.types import Exact, Instant, Words

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "accounts",
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
    op.create_table(
        "sessions",
        Column("key", Words, primary_key=True),
        Column("account_id", Words, ForeignKey("accounts.id"), nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("seen_at", Instant, nullable=False),
        Column("expires_at", Instant, nullable=False),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_table(
        "tokens",
        Column("id", Words, primary_key=True),
        Column("key", Words, nullable=False, unique=True),
        Column("account_id", Words, ForeignKey("accounts.id"), nullable=False),
        Column("name", Words, nullable=False),
        Column("scopes", JSON, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("expires_at", Instant, nullable=False),
        Column("used_at", Instant),
        Column("revoked_at", Instant),
    )
    op.create_index("ix_tokens_account_id", "tokens", ["account_id"])
    op.create_table(
        "idempotency_keys",
        Column("account_id", Words, ForeignKey("accounts.id"), primary_key=True),
        Column("key", Words, primary_key=True),
        Column("request_digest", Words, nullable=False),
        Column("status", Integer),
        Column("answer", JSON),
        Column("created_at", Instant, nullable=False),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_table(
        "webhooks",
        Column("id", Words, primary_key=True),
        Column("account_id", Words, ForeignKey("accounts.id"), nullable=False),
        Column("url", Words, nullable=False),
        Column("events", JSON, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("ended_at", Instant),
    )
    op.create_index("ix_webhooks_account_id", "webhooks", ["account_id"])
    op.create_table(
        "webhook_deliveries",
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("webhook_id", Words, ForeignKey("webhooks.id"), nullable=False),
        Column("event", Words, nullable=False),
        Column("body", JSON, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("next_at", Instant),
        Column("attempts", Integer, nullable=False),
        Column("delivered_at", Instant),
        Column("last_answer", Words),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_deliveries_webhook_id_id", "webhook_deliveries", ["webhook_id", "id"])
    op.create_index("ix_webhook_deliveries_next_at", "webhook_deliveries", ["next_at"])
    op.create_table(
        "circulations",
        Column("serial", Words, ForeignKey("blanks.serial"), primary_key=True),
        Column("employee_nip", Words, ForeignKey("employees.nip"), nullable=False),
        Column("state", Words, nullable=False),
        Column("awaits", Words),
        Column("awaits_nip", Words, ForeignKey("employees.nip")),
        Column("answers", JSON, nullable=False),
        Column("signed", JSON, nullable=False),
        Column("digest", Words, nullable=False),
        Column("unsettled_digest", Words),
        Column("revision", Integer, nullable=False),
        Column("replaces", Words, ForeignKey("circulations.serial")),
        Column("returned_by", Words),
        Column("return_reason", Words),
        Column("submission_id", Words, ForeignKey("submissions.id")),
        Column("created_at", Instant, nullable=False),
        Column("changed_at", Instant, nullable=False),
        CheckConstraint(
            "state IN ('draft', 'awaiting', 'complete', 'returned', 'submitted', 'withdrawn')", name="state"
        ),
        CheckConstraint("awaits IN ('pegawai', 'pembimbing', 'atasan')", name="awaits"),
        CheckConstraint("(state = 'awaiting') = (awaits IS NOT NULL)", name="awaiting"),
    )
    op.create_index("ix_circulations_employee_nip", "circulations", ["employee_nip"])
    op.create_index("ix_circulations_submission_id", "circulations", ["submission_id"])
    op.create_index("ix_circulations_replaces", "circulations", ["replaces"], unique=True)
    op.create_index("ix_circulations_awaits_nip_state", "circulations", ["awaits_nip", "state"])
    op.create_index("ix_circulations_state_changed_at", "circulations", ["state", "changed_at"])
    op.create_table(
        "gateway_calls",
        Column("id", Words, primary_key=True),
        Column("serial", Words, ForeignKey("blanks.serial"), nullable=False),
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
    )
    op.create_index("ix_gateway_calls_serial", "gateway_calls", ["serial"])
    op.create_index(
        "uq_gateway_calls_running",
        "gateway_calls",
        ["serial", "role"],
        unique=True,
        sqlite_where=text("outcome = 'started'"),
        postgresql_where=text("outcome = 'started'"),
    )
    op.create_table(
        "attachments",
        Column("id", Words, primary_key=True),
        Column("serial", Words, ForeignKey("blanks.serial"), nullable=False),
        Column("digest", Words, nullable=False),
        Column("file_name", Words, nullable=False),
        Column("media_type", Words, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("added_at", Instant, nullable=False),
        Column("added_by", Words, nullable=False),
        Column("removed_at", Instant),
    )
    op.create_index("ix_attachments_serial", "attachments", ["serial"])
    op.create_table(
        "delegations",
        Column("id", Words, primary_key=True),
        Column("from_nip", Words, ForeignKey("employees.nip"), nullable=False),
        Column("to_nip", Words, ForeignKey("employees.nip"), nullable=False),
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
    op.create_index("ix_delegations_from_nip", "delegations", ["from_nip"])
    op.create_index("ix_delegations_to_nip", "delegations", ["to_nip"])
    op.create_table(
        "enrolment_proposals",
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
    )
    op.create_index(
        "uq_enrolment_proposals_fingerprint_nip", "enrolment_proposals", ["fingerprint", "nip"], unique=True
    )
    op.create_table(
        "certificate_shares",
        Column("number", Words, ForeignKey("certificates.number"), primary_key=True),
        Column("shared_at", Instant, nullable=False),
    )
    op.create_table(
        "public_checks",
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("at", Instant, nullable=False),
        Column("by", Words, nullable=False),
        Column("asked", Words, nullable=False),
        Column("state", Words, nullable=False),
        Column("caller", Words, nullable=False),
        CheckConstraint("by IN ('number', 'file')", name="by"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_public_checks_at", "public_checks", ["at"])
    op.create_index("ix_public_checks_asked", "public_checks", ["asked"])
    op.create_table(
        "batches",
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
    )
    op.create_index("ix_batches_state_created_at", "batches", ["state", "created_at"])
    op.create_table(
        "batch_items",
        Column("batch_id", Words, ForeignKey("batches.id"), primary_key=True),
        Column("place", Integer, primary_key=True, autoincrement=False),
        Column("name", Words, nullable=False),
        Column("digest", Words),
        Column("state", Words, nullable=False),
        Column("outcome", Words),
        Column("answer", JSON),
        Column("done_at", Instant),
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
    )
    op.create_index("ix_batch_items_batch_id_state_place", "batch_items", ["batch_id", "state", "place"])
    op.create_table(
        "notifications",
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
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
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notifications_nip_id", "notifications", ["nip", "id"])
    op.create_index("ix_notifications_next_at", "notifications", ["next_at"])
