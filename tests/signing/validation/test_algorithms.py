"""Keys and digests: all kinds in use are understood; weak ones count only for what is proven to be old."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

from signing.demo_authority import Authority, IssuedKey, open_authority
from signing.trust import Trust
from signing.validation.inspect import inspect
from support.added_evidence import with_document_timestamp
from support.hand_made_signatures import signed_with
from support.other_keys import certified, cms_of, signed_by_sha1
from support.pki import CURVE, DAY, NOW, Office, open_office
from support.single_signature import inspect_single, verdict
from support.small_forms import blank

PASSED = ("TOTAL_PASSED", None, ())
TOO_WEAK = ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", ("weak_algorithm",))


def _rsa(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.mark.parametrize(
    ("key", "algorithm", "pss"),
    [
        (_rsa(2048), "sha256", False),
        (_rsa(2048), "sha512", True),
        (ec.generate_private_key(ec.SECP256R1()), "sha256", False),
        (ec.generate_private_key(ec.SECP384R1()), "sha384", False),
        (ec.generate_private_key(ec.BrainpoolP256R1()), "sha256", False),
        (ed25519.Ed25519PrivateKey.generate(), "sha512", False),
        (ed448.Ed448PrivateKey.generate(), "shake256", False),
        (ec.generate_private_key(ec.SECP256R1()), "sha3_256", False),
    ],
    ids=["RSA", "RSA-PSS", "P-256", "P-384", "Brainpool", "Ed25519", "Ed448", "SHA-3"],
)
def test_every_kind_of_key_in_use_is_understood(key: Any, algorithm: str, pss: bool, office: Office) -> None:
    certificate = certified(office.authority, key)
    signed = signed_with(
        blank(), lambda digest: cms_of(digest, key, certificate, algorithm=algorithm, pss=pss), digest=algorithm
    )
    assert verdict(inspect_single(signed, office.trust())) == PASSED


@pytest.mark.parametrize("pair", [[ed25519.Ed25519PrivateKey.generate() for _ in range(2)], [_rsa(2048), _rsa(2048)]])
def test_the_value_of_another_key_fails(pair: list[Any], office: Office) -> None:
    certificate = certified(office.authority, pair[0])
    signed = signed_with(
        blank(), lambda digest: cms_of(digest, pair[1], certificate, algorithm="sha512"), digest="sha512"
    )
    assert verdict(inspect_single(signed, office.trust()))[:2] == ("TOTAL_FAILED", "SIG_CRYPTO_FAILURE")


@pytest.mark.parametrize(
    "key",
    [_rsa(1024), ec.generate_private_key(ec.SECP192R1()), dsa.generate_private_key(2048)],
    ids=["RSA-1024", "P-192", "DSA"],
)
def test_a_key_that_no_longer_resists_does_not_pass(key: Any, office: Office) -> None:
    certificate = certified(office.authority, key)
    signed = signed_with(blank(), lambda digest: cms_of(digest, key, certificate))
    assert verdict(inspect_single(signed, office.trust())) == TOO_WEAK


def office_of(year: int) -> tuple[Authority, IssuedKey, dt.datetime]:
    """An authority and a time-stamp authority at work in that year, both in force to this day."""
    then = dt.datetime(year, 6, 1, tzinfo=dt.UTC)
    authority = open_authority("Akar Lama", now=then, years=40, curve=CURVE)
    return authority, authority.tsa("Jam Lama", curve=CURVE, ends=NOW + 3000 * DAY), then


def stamped_in(year: int, key: Any, algorithm: str, *, weaken: bool = False) -> tuple[bytes, Trust]:
    """A signature of that year under a document time stamp of that year, read today."""
    authority, tsa, then = office_of(year)
    certificate = certified(authority, key)
    if weaken:
        certificate = signed_by_sha1(certificate, authority.issued)
    signed = signed_with(
        blank(), lambda digest: cms_of(digest, key, certificate, algorithm=algorithm), digest=algorithm
    )
    stamped = with_document_timestamp(signed, open_office(), tsa=tsa, at=then)
    return stamped, Trust(roots=(authority.der,), timestamp_roots=(authority.der,), moment=NOW)


@pytest.mark.parametrize(
    ("year", "expected"), [(2008, PASSED), (2009, TOO_WEAK)], ids=["before its date", "from its date on"]
)
@pytest.mark.parametrize(
    ("bits", "algorithm", "weaken"),
    [(1024, "sha256", False), (2048, "sha1", False), (2048, "sha256", True)],
    ids=["a short key", "a weak digest", "a certificate signed with a weak digest"],
)
def test_what_was_strong_when_it_was_stamped_counts(
    bits: int, algorithm: str, weaken: bool, year: int, expected: tuple[str, str | None, tuple[str, ...]]
) -> None:
    signed, trust = stamped_in(year, _rsa(bits), algorithm, weaken=weaken)
    signature, clock = inspect(signed, trust=trust).signatures
    assert verdict(signature) == expected
    assert verdict(clock) == PASSED


def test_what_is_only_said_to_be_old_does_not_count() -> None:
    authority, _, _ = office_of(2008)
    key = _rsa(1024)
    certificate = certified(authority, key, ends=NOW + 10 * DAY)
    signed = signed_with(blank(), lambda digest: cms_of(digest, key, certificate))
    trust = Trust(roots=(authority.der,), timestamp_roots=(authority.der,), moment=NOW)
    assert verdict(inspect_single(signed, trust)) == TOO_WEAK


def test_an_issuer_s_weak_signature_over_a_certificate_does_not_pass_today(office: Office) -> None:
    key = ec.generate_private_key(CURVE)
    certificate = signed_by_sha1(certified(office.authority, key), office.authority.issued)
    signed = signed_with(blank(), lambda digest: cms_of(digest, key, certificate))
    assert verdict(inspect_single(signed, office.trust())) == TOO_WEAK


def test_the_same_certificate_counts_before_its_issuer_s_digest_weakened_and_not_after() -> None:
    authority, tsa, then = office_of(2008)
    key = ec.generate_private_key(CURVE)
    certificate = signed_by_sha1(certified(authority, key, ends=NOW), authority.issued)
    signed = signed_with(blank(), lambda digest: cms_of(digest, key, certificate))
    trust = Trust(roots=(authority.der,), timestamp_roots=(authority.der,), moment=NOW)
    for at, expected in ((then, PASSED), (then + 1000 * DAY, TOO_WEAK), (then + 90 * DAY, PASSED)):
        stamped = with_document_timestamp(signed, open_office(), tsa=tsa, at=at)
        assert verdict(inspect(stamped, trust=trust).signatures[0]) == expected
