"""Whether certificates of a chain were revoked at a moment, from lists and answers already at hand (RFC 5280 6.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from cryptography import x509
from cryptography.x509 import ocsp

from signing.addresses import announces
from signing.crl import RevocationList, read_list, signed_by
from signing.entries import Entry
from signing.evidence import Evidence, Status
from signing.ocspcheck import answered_by

_KEPT = 500
Said = tuple[dt.datetime, Status]


def revocation_status(path: Sequence[bytes], evidence: Evidence, at: dt.datetime) -> Status:
    """The worst status along a path (leaf first, root last, DER) at `at`; the root answers to nobody.

    A revocation dated after `at` does not count, so a time-stamped signature outlives its certificate.
    """
    certificates = [_read(each) for each in path]
    lists = [each for each in map(read_list, evidence.crls) if each is not None]
    worst = Status.GOOD
    for depth, (subject, issuer) in enumerate(pairwise(certificates)):
        said = [*_by_lists(subject, issuer, lists, at), *_by_answers(subject, issuer, evidence.ocsps, at)]
        if any(status is Status.REVOKED for _, status in said):
            return Status.REVOKED if depth == 0 else Status.CA_REVOKED
        # Of the others the newest counts: a suspension may have been lifted, or come since.
        newest = max(said, key=lambda each: each[0])[1] if said else None
        if newest is Status.UNKNOWN or (newest is None and announces(subject)):
            worst = Status.UNKNOWN
    return worst


@lru_cache(maxsize=_KEPT)
def _read(certificate: bytes) -> x509.Certificate:
    """A chain holds only certificates that lead to our roots, so that no stranger fills this."""
    return x509.load_der_x509_certificate(certificate)


def unanswered(path: Sequence[bytes], evidence: Evidence, at: dt.datetime) -> list[tuple[bytes, bytes]]:
    """The certificates of a path, each with its issuer, whose status the evidence leaves open."""
    return [
        (subject, issuer)
        for subject, issuer in pairwise(path)
        if revocation_status((subject, issuer), evidence, at) is Status.UNKNOWN
    ]


def _by_lists(
    subject: x509.Certificate, issuer: x509.Certificate, lists: Sequence[RevocationList], at: dt.datetime
) -> Iterable[Said]:
    """What each list says and when it was made. A revocation counts also from a list that has run out."""
    for each in lists:
        entry = each.entries.get(subject.serial_number)
        status = _of_entry(entry, at) if entry is not None else Status.GOOD
        usable = status is Status.REVOKED or (each.until >= at and (entry is not None or each.covers(subject)))
        if usable and each.direct and each.read.issuer == subject.issuer and signed_by(each, issuer):
            yield each.made, status


def _of_entry(entry: Entry, at: dt.datetime) -> Status:
    if entry.since > at:
        return Status.GOOD
    return Status.UNKNOWN if entry.on_hold else Status.REVOKED


def _by_answers(
    subject: x509.Certificate, issuer: x509.Certificate, answers: Iterable[bytes], at: dt.datetime
) -> Iterable[Said]:
    for each in answers:
        answer = answered_by(each, subject, issuer)
        if answer is None or answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
            continue
        status = Status.GOOD
        if answer.revocation_time_utc is not None:
            held = answer.revocation_reason is x509.ReasonFlags.certificate_hold
            status = _of_entry(Entry(since=answer.revocation_time_utc, on_hold=held), at)
        if status is Status.REVOKED or (answer.next_update_utc or answer.this_update_utc) >= at:
            yield answer.this_update_utc, status
