"""The facts about the signatures of one PDF, in the terms of ETSI EN 319 102-1; no judgement here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from signing.revocation.checker import Material


class Indication(StrEnum):
    """Main status indication, EN 319 102-1 clause 5.1.3."""

    TOTAL_PASSED = "TOTAL_PASSED"
    INDETERMINATE = "INDETERMINATE"
    TOTAL_FAILED = "TOTAL_FAILED"


class Changes(StrEnum):
    """The gravest change that later revisions made to what a signature covers."""

    NONE = "none"
    LTV = "ltv"
    SIGNING = "signing"
    FORM_VALUES = "form_values"
    ANNOTATIONS = "annotations"
    OTHER = "other"


class TimeSource(StrEnum):
    """Where `signed_at` comes from: a trusted time-stamp token, the signer's own claim, or nowhere."""

    TIMESTAMP = "timestamp"
    CLAIMED = "claimed"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """The owner of the key. `fingerprint` is SHA-256 (hex) of `certificate` (DER), `serial` its serial number (hex)."""

    name: str
    subject: str
    fingerprint: str
    serial: str
    certificate: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """One signature or document time stamp.

    `covered` is the length in bytes of the revision it signs (the file up to its end); `locks` are the names of the
    form fields its own lock (FieldMDP, ISO 32000-1 12.8.2.4) freezes. `permitted`: the document's rules and our
    strict policy both allow everything that came after. `registered`: the form's list of fields names it; some signers
    (poppler 22) put their widget on the page only, and many readers then show no signature. `written_later` are the
    numbers of the objects written after it (`signing.changes.unambiguous`), None where that is not enough to compare
    by. `early`: a certificate of the chain begins only after the moment of judgement.
    """

    field: str
    kind: str
    indication: Indication
    sub_indication: str | None
    intact: bool
    valid: bool
    trusted: bool
    covers_whole_file: bool
    changes_after: Changes
    permitted: bool
    signer: Signer | None
    signed_at: dt.datetime | None
    time_source: TimeSource
    profile: str
    covered: int
    locks: tuple[str, ...] = ()
    registered: bool = True
    written_later: frozenset[int] | None = None
    early: bool = False


@dataclass(frozen=True, slots=True)
class ReadProblem:
    """Why a file could not be read: the code of its words, and their parameters."""

    wording: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def code(self) -> str:
        """The code of the outside contract: what the wording says before a dot."""
        return self.wording.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All signatures of one file in the order they were made; `problem` is set exactly when `readable` is False.

    `hidden`: some readers find objects in it that others do not find, or find otherwise (hybrid cross-references,
    ISO 32000-1 7.5.8.4). Its signers signed the same bytes, but may not have seen the same. `material` is what was
    known about revocation, and the certificates it is about: enough to judge the same again without any network.
    `time_doubts` are the sub-indications of time stamps that could not be believed.
    """

    sha256: str
    readable: bool
    problem: ReadProblem | None
    signatures: tuple[SignatureReport, ...]
    hidden: bool = False
    material: Material = field(default_factory=Material, repr=False, compare=False)
    time_doubts: frozenset[str] = frozenset()


# --- Files that cannot be read (never called forged: only the reader gave up)

LARGEST = 64 * 1024 * 1024
_HEADER = b"%PDF-"
_HEADER_ROOM = 1024


def problem_before_reading(pdf: bytes) -> ReadProblem | None:
    """Return the problem that size and first bytes already show, or None."""
    if len(pdf) > LARGEST:
        return ReadProblem("too_large.signed", {"megabytes": round(len(pdf) / 2**20)})
    if pdf.startswith(_HEADER):
        return None
    offset = pdf.find(_HEADER, 0, _HEADER_ROOM + len(_HEADER))
    if offset > 0:
        return ReadProblem("bytes_before_header", {"count": offset})
    return broken()


def broken() -> ReadProblem:
    """Return the problem of a file the reader cannot follow."""
    return ReadProblem("broken_pdf.signed")


def encrypted() -> ReadProblem:
    """Return the problem of a file that needs a password."""
    return ReadProblem("encrypted.signed")


def too_many() -> ReadProblem:
    """Return the problem of a file with more signatures or revisions than any form has."""
    return ReadProblem("too_large.signatures")
