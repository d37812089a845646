"""What is read once for many files, or faster than pyHanko reads it, says what pyHanko says each time."""

from __future__ import annotations

from typing import Any

import pytest
from blank import blank
from forgeries import AFTER_SIGNING, Lie
from hypothesis import given, settings
from hypothesis import strategies as st
from pki import Office, open_office, sign_slot
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NumberObject,
    Reference,
    StreamObject,
)
from pyhanko.pdf_utils.xref import XRefSectionData, parse_xref_stream
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from test_signing_quick import ATOMS, spelled, told

from signing.coverage import coverage_of
from signing.crossrefs import entries_of
from signing.found import find_signatures
from signing.history import History
from signing.integrity import check_integrity
from signing.members import member_references, read_member
from signing.quick import read_plain
from signing.reader import BoundedReader
from signing.scan import scan_references
from signing.value import BadValue, Value, digest_with, open_value


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def signed(office: Office) -> bytes:
    pdf = blank()
    for slot, person in zip(("ttd_pegawai", "ttd_pembimbing"), office.people, strict=False):
        pdf = sign_slot(pdf, slot, person)
    return pdf


def packed(pdf: bytes) -> list[tuple[bytes, int, int]]:
    """Where every object of every object stream begins, and where the next one does."""
    reader = BoundedReader(pdf)
    places = []
    for revision in range(reader.total_revisions):
        for each in reader.xrefs.get_xref_data(revision).xrefs_in_objstm.values():
            content, members = reader._members(each.obj_stream_id)
            places += [(content, *span) for span in members.values()]
    return places


def belongs_to(value: Any, reader: BoundedReader) -> bool:
    """Whether every reference in it leads back to that reader."""
    if isinstance(value, IndirectObject):
        return value.reference.pdf is reader
    if isinstance(value, DictionaryObject):
        return all(belongs_to(value.raw_get(key), reader) for key in value)
    return not isinstance(value, ArrayObject) or all(belongs_to(value.raw_get(at), reader) for at in range(len(value)))


def test_a_member_read_before_says_the_same_again_and_belongs_to_its_own_file(signed: bytes) -> None:
    assert packed(signed)
    one, other = BoundedReader(signed), BoundedReader(signed)
    for content, begin, end in packed(signed):
        plainly = read_plain(content, begin, Reference(1, 0, one), packed=True)
        for reader in (one, other):
            found = read_member(content, begin, end, Reference(1, 0, reader))
            assert found is None or (told(found) == told(plainly) and belongs_to(found, reader))
        references = member_references(content, begin, end)
        assert references is None or references == scan_references(content, begin)


def test_a_member_changed_by_one_reader_is_unchanged_for_the_next(signed: bytes) -> None:
    content, begin, end = next(each for each in packed(signed) if each[0].startswith(b"<<", each[1]))
    reader = BoundedReader(signed)
    found = read_member(content, begin, end, Reference(1, 0, reader))
    before = told(found)
    found["/Changed"] = NumberObject(1)
    assert told(read_member(content, begin, end, Reference(1, 0, reader))) == before


@settings(max_examples=400, deadline=None)
@given(
    spelled(st.recursive(ATOMS, spelled, max_leaves=12)), st.sampled_from(["", " ", " endobj", "\nstream\n", "1 0 R"])
)
def test_whatever_stands_behind_a_member_it_is_read_as_in_its_stream(text: str, after: str) -> None:
    reader = BoundedReader(blank())
    written = text.encode("latin-1")
    content = b"<<>> " + written + after.encode("ascii") + b" " * 32
    for end in (5 + len(written), 5 + len(written) // 2, len(content)):
        found = read_member(content, 5, end, Reference(1, 0, reader))
        if found is not None:
            assert told(found) == told(read_plain(content, 5, Reference(1, 0, reader), packed=True))


def section_of(stream: StreamObject) -> XRefSectionData:
    section = XRefSectionData()
    section.process_entries(parse_xref_stream(stream, strict=False), strict=False)
    return section


def said(section: XRefSectionData) -> list[object]:
    every = (section.freed, section.standard_xrefs, section.xrefs_in_objstm)
    return [*every, section.explicit_refs_in_revision, section.obj_streams_used]


def test_cross_reference_streams_of_honest_files_are_read_fast_and_alike(signed: bytes) -> None:
    reader = BoundedReader(signed)
    streams = [each for each in reader.trailer._trailer_revisions if isinstance(each, StreamObject)]
    assert len(streams) == reader.total_revisions
    for stream in streams:
        found = entries_of(stream)
        assert found is not None
        assert said(found) == said(section_of(stream))


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=3, max_size=3),
    st.lists(st.integers(-1, 6), max_size=6),
    st.integers(0, 8),
    st.binary(max_size=120),
)
def test_cross_reference_streams_of_any_shape_are_read_alike_or_left(
    widths: list[int], index: list[int], size: int, entries: bytes
) -> None:
    numbers = {"/W": ArrayObject(map(NumberObject, widths)), "/Size": NumberObject(size)}
    if index:
        numbers["/Index"] = ArrayObject(map(NumberObject, index))
    written = bytes(each % 4 if place % max(sum(widths), 1) == 0 else each for place, each in enumerate(entries))
    stream = StreamObject(DictionaryObject(numbers), encoded_data=written)
    found = entries_of(stream)
    if found is not None:
        assert said(found) == said(section_of(stream))


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


@settings(max_examples=300, deadline=None)
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
