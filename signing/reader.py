"""pyHanko's reader with two habits of ours: absurd sizes end at once, and object streams are unpacked only once."""

from __future__ import annotations

import io
import os
from typing import Any

from pyhanko.pdf_utils.decode_limits import DecodeContext, DecodeLimits, DecodePurpose
from pyhanko.pdf_utils.generic import IndirectObject, NullObject, Reference, StreamObject, read_object
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader, _read_header_version, process_data_at_eof
from pyhanko.pdf_utils.xref import XRefBuilder, XRefCache

# No form has a tenth of this; a table that claims billions would be read entry by entry (trap 7).
_MOST_ENTRIES = 300_000
_MOST_SECTIONS = 512
_MOST_MEMBERS = 100_000


class BoundedReader(PdfFileReader):
    """Reads leniently, like most viewers, but never more than the file can hold. Raises PdfReadError and others."""

    def __init__(self, content: bytes) -> None:
        """Do what the parent does, with our cross-reference builder in the place of its own."""
        self._security_handler = None
        self.strict = False
        stream = io.BytesIO(content)
        self._decode_context = DecodeContext(DecodeLimits(), input_size=len(content))
        self.resolved_objects = {}
        stream.seek(0)
        self._header_version = _read_header_version(stream)
        self._input_version = None
        self._historical_resolver_cache = {}
        self.stream = stream
        self._embedded_signatures = None
        self._unpacked: dict[int, tuple[bytes, dict[int, int]]] = {}
        stream.seek(-1, os.SEEK_END)
        last = process_data_at_eof(stream)
        builder = _BoundedBuilder(handler=self, stream=stream, strict=False, last_startxref=last)
        self.xrefs = XRefCache(self, builder.read_xrefs())  # type: ignore[no-untyped-call] # left bare by pyHanko
        self.last_startxref = builder.last_startxref
        self.trailer = builder.trailer
        self.has_xref_stream = builder.has_xref_stream

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:  # noqa: ARG002 - the parent's shape
        """The object `idnum` of an object stream (ISO 32000-1 7.5.7); null when it is not in there."""
        if stmnum not in self._unpacked:
            self._unpacked[stmnum] = self._unpack(stmnum)
        content, places = self._unpacked[stmnum]
        if idnum not in places:
            return NullObject()
        stream = io.BytesIO(content)
        stream.seek(places[idnum])
        found = read_object(stream, Reference(idnum, 0, self))
        return NullObject() if isinstance(found, StreamObject | IndirectObject) else found

    def _unpack(self, number: int) -> tuple[bytes, dict[int, int]]:
        packed = Reference(number, 0, self).get_object()
        if not isinstance(packed, StreamObject) or packed["/Type"] != "/ObjStm":
            raise PdfReadError("an object stream is none")
        content = bytes(packed.read_data(DecodePurpose.OBJECT_STREAM))
        count, first = int(packed["/N"]), int(packed["/First"])
        head = content[:first].split()
        if not 0 <= count <= _MOST_MEMBERS or len(head) < 2 * count:
            raise PdfReadError("an object stream counts wrongly")
        places: dict[int, int] = {}
        for index in range(count):
            places.setdefault(int(head[2 * index]), first + int(head[2 * index + 1]))
        return content, places


class _BoundedBuilder(XRefBuilder):
    """Counts before it reads."""

    def _read_xref_stream_object(self) -> Any:
        reference, stream = super()._read_xref_stream_object()  # type: ignore[no-untyped-call] # as above
        declared = list(stream["/Index"]) if "/Index" in stream else [0, stream["/Size"]]
        counts = [int(each) for each in declared[1::2]]
        widths = [int(each) for each in stream["/W"]]
        if len(declared) % 2 or min([0, *counts, *widths]) < 0 or not sum(widths) or sum(counts) > _MOST_ENTRIES:
            raise PdfReadError("cross-references of an absurd size")
        self._count()
        return reference, stream

    def _read_xref_table(self, declared_startxref: int) -> Any:
        self._count()
        previous = super()._read_xref_table(declared_startxref)
        entries = sum(len(each.xref_data.explicit_refs_in_revision) for each in self.sections)
        if entries > _MOST_ENTRIES:
            raise PdfReadError("cross-references of an absurd size")
        return previous

    def _count(self) -> None:
        if len(self.sections) >= _MOST_SECTIONS:
            raise PdfReadError("more revisions than any file has")
