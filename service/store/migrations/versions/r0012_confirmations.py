"""Acts that wait for a second person, and delegations that wait for their official."""

from alembic import op
from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Index, false, text

from service.store.types import Instant, Words

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "confirmations",
        Column("id", Words, primary_key=True),
        Column("kind", Words, nullable=False),
        Column("subject", Words, nullable=False),
        Column("detail", JSON, nullable=False),
        Column("reason", Words, nullable=False),
        Column("asked_at", Instant, nullable=False),
        Column("asked_by", Words, nullable=False),
        Column("ended_at", Instant),
        Column("ended_by", Words),
        Column("outcome", Words),
        CheckConstraint("kind IN ('withdrawal', 'roles')", name="kind"),
        CheckConstraint("outcome IN ('confirmed', 'declined')", name="outcome"),
        Index("ix_confirmations_subject", "subject"),
        Index(
            "uq_confirmations_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    op.add_column("delegations", Column("needs_consent", Boolean, nullable=False, server_default=false()))
    op.add_column("delegations", Column("agreed_at", Instant))
