"""Check a certificate path for revocation: first with the material at hand, then over the network where allowed."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from signing.revocation.crl import Entry, RevocationList, read_list, signed_by
from signing.revocation.fetch import Network, Request, crl_addresses, names_revocation_source, ocsp_addresses
from signing.revocation.ocsp import authentic_answer

_LARGEST_LIST = 32 * 1024 * 1024
_LARGEST_ANSWER = 128 * 1024
# Seconds one file may wait for the network in total; what is open then stays open.
_PATIENCE = 5.0


class Revocations:
    """The revocation checks of one inspection.

    `stored` is the material from the caller and the file's security store; `now` is the moment of judgement.
    """

    def __init__(self, *, stored: Evidence, network: Network | None, now: dt.datetime) -> None:
        self.stored = stored
        self._network = network
        self._now = now
        self._asked: dict[Request, bytes | None] = {}
        self._waited = 0.0
        self._used = Material()

    def status(self, path: Sequence[bytes], embedded: Evidence, at: dt.datetime) -> Status:
        """Return the status of a path at `at`; `embedded` is the material inside one signature.

        Lists are fetched before OCSP responders are asked: one list a day serves a whole batch, and no responder
        learns whose signature is being checked.
        """
        evidence = self.stored + embedded
        status = revocation_status(path, evidence, at)
        if status is Status.UNKNOWN and self._network is not None:
            evidence = self._with_fetched(self._network, path, evidence, at)
            status = revocation_status(path, evidence, at)
        self._used += material_of(path, evidence, at)
        return status

    @property
    def used(self) -> Material:
        """Return what the status of all paths so far rests on."""
        return self._used

    def _with_fetched(self, network: Network, path: Sequence[bytes], evidence: Evidence, at: dt.datetime) -> Evidence:
        for subject, issuer in unanswered(path, evidence, at):
            certificate = x509.load_der_x509_certificate(subject)
            authority = x509.load_der_x509_certificate(issuer)
            for more in self._fetched(network, certificate, authority):
                evidence += more
                if revocation_status((subject, issuer), evidence, at) is not Status.UNKNOWN:
                    break
        return evidence

    def _fetched(self, network: Network, subject: x509.Certificate, issuer: x509.Certificate) -> Iterator[Evidence]:
        """Fetch one piece after the other, so that no responder is asked once a list has answered."""
        for address in crl_addresses(subject):
            content = self._ask(network, Request(address=address, largest=_LARGEST_LIST), list_until)
            if content is not None:
                yield Evidence(crls=(content,))
        for address in ocsp_addresses(subject):
            # SHA-1 only names the issuer here; some responders know no other (RFC 5019 2.1.1).
            question = ocsp.OCSPRequestBuilder().add_certificate(subject, issuer, hashes.SHA1()).build()  # noqa: S303 - names, proves nothing
            body = question.public_bytes(serialization.Encoding.DER)
            content = self._ask(network, Request(address=address, largest=_LARGEST_ANSWER, question=body), answer_until)
            if content is not None:
                yield Evidence(ocsps=(content,))

    def _ask(self, network: Network, request: Request, until: Callable[[bytes], dt.datetime | None]) -> bytes | None:
        def fresh(content: bytes) -> bool:
            end = until(content)
            return end is not None and end >= self._now

        if request not in self._asked and self._waited < _PATIENCE:
            began = time.monotonic()
            self._asked[request] = network.ask(request, fresh=fresh, now=self._now)
            self._waited += time.monotonic() - began
        return self._asked.get(request)


# --- Evidence and status


class Status(Enum):
    """The revocation status of a certificate.

    GOOD also when it names no source to ask; UNKNOWN when it names one that gave nothing usable. UNKNOWN as well for
    a suspended certificate: it is open whether the suspension will be lifted (EN 319 102-1 5.2.6).
    """

    GOOD = auto()
    REVOKED = auto()
    CA_REVOKED = auto()
    UNKNOWN = auto()

    @property
    def sub_indication(self) -> str | None:
        """The sub-indication of EN 319 102-1."""
        return {
            Status.GOOD: None,
            Status.UNKNOWN: "TRY_LATER",
            Status.REVOKED: "REVOKED_NO_POE",
            Status.CA_REVOKED: "REVOKED_CA_NO_POE",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Revocation material at hand: CRLs and OCSP responses, DER, unchecked."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(crls=self.crls + other.crls, ocsps=self.ocsps + other.ocsps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a judgement of paths rests on: their certificates, and the lists and answers that were of use, DER.

    `complete`: of every certificate below a root something said whether it was revoked. A certificate that names no
    source to ask may be good without that; but then nobody can show it later.
    """

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    complete: bool = True

    def __add__(self, other: Material) -> Material:
        return Material(
            certificates=tuple(dict.fromkeys(self.certificates + other.certificates)),
            crls=tuple(dict.fromkeys(self.crls + other.crls)),
            ocsps=tuple(dict.fromkeys(self.ocsps + other.ocsps)),
            complete=self.complete and other.complete,
        )


def material_of(path: Sequence[bytes], evidence: Evidence, at: dt.datetime) -> Material:
    """Return what the evidence says about a path at `at`, and the certificates that answered for others.

    Of several lists or answers about one certificate the newest is enough, unless another one says revoked.
    """
    found = Material(certificates=tuple(path))
    for subject, issuer in pairwise([_read(certificate) for certificate in path]):
        said: list[tuple[_Statement, Material]] = []
        for content in dict.fromkeys(evidence.crls):
            crl = read_list(content)
            if crl is not None:
                # Files of the operator may be PEM; a security store holds DER.
                pem = content.startswith(b"-----")
                kept = Material(crls=(crl.read.public_bytes(serialization.Encoding.DER) if pem else content,))
                said += [(statement, kept) for statement in _by_lists(subject, issuer, [crl], at)]
        for content in dict.fromkeys(evidence.ocsps):
            kept = Material(ocsps=(content,))
            said += [(statement, kept) for statement in _by_answers(subject, issuer, (content,), at)]
        revoked = [piece for (_, status), piece in said if status is Status.REVOKED]
        newest = [max(said, key=lambda one: one[0][0])[1]] if said else []
        for piece in revoked or newest:
            found += piece
        found += Material(complete=bool(said))
    return found


# --- Status from the evidence at hand (RFC 5280 6.3)

_CACHED = 500
_Statement = tuple[dt.datetime, Status]


def revocation_status(path: Sequence[bytes], evidence: Evidence, at: dt.datetime) -> Status:
    """Return the worst status along a path (leaf first, root last, DER) at `at`; the root is not checked.

    A revocation dated after `at` does not count, so a time-stamped signature outlives its certificate.
    """
    certificates = [_read(certificate) for certificate in path]
    lists = [crl for crl in map(read_list, evidence.crls) if crl is not None]
    worst = Status.GOOD
    for depth, (subject, issuer) in enumerate(pairwise(certificates)):
        statements = [*_by_lists(subject, issuer, lists, at), *_by_answers(subject, issuer, evidence.ocsps, at)]
        if any(status is Status.REVOKED for _, status in statements):
            return Status.REVOKED if depth == 0 else Status.CA_REVOKED
        # Of the others the newest counts: a suspension may have been lifted, or come since.
        newest = max(statements, key=lambda statement: statement[0])[1] if statements else None
        if newest is Status.UNKNOWN or (newest is None and names_revocation_source(subject)):
            worst = Status.UNKNOWN
    return worst


@lru_cache(maxsize=_CACHED)
def _read(certificate: bytes) -> x509.Certificate:
    """Parse a certificate. A chain holds only certificates that lead to our roots, so no stranger fills this cache."""
    return x509.load_der_x509_certificate(certificate)


def unanswered(path: Sequence[bytes], evidence: Evidence, at: dt.datetime) -> list[tuple[bytes, bytes]]:
    """Return the certificates of a path, with their issuers, whose status the evidence leaves open."""
    return [
        (subject, issuer)
        for subject, issuer in pairwise(path)
        if revocation_status((subject, issuer), evidence, at) is Status.UNKNOWN
    ]


def _by_lists(
    subject: x509.Certificate, issuer: x509.Certificate, lists: Sequence[RevocationList], at: dt.datetime
) -> Iterable[_Statement]:
    """Yield when each usable list was made and its status. A revocation counts also from an expired list."""
    for crl in lists:
        entry = crl.entries.get(subject.serial_number)
        status = _of_entry(entry, at) if entry is not None else Status.GOOD
        usable = status is Status.REVOKED or (crl.until >= at and (entry is not None or crl.covers(subject)))
        if usable and crl.direct and crl.read.issuer == subject.issuer and signed_by(crl, issuer):
            yield crl.made, status


def _of_entry(entry: Entry, at: dt.datetime) -> Status:
    if entry.since > at:
        return Status.GOOD
    return Status.UNKNOWN if entry.on_hold else Status.REVOKED


def _by_answers(
    subject: x509.Certificate, issuer: x509.Certificate, answers: Iterable[bytes], at: dt.datetime
) -> Iterable[_Statement]:
    for response in answers:
        answer = authentic_answer(response, subject, issuer)
        if answer is None or answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
            continue
        status = Status.GOOD
        if answer.revocation_time_utc is not None:
            held = answer.revocation_reason is x509.ReasonFlags.certificate_hold
            status = _of_entry(Entry(since=answer.revocation_time_utc, on_hold=held), at)
        if status is Status.REVOKED or (answer.next_update_utc or answer.this_update_utc) >= at:
            yield answer.this_update_utc, status


# --- How long a list or an answer stays fresh

# An answer without nextUpdate means that newer ones are always available (RFC 6960 4.2.2.1).
_UNDATED = dt.timedelta(hours=1)


def list_until(content: bytes) -> dt.datetime | None:
    """Return nextUpdate of a list; None for anything else."""
    revocation_list = read_list(content)
    return None if revocation_list is None else revocation_list.until


def answer_until(content: bytes) -> dt.datetime | None:
    """Return the earliest nextUpdate of an OCSP response; None for anything else."""
    try:
        singles = list(ocsp.load_der_ocsp_response(content).responses)
    except ValueError:
        return None
    return min((single.next_update_utc or single.this_update_utc + _UNDATED for single in singles), default=None)
