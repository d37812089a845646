"""A CMS value that `signing.cms` made is sound; nothing changed in it is, unless nobody signs that part."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.cms import MessageParts, digest_for, sign_detached
from signing.demo_authority import open_authority
from signing.keys import KeyHolder
from signing.revocation.checker import Evidence
from signing.validation.signature import (
    BadValue,
    Check,
    check_value,
    digest_with,
    embedded_evidence,
    open_value,
    signature_tokens,
)
from support.examples import examples
from support.pki import DAY, NOW, open_office

ABOUT = b"yang ditandatangani"


CURVES = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1(), "RSA": None}


@cache
def holder(kind: str, *, pss: bool = False) -> KeyHolder:
    curve = CURVES[kind]
    return open_authority("Akar Uji", now=NOW - 30 * DAY, curve=curve).person("Cahya", curve=curve).holder(pss=pss)


def signed_value(by: KeyHolder, algorithm: str | None = None, about: bytes = ABOUT) -> bytes:
    name = algorithm or digest_for(by)
    return sign_detached(hashlib.new(name, about).digest(), holder=by, algorithm=name)


@cache
def signed_value_once(kind: str) -> bytes:
    return signed_value(holder(kind)) + b"\0\0"


def parsed(content: bytes, about: bytes = ABOUT) -> Check | None:
    """Return what the parser finds; None where it cannot read the value."""
    try:
        value = open_value(content)
        return check_value(value, kind="data", digest=digest_with(value.digest_name)((memoryview(about),)), at=NOW)
    except (BadValue, ValueError, TypeError, KeyError):
        return None


SOUND = Check(intact=True, valid=True, names_signer=True, strong=True)


@pytest.mark.parametrize("kind", ["P-256", "P-384", "P-521", "RSA"])
@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("padding", [0, 1, 5000])
def test_a_value_of_ours_is_sound_and_holds_nothing_else(kind: str, algorithm: str, padding: int) -> None:
    content = signed_value(holder(kind), algorithm) + b"\0" * padding
    value = open_value(content)
    assert parsed(content) == SOUND
    assert value.certificate.dump() == holder(kind).certificate
    assert (list(signature_tokens(value)), embedded_evidence(value), value.content("data")) == ([], Evidence(), None)
    assert value.attribute("signing_time") is None


def test_a_value_about_other_bytes_is_not_intact() -> None:
    check = parsed(signed_value(holder("P-256")), ABOUT + b".")
    assert check is not None
    assert not check.intact


def test_a_value_that_another_key_made_is_not_valid() -> None:
    by, other = holder("P-256"), open_office().people[0].holder()

    class Borrowed:
        """One person's certificate with another person's key."""

        certificate, chain, algorithm, bits = by.certificate, by.chain, by.algorithm, by.bits

        def sign(self, message: bytes, digest: str) -> bytes:
            return other.sign(message, digest)

    check = parsed(signed_value(Borrowed()))
    assert check is not None
    assert not check.valid


def test_a_time_stamp_or_another_padding_of_the_key_is_as_sound() -> None:
    by, office = holder("P-256"), open_office()
    digest = hashlib.sha256(ABOUT).digest()
    stamped = sign_detached(
        digest, holder=by, algorithm="sha256", stamp=lambda imprint: office.timestamper().stamp(imprint, "sha256")
    )
    for content in (stamped, signed_value(holder("RSA", pss=True))):
        assert parsed(content) == SOUND


def assert_same_signer_or_not_sound(content: bytes, kind: str) -> None:
    """Certificates that a value carries beside the signer's are signed by nobody, so they may change."""
    if parsed(content) == SOUND:
        assert open_value(content).certificate.dump() == holder(kind).certificate


@settings(max_examples=examples(200), deadline=None)
@given(st.data())
def test_a_value_with_a_flipped_bit_is_not_sound_or_says_the_same_signer(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["P-256", "RSA"]))
    changed = bytearray(signed_value_once(kind))
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert_same_signer_or_not_sound(bytes(changed), kind)


@settings(max_examples=examples(100), deadline=None)
@given(st.data())
def test_a_value_with_bytes_put_in_or_taken_out_likewise(data: st.DataObject) -> None:
    content = signed_value_once("P-256")
    place = data.draw(st.integers(0, len(content)))
    put = data.draw(st.binary(max_size=4))
    assert_same_signer_or_not_sound(content[:place] + put + content[place + data.draw(st.integers(0, 4)) :], "P-256")


def test_a_signers_certificate_that_is_no_der_is_not_sound() -> None:
    """Encoded again it has other bytes, which the signed attributes do not name."""
    by = holder("P-256")
    assert by.certificate[1] == 0x82
    longer = by.certificate[:1] + b"\x83\0" + by.certificate[2:]
    expected = MessageParts(
        certificate=longer, chain=(), key="ec", algorithm="sha256", digest=hashlib.sha256(ABOUT).digest()
    )
    assert parsed(expected.encode(by.sign(expected.signed_attributes, "sha256"))) != SOUND
