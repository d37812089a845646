"""Certificates issued again after a revocation, and the certificates of the keys that sealed."""

from alembic import op
from sqlalchemy import Column, LargeBinary

from service.store.types import Instant, Words

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("certificates", Column("reissues", Words))
    op.add_column("certificates", Column("reissue_reason", Words))
    op.create_table(
        "seals",
        Column("fingerprint", Words, primary_key=True),
        Column("anchor", LargeBinary, nullable=False),
        Column("first_used_at", Instant, nullable=False),
    )
