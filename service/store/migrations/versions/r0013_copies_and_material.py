"""Renewed copies of certificates, and what a judgement of a file rested on."""

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer

from service.store.types import Instant, Words

revision = "0013"
down_revision = "0012"

_COUNTED = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "certificate_copies",
        Column("id", _COUNTED, primary_key=True),
        Column("number", Words, ForeignKey("certificates.number"), nullable=False),
        Column("digest", Words, nullable=False, unique=True),
        Column("level", Words, nullable=False),
        Column("made_at", Instant, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_certificate_copies_number_id", "certificate_copies", ["number", "id"])
    op.create_table(
        "verification_material",
        Column("id", _COUNTED, primary_key=True),
        Column("submission_id", Words, ForeignKey("submissions.id"), nullable=False),
        Column("judged_at", Instant, nullable=False),
        Column("kind", Words, nullable=False),
        Column("digest", Words, nullable=False),
        CheckConstraint("kind IN ('crl', 'ocsp')", name="kind"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_verification_material_submission_id_id", "verification_material", ["submission_id", "id"])
