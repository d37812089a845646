"""The tables as they are now; how they came to be so stands in `migrations`, and a test keeps the two the same."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Time,
    UniqueConstraint,
    false,
    text,
)

from service.store.types import Exact, Instant, Thousandths, Words

# --- One collection of tables and one way to name their constraints, so that migrations can name them too

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# A number the database counts up; SQLite only does so for its own INTEGER.
COUNTED = BigInteger().with_variant(Integer, "sqlite")

EMPLOYEES = Table(
    "employees",
    METADATA,
    Column("nip", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("position", Words, nullable=False),
    Column("grade", Words, nullable=False),
    Column("unit", Words, nullable=False),
    # Deferred: one import may name a supervisor before the supervisor's own row.
    Column("supervisor_nip", Words, ForeignKey("employees.nip", deferrable=True, initially="DEFERRED")),
    Column("email", Words, nullable=False),
    Column("roles", JSON, nullable=False),
)

TRUST_ROOTS = Table(
    "trust_roots",
    METADATA,
    Column("fingerprint", Words, primary_key=True),
    Column("use", Words, primary_key=True),
    Column("subject", Words, nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("added_at", Instant, nullable=False),
    CheckConstraint("use IN ('signing', 'timestamping')", name="use"),
)

# One signer certificate belongs to one person for ever: the fingerprint alone is the key.
ENROLMENTS = Table(
    "enrolments",
    METADATA,
    Column("fingerprint", Words, primary_key=True),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
    Column("subject", Words, nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("enrolled_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

BLANKS = Table(
    "blanks",
    METADATA,
    Column("serial", Words, primary_key=True),
    Column("form_id", Words, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("kind", Words, nullable=False),
    Column("scope", Words, nullable=False),
    Column("meeting", Integer, nullable=False),
    Column("employee_nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
    Column("pembimbing_nip", Words, ForeignKey("employees.nip")),
    Column("supervisor_nip", Words, ForeignKey("employees.nip"), nullable=False),
    Column("digest", Words, nullable=False),
    Column("prepared_at", Instant, nullable=False),
)

# The facts are what a file claims: a refused one may name nobody we know, so they refer to no other table.
SUBMISSIONS = Table(
    "submissions",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("file_name", Words, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("status", Words, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("decision", Words, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Words),
    Column("decision_reason", Words),
    Column("employee_nip", Words),
    Column("kind", Words),
    Column("scope", Words),
    Column("date", Date),
    Column("begins", Time),
    Column("ends", Time),
    Column("minutes", Integer),
    Column("title", Words),
    Column("source", Words),
    Column("pembimbing_name", Words),
    Column("serial", Words),
    CheckConstraint("status IN ('received', 'verified', 'review', 'refused')", name="status"),
    CheckConstraint("decision IN ('pending', 'approved', 'rejected')", name="decision"),
    CheckConstraint(
        "decision <> 'approved' OR (status IN ('verified', 'review') AND employee_nip IS NOT NULL)", name="approvable"
    ),
    Index(None, "employee_nip", "date"),
    Index(None, "date"),
    Index(None, "status", "decision"),
    Index(None, "received_at", "id"),
)

# Every judgement of a kept file, beside each other; the first one is also the submission's own answer.
VERIFICATIONS = Table(
    "verifications",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("submission_id", Words, ForeignKey("submissions.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("policy", Words, nullable=False),
    Column("verdict", Words, nullable=False),
    Column("answer", JSON, nullable=False),
    CheckConstraint("verdict IN ('passed', 'review', 'failed')", name="verdict"),
    Index(None, "submission_id", "id"),
    sqlite_autoincrement=True,
)

# What a judgement rested on besides the file, by the SHA-256 of the stored bytes; one list serves many submissions.
VERIFICATION_MATERIAL = Table(
    "verification_material",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("submission_id", Words, ForeignKey("submissions.id"), nullable=False),
    Column("judged_at", Instant, nullable=False),
    Column("kind", Words, nullable=False),
    Column("digest", Words, nullable=False),
    CheckConstraint("kind IN ('crl', 'ocsp')", name="kind"),
    Index(None, "submission_id", "id"),
    sqlite_autoincrement=True,
)

CERTIFICATE_SERIES = Table(
    "certificate_series",
    METADATA,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last_sequence", Integer, nullable=False),
)

CERTIFICATES = Table(
    "certificates",
    METADATA,
    Column("number", Words, primary_key=True),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("jp", Exact, nullable=False),
    Column("state", Words, nullable=False),
    Column("content", JSON, nullable=False),
    Column("basis", Words, nullable=False),
    Column("digest", Words, unique=True),
    Column("intended_at", Instant, nullable=False),
    Column("issued_at", Instant),
    Column("ended_at", Instant),
    Column("end_reason", Words),
    Column("superseded_by", Words, ForeignKey("certificates.number")),
    Column("reissues", Words),
    Column("reissue_reason", Words),
    UniqueConstraint("year", "sequence"),
    CheckConstraint("state IN ('intended', 'issued', 'revoked', 'superseded')", name="state"),
    CheckConstraint("state <> 'issued' OR (digest IS NOT NULL AND issued_at IS NOT NULL)", name="issued"),
    Index(None, "nip", "year"),
)
# One living certificate and one intention per employee and year, also when two ask at the same time.
for _state in ("issued", "intended"):
    Index(
        f"uq_certificates_{_state}",
        CERTIFICATES.c.nip,
        CERTIFICATES.c.year,
        unique=True,
        sqlite_where=CERTIFICATES.c.state == _state,
        postgresql_where=CERTIFICATES.c.state == _state,
    )

# Every sealed file of a number from the issued one on: each renewed copy is the one before with a time stamp added.
CERTIFICATE_COPIES = Table(
    "certificate_copies",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("number", Words, ForeignKey("certificates.number"), nullable=False),
    Column("digest", Words, nullable=False, unique=True),
    Column("level", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
    Index(None, "number", "id"),
    sqlite_autoincrement=True,
)

# The certificate of each key that sealed, by its SHA-256, and the anchor of its chain: kept after the key is replaced.
SEALS = Table(
    "seals",
    METADATA,
    Column("fingerprint", Words, primary_key=True),
    Column("anchor", LargeBinary, nullable=False),
    Column("first_used_at", Instant, nullable=False),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("detail", JSON, nullable=False),
    Index(None, "subject", "id"),
    Index(None, "actor", "id"),
    # For beginnings, in whatever order the database's language has letters.
    Index(None, "action", "id", postgresql_ops={"action": "text_pattern_ops"}),
    Index(None, "at"),
    sqlite_autoincrement=True,
)


# --- Accounts, sessions, tokens, webhooks

# What an account may do follows from the employee's roles; an account without an employee is a program's or admin's.
ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("login", Words, nullable=False, unique=True),
    Column("nip", Words, ForeignKey("employees.nip"), unique=True),
    Column("password_hash", Words),
    Column("must_change", Boolean, nullable=False),
    Column("oidc_subject", Words, unique=True),
    Column("active", Boolean, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("language", Words, nullable=False),
    Column("mail", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("signed_in_at", Instant),
    CheckConstraint("language IN ('id', 'en')", name="language"),
    CheckConstraint("mail IN ('each', 'daily', 'none')", name="mail"),
)

# `key` is the SHA-256 of what the cookie holds: a reader of the table cannot sign in with it.
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("key", Words, primary_key=True),
    Column("account_id", Words, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

# `key` is the SHA-256 of the token.
TOKENS = Table(
    "tokens",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("key", Words, nullable=False, unique=True),
    Column("account_id", Words, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

# What was answered to a request that must not be carried out twice.
IDEMPOTENCY_KEYS = Table(
    "idempotency_keys",
    METADATA,
    Column("account_id", Words, ForeignKey("accounts.id"), primary_key=True),
    Column("key", Words, primary_key=True),
    Column("request_digest", Words, nullable=False),
    Column("status", Integer),
    Column("answer", JSON),
    Column("created_at", Instant, nullable=False, index=True),
)

# The secret of a webhook is derived from the installation's own key, so it is not kept here.
WEBHOOKS = Table(
    "webhooks",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("account_id", Words, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("url", Words, nullable=False),
    Column("events", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

DELIVERIES = Table(
    "webhook_deliveries",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("webhook_id", Words, ForeignKey("webhooks.id"), nullable=False),
    Column("event", Words, nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("delivered_at", Instant),
    Column("last_answer", Words),
    Index(None, "webhook_id", "id"),
    Index(None, "next_at"),
    sqlite_autoincrement=True,
)


# --- Circulations, gateway calls, attachments, delegations

# One row per blank that goes round in the service. `digest` names the newest bytes, `awaits` the role whose turn it is,
# `revision` counts every change, so that an older open tab is noticed. `replaces`: the one this continues
# with a fresh blank (signatures on the old one are void). `unsettled_digest`: bytes that wait until somebody knows
# whose signature they carry. `complete`: everybody has signed, not handed in yet.
CIRCULATIONS = Table(
    "circulations",
    METADATA,
    Column("serial", Words, ForeignKey("blanks.serial"), primary_key=True),
    Column("employee_nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
    Column("state", Words, nullable=False),
    Column("awaits", Words),
    Column("awaits_nip", Words, ForeignKey("employees.nip")),
    Column("answers", JSON, nullable=False),
    Column("signed", JSON, nullable=False),
    Column("digest", Words, nullable=False),
    Column("unsettled_digest", Words),
    Column("revision", Integer, nullable=False),
    Column("replaces", Words, ForeignKey("circulations.serial"), index=True, unique=True),
    Column("returned_by", Words),
    Column("return_reason", Words),
    Column("submission_id", Words, ForeignKey("submissions.id"), index=True),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint("state IN ('draft', 'awaiting', 'complete', 'returned', 'submitted', 'withdrawn')", name="state"),
    CheckConstraint("awaits IN ('pegawai', 'pembimbing', 'atasan')", name="awaits"),
    CheckConstraint("(state = 'awaiting') = (awaits IS NOT NULL)", name="awaiting"),
    Index(None, "awaits_nip", "state"),
    Index(None, "state", "changed_at"),
)

# A call to a signing gateway: kept before it goes out. One whose outcome is not known is never repeated by itself, the
# file is looked at instead. `document_id`: under which the gateway keeps a copy for one download.
GATEWAY_CALLS = Table(
    "gateway_calls",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("serial", Words, ForeignKey("blanks.serial"), index=True),
    Column("card_id", Words, ForeignKey("cards.id"), index=True),
    Column("role", Words, nullable=False),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
    Column("digest_before", Words, nullable=False),
    Column("digest_after", Words),
    Column("document_id", Words),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", Words, nullable=False),
    Column("message", Words),
    CheckConstraint("outcome IN ('started', 'signed', 'refused', 'unknown', 'settled')", name="outcome"),
    CheckConstraint("(serial IS NULL) <> (card_id IS NULL)", name="one_paper"),
    # Of two windows in which somebody signs the same form or card, one calls.
    Index(
        "uq_gateway_calls_running",
        "serial",
        "role",
        unique=True,
        sqlite_where=text("outcome = 'started'"),
        postgresql_where=text("outcome = 'started'"),
    ),
    Index(
        "uq_gateway_calls_card_running",
        "card_id",
        "role",
        unique=True,
        sqlite_where=text("outcome = 'started'"),
        postgresql_where=text("outcome = 'started'"),
    ),
)

ATTACHMENTS = Table(
    "attachments",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("serial", Words, ForeignKey("blanks.serial"), nullable=False, index=True),
    Column("digest", Words, nullable=False),
    Column("file_name", Words, nullable=False),
    Column("media_type", Words, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Words, nullable=False),
    Column("removed_at", Instant),
)

# `scope` lists the roles in which `to_nip` may sign for `from_nip` between the two days (inclusive).
DELEGATIONS = Table(
    "delegations",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("from_nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
    Column("to_nip", Words, ForeignKey("employees.nip"), nullable=False, index=True),
    Column("kind", Words, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("reason", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Words, nullable=False),
    Column("ended_at", Instant),
    # A long one holds only from the official's yes on.
    Column("needs_consent", Boolean, nullable=False, server_default=false()),
    Column("agreed_at", Instant),
    CheckConstraint("kind IN ('plt', 'plh')", name="kind"),
    CheckConstraint("ends >= starts", name="days"),
    CheckConstraint("from_nip <> to_nip", name="two_people"),
)

# An act that waits for a second person: who asked, of what (`subject`: a submission, a NIP, a delegation), and how it
# ended. `detail` is what is carried out when it is confirmed.
CONFIRMATIONS = Table(
    "confirmations",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("subject", Words, nullable=False, index=True),
    Column("detail", JSON, nullable=False),
    Column("reason", Words, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Words, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Words),
    Column("outcome", Words),
    CheckConstraint("kind IN ('withdrawal', 'roles')", name="kind"),
    CheckConstraint("outcome IN ('confirmed', 'declined')", name="outcome"),
    Index(
        "uq_confirmations_open",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# A bond somebody should confirm: whose certificate it seems to be, and where it was seen.
PROPOSALS = Table(
    "enrolment_proposals",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("fingerprint", Words, nullable=False),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
    Column("subject", Words, nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("likeness", Exact, nullable=False),
    Column("seen_in", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Words),
    CheckConstraint("state IN ('open', 'confirmed', 'declined')", name="state"),
    Index("uq_enrolment_proposals_fingerprint_nip", "fingerprint", "nip", unique=True),
)

# Certificates whose holder lets anybody who knows the number read the document.
SHARES = Table(
    "certificate_shares",
    METADATA,
    Column("number", Words, ForeignKey("certificates.number"), primary_key=True),
    Column("shared_at", Instant, nullable=False),
)

# Every public look-up. `caller` is a keyed digest of the address: enough to see a walk through the register.
CHECKS = Table(
    "public_checks",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("by", Words, nullable=False),
    Column("asked", Words, nullable=False, index=True),
    Column("state", Words, nullable=False),
    Column("caller", Words, nullable=False),
    CheckConstraint("by IN ('number', 'file')", name="by"),
    sqlite_autoincrement=True,
)


# --- Monitoring: tenures, other learning, cards, recaps, assignments, SIASN

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
    Column("coaching_activities", Integer, nullable=False),
    Column("coaching_counted", Integer, nullable=False),
    Column("coaching_jp", Thousandths, nullable=False),
    Column("mentoring_activities", Integer, nullable=False),
    Column("mentoring_counted", Integer, nullable=False),
    Column("mentoring_jp", Thousandths, nullable=False),
    Column("belajar_mandiri_activities", Integer, nullable=False),
    Column("belajar_mandiri_counted", Integer, nullable=False),
    Column("belajar_mandiri_jp", Thousandths, nullable=False),
    Column("most_national", Thousandths, nullable=False),
    CheckConstraint("month BETWEEN 1 AND 12", name="month"),
    sqlite_with_rowid=False,
)


# --- Batches and notifications: rows with a state, so that a restart does what is left

# `lease_until`: until then the worker that took it is believed to be alive; of one that waits, not to be taken before.
# `given`: how many items it was handed; what a worker lays out itself (members of a ZIP file) stands behind them.
BATCHES = Table(
    "batches",
    METADATA,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("asked", JSON, nullable=False),
    Column("asked_by", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("laid_out_at", Instant),
    Column("ended_at", Instant),
    Column("lease_until", Instant),
    Column("worker", Words),
    Column("problem", Words),
    Column("given", Integer, nullable=False),
    CheckConstraint("state IN ('gathering', 'waiting', 'running', 'done', 'cancelled', 'failed')", name="state"),
    Index(None, "state", "created_at"),
)

# Networks from which somebody tried to sign in to an account: keyed digests, which reveal no address. `signed_in_at`:
# when the account was last signed in to from there.
SIGN_IN_NETWORKS = Table(
    "sign_in_networks",
    METADATA,
    Column("account_id", Words, ForeignKey("accounts.id"), primary_key=True),
    Column("network", Words, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("signed_in_at", Instant),
    Column("seen_at", Instant, nullable=False),
    Index(None, "seen_at"),
)

# Workers that run: a row each, renewed while it lives.
WORKERS = Table(
    "workers",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

BATCH_ITEMS = Table(
    "batch_items",
    METADATA,
    Column("batch_id", Words, ForeignKey("batches.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("digest", Words),
    Column("state", Words, nullable=False),
    Column("outcome", Words),
    Column("answer", JSON),
    Column("done_at", Instant),
    CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
    Index(None, "batch_id", "state", "place"),
)

# `once` makes a message unique: the same reason on the same day is sent once.
NOTIFICATIONS = Table(
    "notifications",
    METADATA,
    Column("id", COUNTED, primary_key=True),
    Column("nip", Words, ForeignKey("employees.nip"), nullable=False),
    Column("kind", Words, nullable=False),
    Column("about", JSON, nullable=False),
    Column("once", Words, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("read_at", Instant),
    Column("next_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("problem", Words),
    Index(None, "nip", "id"),
    Index(None, "next_at"),
    sqlite_autoincrement=True,
)
