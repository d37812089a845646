"""Failed sign-ins are counted for an account and a network, not for the account alone."""

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer

from service.store.types import Instant, Words

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "sign_in_networks",
        Column("account_id", Words, ForeignKey("accounts.id"), primary_key=True),
        Column("network", Words, primary_key=True),
        Column("failures", Integer, nullable=False),
        Column("locked_until", Instant),
        Column("signed_in_at", Instant),
        Column("seen_at", Instant, nullable=False),
    )
    op.create_index("ix_sign_in_networks_seen_at", "sign_in_networks", ["seen_at"])
