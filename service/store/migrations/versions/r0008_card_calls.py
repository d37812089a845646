"""A call to the gateway may be for a control card: it names a form or a card, one of them."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, Table, text

from service.store.schema import METADATA
from service.store.types import Instant, Words

revision = "0008"
down_revision = "0007"

_RUNNING = text("outcome = 'started'")
_OUTCOME = "outcome IN ('started', 'signed', 'refused', 'unknown', 'settled')"
_ONE = "(serial IS NULL) <> (card_id IS NULL)"


def upgrade() -> None:
    # SQLite cannot take NOT NULL off a column: there the table is made anew, from what 0004 made, and its rows copied.
    op.drop_index("uq_gateway_calls_running", "gateway_calls")
    op.drop_index("ix_gateway_calls_serial", "gateway_calls")
    with op.batch_alter_table("gateway_calls", copy_from=_before()) as table:
        table.alter_column("serial", existing_type=Words(), nullable=True)
        table.add_column(Column("card_id", Words))
        table.create_foreign_key("fk_gateway_calls_card_id", "cards", ["card_id"], ["id"])
        table.create_check_constraint(op.f("ck_gateway_calls_one_paper"), _ONE)
    op.create_index("ix_gateway_calls_serial", "gateway_calls", ["serial"])
    op.create_index("ix_gateway_calls_card_id", "gateway_calls", ["card_id"])
    for name, subject in (("running", "serial"), ("card_running", "card_id")):
        op.create_index(
            f"uq_gateway_calls_{name}",
            "gateway_calls",
            [subject, "role"],
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        )


def _before() -> Table:
    return Table(
        "gateway_calls",
        MetaData(naming_convention=METADATA.naming_convention),
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
        CheckConstraint(_OUTCOME, name="outcome"),
    )
