"""Revocation of a path for one inspection: what is at hand first, and the network where that leaves a question open."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from signing.addresses import crl_addresses, ocsp_addresses
from signing.evidence import Evidence, Status
from signing.fetch import Request
from signing.freshness import answer_until, list_until
from signing.network import Network
from signing.revocation import revocation_status, unanswered

_LARGEST_LIST = 32 * 1024 * 1024
_LARGEST_ANSWER = 128 * 1024
# Seconds of waiting for others after which one file asks nobody any more; what is open then stays open.
_PATIENCE = 5.0


class Revocations:
    """`stored` is what the caller and the file's security store give; `now` is the moment of judgement."""

    def __init__(self, *, stored: Evidence, network: Network | None, now: dt.datetime) -> None:
        self.stored = stored
        self._network = network
        self._now = now
        self._asked: dict[Request, bytes | None] = {}
        self._waited = 0.0

    def status(self, path: Sequence[bytes], embedded: Evidence, at: dt.datetime) -> Status:
        """The status of a path at `at`; `embedded` is what one signature brought along.

        Lists are asked for before answers: one list a day serves a whole batch, and no responder learns whose
        signature is being read.
        """
        evidence = self.stored + embedded
        status = revocation_status(path, evidence, at)
        if status is not Status.UNKNOWN or self._network is None:
            return status
        for subject, issuer in unanswered(path, evidence, at):
            read = x509.load_der_x509_certificate(subject)
            above = x509.load_der_x509_certificate(issuer)
            for more in self._offers(self._network, read, above):
                evidence += more
                if revocation_status((subject, issuer), evidence, at) is not Status.UNKNOWN:
                    break
        return revocation_status(path, evidence, at)

    def _offers(self, network: Network, subject: x509.Certificate, issuer: x509.Certificate) -> Iterator[Evidence]:
        """One after the other, so that a list that answers spares the question."""
        for address in crl_addresses(subject):
            content = self._ask(network, Request(address=address, largest=_LARGEST_LIST), list_until)
            if content is not None:
                yield Evidence(crls=(content,))
        for address in ocsp_addresses(subject):
            # SHA-1 only names the issuer here; some responders know no other (RFC 5019 2.1.1).
            asked = ocsp.OCSPRequestBuilder().add_certificate(subject, issuer, hashes.SHA1()).build()  # noqa: S303 - names, proves nothing
            body = asked.public_bytes(serialization.Encoding.DER)
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
