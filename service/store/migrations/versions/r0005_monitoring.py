"""The circular's monitoring: people as they were, other learning, cards, recaps, assignments, SIASN."""

import datetime as dt

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    UniqueConstraint,
    column,
    insert,
    literal,
    select,
    table,
)

from service.store.types import Instant, Thousandths, Words

revision = "0005"
down_revision = "0004"

BEGINNING = dt.date.min


def upgrade() -> None:
    op.create_table(
        "assignments",
        Column("id", Words, primary_key=True),
        Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
        Column("unit", Words, nullable=False),
        Column("year", Integer, nullable=False),
        Column("period", Integer, nullable=False),
        Column("kind", Words, nullable=False),
        Column("title", Words, nullable=False),
        Column("due", Date, nullable=False),
        Column("reason", Words, nullable=False),
        Column("digest", Words, nullable=False),
        Column("made_at", Instant, nullable=False),
        Column("made_by", Words, nullable=False),
        Column("state", Words, nullable=False),
        Column("ended_at", Instant),
        CheckConstraint("kind IN ('workshop', 'sosialisasi', 'pelatihan', 'cmb')", name="kind"),
        CheckConstraint("period IN (1, 2, 3)", name="period"),
        CheckConstraint("state IN ('open', 'done', 'cancelled')", name="state"),
    )
    op.create_index("ix_assignments_nip", "assignments", ["nip"])
    op.create_index("ix_assignments_unit_year", "assignments", ["unit", "year"])
    history = op.create_table(
        "employee_history",
        Column("nip", Words, ForeignKey("employees.nip"), primary_key=True),
        Column("since", Date, primary_key=True),
        Column("name", Words, nullable=False),
        Column("position", Words, nullable=False),
        Column("grade", Words, nullable=False),
        Column("unit", Words, nullable=False),
        Column("supervisor_nip", Words),
        Column("departure", Words),
        Column("recorded_at", Instant),
        CheckConstraint("departure IN ('berhenti', 'pensiun')", name="departure"),
    )
    op.create_index("ix_employee_history_unit_since", "employee_history", ["unit", "since"])
    # What the register says of everybody until now is taken to have held from the beginning.
    told = ["nip", "name", "position", "grade", "unit", "supervisor_nip"]
    known = table("employees", *(column(name, Words) for name in told))
    rows = select(known.c.nip, literal(BEGINNING, Date), *(known.c[name] for name in told[1:]))
    op.execute(insert(history).from_select(["nip", "since", *told[1:]], rows))
    op.create_table(
        "other_learning",
        Column("id", Words, primary_key=True),
        Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
        Column("kind", Words, nullable=False),
        Column("title", Words, nullable=False),
        Column("organiser", Words, nullable=False),
        Column("starts", Date, nullable=False),
        Column("ends", Date, nullable=False),
        Column("jp", Thousandths, nullable=False),
        Column("evidence_digest", Words),
        Column("evidence_name", Words),
        Column("assignment_id", Words, ForeignKey("assignments.id")),
        Column("entered_at", Instant, nullable=False),
        Column("entered_by", Words, nullable=False),
        Column("decision", Words, nullable=False),
        Column("decided_at", Instant),
        Column("decided_by", Words),
        Column("decision_reason", Words),
        CheckConstraint(
            "kind IN ('pelatihan', 'workshop', 'sosialisasi', 'seminar', 'cmb_terdahulu', 'lainnya')", name="kind"
        ),
        CheckConstraint("decision IN ('pending', 'approved', 'rejected')", name="decision"),
        CheckConstraint("ends >= starts", name="days"),
        UniqueConstraint("nip", "kind", "title", "starts"),
    )
    op.create_index("ix_other_learning_nip_ends", "other_learning", ["nip", "ends"])
    op.create_index("ix_other_learning_decision", "other_learning", ["decision"])
    op.create_table(
        "cards",
        Column("id", Words, primary_key=True),
        Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
        Column("year", Integer, nullable=False),
        Column("officer_nip", Words, ForeignKey("employees.nip")),
        Column("basis", Words, nullable=False),
        Column("digest", Words, nullable=False),
        Column("made_at", Instant, nullable=False),
        Column("made_by", Words, nullable=False),
        Column("signed_digest", Words),
        Column("signed_at", Instant),
        Column("signed_by", Words),
    )
    op.create_index("ix_cards_nip_year", "cards", ["nip", "year"])
    op.create_table(
        "recaps",
        Column("unit", Words, primary_key=True),
        Column("year", Integer, primary_key=True, autoincrement=False),
        Column("quarter", Integer, primary_key=True, autoincrement=False),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("content", JSON, nullable=False),
        Column("digest", Words, nullable=False),
        Column("sent_at", Instant, nullable=False),
        Column("sent_by", Words, nullable=False),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),
    )
    op.create_table(
        "siasn_sendings",
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("number", Words, ForeignKey("certificates.number"), nullable=False),
        Column("at", Instant, nullable=False),
        Column("request", JSON, nullable=False),
        Column("outcome", Words, nullable=False),
        Column("status", Integer),
        Column("answer", JSON, nullable=False),
        Column("register_id", Words),
        CheckConstraint("outcome IN ('started', 'accepted', 'refused', 'unknown')", name="outcome"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_siasn_sendings_number_id", "siasn_sendings", ["number", "id"])
