"""Events can be added and read, nothing else, whoever holds the connection."""

from alembic import op

revision = "0002"
down_revision = "0001"

# REPLACE deletes without firing delete triggers in SQLite, so an id that exists is refused too.
SQLITE = (
    """CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER events_are_not_replaced BEFORE INSERT ON events
       WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$""",
    """CREATE TRIGGER events_are_not_changed BEFORE UPDATE OR DELETE ON events
       FOR EACH ROW EXECUTE FUNCTION refuse_change_of_events()""",
    """CREATE TRIGGER events_are_not_emptied BEFORE TRUNCATE ON events
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events()""",
)


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
