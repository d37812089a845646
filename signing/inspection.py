"""One file under inspection: its signatures judged one by one, from the newest proof of time to the oldest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from signing.chain import Chain, Roots, may_sign_documents
from signing.changes import Step, judge_step, worst
from signing.clocks import Token, judge_token
from signing.coverage import BadCoverage, Coverage, coverage_of
from signing.fetch import fetch_crl
from signing.found import FoundSignature
from signing.history import History, raw
from signing.outcome import TIMESTAMP, illegible, signer_of
from signing.own import embedded_evidence, signature_tokens, stated_time
from signing.report import Changes, Indication, SignatureReport, TimeSource
from signing.revocation import Evidence, Status, crl_addresses, revocation_status
from signing.rules import OwnRules, own_rules
from signing.stored import stored_certificates, stored_contents
from signing.trust import Trust
from signing.usages import Usages
from signing.value import BadValue, Check, Value, check_value, digest_with, open_value

_PADES = "/ETSI.CAdES.detached"
_DETACHED = {_PADES, "/adbe.pkcs7.detached"}
_PKCS7_SHA1 = "/adbe.pkcs7.sha1"
_FAILED = Indication.TOTAL_FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class _After:
    """What came after one signature."""

    changes: Changes
    permitted: bool


class Inspection:
    """Shares between the signatures of one file what is read once: history, usages, steps, revocation data."""

    def __init__(self, *, history: History, trust: Trust) -> None:
        self.history = history
        self.trust = trust
        self._usages = Usages(history)
        self._steps: dict[int, Step] = {}
        self._roots, self._clock_roots = Roots(trust.roots), Roots(trust.timestamp_roots)
        stored = tuple(stored_contents(history, ("/CRLs",))), tuple(stored_contents(history, ("/OCSPs",)))
        self._evidence = Evidence(crls=(*trust.crls, *stored[0]), ocsps=stored[1])
        self._certificates = tuple(stored_certificates(stored_contents(history, ("/Certs",))))
        self._fetched: dict[str, bytes | None] = {}
        # Document time stamps prove that everything they cover existed; the newest is judged now, the others then.
        self._proofs: list[tuple[int, dt.datetime]] = []

    def report_all(self, found: Sequence[FoundSignature]) -> tuple[SignatureReport, ...]:
        """Judge all of them; the newest first, because a later time stamp carries the earlier ones."""
        reports = []
        for signature in reversed(found):
            try:
                reports.append(self._report(signature))
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 - the promise of `inspect`, kept for each signature by itself
                reports.append(illegible(signature))
        return tuple(reversed(reports))

    def _report(self, signature: FoundSignature) -> SignatureReport:
        try:
            coverage = coverage_of(signature, self.history)
            value = open_value(coverage.value)
            rules = own_rules(signature, self.history)
        except (BadCoverage, BadValue):
            return illegible(signature)
        after = self._after(signature, coverage, rules)
        if raw(signature.dictionary, "/SubFilter") == TIMESTAMP:
            return self._time_stamp(signature, coverage, value, rules, after)
        return self._signature(signature, coverage, value, rules, after)

    def _after(self, signature: FoundSignature, coverage: Coverage, rules: OwnRules) -> _After:
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
            return _After(changes=Changes.OTHER, permitted=False)
        return _After(changes=changes, permitted=permitted)

    def _time_stamp(
        self, signature: FoundSignature, coverage: Coverage, value: Value, rules: OwnRules, after: _After
    ) -> SignatureReport:
        parts = coverage.covered(self.history.pdf)
        at = self._known_at(signature.revision)
        token = judge_token(
            value.signed_data,
            lambda name: digest_with(name)(parts),
            roots=self._clock_roots,
            evidence=self._with_embedded(value),
            at=at,
        )
        indication, sub = _verdict(token.check, after, token.sub_indication)
        if indication is Indication.TOTAL_PASSED:
            self._proofs.append((signature.revision, token.time))
        return self._finished(
            signature,
            coverage,
            value,
            rules,
            after,
            kind="timestamp",
            check=token.check,
            verdict=(indication, sub),
            trusted=token.trusted,
            time=(token.time, TimeSource.TIMESTAMP if token.trusted else TimeSource.CLAIMED),
            profile="RFC3161",
        )

    def _signature(
        self, signature: FoundSignature, coverage: Coverage, value: Value, rules: OwnRules, after: _After
    ) -> SignatureReport:
        sub_filter = raw(signature.dictionary, "/SubFilter")
        parts = coverage.covered(self.history.pdf)
        content = value.content("data")
        if sub_filter == _PKCS7_SHA1 and content is not None:
            inner = digest_with(value.digest_name)((memoryview(content),))
            check = check_value(value, kind="data", digest=inner)
            intact = check.intact and digest_with("sha1")(parts) == content
            check = Check(intact=intact, valid=check.valid, names_signer=check.names_signer, strong=False)
        elif sub_filter in _DETACHED and content is None:
            check = check_value(value, kind="data", digest=digest_with(value.digest_name)(parts))
        else:
            return illegible(signature)
        token = self._own_token(signature, value)
        proven = [token.time] if token is not None and token.trusted else []
        proven += [time for revision, time in self._proofs if revision > signature.revision]
        chain_failure = self._standing(value, min(proven, default=self.trust.moment), proven=bool(proven))
        failure = None
        if check.names_signer is False:
            failure = "NO_SIGNING_CERTIFICATE_FOUND"
        elif check.names_signer is None and sub_filter == _PADES:
            # EN 319 142-1 6.3: the signed attribute that names the certificate is part of every baseline signature.
            failure = "SIG_CONSTRAINTS_FAILURE"
        elif not check.strong:
            failure = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
        indication, sub = _verdict(check, after, failure or chain_failure)
        if sub_filter == _PKCS7_SHA1 and indication is not _FAILED:
            # A SHA-1 digest by construction (withdrawn by ISO 32000-2 12.8.3.3): no format anybody may still rely on.
            indication, sub = _FAILED, "FORMAT_FAILURE"
        claimed = stated_time(value, signature.dictionary)
        source = TimeSource.TIMESTAMP if proven else TimeSource.CLAIMED if claimed else TimeSource.NONE
        return self._finished(
            signature,
            coverage,
            value,
            rules,
            after,
            kind="signature",
            check=check,
            verdict=(indication, sub),
            trusted=failure is None and chain_failure is None,
            time=(min(proven, default=claimed), source),
            profile=self._profile(signature, sub_filter, token),
        )

    def _own_token(self, signature: FoundSignature, value: Value) -> Token | None:
        """The best signature time stamp: a trusted one, else one that is at least about this signature."""
        best = None
        for signed_data in signature_tokens(value):
            try:
                token = judge_token(
                    signed_data,
                    lambda name: digest_with(name)((memoryview(value.signer_info["signature"].native),)),
                    roots=self._clock_roots,
                    evidence=self._with_embedded(value),
                    at=self._known_at(signature.revision),
                )
            except (ValueError, TypeError, KeyError, AttributeError, IndexError):
                continue
            if token.trusted:
                return token
            best = token if token.bound else best
        return best

    def _standing(self, value: Value, at: dt.datetime, *, proven: bool) -> str | None:
        """The sub-indication of chain, purpose and revocation at a moment; None when all of them hold."""
        others = (*value.others, *self._certificates)
        chain = self._roots.chain(value.certificate, others, at)
        if chain.sub_indication == "OUT_OF_BOUNDS_NO_POE" and chain.early and proven:
            # EN 319 102-1 table 6: it provably existed before its certificate did.
            return "NOT_YET_VALID"
        if chain.sub_indication is not None:
            return chain.sub_indication
        if not may_sign_documents(value.certificate):
            return "CHAIN_CONSTRAINTS_FAILURE"
        return self._revocation(chain, self._with_embedded(value), at)

    def _revocation(self, chain: Chain, evidence: Evidence, at: dt.datetime) -> str | None:
        status = revocation_status(chain.path, evidence, at)
        if status is Status.UNKNOWN and self.trust.allow_network:
            for address in crl_addresses(chain.path):
                if address not in self._fetched:
                    self._fetched[address] = fetch_crl(address)
            fetched = tuple(each for each in self._fetched.values() if each is not None)
            status = revocation_status(chain.path, Evidence(crls=(*evidence.crls, *fetched), ocsps=evidence.ocsps), at)
        return {
            Status.GOOD: None,
            Status.UNKNOWN: "TRY_LATER",
            Status.REVOKED: "REVOKED_NO_POE",
            Status.CA_REVOKED: "REVOKED_CA_NO_POE",
        }[status]

    def _with_embedded(self, value: Value) -> Evidence:
        crls, ocsps = embedded_evidence(value)
        return Evidence(crls=(*self._evidence.crls, *crls), ocsps=(*self._evidence.ocsps, *ocsps))

    def _known_at(self, revision: int) -> dt.datetime:
        """The earliest moment at which a later document time stamp proves that a revision existed; else now."""
        return min((time for later, time in self._proofs if later > revision), default=self.trust.moment)

    def _profile(self, signature: FoundSignature, sub_filter: Any, token: Token | None) -> str:
        if sub_filter != _PADES:
            return "PKCS7"
        stamped = token is not None and token.bound
        later = sum(revision > signature.revision for revision, _ in self._proofs)
        if not stamped and not later:
            return "PAdES-B-B"
        if not (self._certificates and (self._evidence.ocsps or self._evidence.crls)):
            return "PAdES-B-T"
        # The trusted time of level T may be a document time stamp (EN 319 142-1 6.3); the one of LTA is another.
        return "PAdES-B-LTA" if stamped + later > 1 else "PAdES-B-LT"

    def _finished(
        self,
        signature: FoundSignature,
        coverage: Coverage,
        value: Value,
        rules: OwnRules,
        after: _After,
        *,
        kind: str,
        check: Check,
        verdict: tuple[Indication, str | None],
        trusted: bool,
        time: tuple[dt.datetime | None, TimeSource],
        profile: str,
    ) -> SignatureReport:
        return SignatureReport(
            field=signature.name,
            kind=kind,
            indication=verdict[0],
            sub_indication=verdict[1],
            intact=check.intact,
            valid=check.valid,
            trusted=trusted,
            covers_whole_file=coverage.end == len(self.history.pdf),
            changes_after=after.changes,
            permitted=after.permitted,
            signer=signer_of(value.certificate),
            signed_at=time[0],
            time_source=time[1],
            profile=profile,
            covered=coverage.end,
            locks=rules.locks,
        )


def _verdict(check: Check, after: _After, failure: str | None) -> tuple[Indication, str | None]:
    """EN 319 102-1 5.3: cryptography first, then format, then what can only be doubted."""
    if not check.intact:
        return _FAILED, "HASH_FAILURE"
    if not check.valid:
        return _FAILED, "SIG_CRYPTO_FAILURE"
    if not after.permitted:
        # The signed bytes are whole, but the document around them is no longer what they say. EN 319 102-1 has no word
        # of its own for it; like the EU's validator we put it under format checking (5.2.2), which fails the signature.
        return _FAILED, "FORMAT_FAILURE"
    if failure == "NOT_YET_VALID":
        return _FAILED, failure
    return (Indication.TOTAL_PASSED, None) if failure is None else (Indication.INDETERMINATE, failure)
