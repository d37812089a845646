"""Hybrid cross-references (ISO 32000-1 7.5.8.4): a table for readers of PDF 1.4, and a stream for all others.

Such a section is read as every present reader reads it: entries the table has in use win; for those it calls free or
does not list, the stream counts. Signed as a whole it is as good as any other section; appended to something signed it
is not, because two kinds of readers see different things.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.xref import ObjStreamRef, XRefSection, XRefSectionData

ObjectLocation = tuple[int, int] | ObjStreamRef  # generation and byte, or an index in an object stream


class HybridSection(XRefSectionData):
    """The entries of both parts as one section.

    `table` and `stream` are the entries of each part, `dictionary` and `span` (first byte and end) the stream's.
    """

    def __init__(self, table: XRefSectionData, stream: XRefSection, dictionary: DictionaryObject) -> None:
        super().__init__()
        self.table, self.stream, self.dictionary = table, stream.xref_data, dictionary
        self.span = int(stream.meta_info.start_location), int(stream.meta_info.end_location)
        in_table = table.standard_xrefs
        packed = {number: entry for number, entry in self.stream.xrefs_in_objstm.items() if number not in in_table}
        self.standard_xrefs = {**self.stream.standard_xrefs, **in_table}
        self.xrefs_in_objstm = packed
        self.obj_streams_used = {entry.obj_stream_id for entry in packed.values()}
        used, free = numbers_in_use(self), {**self.stream.freed, **table.freed}
        self.freed = {number: after for number, after in free.items() if number not in used}
        self.explicit_refs_in_revision = {
            *((number, generation) for number, (generation, _) in self.standard_xrefs.items()),
            *((number, 0) for number in packed),
            *((number, after - 1) for number, after in self.freed.items()),
        }


def numbers_in_use(section: XRefSectionData) -> frozenset[int]:
    """Return the object numbers a section has in use."""
    return frozenset((*section.standard_xrefs, *section.xrefs_in_objstm))


def hidden_numbers(section: HybridSection, older: Sequence[XRefSectionData]) -> frozenset[int] | None:
    """Return the objects that readers of tables do not find, while others do; None when they find other ones.

    `older` are the sections before, oldest first. Microsoft Word repeats in its stream what the table before it says.
    """
    tables = (
        section.table,
        *(earlier.table if isinstance(earlier, HybridSection) else earlier for earlier in reversed(older)),
    )
    numbers = set()
    for number in numbers_in_use(section.stream) | section.stream.freed.keys():
        in_stream, in_tables = _location(section.stream, number), _newest_location(tables, number)
        if in_tables not in {None, in_stream}:
            return None
        if in_tables is None and in_stream is not None:
            numbers.add(number)
    return frozenset(numbers)


def _newest_location(tables: Sequence[XRefSectionData], number: int) -> ObjectLocation | None:
    """Return where the newest section that lists the number has it."""
    for table in tables:
        location = _location(table, number)
        if location is not None or number in table.freed:
            return location
    return None


def _location(section: XRefSectionData, number: int) -> ObjectLocation | None:
    unpacked = section.standard_xrefs.get(number)
    return section.xrefs_in_objstm.get(number) if unpacked is None else unpacked
