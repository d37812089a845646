"""A PDF as its sequence of saved revisions; every object can be read as it was in any of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DecryptedObjectProxy,
    DictionaryObject,
    IndirectObject,
    NullObject,
    Reference,
)
from pyhanko.pdf_utils.xref import ObjStreamRef

from signing.pdf.hybrids import HybridSection, hidden_numbers
from signing.pdf.reader import BoundedReader
from signing.pdf.syntax import has_unique_keys, value_end

Ref = tuple[int, int]
_BLANKS = b"\0\t\n\f\r "
_EOF = b"%%EOF"


class History:
    """The revisions of one PDF, counted from 0, the oldest. Objects are read once per version and cached."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        self.reader = BoundedReader(pdf)
        self._sections = self.reader.xrefs
        self.clear_sections: dict[int, bool] = {}  # by revision; filled by `signing.changes.unambiguous`
        self._hidden: dict[int, frozenset[int] | None] = {}
        self._trailers: dict[int, DictionaryObject] = {}
        self._by_version: dict[tuple[Ref, int], Any] = {}
        self._by_revision: dict[tuple[Ref, int], Any] = {}
        self._versions: dict[tuple[Ref, int], int | None] = {}
        self.numbers = [self._numbers_of(revision) for revision in range(self.last + 1)]
        self._locations = [self._locations_of(revision) for revision in range(self.last + 1)]

    @property
    def last(self) -> int:
        """The newest revision."""
        return int(self.reader.total_revisions) - 1

    def hybrid(self, revision: int) -> HybridSection | None:
        """Return the revision's cross-references when they are hybrid (ISO 32000-1 7.5.8.4), else None."""
        section = self._sections.get_xref_data(revision)
        return section if isinstance(section, HybridSection) else None

    def is_hidden(self, ref: Ref, revision: int) -> bool:
        """Tell whether readers without support for hybrid cross-references miss the object in this revision."""
        version = self.version(ref, revision)
        if version is None or self.hybrid(version) is None:
            return False
        numbers = self.hidden(version)
        return numbers is None or ref[0] in numbers

    def hidden(self, revision: int) -> frozenset[int] | None:
        """Return the numbers a hybrid revision hides from readers of tables; None where it shows them other objects."""
        if revision not in self._hidden:
            section, older = (
                self.hybrid(revision),
                [self._sections.get_xref_data(earlier) for earlier in range(revision)],
            )
            self._hidden[revision] = frozenset() if section is None else hidden_numbers(section, older)
        return self._hidden[revision]

    def listed(self, revision: int) -> frozenset[Ref]:
        """Return every object this revision's cross-references list: written, rewritten or freed."""
        section = self._sections.get_xref_data(revision)
        return frozenset(section.explicit_refs_in_revision)

    def freed(self, revision: int) -> frozenset[int]:
        """Return the numbers this revision frees, whatever generation it gives them: readers differ on its meaning."""
        return frozenset(self._sections.get_xref_data(revision).freed)

    def offsets(self, revision: int) -> dict[int, int]:
        """Return where this revision places its unpacked objects: object number -> byte."""
        section = self._sections.get_xref_data(revision)
        return {number: offset for number, (_, offset) in section.standard_xrefs.items()}

    def packed(self, revision: int) -> dict[int, tuple[int, int]]:
        """Return the objects this revision keeps in object streams: number -> (number of the stream, index in it)."""
        section = self._sections.get_xref_data(revision)
        return {number: (entry.obj_stream_id, entry.ix_in_stream) for number, entry in section.xrefs_in_objstm.items()}

    def xref_span(self, revision: int) -> tuple[int, int]:
        """Return first byte and end of the revision's cross-reference table or stream."""
        container = self._sections.get_xref_container_info(revision)
        return int(container.start_location), int(container.end_location)

    def xref_spans(self, revision: int) -> tuple[tuple[int, int], ...]:
        """Return first byte and end of all its parts: a table may have a stream beside it."""
        section = self.hybrid(revision)
        return (self.xref_span(revision), *(() if section is None else (section.span,)))

    def startxref(self, revision: int) -> int:
        """Return what `startxref` or `/Prev` says about where the cross-references are."""
        return int(self._sections.get_startxref_for_revision(revision))

    def xref_stream(self, revision: int) -> Ref | None:
        """Return the cross-reference stream object, when there is one, also beside a table."""
        reference = self._sections.get_xref_container_info(revision).stream_ref
        return (reference.idnum, reference.generation) if reference is not None else None

    def object_streams(self, revision: int) -> frozenset[int]:
        """Return the numbers of the object streams this revision's entries point into."""
        return frozenset(self._sections.get_xref_data(revision).obj_streams_used)

    def version(self, ref: Ref, revision: int) -> int | None:
        """Return the revision that wrote the object as it is in `revision`; None when it does not exist there."""
        key = (ref, revision)
        if key not in self._versions:
            self._versions[key] = self._version(ref, revision)
        return self._versions[key]

    def _version(self, ref: Ref, revision: int) -> int | None:
        for earlier in range(revision, -1, -1):
            locations = self._locations[earlier]
            if ref in locations:
                return earlier if locations[ref] else None
        return None

    def written(self, revision: int) -> Iterable[tuple[Ref, int | ObjStreamRef]]:
        """Return every object the revision writes, with its byte offset or its object stream."""
        return [(ref, location) for ref, location in self._locations[revision].items() if location]

    def _locations_of(self, revision: int) -> dict[Ref, int | ObjStreamRef | None]:
        """Return the location of every object the revision lists, as pyHanko resolves it; None for freed ones.

        Byte 0 counts as no location: only the header is there, but some real writers list objects they never wrote
        at it.
        """
        section = self._sections.get_xref_data(revision)
        packed, unpacked = section.xrefs_in_objstm, section.standard_xrefs
        locations: dict[Ref, int | ObjStreamRef | None] = {}
        for ref in section.explicit_refs_in_revision:
            number, generation = ref
            if generation == 0 and number in packed:
                locations[ref] = packed[number]
            elif number not in unpacked:
                locations[ref] = None
            elif unpacked[number][0] == generation:
                locations[ref] = unpacked[number][1]
        return locations

    def _numbers_of(self, revision: int) -> frozenset[int]:
        section = self._sections.get_xref_data(revision)
        return frozenset((*section.xrefs_in_objstm, *section.standard_xrefs, *section.freed))

    def end(self, revision: int) -> int:
        """Return the byte after the revision's end-of-file marker and its line end; -1 when the marker is missing."""
        marker = self.pdf.find(_EOF, self.xref_span(revision)[1])
        if marker < 0:
            return -1
        end = marker + len(_EOF)
        for line_end in (b"\r\n", b"\n", b"\r"):
            if self.pdf.startswith(line_end, end):
                return end + len(line_end)
        return end

    def get(self, ref: Ref, revision: int) -> Any:
        """Return the object as it was in this revision; None when absent, free or null."""
        key = (ref, revision)
        if key not in self._by_revision:
            version = self.version(ref, revision)
            self._by_revision[key] = None if version is None else self._get(ref, version)
        return self._by_revision[key]

    def _get(self, ref: Ref, version: int) -> Any:
        key = (ref, version)
        if key not in self._by_version:
            value = self.reader.object_of(Reference(ref[0], ref[1], self.reader), version)
            self._by_version[key] = None if isinstance(value, NullObject) else value
        return self._by_version[key]

    def value_end(self, at: int, ref: Ref) -> int | None:
        """Return the byte after the object's value, which begins at `at`; None when only a real parser can tell."""
        end = self.reader.plain_end(at, ref)
        return value_end(self.pdf, at) if end is None else end

    def has_unique_keys(self, at: int, ref: Ref) -> bool:
        """Tell whether no dictionary of the object, which begins at `at`, has a key twice."""
        return self.reader.plain_end(at, ref) is not None or has_unique_keys(self.pdf, at)

    def trailer(self, revision: int) -> DictionaryObject:
        """Return the trailer entries in force in this revision."""
        if revision not in self._trailers:
            self._trailers[revision] = self.reader.trailer.flatten(revision)
        return self._trailers[revision]


class Snapshot:
    """One revision, read the way a viewer would read the file if it ended there."""

    def __init__(self, history: History, revision: int) -> None:
        self.history = history
        self.revision = revision

    @property
    def root_ref(self) -> Ref | None:
        return ref_of(raw(self.history.trailer(self.revision), "/Root"))

    @property
    def root(self) -> Any:
        reference = self.root_ref
        return None if reference is None else self.history.get(reference, self.revision)

    def resolved(self, value: Any) -> Any:
        """Return the object behind a reference, or the value itself; None for null or a reference to a reference."""
        if isinstance(value, IndirectObject):
            reference = value.reference
            value = self.history.get((reference.idnum, reference.generation), self.revision)
            return None if isinstance(value, IndirectObject) else value
        return None if isinstance(value, NullObject) else value

    def entry(self, owner: Any, key: str) -> Any:
        """Return the value under a key, resolved; None when absent or `owner` is no dictionary."""
        return self.resolved(raw(self.resolved(owner), key))

    def members(self, array: Any) -> Iterator[tuple[Ref | None, Any]]:
        """Yield reference (None for direct members) and value of the members of an array; nothing when it is none."""
        value = self.resolved(array)
        for member in raw_items(value):
            yield ref_of(member), self.resolved(member)

    def pages(self) -> Iterator[tuple[Ref, Any]]:
        """Yield the pages in order. ValueError for a page tree that is no tree."""
        seen: set[Ref] = set()
        stack = [raw(self.root, "/Pages")]
        while stack:
            reference = ref_of(stack.pop())
            if reference is None or reference in seen:
                raise ValueError("the page tree is no tree")
            seen.add(reference)
            node = self.resolved(IndirectObject(*reference, self.history.reader))
            kids = raw(node, "/Kids")
            if kids is None:
                yield reference, node
            else:
                stack.extend(reversed(list(raw_items(self.resolved(kids)))))


def ref_of(value: Any) -> Ref | None:
    """Return (object number, generation) of a reference; None for anything else."""
    if not isinstance(value, IndirectObject):
        return None
    reference = value.reference
    return reference.idnum, reference.generation


def raw(owner: Any, key: str) -> Any:
    """Return the value under a key as written, perhaps a reference; None when absent or `owner` is no dictionary."""
    if not isinstance(owner, DictionaryObject):
        return None
    value = dict.get(owner, key)
    return owner.raw_get(key) if isinstance(value, DecryptedObjectProxy) else value


def raw_items(array: Any) -> list[Any]:
    """Return the members of an array as written; empty when it is none."""
    if not isinstance(array, ArrayObject):
        return []
    members = list(array)
    return [array.raw_get(at) for at in range(len(array))] if DecryptedObjectProxy in map(type, members) else members


def only_blanks(content: bytes) -> bool:
    """Tell whether there is nothing but PDF white space (ISO 32000-1 table 1)."""
    return not content.strip(_BLANKS)
