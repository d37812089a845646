"""CMB activities known from paper, as the law sees them."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Time

from service.store.types import Words

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "past_activities",
        Column("learning_id", Words, ForeignKey("other_learning.id"), primary_key=True),
        Column("kind", Words, nullable=False),
        Column("scope", Words, nullable=False),
        Column("begins", Time),
        Column("minutes", Integer),
        CheckConstraint("kind IN ('coaching', 'mentoring', 'belajar_mandiri')", name="kind"),
        CheckConstraint("scope IN ('nasional', 'internasional')", name="scope"),
    )
