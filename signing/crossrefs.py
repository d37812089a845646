"""Cross-reference streams of the usual shape (ISO 32000-1 7.5.8), read entry by entry without ceremony."""

from __future__ import annotations

from itertools import pairwise

from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.generic import ArrayObject, NumberObject, StreamObject
from pyhanko.pdf_utils.xref import ObjStreamRef, XRefSectionData

_WIDEST, _COLUMNS = 8, 3
_FARTHEST = 2**63 - 1  # beyond that pyHanko reads a negative number
_HIGHEST = 0xFFFF  # generation, table 3
_FREE, _APART, _PACKED = 0, 1, 2


def entries_of(stream: StreamObject) -> XRefSectionData | None:
    """What the stream says, as pyHanko would read it; None for any other shape, which only pyHanko can tell."""
    widths, index = _numbers(stream, "/W"), _numbers(stream, "/Index" if "/Index" in stream else "/Size")
    if widths is None or index is None or len(widths) != _COLUMNS:
        return None
    if "/Index" not in stream:
        index = [0, *index]
    first, second, third = widths
    if first != 1 or not 1 <= second <= _WIDEST or not 0 <= third <= _WIDEST or len(index) % 2 or min(index) < 0:
        return None
    runs = list(zip(index[::2], index[1::2], strict=True))
    if any(start + count > following for (start, count), (following, _) in pairwise(runs)):
        return None
    width, count = first + second + third, sum(index[1::2])
    entries = bytes(stream.read_data(DecodePurpose.XREF_STREAM, expected_size=count * (width + 1)))
    return _section(entries, runs, second, width) if len(entries) == count * width else None


def _numbers(stream: StreamObject, key: str) -> list[int] | None:
    """The numbers under a key, a single one or an array of them; None when it is anything else."""
    written = stream.raw_get(key) if key in stream else None
    each = [written.raw_get(place) for place in range(len(written))] if isinstance(written, ArrayObject) else [written]
    numbers = [int(one) for one in each if isinstance(one, NumberObject)]
    return numbers if len(numbers) == len(each) else None


def _section(entries: bytes, runs: list[tuple[int, int]], second: int, width: int) -> XRefSectionData | None:
    section, at = XRefSectionData(), 0
    for start, count in runs:
        for number in range(start, start + count):
            kind = entries[at]
            one = int.from_bytes(entries[at + 1 : at + 1 + second])
            other = int.from_bytes(entries[at + 1 + second : at + width])
            at += width
            if kind > _PACKED or max(one, other) > _FARTHEST or (kind != _PACKED and other > _HIGHEST):
                return None
            if number == 0:
                continue
            if kind == _PACKED:
                section.xrefs_in_objstm[number] = ObjStreamRef(one, other)
                section.obj_streams_used.add(one)
            elif kind == _APART:
                section.standard_xrefs[number] = (other, one)
            else:
                section.freed[number] = other
            generation = 0 if kind == _PACKED else other - (kind == _FREE)
            section.explicit_refs_in_revision.add((number, generation))
    return section
