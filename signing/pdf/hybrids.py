"""Hybrid cross-references (ISO 32000-1 7.5.8.4): a table for readers of PDF 1.4, beside it a stream for all others.

Such a section is read as every present reader reads it: what the table has in use stands, and what it calls free or
does not name the stream says. Signed as a whole it is as good as another; appended to something signed it is not,
because it speaks to two kinds of readers.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.xref import ObjStreamRef, XRefSection, XRefSectionData

ObjectLocation = tuple[int, int] | ObjStreamRef  # generation and byte, or a place in an object stream


class HybridSection(XRefSectionData):
    """The entries of both parts as one section.

    `table` and `stream` are what each part says by itself, `dictionary` and `span` (first byte and end) the stream's.
    """

    def __init__(self, table: XRefSectionData, stream: XRefSection, dictionary: DictionaryObject) -> None:
        super().__init__()
        self.table, self.stream, self.dictionary = table, stream.xref_data, dictionary
        self.span = int(stream.meta_info.start_location), int(stream.meta_info.end_location)
        shown = table.standard_xrefs
        packed = {number: place for number, place in self.stream.xrefs_in_objstm.items() if number not in shown}
        self.standard_xrefs = {**self.stream.standard_xrefs, **shown}
        self.xrefs_in_objstm = packed
        self.obj_streams_used = {place.obj_stream_id for place in packed.values()}
        used, free = numbers_in_use(self), {**self.stream.freed, **table.freed}
        self.freed = {number: after for number, after in free.items() if number not in used}
        self.explicit_refs_in_revision = {
            *((number, generation) for number, (generation, _) in self.standard_xrefs.items()),
            *((number, 0) for number in packed),
            *((number, after - 1) for number, after in self.freed.items()),
        }


def numbers_in_use(section: XRefSectionData) -> frozenset[int]:
    """The object numbers a section says stand somewhere."""
    return frozenset((*section.standard_xrefs, *section.xrefs_in_objstm))


def hidden(section: HybridSection, older: Sequence[XRefSectionData]) -> frozenset[int] | None:
    """The numbers of which readers of tables find nothing, while others do; None when they find something else.

    `older` are the sections before, oldest first. Word lists in its stream again what the table before it says.
    """
    tables = (
        section.table,
        *(earlier.table if isinstance(earlier, HybridSection) else earlier for earlier in reversed(older)),
    )
    found = set()
    for number in numbers_in_use(section.stream) | section.stream.freed.keys():
        said, shown = _place(section.stream, number), _shown(tables, number)
        if shown not in {None, said}:
            return None
        if shown is None and said is not None:
            found.add(number)
    return frozenset(found)


def _shown(tables: Sequence[XRefSectionData], number: int) -> ObjectLocation | None:
    """Where the newest section that names the number has it."""
    for table in tables:
        place = _place(table, number)
        if place is not None or number in table.freed:
            return place
    return None


def _place(section: XRefSectionData, number: int) -> ObjectLocation | None:
    apart = section.standard_xrefs.get(number)
    return section.xrefs_in_objstm.get(number) if apart is None else apart
