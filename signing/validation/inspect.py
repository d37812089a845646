"""Inspect the signatures of a PDF: facts about each of them, in the order of EN 319 102-1."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.pdf_utils.misc import PdfReadError

from signing import report
from signing.asn1 import x509
from signing.certificates import read_certificate
from signing.changes.policy import Step, judge_step, worst
from signing.changes.references import Usages
from signing.changes.unambiguous import written_later
from signing.errors import BadCertificate
from signing.pdf.history import History, raw
from signing.report import Changes, Indication, ReadProblem, Report, SignatureReport, Signer, TimeSource
from signing.revocation.checker import Evidence, Material, Revocations
from signing.trust import Trust
from signing.validation.chain import EARLY, Roots, may_sign_documents
from signing.validation.document import (
    BadCoverage,
    Coverage,
    FoundSignature,
    SignatureRules,
    coverage_of,
    find_signatures,
    signature_rules,
)
from signing.validation.dss import store_revision, stored_certificates, stored_contents
from signing.validation.signature import (
    BadValue,
    Check,
    FileDigests,
    SignerCertificateMissing,
    Value,
    check_pkcs1,
    check_value,
    digest_matches,
    digest_with,
    embedded_evidence,
    open_value,
    signature_tokens,
)
from signing.validation.timestamp import Imprint, Token, judge_token

_PADES = "/ETSI.CAdES.detached"
_DETACHED = {_PADES, "/adbe.pkcs7.detached"}
_PKCS7_SHA1 = "/adbe.pkcs7.sha1"
_PKCS1 = "/adbe.x509.rsa_sha1"
_TIMESTAMP = "/ETSI.RFC3161"
_TIMESTAMP_PROFILE = "RFC3161"
_NO_CERTIFICATE = "NO_SIGNING_CERTIFICATE_FOUND"
_WEAK = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
_MOST_SIGNATURES, _MOST_REVISIONS = 64, 96
_CACHED, _LARGEST_CACHED = 500, 8192  # signers, and bytes of a certificate


def inspect(pdf: bytes, *, trust: Trust) -> Report:
    """Return a report on the signatures and document time stamps of a PDF, oldest first.

    Never raises because of the file: one that cannot be read gives `readable` False with a problem, a signature that
    cannot be read gives TOTAL_FAILED / FORMAT_FAILURE. Time and memory are bounded by the file's size; untrusted files
    should be read in a process of its own with limits all the same (MemoryError is not caught).
    """
    digests = FileDigests(pdf)
    digest = digests.whole("sha256").hex()
    problem = report.problem_before_reading(pdf)
    if problem is not None:
        return _unreadable(digest, problem)
    # pyHanko logs its doubts with stack traces; ours are in the report.
    logging.getLogger("pyhanko").addHandler(logging.NullHandler())
    logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())
    try:
        history = History(pdf)
        if history.reader.encrypted:
            return _unreadable(digest, report.encrypted())
        found = find_signatures(history)
        if len(found) > _MOST_SIGNATURES or history.last >= _MOST_REVISIONS:
            return _unreadable(digest, report.too_many())
        inspection = Inspection(history=history, trust=trust, digests=digests)
        signatures = inspection.report_all(found)
        hidden = any(history.hidden(revision) != frozenset() for revision in range(history.last + 1))
    except MemoryError:
        raise  # the machine's limit, not a fact about the file
    except Exception:  # noqa: BLE001 - never raises: half of all forged files break some reader somewhere (trap 7)
        return _unreadable(digest, report.broken())
    return Report(
        sha256=digest,
        readable=True,
        problem=None,
        signatures=signatures,
        hidden=hidden,
        material=inspection.material,
        time_doubts=frozenset(inspection.time_doubts),
    )


def _unreadable(digest: str, problem: ReadProblem) -> Report:
    return Report(sha256=digest, readable=False, problem=problem, signatures=())


# --- Judging the signatures of one file


class Inspection:
    """The inspection of one file: history, usages, steps and revocation data are read once for all its signatures."""

    def __init__(self, *, history: History, trust: Trust, digests: FileDigests) -> None:
        self.history = history
        self.trust = trust
        self._digests = digests
        self._usages = Usages(history)
        self._steps: dict[int, Step] = {}
        self._roots, self._timestamp_roots = Roots(trust.roots), Roots(trust.timestamp_roots)
        crls, ocsps = tuple(stored_contents(history, ("/CRLs",))), tuple(stored_contents(history, ("/OCSPs",)))
        self._stored_evidence = Evidence(crls=crls, ocsps=ocsps)
        given = Evidence(crls=trust.crls, ocsps=trust.ocsps)
        self._revocations = Revocations(stored=given + self._stored_evidence, network=trust.network, now=trust.moment)
        self._stored_certificates = tuple(stored_certificates(stored_contents(history, ("/Certs",))))
        self._certificates = (*self._stored_certificates, *stored_certificates(trust.certificates))
        self.time_doubts: set[str] = set()
        # Document time stamps prove that everything they cover existed. The newest is judged as of now, each earlier
        # one as of the time a later one proves. Revision and time of the trusted ones; revisions of all sound ones.
        self._trusted_times: list[tuple[int, dt.datetime]] = []
        self._timestamps: list[int] = []
        self._store_revision = store_revision(history)

    @property
    def material(self) -> Material:
        """What the reports rest on; incomplete also when a time stamp could not be believed."""
        return self._revocations.used + Material(complete=not self.time_doubts)

    def report_all(self, found: Sequence[FoundSignature]) -> tuple[SignatureReport, ...]:
        """Judge all signatures; the newest first, because a later time stamp proves the age of the earlier ones."""
        reports = []
        for signature in reversed(found):
            try:
                reports.append(self._judge(signature))
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 - as in `inspect`, for one signature
                reports.append(unreadable_signature(signature))
        return tuple(reversed(reports))

    def _judge(self, signature: FoundSignature) -> SignatureReport:
        sub_filter = raw(signature.dictionary, "/SubFilter")
        try:
            coverage = coverage_of(signature, self.history)
            rules = signature_rules(signature, self.history)
            later = self._later_changes(signature, coverage, rules)
            whole = coverage.end == len(self.history.pdf)
            context = SignatureContext(signature=signature, coverage=coverage, rules=rules, later=later, whole=whole)
            if sub_filter == _PKCS1:
                return self._pkcs1(context)
            value = open_value(coverage.value, self._certificates)
        except SignerCertificateMissing as missing:
            return self._without_certificate(context, missing.signer_info)
        except (BadCoverage, BadValue):
            return unreadable_signature(signature)
        return self._time_stamp(context, value) if sub_filter == _TIMESTAMP else self._cms_signature(context, value)

    def _later_changes(self, signature: FoundSignature, coverage: Coverage, rules: SignatureRules) -> LaterChanges:
        changes, permitted = Changes.NONE, True
        for revision in range(signature.revision + 1, self.history.last + 1):
            if revision not in self._steps:
                self._steps[revision] = judge_step(self.history, self._usages, revision)
            step = self._steps[revision]
            changes = worst(changes, step.changes)
            permitted = permitted and step.why is None and rules.allow_signing(step.signed)
        end = self.history.end(self.history.last)
        if signature.revision == self.history.last and self.history.pdf[max(coverage.end, end) :].strip():
            # Appended bytes that no cross-reference lists: most readers ignore them, some do not.
            return LaterChanges(changes=Changes.OTHER, permitted=False)
        written = written_later(self.history, signature.revision) if permitted else None
        return LaterChanges(changes=changes, permitted=permitted, written=written)

    def _time_stamp(self, context: SignatureContext, value: Value) -> SignatureReport:
        coverage, revision = context.coverage, context.signature.revision
        token = self._judge_token(value.signed_data, lambda name: self._digests.covered(name, coverage), revision)
        self._doubt(token)
        if token.bound and context.later.permitted:
            self._timestamps.append(revision)
            if token.trusted:
                self._trusted_times.append((revision, token.time))
        return report_on(
            context,
            token.check,
            certificate=value.certificate,
            failure=token.sub_indication,
            trusted=token.trusted,
            time=(token.time, TimeSource.TIMESTAMP if token.trusted else TimeSource.CLAIMED),
            profile=_TIMESTAMP_PROFILE,
        )

    def _cms_signature(self, context: SignatureContext, value: Value) -> SignatureReport:
        sub_filter = raw(context.signature.dictionary, "/SubFilter")
        content = value.content("data")
        token = self._best_token(context.signature, value)
        proven = self._proven_times(context.signature.revision, token)
        at = self._judged_at(proven)
        if sub_filter == _PKCS7_SHA1 and content is not None:
            content_digest = digest_with(value.digest_name)((memoryview(content),))
            check = check_value(value, kind="data", digest=content_digest, at=at)
            intact = check.intact and self._digests.covered("sha1", context.coverage) == content
            # Never strong: the document digest is SHA-1 by definition. Withdrawn by ISO 32000-2 12.8.3.3.
            check = Check(intact=intact, valid=check.valid, names_signer=check.names_signer, strong=False)
        elif sub_filter in _DETACHED and content is None:
            digest = self._digests.covered(value.digest_name, context.coverage)
            check = check_value(value, kind="data", digest=digest, at=at)
        else:
            return unreadable_signature(context.signature)
        chain_failure = self._chain_failure(
            value.certificate, value.others, embedded_evidence(value), at, proven=bool(proven)
        )
        failure = None
        if check.names_signer is False:
            failure = _NO_CERTIFICATE
        elif check.names_signer is None and sub_filter == _PADES:
            # EN 319 142-1 6.3: the signed attribute that names the certificate is part of every baseline signature.
            failure = "SIG_CONSTRAINTS_FAILURE"
        elif not check.strong:
            failure = _WEAK
        claimed = claimed_time(value, context.signature.dictionary)
        return report_on(
            context,
            check,
            certificate=value.certificate,
            failure=failure or chain_failure,
            trusted=failure is None and chain_failure is None,
            time=_time(proven, claimed),
            profile=self._profile(context.signature, token) if sub_filter == _PADES else "PKCS7",
        )

    def _pkcs1(self, context: SignatureContext) -> SignatureReport:
        """Report on a signature without CMS, a format nobody may rely on any more (withdrawn by ISO 32000-2)."""
        certificate, valid = check_pkcs1(
            context.signature.dictionary, context.coverage.value, context.coverage.covered(self.history.pdf)
        )
        return report_on(
            context,
            Check(intact=valid, valid=valid, names_signer=None, strong=False),
            certificate=certificate,
            failure=_WEAK,
            trusted=False,
            time=_time([], claimed_date(context.signature.dictionary)),
            profile="PKCS1",
        )

    def _without_certificate(self, context: SignatureContext, signer_info: Any) -> SignatureReport:
        """Report on a signature whose certificate is missing: only its digest can be compared (EN 319 102-1 5.2.3)."""
        parts = context.coverage.covered(self.history.pdf)
        return report_on(
            context,
            Check(intact=digest_matches(signer_info, parts), valid=False, names_signer=False, strong=False),
            certificate=None,
            failure=_NO_CERTIFICATE,
            trusted=False,
            time=_time([], claimed_date(context.signature.dictionary)),
            profile="PKCS7",
        )

    def _judge_token(self, signed_data: Any, imprint: Imprint, revision: int) -> Token:
        return judge_token(
            signed_data,
            imprint,
            roots=self._timestamp_roots,
            revocations=self._revocations,
            stored=self._certificates,
            at=self._judged_at(self._proven_times(revision, None)),
        )

    def _best_token(self, signature: FoundSignature, value: Value) -> Token | None:
        """Return the best time stamp in a signature: a trusted one, else one that is at least about this signature."""
        best = None
        signed = memoryview(value.signer_info["signature"].native)
        for signed_data in signature_tokens(value):
            try:
                token = self._judge_token(signed_data, lambda name: digest_with(name)((signed,)), signature.revision)
            except (ValueError, TypeError, KeyError, AttributeError, IndexError):
                continue
            if token.trusted:
                return token
            best = token if token.bound else best
        if best is not None:
            self._doubt(best)
        return best

    def _doubt(self, token: Token) -> None:
        if not token.trusted:
            self.time_doubts.add(token.sub_indication or "HASH_FAILURE")

    def _proven_times(self, revision: int, token: Token | None) -> list[dt.datetime]:
        """Return the times at which this revision provably existed: by its own stamp and by later document stamps."""
        own = [token.time] if token is not None and token.trusted else []
        return own + [time for later, time in self._trusted_times if later > revision]

    def _judged_at(self, proven: list[dt.datetime]) -> dt.datetime:
        """Return the moment by which something is judged: the earliest at which it provably existed, else now.

        What proves from outside of the file that it existed says nothing about when it was signed.
        """
        outside = [self.trust.existed_at] if self.trust.existed_at is not None else []
        return min([*proven, *outside], default=self.trust.moment)

    def _chain_failure(
        self,
        certificate: x509.Certificate,
        others: tuple[x509.Certificate, ...],
        evidence: Evidence,
        at: dt.datetime,
        *,
        proven: bool,
    ) -> str | None:
        """Return the sub-indication of the first failure of chain, purpose or revocation at a moment, or None."""
        chain = self._roots.chain(certificate, (*others, *self._certificates), at)
        if chain.early:
            # EN 319 102-1 table 6: it provably existed before its certificate did. Without a proof that stays open.
            return "NOT_YET_VALID" if proven else EARLY
        if chain.sub_indication is not None:
            return chain.sub_indication
        if not may_sign_documents(certificate):
            return "CHAIN_CONSTRAINTS_FAILURE"
        return self._revocations.status(chain.path, evidence, at).sub_indication

    def _profile(self, signature: FoundSignature, token: Token | None) -> str:
        """Return the baseline level by the parts present (EN 319 142-1 6.3), trusted or not.

        T: a time stamp in the signature or over it. LT: certificates and revocation data are stored. LTA: a time stamp
        covers those, too, and is not the only one: the trusted time of level T may be a document time stamp as well.
        """
        stamps = [revision for revision in self._timestamps if revision > signature.revision]
        stamped = token is not None and token.bound
        if not stamps and not stamped:
            return "PAdES-B-B"
        if (
            self._store_revision is None
            or not self._stored_certificates
            or not (self._stored_evidence.ocsps or self._stored_evidence.crls)
        ):
            return "PAdES-B-T"
        covered = any(stamp >= self._store_revision for stamp in stamps)
        return "PAdES-B-LTA" if covered and stamped + len(stamps) > 1 else "PAdES-B-LT"


def _time(proven: list[dt.datetime], claimed: dt.datetime | None) -> tuple[dt.datetime | None, TimeSource]:
    if proven:
        return min(proven), TimeSource.TIMESTAMP
    return claimed, TimeSource.CLAIMED if claimed else TimeSource.NONE


# --- Reports


def unreadable_signature(signature: FoundSignature) -> SignatureReport:
    """Return the report on a signature we cannot read: it proves nothing, and later changes cannot be judged."""
    timestamp = raw(signature.dictionary, "/SubFilter") == _TIMESTAMP
    return SignatureReport(
        field=signature.name,
        kind="timestamp" if timestamp else "signature",
        indication=Indication.TOTAL_FAILED,
        sub_indication="FORMAT_FAILURE",
        intact=False,
        valid=False,
        trusted=False,
        covers_whole_file=False,
        changes_after=Changes.OTHER,
        permitted=False,
        signer=None,
        signed_at=None,
        time_source=TimeSource.NONE,
        profile=_TIMESTAMP_PROFILE if timestamp else "PKCS7",
        covered=0,
        registered=signature.registered,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterChanges:
    """What later revisions changed; `written` as in `SignatureReport.written_later`."""

    changes: Changes
    permitted: bool
    written: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureContext:
    """One signature in its file: the bytes it covers, its own rules, and what was changed later.

    `whole`: it covers the whole file.
    """

    signature: FoundSignature
    coverage: Coverage
    rules: SignatureRules
    later: LaterChanges
    whole: bool


def report_on(
    context: SignatureContext,
    check: Check,
    *,
    certificate: x509.Certificate | None,
    failure: str | None,
    trusted: bool,
    time: tuple[dt.datetime | None, TimeSource],
    profile: str,
) -> SignatureReport:
    """Return the report on a signature.

    `failure` is the sub-indication of chain, purpose, revocation or algorithms, or EARLY; None when all are in order.
    """
    early = failure in {EARLY, "NOT_YET_VALID"}
    failure = "OUT_OF_BOUNDS_NO_POE" if failure == EARLY else failure
    indication, sub_indication = _verdict(check, context.later, failure)
    return SignatureReport(
        field=context.signature.name,
        kind="timestamp" if profile == _TIMESTAMP_PROFILE else "signature",
        indication=indication,
        sub_indication=sub_indication,
        intact=check.intact,
        valid=check.valid,
        trusted=trusted,
        covers_whole_file=context.whole,
        changes_after=context.later.changes,
        permitted=context.later.permitted,
        signer=None if certificate is None else _signer_of(certificate.dump()),
        signed_at=time[0],
        time_source=time[1],
        profile=profile,
        covered=context.coverage.end,
        locks=context.rules.locks,
        registered=context.signature.registered,
        written_later=context.later.written,
        early=early,
    )


def _verdict(check: Check, later: LaterChanges, failure: str | None) -> tuple[Indication, str | None]:
    """Return the indication (EN 319 102-1 5.3): cryptography first, then format, then what makes it INDETERMINATE."""
    if not check.intact:
        return Indication.TOTAL_FAILED, "HASH_FAILURE"
    if not check.valid and failure != _NO_CERTIFICATE:
        return Indication.TOTAL_FAILED, "SIG_CRYPTO_FAILURE"
    if not later.permitted:
        # The signed bytes are intact, but the document shows something else. EN 319 102-1 has no term of its own for
        # that; like the EU's validator we count it as format checking (5.2.2), which fails the signature.
        return Indication.TOTAL_FAILED, "FORMAT_FAILURE"
    if failure == "NOT_YET_VALID":
        return Indication.TOTAL_FAILED, failure
    return (Indication.TOTAL_PASSED, None) if failure is None else (Indication.INDETERMINATE, failure)


def _signer_of(der: bytes) -> Signer | None:
    """Return the signer of a certificate, cached: the same few people sign all the files of an agency."""
    return (_cached_signer if len(der) <= _LARGEST_CACHED else _read_signer)(der)


def _read_signer(der: bytes) -> Signer | None:
    try:
        facts = read_certificate(der)
    except BadCertificate:
        return None
    return Signer(
        name=facts.name,
        subject=facts.subject,
        fingerprint=facts.fingerprint,
        serial=facts.serial,
        certificate=facts.der,
    )


_cached_signer = lru_cache(maxsize=_CACHED)(_read_signer)


# --- Claimed time (proves nothing)


def claimed_time(value: Value, dictionary: Any) -> dt.datetime | None:
    """Return the signing time the signer claims: the signed attribute, else /M of the dictionary; aware, or None.

    It proves nothing, so an unreadable one is no fault of the signature.
    """
    try:
        attribute = value.attribute("signing_time")
        if attribute is not None:
            return _aware(attribute.native)
    except (BadValue, ValueError, TypeError):
        return None
    return claimed_date(dictionary)


def claimed_date(dictionary: Any) -> dt.datetime | None:
    """Return /M of a signature dictionary; aware, or None. LibreOffice writes `Z'` for UTC."""
    written = raw(dictionary, "/M")
    if written is None:
        return None
    try:
        return _aware(parse_pdf_date(str(written).rstrip().removesuffix("'"), strict=False))
    except (PdfReadError, ValueError, TypeError):
        return None


def _aware(date: Any) -> dt.datetime | None:
    """Return a date with its zone, UTC when it has none (it is only a claim). None for a year `datetime` lacks."""
    if not isinstance(date, dt.datetime):
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=dt.UTC)
