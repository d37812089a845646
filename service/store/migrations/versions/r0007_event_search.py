"""The event log is searched by who, by what kind, and by when."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_index("ix_events_actor_id", "events", ["actor", "id"])
    op.create_index("ix_events_action_id", "events", ["action", "id"], postgresql_ops={"action": "text_pattern_ops"})
    op.create_index("ix_events_at", "events", ["at"])
