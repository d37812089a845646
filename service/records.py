"""What the house keeps: people, blanks, submissions, certificates, events. Frozen values, no behaviour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeEntry:
    """One row of the staff register. `grade` is normalised (`III/b`); `supervisor_nip` is None at the top."""

    nip: str
    name: str
    position: str
    grade: str
    unit: str
    supervisor_nip: str | None
    email: str
    roles: tuple[str, ...] = ("pegawai",)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustRoot:
    """A root that signatures may chain to; `use` is `signing` or `timestamping`, `der` the X.509 bytes."""

    fingerprint: str
    use: str
    subject: str
    der: bytes
    added_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """The bond between a person and a signer certificate, confirmed once by a person. Valid until `ended_at`."""

    fingerprint: str
    nip: str
    subject: str
    der: bytes
    enrolled_at: dt.datetime
    ended_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankEntry:
    """One prefilled blank that was handed out."""

    serial: str
    form_id: str
    form_version: int
    kind: str
    scope: str
    meeting: int
    employee_nip: str
    pembimbing_nip: str | None
    supervisor_nip: str
    digest: str
    prepared_at: dt.datetime


class Status(StrEnum):
    """What ingest said of a submission; `received` is a file kept and not yet judged."""

    RECEIVED = "received"
    VERIFIED = "verified"
    REVIEW = "review"
    REFUSED = "refused"


class Decision(StrEnum):
    """What Biro SDM said (circular 5.b.6)."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFacts:
    """The columns of a record that are searched, compared and counted; the whole record is in `Submission.answer`."""

    employee_nip: str
    kind: str
    scope: str
    date: dt.date
    begins: dt.time
    ends: dt.time
    minutes: int
    title: str
    source: str | None
    pembimbing_name: str | None
    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One received PDF. `answer` is the JSON object of `verify` in the contract."""

    id: str
    digest: str
    file_name: str
    received_at: dt.datetime
    status: Status
    facts: ActivityFacts | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    decision: Decision = Decision.PENDING
    decided_at: dt.datetime | None = None
    decided_by: str | None = None
    decision_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One judgement of a kept submission; the first is that of its arrival, later ones stand beside it.

    `policy` is the id of the verification policy, `verdict` and `answer` are what `verify` says (contract).
    """

    submission_id: str
    at: dt.datetime
    policy: str
    verdict: str
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Existence:
    """The moment by which a file and its first judgement provably existed, by something outside of the file.

    `by` names the proof for people and programs, such as the day whose log was sealed.
    """

    at: dt.datetime
    by: str


# PAdES baseline levels of a sealed file (ETSI EN 319 142-1 6.3), lowest first.
SEAL_LEVELS = ("PAdES-B-B", "PAdES-B-T", "PAdES-B-LT", "PAdES-B-LTA")


class CertificateState(StrEnum):
    """INTENDED is kept before sealing; at most one certificate per employee and year is INTENDED or ISSUED."""

    INTENDED = "intended"
    ISSUED = "issued"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One yearly certificate. `content` is the JSON attached to the PDF, kept word for word.

    `reissues` is the number of a revoked one that a person decided to replace with it, for `reissue_reason`.
    """

    number: str
    nip: str
    year: int
    sequence: int
    jp: Decimal
    state: CertificateState
    content: Mapping[str, Any]
    basis: str
    digest: str | None
    intended_at: dt.datetime
    issued_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    end_reason: str | None = None
    superseded_by: str | None = None
    reissues: str | None = None
    reissue_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who did what when, to what. Append-only. `detail` holds no secrets and no more personal data than needed."""

    at: dt.datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)
