"""The fast path for canonical values agrees with the parser, and accepts no other value."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from signing.cms import MessageParts, digest_for, sign_detached
from signing.demo_authority import open_authority
from signing.keys import KeyHolder
from signing.revocation.checker import Evidence
from signing.validation.signature import (
    BadValue,
    CanonicalValue,
    Check,
    check_value,
    digest_with,
    embedded_evidence,
    open_value,
    read_canonical,
    signature_tokens,
)
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


def read_ours(content: bytes, about: bytes = ABOUT) -> CanonicalValue | None:
    return read_canonical(content, lambda name: digest_with(name)((memoryview(about),)))


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
def test_our_own_value_is_known_and_says_what_the_parser_reads(kind: str, algorithm: str, padding: int) -> None:
    content = signed_value(holder(kind), algorithm) + b"\0" * padding
    found, value = read_ours(content), open_value(content)
    assert found is not None
    assert parsed(content) == SOUND
    assert found.certificate.dump() == value.certificate.dump()
    assert [certificate.dump() for certificate in found.others] == [certificate.dump() for certificate in value.others]
    assert found.digest_name == value.digest_name
    # What is not looked for in a value of ours is not there.
    assert (list(signature_tokens(value)), embedded_evidence(value), value.content("data")) == ([], Evidence(), None)
    assert value.attribute("signing_time") is None


def test_what_is_about_other_bytes_is_left_to_the_parser() -> None:
    content = signed_value(holder("P-256"))
    assert read_ours(content, ABOUT + b".") is None
    check = parsed(content, ABOUT + b".")
    assert check is not None
    assert not check.intact


def test_what_another_key_made_is_left_to_the_parser() -> None:
    by, other = holder("P-256"), open_office().people[0].holder()

    class Borrowed:
        """One person's certificate with another person's key."""

        certificate, chain, algorithm, bits = by.certificate, by.chain, by.algorithm, by.bits

        def sign(self, message: bytes, digest: str) -> bytes:
            return other.sign(message, digest)

    content = signed_value(Borrowed())
    assert read_ours(content) is None
    check = parsed(content)
    assert check is not None
    assert not check.valid


def test_a_time_stamp_or_another_padding_of_the_key_is_left_to_the_parser() -> None:
    by, office = holder("P-256"), open_office()
    digest = hashlib.sha256(ABOUT).digest()
    stamped = sign_detached(
        digest, holder=by, algorithm="sha256", stamp=lambda imprint: office.timestamper().stamp(imprint, "sha256")
    )
    for content in (stamped, signed_value(holder("RSA", pss=True))):
        assert read_ours(content) is None
        assert parsed(content) == SOUND


def assert_no_more_than_parsed(content: bytes) -> None:
    """Nobody signs the certificates a value carries beside the signer's own: either way may report other ones."""
    found = read_ours(content)
    if found is not None:
        value = open_value(content)
        assert parsed(content) == SOUND
        assert found.certificate.dump() == value.certificate.dump()
        assert [certificate.dump() for certificate in found.others] == [
            certificate.dump() for certificate in value.others
        ]


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_a_value_with_a_flipped_bit_is_taken_for_ours_only_where_the_parser_finds_it_sound(data: st.DataObject) -> None:
    content = signed_value_once(data.draw(st.sampled_from(["P-256", "RSA"])))
    place = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    assert_no_more_than_parsed(bytes(changed))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_value_with_bytes_put_in_or_taken_out_likewise(data: st.DataObject) -> None:
    content = signed_value_once("P-256")
    place = data.draw(st.integers(0, len(content)))
    put = data.draw(st.binary(max_size=4))
    changed = content[:place] + put + content[place + data.draw(st.integers(0, 4)) :]
    # Zeros after the value are room, and more or less of it is no change.
    assume(changed.rstrip(b"\0") != content.rstrip(b"\0"))
    assert_no_more_than_parsed(changed)


def test_a_signers_certificate_that_is_no_der_is_left_to_the_parser() -> None:
    """Encoded again it has other bytes, which the signed attributes do not name."""
    by = holder("P-256")
    assert by.certificate[1] == 0x82
    longer = by.certificate[:1] + b"\x83\0" + by.certificate[2:]
    expected = MessageParts(
        certificate=longer, chain=(), key="ec", algorithm="sha256", digest=hashlib.sha256(ABOUT).digest()
    )
    content = expected.encode(by.sign(expected.signed_attributes, "sha256"))
    assert read_ours(content) is None
    assert parsed(content) != SOUND
