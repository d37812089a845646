"""Forged signature values and byte ranges: none passes, and each gets its sub-indication."""

from __future__ import annotations

import pytest

from signing.cms import sign_detached
from signing.policy import faults
from signing.report import Indication, SignatureReport
from support.hand_made_cms import byte_range, plain_cms, with_byte_range
from support.hand_made_signatures import signed_with
from support.pki import NOW, Office, only_signature, open_office, sign_slot
from support.small_forms import blank


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def signed(office: Office) -> bytes:
    return sign_slot(blank(), "ttd_pegawai", office.people[0])


def assert_failed(report: SignatureReport, sub_indication: str) -> None:
    assert (report.indication, report.sub_indication) == (Indication.TOTAL_FAILED, sub_indication)
    assert faults(report)


def test_a_flipped_covered_byte_fails_the_digest(signed: bytes, office: Office) -> None:
    place = signed.index(b"/Reason") if b"/Reason" in signed else signed.index(b"/Name (Cahya")
    forged = signed.replace(b"/Name (Cahya", b"/Name (Dahya", 1)
    assert forged != signed
    assert place
    assert_failed(only_signature(office.inspect(forged)), "HASH_FAILURE")


def test_a_signature_value_by_another_key_fails(office: Office) -> None:
    impostor = office.people[1].holder()
    claimed = office.people[0]

    class Holder:
        certificate = claimed.der
        chain = ()
        algorithm = "ec"
        bits = 256

        def sign(self, message: bytes, digest: str) -> bytes:
            return impostor.sign(message, digest)

    forged = signed_with(blank(), lambda digest: sign_detached(digest, holder=Holder(), algorithm="sha256"))
    assert_failed(only_signature(office.inspect(forged)), "SIG_CRYPTO_FAILURE")


def test_a_signature_over_another_document_fails(office: Office) -> None:
    def borrowed(_: bytes) -> bytes:
        return sign_detached(bytes(32), holder=office.people[0].holder(), algorithm="sha256")

    assert_failed(only_signature(office.inspect(signed_with(blank(), borrowed))), "HASH_FAILURE")


@pytest.mark.parametrize(
    "numbers",
    [b"null", b"0 0 0 0", b"0 10 -20 5", b"-1 5 10 15", b"0 99999999 999999999 1", b"0 1 2", b"0 1.5 2 3", b""],
)
def test_an_impossible_byte_range_fails(numbers: bytes, signed: bytes, office: Office) -> None:
    assert_failed(only_signature(office.inspect(with_byte_range(signed, numbers))), "FORMAT_FAILURE")


def test_a_gap_wider_than_the_value_fails(signed: bytes, office: Office) -> None:
    """Signature wrapping: room for other objects beside the value."""
    start, first, second, rest = byte_range(signed)
    assert_failed(
        only_signature(office.inspect(with_byte_range(signed, b"%d %d %d %d" % (start, first - 20, second, rest)))),
        "FORMAT_FAILURE",
    )


def test_a_byte_range_that_leaves_the_start_open_fails(signed: bytes, office: Office) -> None:
    _, first, second, rest = byte_range(signed)
    forged = with_byte_range(signed, b"9 %d %d %d" % (first - 9, second, rest))
    assert_failed(only_signature(office.inspect(forged)), "FORMAT_FAILURE")


def test_a_byte_range_that_stops_before_the_end_marker_fails(signed: bytes, office: Office) -> None:
    start, first, second, rest = byte_range(signed)
    forged = with_byte_range(signed, b"%d %d %d %d" % (start, first, second, rest - 40))
    assert_failed(only_signature(office.inspect(forged)), "FORMAT_FAILURE")


def test_objects_inside_the_gap_fail(signed: bytes, office: Office) -> None:
    _, first, second, _ = byte_range(signed)
    gap = bytearray(signed[first:second])
    gap[-60:-1] = b"> /Contents2 <".ljust(59, b"0")
    assert_failed(only_signature(office.inspect(signed[:first] + bytes(gap) + signed[second:])), "FORMAT_FAILURE")


def test_bytes_hidden_behind_the_value_fail(signed: bytes, office: Office) -> None:
    _, first, second, _ = byte_range(signed)
    forged = signed[: second - 9] + b"DEADBEEF" + signed[second - 1 :]
    assert len(forged) == len(signed)
    assert first < second
    assert_failed(only_signature(office.inspect(forged)), "FORMAT_FAILURE")


def test_the_value_of_another_signature_in_the_gap_fails(office: Office) -> None:
    """The gap holds one value, the dictionary names another one."""
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    forged = signed.replace(b"/Contents <", b"/Contemts <", 1)
    assert_failed(only_signature(office.inspect(forged)), "FORMAT_FAILURE")


@pytest.mark.parametrize("key", [b"/ByteRange", b"/Contents"])
def test_a_signature_without_its_parts_is_none(key: bytes, signed: bytes, office: Office) -> None:
    """Universal forgery: what cannot be checked must not be taken for checked."""
    forged = signed.replace(key, key[:-1] + b"_")
    assert_failed(only_signature(office.inspect(forged)), "FORMAT_FAILURE")


@pytest.mark.parametrize("content", [b"", b"\0" * 40, b"\x30\x00", b"\x30\x80", b"garbage", b"\x30\x84" + b"\xff" * 4])
def test_a_value_that_is_no_signature_fails(content: bytes, office: Office) -> None:
    assert_failed(only_signature(office.inspect(signed_with(blank(), lambda _: content))), "FORMAT_FAILURE")


@pytest.mark.parametrize("sub_filter", ["/adbe.x509.rsa_sha1", "/Sama.Sekali.Lain", "/ETSI.RFC3161"])
def test_an_unknown_kind_of_signature_fails(sub_filter: str, office: Office) -> None:
    holder = office.people[0].holder()
    forged = signed_with(
        blank(), lambda digest: sign_detached(digest, holder=holder, algorithm="sha256"), sub_filter=sub_filter
    )
    assert_failed(only_signature(office.inspect(forged)), "FORMAT_FAILURE")


def test_the_older_sub_filter_passes(office: Office) -> None:
    holder = office.people[0].holder()
    older = signed_with(
        blank(),
        lambda digest: sign_detached(digest, holder=holder, algorithm="sha256"),
        sub_filter="/adbe.pkcs7.detached",
    )
    report = only_signature(office.inspect(older))
    assert (report.indication, report.profile) == (Indication.TOTAL_PASSED, "PKCS7")


def test_a_digest_that_no_longer_resists_does_not_pass(office: Office) -> None:
    person = office.people[0]
    weak = signed_with(
        blank(), lambda digest: plain_cms(digest, person, algorithm="sha1", named=person.der), digest="sha1"
    )
    report = only_signature(office.inspect(weak))
    assert report.intact
    assert report.valid
    assert (report.indication, report.sub_indication) == (
        Indication.INDETERMINATE,
        "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
    )
    assert faults(report) == ("weak_algorithm",)


def test_the_withdrawn_sha1_sub_filter_is_too_weak_whatever_its_value_says(office: Office) -> None:
    person = office.people[0]
    withdrawn = signed_with(
        blank(),
        lambda digest: plain_cms(digest, person, algorithm="sha256", named=person.der, content=digest),
        sub_filter="/adbe.pkcs7.sha1",
        digest="sha1",
    )
    report = only_signature(office.inspect(withdrawn))
    assert report.intact
    assert report.valid
    assert (report.indication, report.sub_indication) == (
        Indication.INDETERMINATE,
        "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
    )
    assert faults(report) == ("weak_algorithm",)


def test_a_pades_signature_that_names_no_certificate_does_not_pass(office: Office) -> None:
    person = office.people[0]
    anonymous = signed_with(blank(), lambda digest: plain_cms(digest, person, algorithm="sha256"))
    report = only_signature(office.inspect(anonymous))
    assert (report.indication, report.sub_indication) == (Indication.INDETERMINATE, "SIG_CONSTRAINTS_FAILURE")


def test_an_older_signature_that_names_no_certificate_passes(office: Office) -> None:
    person = office.people[0]
    older = signed_with(
        blank(), lambda digest: plain_cms(digest, person, algorithm="sha256"), sub_filter="/adbe.pkcs7.detached"
    )
    assert only_signature(office.inspect(older)).indication is Indication.TOTAL_PASSED


def test_a_signature_that_names_another_certificate_does_not_pass(office: Office) -> None:
    person, other = office.people[0], office.people[1]
    swapped = signed_with(blank(), lambda digest: plain_cms(digest, person, algorithm="sha256", named=other.der))
    report = only_signature(office.inspect(swapped))
    assert report.indication is not Indication.TOTAL_PASSED
    assert faults(report)


def test_content_inside_a_detached_signature_fails(office: Office) -> None:
    person = office.people[0]
    carried = signed_with(
        blank(), lambda digest: plain_cms(digest, person, algorithm="sha256", named=person.der, content=digest)
    )
    assert_failed(only_signature(office.inspect(carried)), "FORMAT_FAILURE")


def test_the_first_signature_is_not_hurt_by_a_broken_second_one(office: Office) -> None:
    first = sign_slot(blank(), "ttd_pembimbing", office.people[1])
    both = signed_with(first, lambda _: b"\x30\x00")
    good, broken = office.inspect(both).signatures
    assert (good.field, good.indication) == ("ttd_pembimbing", Indication.TOTAL_PASSED)
    assert_failed(broken, "FORMAT_FAILURE")


def test_the_time_the_signer_claims_is_said_to_be_a_claim(signed: bytes, office: Office) -> None:
    report = only_signature(office.inspect(signed))
    assert report.signed_at == NOW
    assert report.time_source.value == "claimed"
