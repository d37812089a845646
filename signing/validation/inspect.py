"""One file under inspection: its signatures judged one by one, from the newest proof of time to the oldest."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.pdf_utils.misc import PdfReadError

from signing import report
from signing.certificates import read_certificate
from signing.changes.policy import Step, judge_step, worst
from signing.changes.references import Usages
from signing.changes.unambiguous import written_later
from signing.errors import BadCertificate
from signing.pdf.history import History, raw
from signing.report import Changes, Indication, ReadProblem, Report, SignatureReport, Signer, TimeSource
from signing.revocation.checker import Evidence, Revocations
from signing.trust import Trust
from signing.validation.algorithms import digest_resists, key_resists
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
    CanonicalValue,
    Check,
    SignerCertificateMissing,
    Value,
    check_pkcs1,
    check_value,
    digest_matches,
    digest_with,
    embedded_evidence,
    open_value,
    read_canonical,
    signature_tokens,
)
from signing.validation.timestamp import Imprint, Token, judge_token

_PADES = "/ETSI.CAdES.detached"
_DETACHED = {_PADES, "/adbe.pkcs7.detached"}
_PKCS7_SHA1 = "/adbe.pkcs7.sha1"
_BARE = "/adbe.x509.rsa_sha1"


class Inspection:
    """Shares between the signatures of one file what is read once: history, usages, steps, revocation data."""

    def __init__(self, *, history: History, trust: Trust) -> None:
        self.history = history
        self.trust = trust
        self._usages = Usages(history)
        self._steps: dict[int, Step] = {}
        self._roots, self._clock_roots = Roots(trust.roots), Roots(trust.timestamp_roots)
        stored = tuple(stored_contents(history, ("/CRLs",))), tuple(stored_contents(history, ("/OCSPs",)))
        self._stored = Evidence(crls=stored[0], ocsps=stored[1])
        given = Evidence(crls=trust.crls)
        self._revocations = Revocations(stored=given + self._stored, network=trust.network, now=trust.moment)
        self._certificates = tuple(stored_certificates(stored_contents(history, ("/Certs",))))
        # Document time stamps prove that everything they cover existed; the newest is judged now, the others then.
        self._proofs: list[tuple[int, dt.datetime]] = []
        self._stamps: list[int] = []
        self._stored_in = store_revision(history)

    def report_all(self, found: Sequence[FoundSignature]) -> tuple[SignatureReport, ...]:
        """Judge all of them; the newest first, because a later time stamp carries the earlier ones."""
        reports = []
        for signature in reversed(found):
            try:
                reports.append(self._report(signature))
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 - the promise of `inspect`, kept for each signature by itself
                reports.append(unreadable_signature(signature))
        return tuple(reversed(reports))

    def _report(self, signature: FoundSignature) -> SignatureReport:
        sub_filter = raw(signature.dictionary, "/SubFilter")
        try:
            coverage = coverage_of(signature, self.history)
            rules = signature_rules(signature, self.history)
            after = self._after(signature, coverage, rules)
            whole = coverage.end == len(self.history.pdf)
            place = SignatureContext(signature=signature, coverage=coverage, rules=rules, after=after, whole=whole)
            if sub_filter == _BARE:
                return self._bare(place)
            parts = coverage.covered(self.history.pdf)
            own = (
                read_canonical(coverage.value, lambda name: digest_with(name)(parts)) if sub_filter == _PADES else None
            )
            if own is not None:
                return self._own(place, own)
            value = open_value(coverage.value, self._certificates)
        except SignerCertificateMissing as unknown:
            return self._nobody(place, unknown.signer_info)
        except (BadCoverage, BadValue):
            return unreadable_signature(signature)
        return self._time_stamp(place, value) if sub_filter == TIMESTAMP else self._signature(place, value)

    def _after(self, signature: FoundSignature, coverage: Coverage, rules: SignatureRules) -> LaterChanges:
        changes, permitted = Changes.NONE, True
        for revision in range(signature.revision + 1, self.history.last + 1):
            if revision not in self._steps:
                self._steps[revision] = judge_step(self.history, self._usages, revision)
            step = self._steps[revision]
            changes = worst(changes, step.changes)
            permitted = permitted and step.why is None and rules.allow_signing(step.signed)
        end = self.history.end(self.history.last)
        if signature.revision == self.history.last and self.history.pdf[max(coverage.end, end) :].strip():
            # Appended bytes that no cross-reference mentions: most readers ignore them, some do not.
            return LaterChanges(changes=Changes.OTHER, permitted=False)
        written = written_later(self.history, signature.revision) if permitted else None
        return LaterChanges(changes=changes, permitted=permitted, written=written)

    def _time_stamp(self, place: SignatureContext, value: Value) -> SignatureReport:
        parts, revision = place.coverage.covered(self.history.pdf), place.signature.revision
        token = self._judge_token(value.signed_data, lambda name: digest_with(name)(parts), revision)
        if token.bound and place.after.permitted:
            self._stamps.append(revision)
            if token.trusted:
                self._proofs.append((revision, token.time))
        return report_on(
            place,
            token.check,
            certificate=value.certificate,
            failure=token.sub_indication,
            trusted=token.trusted,
            time=(token.time, TimeSource.TIMESTAMP if token.trusted else TimeSource.CLAIMED),
            profile=STAMP_PROFILE,
        )

    def _signature(self, place: SignatureContext, value: Value) -> SignatureReport:
        sub_filter = raw(place.signature.dictionary, "/SubFilter")
        parts = place.coverage.covered(self.history.pdf)
        content = value.content("data")
        token = self._own_token(place.signature, value)
        proven = self._proven(place.signature.revision, token)
        at = min(proven, default=self.trust.moment)
        if sub_filter == _PKCS7_SHA1 and content is not None:
            inner = digest_with(value.digest_name)((memoryview(content),))
            check = check_value(value, kind="data", digest=inner, at=at)
            intact = check.intact and digest_with("sha1")(parts) == content
            # A SHA-1 digest by construction, whatever the value says of itself; withdrawn by ISO 32000-2 12.8.3.3.
            check = Check(intact=intact, valid=check.valid, names_signer=check.names_signer, strong=False)
        elif sub_filter in _DETACHED and content is None:
            check = check_value(value, kind="data", digest=digest_with(value.digest_name)(parts), at=at)
        else:
            return unreadable_signature(place.signature)
        chain_failure = self._chain_failure(
            value.certificate, value.others, embedded_evidence(value), at, proven=bool(proven)
        )
        failure = None
        if check.names_signer is False:
            failure = NO_CERTIFICATE
        elif check.names_signer is None and sub_filter == _PADES:
            # EN 319 142-1 6.3: the signed attribute that names the certificate is part of every baseline signature.
            failure = "SIG_CONSTRAINTS_FAILURE"
        elif not check.strong:
            failure = WEAK
        claimed = claimed_time(value, place.signature.dictionary)
        return report_on(
            place,
            check,
            certificate=value.certificate,
            failure=failure or chain_failure,
            trusted=failure is None and chain_failure is None,
            time=_time(proven, claimed),
            profile=self._profile(place.signature, token) if sub_filter == _PADES else "PKCS7",
        )

    def _own(self, place: SignatureContext, own: CanonicalValue) -> SignatureReport:
        """The same for a value of exactly our spelling: its digest, key and signer were found sound."""
        proven = self._proven(place.signature.revision, None)
        at = min(proven, default=self.trust.moment)
        strong = digest_resists(own.digest_name, at) and key_resists(own.certificate.public_key, at)
        failure = self._chain_failure(own.certificate, own.others, Evidence(), at, proven=bool(proven))
        return report_on(
            place,
            Check(intact=True, valid=True, names_signer=True, strong=strong),
            certificate=own.certificate,
            failure=failure if strong else WEAK,
            trusted=strong and failure is None,
            time=_time(proven, claimed_date(place.signature.dictionary)),
            profile=self._profile(place.signature, None),
        )

    def _bare(self, place: SignatureContext) -> SignatureReport:
        """A signature without CMS: facts, but no format that may still be relied on (withdrawn by ISO 32000-2)."""
        certificate, valid = check_pkcs1(
            place.signature.dictionary, place.coverage.value, place.coverage.covered(self.history.pdf)
        )
        return report_on(
            place,
            Check(intact=valid, valid=valid, names_signer=None, strong=False),
            certificate=certificate,
            failure=WEAK,
            trusted=False,
            time=_time([], claimed_date(place.signature.dictionary)),
            profile="PKCS1",
        )

    def _nobody(self, place: SignatureContext, signer_info: Any) -> SignatureReport:
        """The digest can be compared; whose key it was nobody can say (EN 319 102-1 5.2.3)."""
        parts = place.coverage.covered(self.history.pdf)
        return report_on(
            place,
            Check(intact=digest_matches(signer_info, parts), valid=False, names_signer=False, strong=False),
            certificate=None,
            failure=NO_CERTIFICATE,
            trusted=False,
            time=_time([], claimed_date(place.signature.dictionary)),
            profile="PKCS7",
        )

    def _judge_token(self, signed_data: Any, imprint: Imprint, revision: int) -> Token:
        return judge_token(
            signed_data,
            imprint,
            roots=self._clock_roots,
            revocations=self._revocations,
            stored=self._certificates,
            at=min(self._proven(revision, None), default=self.trust.moment),
        )

    def _own_token(self, signature: FoundSignature, value: Value) -> Token | None:
        """The best signature time stamp: a trusted one, else one that is at least about this signature."""
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
        return best

    def _proven(self, revision: int, token: Token | None) -> list[dt.datetime]:
        """Every time at which what stands in that revision provably existed: by its own stamp, by those over it."""
        own = [token.time] if token is not None and token.trusted else []
        return own + [time for later, time in self._proofs if later > revision]

    def _chain_failure(
        self,
        certificate: x509.Certificate,
        others: tuple[x509.Certificate, ...],
        evidence: Evidence,
        at: dt.datetime,
        *,
        proven: bool,
    ) -> str | None:
        """The sub-indication of chain, purpose and revocation at a moment; None when all of them hold."""
        chain = self._roots.chain(certificate, (*others, *self._certificates), at)
        if chain.early:
            # EN 319 102-1 table 6: it provably existed before its certificate did. Without proof that is only likely.
            return "NOT_YET_VALID" if proven else EARLY
        if chain.sub_indication is not None:
            return chain.sub_indication
        if not may_sign_documents(certificate):
            return "CHAIN_CONSTRAINTS_FAILURE"
        return self._revocations.status(chain.path, evidence, at).sub_indication

    def _profile(self, signature: FoundSignature, token: Token | None) -> str:
        """The baseline level by its parts (EN 319 142-1 6.3), whoever made them: what they are worth is said elsewhere.

        T: a time stamp in the signature or over it. LT: certificates and revocation data are stored. LTA: a time stamp
        covers those, too, and is not the only one: the trusted time of level T may be a document time stamp as well.
        """
        stamps = [revision for revision in self._stamps if revision > signature.revision]
        stamped = token is not None and token.bound
        if not stamps and not stamped:
            return "PAdES-B-B"
        if self._stored_in is None or not self._certificates or not (self._stored.ocsps or self._stored.crls):
            return "PAdES-B-T"
        covered = any(stamp >= self._stored_in for stamp in stamps)
        return "PAdES-B-LTA" if covered and stamped + len(stamps) > 1 else "PAdES-B-LT"


def _time(proven: list[dt.datetime], claimed: dt.datetime | None) -> tuple[dt.datetime | None, TimeSource]:
    if proven:
        return min(proven), TimeSource.TIMESTAMP
    return claimed, TimeSource.CLAIMED if claimed else TimeSource.NONE


# --- Facts about every signature of a PDF, in the order of EN 319 102-1; never raises, whatever the file is

_MOST_SIGNATURES, _MOST_REVISIONS = 64, 96


def inspect(pdf: bytes, *, trust: Trust) -> Report:
    """The signatures and document time stamps of a PDF, oldest first.

    Never raises for what the file is: one that cannot be read gives `readable` False with a problem, one signature
    that cannot be read gives TOTAL_FAILED / FORMAT_FAILURE. Time and memory are bounded by the file's size; whoever
    reads files of strangers still does so in a process of its own with limits (MemoryError is not swallowed).
    """
    digest = hashlib.sha256(pdf).hexdigest()
    early = report.problem_before_reading(pdf)
    if early is not None:
        return _unreadable(digest, early)
    # pyHanko tells its doubts as log lines with stack traces; ours are in the report.
    logging.getLogger("pyhanko").addHandler(logging.NullHandler())
    logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())
    try:
        history = History(pdf)
        if history.reader.encrypted:
            return _unreadable(digest, report.encrypted())
        found = find_signatures(history)
        if len(found) > _MOST_SIGNATURES or history.last >= _MOST_REVISIONS:
            return _unreadable(digest, report.too_many())
        signatures = Inspection(history=history, trust=trust).report_all(found)
        hidden = any(history.hidden(revision) != frozenset() for revision in range(history.last + 1))
    except MemoryError:
        raise  # says something about the machine, nothing about the file
    except Exception:  # noqa: BLE001 - the promise: half of all forged files break some reader somewhere (trap 7)
        return _unreadable(digest, report.broken())
    return Report(sha256=digest, readable=True, problem=None, signatures=signatures, hidden=hidden)


def _unreadable(digest: str, trouble: ReadProblem) -> Report:
    return Report(sha256=digest, readable=False, problem=trouble, signatures=())


# --- What is said of one signature: put together from its parts, and where nobody can follow it

TIMESTAMP = "/ETSI.RFC3161"
STAMP_PROFILE = "RFC3161"
_KEPT, _LONGEST = 500, 8192
NO_CERTIFICATE = "NO_SIGNING_CERTIFICATE_FOUND"
WEAK = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"


def unreadable_signature(signature: FoundSignature) -> SignatureReport:
    """A signature we cannot follow: it proves nothing, and what came after it cannot be told."""
    timestamp = raw(signature.dictionary, "/SubFilter") == TIMESTAMP
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
        profile=STAMP_PROFILE if timestamp else "PKCS7",
        covered=0,
        registered=signature.registered,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterChanges:
    """What came after one signature; `written` as `SignatureReport.written_later`."""

    changes: Changes
    permitted: bool
    written: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureContext:
    """Where a signature stands in its file, and what came after it."""

    signature: FoundSignature
    coverage: Coverage
    rules: SignatureRules
    after: LaterChanges
    whole: bool


def report_on(
    place: SignatureContext,
    check: Check,
    *,
    certificate: x509.Certificate | None,
    failure: str | None,
    trusted: bool,
    time: tuple[dt.datetime | None, TimeSource],
    profile: str,
) -> SignatureReport:
    """One report. `failure` is the sub-indication of what can only be doubted, or EARLY; None when nothing can."""
    early = failure in {EARLY, "NOT_YET_VALID"}
    failure = "OUT_OF_BOUNDS_NO_POE" if failure == EARLY else failure
    indication, sub_indication = _verdict(check, place.after, failure)
    return SignatureReport(
        field=place.signature.name,
        kind="timestamp" if profile == STAMP_PROFILE else "signature",
        indication=indication,
        sub_indication=sub_indication,
        intact=check.intact,
        valid=check.valid,
        trusted=trusted,
        covers_whole_file=place.whole,
        changes_after=place.after.changes,
        permitted=place.after.permitted,
        signer=None if certificate is None else _signer_of(certificate.dump()),
        signed_at=time[0],
        time_source=time[1],
        profile=profile,
        covered=place.coverage.end,
        locks=place.rules.locks,
        registered=place.signature.registered,
        written_later=place.after.written,
        early=early,
    )


def _verdict(check: Check, after: LaterChanges, failure: str | None) -> tuple[Indication, str | None]:
    """EN 319 102-1 5.3: cryptography first, then format, then what can only be doubted."""
    if not check.intact:
        return Indication.TOTAL_FAILED, "HASH_FAILURE"
    if not check.valid and failure != NO_CERTIFICATE:
        return Indication.TOTAL_FAILED, "SIG_CRYPTO_FAILURE"
    if not after.permitted:
        # The signed bytes are whole, but the document around them is no longer what they say. EN 319 102-1 has no word
        # of its own for it; like the EU's validator we put it under format checking (5.2.2), which fails the signature.
        return Indication.TOTAL_FAILED, "FORMAT_FAILURE"
    if failure == "NOT_YET_VALID":
        return Indication.TOTAL_FAILED, failure
    return (Indication.TOTAL_PASSED, None) if failure is None else (Indication.INDETERMINATE, failure)


def _signer_of(der: bytes) -> Signer | None:
    """The same few people sign all the files of an agency."""
    return (_known_signer if len(der) <= _LONGEST else _read_signer)(der)


def _read_signer(der: bytes) -> Signer | None:
    try:
        read = read_certificate(der)
    except BadCertificate:
        return None
    return Signer(
        name=read.name, subject=read.subject, fingerprint=read.fingerprint, serial=read.serial, certificate=read.der
    )


_known_signer = lru_cache(maxsize=_KEPT)(_read_signer)


# --- The time a signer claims: anybody may write any, so it is said to be a claim


def claimed_time(value: Value, dictionary: Any) -> dt.datetime | None:
    """The signing time the signer claims: the signed attribute, else /M of the dictionary; aware, or None.

    It proves nothing, so that one nobody can read is no fault of the signature.
    """
    try:
        attribute = value.attribute("signing_time")
        if attribute is not None:
            return _aware(attribute.native)
    except (BadValue, ValueError, TypeError):
        return None
    return claimed_date(dictionary)


def claimed_date(dictionary: Any) -> dt.datetime | None:
    """/M of a signature dictionary; aware, or None. LibreOffice writes `Z'` for UTC."""
    written = raw(dictionary, "/M")
    if written is None:
        return None
    try:
        return _aware(parse_pdf_date(str(written).rstrip().removesuffix("'"), strict=False))
    except (PdfReadError, ValueError, TypeError):
        return None


def _aware(read: Any) -> dt.datetime | None:
    """A date without a zone is read as UTC: a claim, said to be one. None for a year no calendar of ours has."""
    if not isinstance(read, dt.datetime):
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=dt.UTC)
