"""The circular's monitoring: people as they were, other learning, cards, recaps, assignments, the national register."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Time, UniqueConstraint

from service.store.columns import Instant, Thousandths, Words
from service.store.metadata import COUNTED, METADATA

# What held of a person from a day on; the newest row is what `employees` says now. `departure`: left on that day, and
# how. `recorded_at` NULL: known before this was written down.
EMPLOYEE_HISTORY = Table(
    "employee_history",
    METADATA,
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
    Index(None, "unit", "since"),
)

# Pelatihan, workshop, sosialisasi, seminar (5.f.6), and CMB on paper from before the service: never in our certificate.
OTHER_LEARNING = Table(
    "other_learning",
    METADATA,
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
    Index(None, "nip", "ends"),
    Index(None, "decision"),
    UniqueConstraint("nip", "kind", "title", "starts"),
)

# What the law looks at in a piece of other learning that was a CMB activity on paper; its day and person are there.
PAST_ACTIVITIES = Table(
    "past_activities",
    METADATA,
    Column("learning_id", Words, ForeignKey("other_learning.id"), primary_key=True),
    Column("kind", Words, nullable=False),
    Column("scope", Words, nullable=False),
    Column("begins", Time),
    Column("minutes", Integer),
    CheckConstraint("kind IN ('coaching', 'mentoring', 'belajar_mandiri')", name="kind"),
    CheckConstraint("scope IN ('nasional', 'internasional')", name="scope"),
)

# The head of a unit assigns somebody who is behind to a course or to CMB (5.f.6).
ASSIGNMENTS = Table(
    "assignments",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
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
    Index(None, "unit", "year"),
)

# Control cards that were made to be signed or filed (Lampiran II); `basis` is the digest of what they say, the officer
# is who is named to sign.
CARDS = Table(
    "cards",
    METADATA,
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
    Index(None, "nip", "year"),
)

# What a unit sent (Lampiran III), frozen; a correction is the next version and says what differs.
RECAPS = Table(
    "recaps",
    METADATA,
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

# Every answer of the national register (SIASN) to a certificate we sent.
SENDINGS = Table(
    "siasn_sendings",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("number", Words, ForeignKey("certificates.number"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("request", JSON, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("status", Integer),
    Column("answer", JSON, nullable=False),
    Column("register_id", Words),
    CheckConstraint("outcome IN ('started', 'accepted', 'refused', 'unknown')", name="outcome"),
    Index(None, "number", "id"),
    sqlite_autoincrement=True,
)

# The law's answer by employee and month, written with every approval: many are asked at once, and only sums are needed.
ASSESSED_MONTHS = Table(
    "assessed_months",
    METADATA,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("nip", Words, primary_key=True),
    Column("month", Integer, primary_key=True, autoincrement=False),
    *(
        column
        for kind in ("coaching", "mentoring", "belajar_mandiri")
        for column in (
            Column(f"{kind}_activities", Integer, nullable=False),
            Column(f"{kind}_counted", Integer, nullable=False),
            Column(f"{kind}_jp", Thousandths, nullable=False),
        )
    ),
    Column("most_national", Thousandths, nullable=False),
    CheckConstraint("month BETWEEN 1 AND 12", name="month"),
    sqlite_with_rowid=False,
)
