"""Workers that run, so that the service can tell when none does."""

from alembic import op
from sqlalchemy import Column

from service.store.types import Instant, Words

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "workers",
        Column("name", Words, primary_key=True),
        Column("started_at", Instant, nullable=False),
        Column("seen_at", Instant, nullable=False),
    )
