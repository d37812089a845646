"""The fast path for cross-reference streams agrees with pyHanko."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, StreamObject
from pyhanko.pdf_utils.xref import XRefSectionData, parse_xref_stream

from signing.pdf.reader import BoundedReader, xref_entries
from support.examples import examples
from support.pki import open_office, sign_slot
from support.small_forms import blank


def section_of(stream: StreamObject) -> XRefSectionData:
    section = XRefSectionData()
    section.process_entries(parse_xref_stream(stream, strict=False), strict=False)
    return section


def entries_of(section: XRefSectionData) -> list[object]:
    every = (section.freed, section.standard_xrefs, section.xrefs_in_objstm)
    return [*every, section.explicit_refs_in_revision, section.obj_streams_used]


def test_cross_reference_streams_of_honest_files_are_read_fast_and_alike() -> None:
    reader = BoundedReader(sign_slot(blank(), "ttd_pegawai", open_office().people[0]))
    streams = [trailer for trailer in reader.trailer._trailer_revisions if isinstance(trailer, StreamObject)]
    assert len(streams) == reader.total_revisions
    for stream in streams:
        found = xref_entries(stream)
        assert found is not None
        assert entries_of(found) == entries_of(section_of(stream))


@settings(max_examples=examples(400), deadline=None)
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
    written = bytes(byte % 4 if place % max(sum(widths), 1) == 0 else byte for place, byte in enumerate(entries))
    stream = StreamObject(DictionaryObject(numbers), encoded_data=written)
    found = xref_entries(stream)
    if found is not None:
        assert entries_of(found) == entries_of(section_of(stream))
