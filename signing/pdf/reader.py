"""pyHanko's reader with limits on sizes, and a fast path for object streams and plainly spelled objects."""

from __future__ import annotations

import io
import os
import re
from itertools import pairwise
from typing import Any, cast

from pyhanko.pdf_utils.decode_limits import DecodeContext, DecodeLimits, DecodePurpose
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    IndirectObject,
    NullObject,
    NumberObject,
    Reference,
    StreamObject,
    read_object,
)
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader, _read_header_version, process_data_at_eof
from pyhanko.pdf_utils.xref import (
    ObjStreamRef,
    XRefBuilder,
    XRefCache,
    XRefSection,
    XRefSectionData,
    XRefSectionMetaInfo,
    XRefSectionType,
)

from signing.pdf.hybrids import HybridSection
from signing.pdf.syntax import (
    copy_for_file,
    ends_without_stream,
    has_unique_keys,
    member_references,
    read_brackets,
    read_member,
    read_plain,
    scan_references,
    shared_member,
    short_object,
    with_stream,
)

# No form has a tenth of this; a table that claims billions of entries would be read one by one (trap 7).
_MOST_ENTRIES = 300_000
_MOST_SECTIONS = 128
_MOST_MEMBERS = 100_000
_HEADER = re.compile(rb"[\0\t\n\f\r ]{0,4}(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj(?=[\0\t\n\f\r <\[])")


class BoundedReader(PdfFileReader):
    """Read leniently, like most viewers, but never more than the file can hold. Raises PdfReadError and others."""

    def __init__(self, content: bytes) -> None:
        """Do what the parent does, with our cross-reference builder instead of its own."""
        self._security_handler = None
        self.strict = False
        self.content = content
        self._numbers: dict[int, tuple[int, ...]] = {}
        stream = io.BytesIO(content)
        self._decode_context = DecodeContext(DecodeLimits(), input_size=len(content))
        self.resolved_objects = {}
        stream.seek(0)
        self._header_version = _read_header_version(stream)
        self._input_version = None
        self._historical_resolver_cache = {}
        self.stream = stream
        self._embedded_signatures = None
        self._unpacked: dict[int, tuple[bytes, dict[int, tuple[int, int]]]] = {}
        self._brackets_read: dict[tuple[int, tuple[int, int]], Any] = {}
        self._ends: dict[tuple[int, tuple[int, int]], int | None] = {}
        self._unencrypted = False
        stream.seek(-1, os.SEEK_END)
        last = process_data_at_eof(stream)
        builder = _BoundedBuilder(handler=self, stream=stream, strict=False, last_startxref=last)
        self.xrefs = XRefCache(self, builder.read_xrefs())  # type: ignore[no-untyped-call] # left bare by pyHanko
        self.last_startxref = builder.last_startxref
        self.trailer = builder.trailer
        self.has_xref_stream = builder.has_xref_stream
        self._unencrypted = "/Encrypt" not in self.trailer.flatten()

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:  # noqa: ARG002 - the parent's shape
        """Return the object `idnum` of an object stream (ISO 32000-1 7.5.7); null when it is not in there."""
        content, spans = self._members(stmnum)
        if idnum not in spans:
            return NullObject()
        reference = Reference(idnum, 0, self)
        plain = read_member(content, *spans[idnum], reference) or read_plain(
            content, spans[idnum][0], reference, packed=True
        )
        if plain is not None:
            return plain
        stream = io.BytesIO(content)
        stream.seek(spans[idnum][0])
        value = read_object(stream, reference)
        return NullObject() if isinstance(value, StreamObject | IndirectObject) else value

    def written(self, ref: tuple[int, int], revision: int) -> tuple[bytes, int] | None:
        """Return the bytes that hold an object in this revision, and where it begins in them; None when unclear."""
        location = self.xrefs.get_historical_ref(Reference(ref[0], ref[1], self), revision)
        if isinstance(location, ObjStreamRef):
            content, spans = self._members(location.obj_stream_id)
            return (content, spans[ref[0]][0]) if ref[0] in spans else None
        return self._written_unpacked(ref, location) if isinstance(location, int) else None

    def has_unique_keys(self, ref: tuple[int, int], revision: int) -> bool:
        """Tell whether no dictionary of the object as it was in this revision has a key twice; False when unclear."""
        location = self.xrefs.get_historical_ref(Reference(ref[0], ref[1], self), revision)
        if isinstance(location, ObjStreamRef):
            content, spans = self._members(location.obj_stream_id)
            if ref[0] not in spans:
                return False
            begin, end = spans[ref[0]]
            return member_references(content, begin, end) is not None or has_unique_keys(content, begin)
        written = self._written_unpacked(ref, location) if isinstance(location, int) else None
        return written is not None and (self.plain_end(written[1], ref) is not None or has_unique_keys(*written))

    def _written_unpacked(self, ref: tuple[int, int], offset: int) -> tuple[bytes, int] | None:
        header = _HEADER.match(self.content, offset)
        if header is None or (int(header[1]), int(header[2])) != ref:
            return None
        return self.content, header.end()

    def references(self, ref: tuple[int, int], location: int | ObjStreamRef) -> frozenset[tuple[int, int]] | None:
        """Return what the object at `location` refers to, from its bytes; None when only its value can tell."""
        if isinstance(location, ObjStreamRef):
            content, spans = self._unpacked.get(location.obj_stream_id) or self._members(location.obj_stream_id)
            if ref[0] not in spans:
                return None
            at, end = spans[ref[0]]
            found = member_references(content, at, end)
        else:
            content, header = self.content, _HEADER.match(self.content, location)
            if header is None or (int(header[1]), int(header[2])) != ref:
                return None
            at = header.end()
            plain = short_object(content, at)
            found = None if plain is None else plain.references
        return scan_references(content, at) if found is None else found

    def object_of(self, ref: Reference, revision: int) -> Any:
        """Return the object as it was in this revision. It must not be changed: equal objects are shared by files."""
        if not self._unencrypted:
            return self.get_object(ref, revision=revision)  # type: ignore[no-untyped-call] # left bare by pyHanko
        location = self.xrefs.get_historical_ref(ref, revision)
        if isinstance(location, ObjStreamRef):
            content, spans = self._members(location.obj_stream_id)
            found = shared_member(content, *spans[ref.idnum]) if ref.idnum in spans else None
            return found or self._get_object_from_stream(ref.idnum, location.obj_stream_id, location.ix_in_stream)
        written = self._written_unpacked((ref.idnum, ref.generation), location) if location is not None else None
        plain = short_object(*written) if written is not None else None
        if written is not None and plain is not None:
            end = written[1] + plain.end
            # To decode its data, a stream follows references in its dictionary; these must belong to this file.
            value = plain.value if ends_without_stream(self.content, end) else copy_for_file(plain.value, ref)
            read = with_stream(self.content, value, end, packed=False)
            if read is not None:
                return read[0]
        return self._read_object(ref, location)

    def plain_end(self, at: int, ref: tuple[int, int]) -> int | None:
        """Return the end of the object's array or dictionary at this byte; None when not plainly spelled."""
        plain = short_object(self.content, at)
        if plain is not None:
            return at + plain.end
        if (at, ref) not in self._ends:
            self._brackets_read[at, ref] = self.brackets(at, ref)
        return self._ends[at, ref]

    def brackets(self, at: int, ref: tuple[int, int]) -> tuple[Any, int] | None:
        """Read an array or dictionary and its end. A value read ahead for `plain_end` is handed out only once."""
        if (at, ref) in self._brackets_read:
            return cast("tuple[Any, int] | None", self._brackets_read.pop((at, ref)))
        read = read_brackets(self.content, at, Reference(*ref, self))
        self._ends[at, ref] = None if read is None else read[1]
        return read

    def member_numbers(self, number: int) -> tuple[int, ...]:
        """Return the object numbers an object stream lists, in its order and as often as it lists them."""
        self._members(number)
        return self._numbers[number]

    def _members(self, number: int) -> tuple[bytes, dict[int, tuple[int, int]]]:
        if number not in self._unpacked:
            self._unpacked[number] = self._unpack(number)
        return self._unpacked[number]

    def _read_object(self, ref: Any, marker: Any, never_decrypt: bool = False, as_metadata_stream: bool = False) -> Any:
        """Read like the parent, plainly spelled objects by the fast path."""
        if isinstance(marker, int) and not as_metadata_stream and self._unencrypted:
            header = _HEADER.match(self.content, marker)
            if header is not None and (int(header[1]), int(header[2])) == (ref.idnum, ref.generation):
                read = self.brackets(header.end(), (ref.idnum, ref.generation))
                found = with_stream(self.content, *read, packed=False) if read is not None else None
                if found is not None:
                    return found[0]
        return super()._read_object(ref, marker, never_decrypt, as_metadata_stream)

    def _unpack(self, number: int) -> tuple[bytes, dict[int, tuple[int, int]]]:
        """Return the decoded bytes, and for each object where it begins in them and where the next one does."""
        packed = Reference(number, 0, self).get_object()
        if not isinstance(packed, StreamObject) or packed["/Type"] != "/ObjStm":
            raise PdfReadError("not an object stream")
        content = bytes(packed.read_data(DecodePurpose.OBJECT_STREAM))
        count, first = int(packed["/N"]), int(packed["/First"])
        head = content[:first].split()
        if not 0 <= count <= _MOST_MEMBERS or len(head) < 2 * count:
            raise PdfReadError("an object stream counts wrongly")
        self._numbers[number] = tuple(int(digits) for digits in head[: 2 * count : 2])
        begins = [first + int(offset) for offset in head[1 : 2 * count : 2]]
        ends = dict(pairwise((*sorted(set(begins)), len(content))))
        spans: dict[int, tuple[int, int]] = {}
        for member, begin in zip(self._numbers[number], begins, strict=True):
            spans.setdefault(member, (begin, ends[begin]))
        return content, spans


class _BoundedBuilder(XRefBuilder):
    """Read cross-references, but check their declared size first."""

    def _read_xref_stream_object(self) -> Any:
        plain = self._read_plain_stream()
        if plain is None:
            plain = super()._read_xref_stream_object()  # type: ignore[no-untyped-call] # left bare by pyHanko
        reference, stream = plain
        declared = list(stream["/Index"]) if "/Index" in stream else [0, stream["/Size"]]
        counts = [int(count) for count in declared[1::2]]
        widths = [int(width) for width in stream["/W"]]
        if len(declared) % 2 or min([0, *counts, *widths]) < 0 or not sum(widths) or sum(counts) > _MOST_ENTRIES:
            raise PdfReadError("cross-references of an absurd size")
        self._count()
        self._stream_of_table = stream  # used when a hybrid table was read just before
        return reference, stream

    def _read_plain_stream(self) -> tuple[Reference, StreamObject] | None:
        """Read the stream at the current position and move behind it; None when only the parent can read it."""
        reader = self.handler
        header = _HEADER.match(reader.content, self.stream.tell()) if isinstance(reader, BoundedReader) else None
        if not isinstance(reader, BoundedReader) or header is None:
            return None
        content, reference = reader.content, Reference(int(header[1]), int(header[2]), reader)
        read = reader.brackets(header.end(), (reference.idnum, reference.generation))
        found, end = (with_stream(content, *read, packed=False) if read is not None else None) or (None, 0)
        if not isinstance(found, StreamObject) or found.get("/Type") != "/XRef":
            return None
        self.stream.seek(end)
        return reference, found

    def _read_xref_stream(self, declared_startxref: int) -> Any:
        """Read like the parent, entries of the usual widths by the fast path."""
        start = self.stream.tell()
        reference, stream = self._read_xref_stream_object()
        size, previous = (stream.raw_get(key) if key in stream else None for key in ("/Size", "/Prev"))
        section = xref_entries(stream)
        if section is None or not isinstance(size, NumberObject) or not isinstance(previous, NumberObject | None):
            self.stream.seek(start)
            return super()._read_xref_stream(declared_startxref)
        info = XRefSectionMetaInfo(
            xref_section_type=XRefSectionType.STREAM,
            size=int(size),
            declared_startxref=declared_startxref,
            start_location=start,
            end_location=self.stream.tell(),
            stream_ref=reference,
        )
        self.sections.append(XRefSection(info, section))
        self.trailer.add_trailer_revision(stream)
        return previous

    def _read_xref_table(self, declared_startxref: int) -> Any:
        self._count()
        previous = super()._read_xref_table(declared_startxref)
        last = self.sections[-1]
        if last.xref_data.hybrid is not None:
            both = HybridSection(last.xref_data, last.xref_data.hybrid, self._stream_of_table)
            self.sections[-1] = XRefSection(last.meta_info, both)
        entries = sum(len(section.xref_data.explicit_refs_in_revision) for section in self.sections)
        if entries > _MOST_ENTRIES:
            raise PdfReadError("cross-references of an absurd size")
        return previous

    def _count(self) -> None:
        if len(self.sections) >= _MOST_SECTIONS:
            raise PdfReadError("more revisions than any file has")


# --- Cross-reference streams of the usual shape (ISO 32000-1 7.5.8)

_WIDEST, _COLUMNS = 8, 3
_FARTHEST = 2**63 - 1  # beyond that pyHanko reads a negative number
_HIGHEST = 0xFFFF  # generation, table 3
_FREE, _UNPACKED, _PACKED = 0, 1, 2


def xref_entries(stream: StreamObject) -> XRefSectionData | None:
    """Return the stream's entries as pyHanko would read them; None for any other shape, which pyHanko must read."""
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
    """Return the numbers under a key, a single one or an array of them; None when it is anything else."""
    written = stream.raw_get(key) if key in stream else None
    values = (
        [written.raw_get(index) for index in range(len(written))] if isinstance(written, ArrayObject) else [written]
    )
    numbers = [int(value) for value in values if isinstance(value, NumberObject)]
    return numbers if len(numbers) == len(values) else None


def _section(entries: bytes, runs: list[tuple[int, int]], second: int, width: int) -> XRefSectionData | None:
    section, at = XRefSectionData(), 0
    for start, count in runs:
        for number in range(start, start + count):
            kind = entries[at]
            field_2 = int.from_bytes(entries[at + 1 : at + 1 + second])
            field_3 = int.from_bytes(entries[at + 1 + second : at + width])
            at += width
            if kind > _PACKED or field_2 > _FARTHEST or field_3 > _FARTHEST or (kind != _PACKED and field_3 > _HIGHEST):
                return None
            if number == 0:
                continue
            if kind == _PACKED:
                section.xrefs_in_objstm[number] = ObjStreamRef(field_2, field_3)
                section.obj_streams_used.add(field_2)
            elif kind == _UNPACKED:
                section.standard_xrefs[number] = (field_3, field_2)
            else:
                section.freed[number] = field_3
            generation = 0 if kind == _PACKED else field_3 - (kind == _FREE)
            section.explicit_refs_in_revision.add((number, generation))
    return section
