"""Members of object streams are cached between files without changing what any file says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject, Reference

from signing.pdf.reader import BoundedReader
from signing.pdf.syntax import member_references, read_member, read_plain, scan_references
from support.examples import examples
from support.pdf_spellings import ATOMS, described, spelled
from support.pki import open_office, sign_slot
from support.small_forms import blank


@pytest.fixture(scope="module")
def signed() -> bytes:
    return sign_slot(blank(), "ttd_pegawai", open_office().people[0])


def packed(pdf: bytes) -> list[tuple[bytes, int, int]]:
    """Where every object of every object stream begins, and where the next one does."""
    reader = BoundedReader(pdf)
    places = []
    for revision in range(reader.total_revisions):
        for location in reader.xrefs.get_xref_data(revision).xrefs_in_objstm.values():
            content, members = reader._members(location.obj_stream_id)
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
            assert found is None or (described(found) == described(plainly) and belongs_to(found, reader))
        references = member_references(content, begin, end)
        assert references is None or references == scan_references(content, begin)


def test_a_member_changed_by_one_reader_is_unchanged_for_the_next(signed: bytes) -> None:
    content, begin, end = next(member for member in packed(signed) if member[0].startswith(b"<<", member[1]))
    reader = BoundedReader(signed)
    found = read_member(content, begin, end, Reference(1, 0, reader))
    before = described(found)
    found["/Changed"] = NumberObject(1)
    assert described(read_member(content, begin, end, Reference(1, 0, reader))) == before


@settings(max_examples=examples(400), deadline=None)
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
            assert described(found) == described(read_plain(content, 5, Reference(1, 0, reader), packed=True))
