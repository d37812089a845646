"""Every judgement of a kept file stands beside the others; those made so far are the first ones."""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    column,
    insert,
    literal,
    select,
    table,
)

from service.store.types import Instant, Words

revision = "0003"
down_revision = "0002"

# REPLACE deletes without firing delete triggers in SQLite, so an id that exists is refused too.
SQLITE = (
    """CREATE TRIGGER verifications_are_not_changed BEFORE UPDATE ON verifications
       BEGIN SELECT RAISE(ABORT, 'verifications are append-only'); END""",
    """CREATE TRIGGER verifications_are_not_deleted BEFORE DELETE ON verifications
       BEGIN SELECT RAISE(ABORT, 'verifications are append-only'); END""",
    """CREATE TRIGGER verifications_are_not_replaced BEFORE INSERT ON verifications
       WHEN EXISTS (SELECT 1 FROM verifications WHERE id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'verifications are append-only'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION refuse_change_of_verifications() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'verifications are append-only'; END $$""",
    """CREATE TRIGGER verifications_are_not_changed BEFORE UPDATE OR DELETE ON verifications
       FOR EACH ROW EXECUTE FUNCTION refuse_change_of_verifications()""",
    """CREATE TRIGGER verifications_are_not_emptied BEFORE TRUNCATE ON verifications
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_verifications()""",
)
VERDICTS = {"verified": "passed", "review": "review", "refused": "failed"}


def upgrade() -> None:
    made = op.create_table(
        "verifications",
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("submission_id", Words, ForeignKey("submissions.id"), nullable=False),
        Column("at", Instant, nullable=False),
        Column("policy", Words, nullable=False),
        Column("verdict", Words, nullable=False),
        Column("answer", JSON, nullable=False),
        CheckConstraint("verdict IN ('passed', 'review', 'failed')", name="verdict"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_verifications_submission_id_id", "verifications", ["submission_id", "id"])
    # When exactly a file was judged was not kept before: it was on arrival. The policy had no name yet.
    kept = table(
        "submissions",
        column("id", Words),
        column("received_at", Instant),
        column("status", Words),
        column("answer", JSON),
    )
    for status, verdict in VERDICTS.items():
        earlier = select(
            kept.c.id, kept.c.received_at, literal("cmb-verify-0", Words), literal(verdict, Words), kept.c.answer
        ).where(kept.c.status == status)
        names = ["submission_id", "at", "policy", "verdict", "answer"]
        op.execute(insert(made).from_select(names, earlier.order_by(kept.c.received_at, kept.c.id)))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
