"""Find the path from a certificate to one of our roots, and check the certificate's purpose (RFC 5280 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from pyhanko_certvalidator import ValidationContext, find_valid_path
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    ValidationError,
)
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy

from signing.asn1 import x509
from signing.certificates import cached_certificate
from signing.validation.algorithms import ENDS, DatedAlgorithms

_MOST_CERTIFICATES = 64
_CACHED = 2000  # chains and dates; an agency has a few roots and some thousand signers
_LARGEST_CACHED = 32_768  # bytes of the certificates of one chain; longer ones, a stranger's, are not cached
_BEFORE_ALL = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
# EN 319 102-1 has one term for a chain judged before it begins and after it ended; people need to know which.
EARLY = "OUT_OF_BOUNDS_NO_POE, not yet valid"
_OTHER_PURPOSES = {"server_auth", "code_signing", "time_stamping", "ocsp_signing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The result for one certificate. `sub_indication` is None when the chain is valid; `path` is DER, leaf first.

    `early`: the moment is before a certificate of the path begins.
    """

    sub_indication: str | None
    path: tuple[bytes, ...] = ()
    early: bool = False


class Roots:
    """The trust anchors for one purpose."""

    def __init__(self, roots: Sequence[bytes]) -> None:
        self._anchors = tuple(roots)

    def chain(self, leaf: x509.Certificate, others: Sequence[x509.Certificate], at: dt.datetime) -> Chain:
        """Return the path of `leaf` to one of these roots at `at`. Revocation and its purpose are not checked."""
        if not self._anchors:
            return Chain(sub_indication="NO_CERTIFICATE_CHAIN_FOUND")
        pool = tuple(other.dump() for other in others[:_MOST_CERTIFICATES])
        certificates = (leaf.dump(), *pool, *self._anchors)
        find = _find_chain if sum(map(len, certificates)) <= _LARGEST_CACHED else _find_chain.__wrapped__
        return find(leaf.dump(), pool, self._anchors, _latest_change(certificates, at))


def _latest_change(certificates: Iterable[bytes], at: dt.datetime) -> dt.datetime:
    """Return the latest moment up to `at` when a certificate began, had just ended, or an algorithm's date passed.

    Between two such moments nothing about a chain changes, so it is found once for all signatures in between.
    """
    changes = chain.from_iterable(
        (
            ENDS,
            *(
                _validity(certificate) if len(certificate) <= _LARGEST_CACHED else _read_validity(certificate)
                for certificate in certificates
            ),
        )
    )
    passed = [change for change in changes if change <= at]
    return max(passed, default=_BEFORE_ALL)


def _read_validity(certificate: bytes) -> tuple[dt.datetime, dt.datetime]:
    """Return a certificate's first moment, and the first after its last (RFC 5280 4.1.2.5: both ends are inside)."""
    parsed = cached_certificate(certificate)
    return parsed.not_valid_before, parsed.not_valid_after + dt.timedelta(microseconds=1)


_validity = lru_cache(maxsize=_CACHED)(_read_validity)


@lru_cache(maxsize=_CACHED)
def _find_chain(leaf: bytes, others: tuple[bytes, ...], roots: tuple[bytes, ...], at: dt.datetime) -> Chain:
    context = ValidationContext(
        trust_roots=[cached_certificate(root) for root in roots],
        other_certs=[cached_certificate(other) for other in others],
        moment=at,
        best_signature_time=at,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
        algorithm_usage_policy=DatedAlgorithms(),
    )
    subject = cached_certificate(leaf)
    try:
        candidates = context.path_builder.async_build_paths_lazy(subject)
        path = _finish(find_valid_path(subject, candidates, validation_context=context))
    except PathBuildingError:
        return Chain(sub_indication="NO_CERTIFICATE_CHAIN_FOUND")
    except (ExpiredError, NotYetValidError) as error:
        outside = tuple(certificate.dump() for certificate in (error.original_path or ()))
        return Chain(
            sub_indication="OUT_OF_BOUNDS_NO_POE", path=outside[::-1], early=isinstance(error, NotYetValidError)
        )
    except DisallowedAlgorithmError:
        return Chain(sub_indication="CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
    except InvalidCertificateError:
        return Chain(sub_indication="CHAIN_CONSTRAINTS_FAILURE")
    except ValidationError:
        return Chain(sub_indication="CERTIFICATE_CHAIN_GENERAL_FAILURE")
    certificates = [certificate for certificate in path if isinstance(certificate, x509.Certificate)]
    # RFC 5280 does not check a root's own dates; but a root that ended proves nothing about an undated signature.
    early = any(at < certificate.not_valid_before for certificate in certificates)
    bounded = not early and all(at <= certificate.not_valid_after for certificate in certificates)
    dumped = tuple(certificate.dump() for certificate in reversed(certificates))
    return Chain(sub_indication=None if bounded else "OUT_OF_BOUNDS_NO_POE", path=dumped, early=early)


def may_sign_documents(certificate: x509.Certificate) -> bool:
    """Tell whether the key usage has digitalSignature or nonRepudiation, and no extended usage excludes documents."""
    usage = certificate.key_usage_value
    if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
        return False
    extended = certificate.extended_key_usage_value
    return extended is None or not set(extended.native) <= _OTHER_PURPOSES


def may_stamp_time(certificate: x509.Certificate) -> bool:
    """Tell whether timeStamping is the one extended purpose, and critical (RFC 3161 2.3)."""
    extended = certificate.extended_key_usage_value
    return (
        extended is not None
        and extended.native == ["time_stamping"]
        and "extended_key_usage" in certificate.critical_extensions
    )


def _finish(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that waits for nothing: without the network, path building never does."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise RuntimeError("path building wanted to wait for something")
