"""Whether a certificate leads to one of our roots at a moment, and is meant for what it was used for (RFC 5280 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import pyhanko.sign.general  # noqa: F401 - extends asn1crypto's CMS definitions, which must not be used before
from asn1crypto import x509
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

from signing.algorithms import DatedAlgorithms

_MOST_CERTIFICATES = 64
_OTHER_PURPOSES = {"server_auth", "code_signing", "time_stamping", "ocsp_signing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The outcome. `sub_indication` is None when the chain holds; `path` is leaf first, root last, DER.

    `early`: the moment lies before the certificate begins.
    """

    sub_indication: str | None
    path: tuple[bytes, ...] = ()
    early: bool = False


class Roots:
    """Anchors read once for one inspection; a chain that was found for a certificate and moment is found once."""

    def __init__(self, roots: Sequence[bytes]) -> None:
        self._anchors = [x509.Certificate.load(each) for each in roots]
        self._found: dict[tuple[bytes, dt.datetime], Chain] = {}

    def chain(self, leaf: x509.Certificate, others: Sequence[x509.Certificate], at: dt.datetime) -> Chain:
        """The path of `leaf` to one of these roots at `at`. Says nothing about revocation or the leaf's purpose."""
        key = (leaf.sha256, at)
        if key in self._found:
            return self._found[key]
        chain = _build(leaf, others, self._anchors, at)
        if chain.sub_indication is None:
            self._found[key] = chain
        return chain


def _build(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], at: dt.datetime
) -> Chain:
    if not roots:
        return Chain(sub_indication="NO_CERTIFICATE_CHAIN_FOUND")
    context = ValidationContext(
        trust_roots=list(roots),
        other_certs=list(others)[:_MOST_CERTIFICATES],
        moment=at,
        best_signature_time=at,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
        algorithm_usage_policy=DatedAlgorithms(),
    )
    try:
        candidates = context.path_builder.async_build_paths_lazy(leaf)
        path = _finish(find_valid_path(leaf, candidates, validation_context=context))
    except PathBuildingError:
        return Chain(sub_indication="NO_CERTIFICATE_CHAIN_FOUND")
    except (ExpiredError, NotYetValidError) as error:
        outside = tuple(each.dump() for each in (error.original_path or ()))
        return Chain(
            sub_indication="OUT_OF_BOUNDS_NO_POE", path=outside[::-1], early=isinstance(error, NotYetValidError)
        )
    except DisallowedAlgorithmError:
        return Chain(sub_indication="CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
    except InvalidCertificateError:
        return Chain(sub_indication="CHAIN_CONSTRAINTS_FAILURE")
    except ValidationError:
        return Chain(sub_indication="CERTIFICATE_CHAIN_GENERAL_FAILURE")
    found = [each for each in path if isinstance(each, x509.Certificate)]
    # RFC 5280 leaves a root's own dates open; a root that ended vouches for nothing we cannot date.
    bounded = all(each.not_valid_before <= at <= each.not_valid_after for each in found)
    dumped = tuple(each.dump() for each in reversed(found))
    return Chain(sub_indication=None if bounded else "OUT_OF_BOUNDS_NO_POE", path=dumped)


def may_sign_documents(certificate: x509.Certificate) -> bool:
    """Key usage digitalSignature or nonRepudiation, and no extended usage that is only for something else."""
    usage = certificate.key_usage_value
    if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
        return False
    extended = certificate.extended_key_usage_value
    return extended is None or not set(extended.native) <= _OTHER_PURPOSES


def may_stamp_time(certificate: x509.Certificate) -> bool:
    """The one purpose timeStamping, critical (RFC 3161 2.3)."""
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
