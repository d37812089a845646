"""Our check of digest and key agrees with pyHanko's, whatever is wrong with a value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from forgeries.after_signing import AFTER_SIGNING, Lie
from signing.pdf.history import History
from signing.validation.document import Coverage, coverage_of, find_signatures
from signing.validation.signature import BadValue, FileDigests, Value, check_integrity, digest_with, open_value
from support.examples import examples
from support.pki import Office, open_office, sign_slot
from support.small_forms import blank


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def signed(office: Office) -> bytes:
    pdf = blank()
    for slot, person in zip(("ttd_pegawai", "ttd_pembimbing"), office.people, strict=False):
        pdf = sign_slot(pdf, slot, person)
    return pdf


def values(pdf: bytes) -> list[tuple[Value, bytes]]:
    """Every signature value of a file with the digest of what it covers."""
    history = History(pdf)
    found = []
    for signature in find_signatures(history):
        coverage = coverage_of(signature, history)
        value = open_value(coverage.value)
        found.append((value, digest_with(value.digest_name)(coverage.covered(pdf))))
    return found


def answer(check: Any, value: Value, digest: bytes, kind: str) -> object:
    try:
        return check(value.signer_info, value.certificate, kind, digest)
    except (SignatureValidationError, ValueError, TypeError, KeyError):
        return "no answer"


@pytest.mark.parametrize("lie", [None, *AFTER_SIGNING], ids=lambda lie: "honest" if lie is None else lie.__name__)
def test_digest_and_key_are_judged_as_pyhanko_judges_them(lie: Lie | None, signed: bytes) -> None:
    try:
        found = values(signed if lie is None else lie(signed))
    except ValueError:
        return
    for value, digest in found:
        for kind in ("data", "tst_info"):
            for about in (digest, bytes(32)):
                assert answer(check_integrity, value, about, kind) == answer(validate_sig_integrity, value, about, kind)


@settings(max_examples=examples(300), deadline=None)
@given(st.data())
def test_a_flipped_bit_in_a_value_is_judged_as_pyhanko_judges_it(data: st.DataObject) -> None:
    if not _MADE:
        office = open_office()
        pdf = sign_slot(blank(), "ttd_pegawai", office.people[0])
        history = History(pdf)
        coverage = coverage_of(find_signatures(history)[0], history)
        _MADE.append((coverage.value.rstrip(b"\0"), digest_with("sha256")(coverage.covered(pdf))))
    content, digest = _MADE[0]
    place = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        value, again = open_value(bytes(changed)), open_value(bytes(changed))
    except BadValue:
        return
    assert answer(check_integrity, value, digest, "data") == answer(validate_sig_integrity, again, digest, "data")


_MADE: list[tuple[bytes, bytes]] = []


@settings(max_examples=examples(100), deadline=None)
@given(
    size=st.integers(0, 80_000),
    places=st.lists(st.tuples(*[st.integers(0, 80_000)] * 3).map(sorted), min_size=1, max_size=4),
    name=st.sampled_from(["sha1", "sha256", "sha512", "sha3_256", "shake256"]),
)
def test_digests_of_one_file_are_those_of_its_covered_bytes(size: int, places: list[list[int]], name: str) -> None:
    pdf = bytes(number * 31 % 251 for number in range(size))
    digests = FileDigests(pdf)
    for numbers in places:
        start, end, last = (min(number, size) for number in numbers)
        coverage = Coverage(gap_start=start, gap_end=end, end=last, value=b"")
        assert digests.covered(name, coverage) == digest_with(name)(coverage.covered(pdf))
    assert digests.whole(name) == digest_with(name)((memoryview(pdf),))


def test_a_digest_nobody_knows_has_no_value() -> None:
    with pytest.raises(BadValue, match="unknown digest"):
        FileDigests(b"").whole("md4")
