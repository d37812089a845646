"""Files with hybrid cross-references (ISO 32000-1 7.5.8.4), built by code: none of our own libraries writes them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping

import pikepdf

from forgeries.readers import root_of, startxref, stream

Hides = Callable[[pikepdf.Object], bool]


def is_structure(found: pikepdf.Object) -> bool:
    """What Word hides: the structure tree, of which readers of PDF 1.4 know little."""
    return isinstance(found, pikepdf.Dictionary) and found.get("/Type") in {"/StructElem", "/StructTreeRoot"}


def is_plain(found: pikepdf.Object) -> bool:
    """Everything that may stand in an object stream, fields and pages too."""
    return not isinstance(found, pikepdf.Stream)


def hybrid(pdf: bytes, *, hides: Hides = is_structure, generation: int = 65535) -> bytes:
    """The document saved anew as one hybrid revision: what `hides` names stands in an object stream.

    In the table these numbers are free, with the given generation: writers differ on it.
    """
    return _saved(pdf, hides, generation=generation, word=False)


def hybrid_of_word(pdf: bytes) -> bytes:
    """The same as Word writes it: a table, and behind it an empty one whose stream says everything once more."""
    return _saved(pdf, is_structure, generation=65535, word=True)


def _saved(pdf: bytes, hides: Hides, *, generation: int, word: bool) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        shown, packed = {}, {}
        for found in opened.objects:
            if isinstance(found, pikepdf.Stream) and found.get("/Type") in {"/ObjStm", "/XRef"}:
                continue
            number = int(found.objgen[0])
            if found is None or number == 0:
                continue
            if not isinstance(found, pikepdf.Stream) and hides(found):
                packed[number] = found.unparse(resolved=True)
            else:
                shown[number] = _written(found)
        root = int(opened.Root.objgen[0])
        free = max((*shown, *packed)) + 1
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in (*shown.items(), (free, object_stream(packed))):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = free + 2
    trailer = b"/Size %d /Root %d 0 R /ID [<%032x> <%032x>]" % (size, root, 11, 11)
    rows = {number: (1, place, 0) for number, place in places.items()}
    hidden = {number: (2, free, index) for index, number in enumerate(packed)}
    if not word:
        beside = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (free + 1, xref_stream(hidden, size, root))
        start = len(out)
        out += table(places, dict.fromkeys(hidden, generation))
        return bytes(out + _end(trailer + b" /XRefStm %d" % beside, start))
    beside = len(out)
    out += b"%d 0 obj\n%s\nendobj\n" % (free + 1, xref_stream(rows | hidden | {free + 1: (1, beside, 0)}, size, root))
    first = len(out)
    out += table({**places, free + 1: beside}, dict.fromkeys(hidden, generation))
    out += _end(trailer, first)
    start = len(out)
    return bytes(out + b"xref\n0 0\n" + _end(trailer + b" /Prev %d /XRefStm %d" % (first, beside), start))


def hybrid_revision(
    pdf: bytes,
    *,
    shown: Mapping[int, bytes] | None = None,
    packed: Mapping[int, bytes] | None = None,
    apart: Mapping[int, bytes] | None = None,
    free: Mapping[int, int] | None = None,
    trailer: bytes = b"",
) -> bytes:
    """One more revision, a hybrid one: `shown` stands in both, `packed` and `apart` only in the stream.

    `free` are numbers the table frees, with the generation it gives them.
    """
    out = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    root = root_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        first = max(int(opened.trailer.Size), *(each + 1 for each in (*(shown or {}), *(packed or {}), *(apart or {}))))
    places, hidden = {}, {}
    for number, body in (shown or {}).items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        hidden[number] = (1, places[number], 0)
    for number, body in (apart or {}).items():
        hidden[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    if packed:
        places[first] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (first, object_stream(packed))
        hidden |= {number: (2, first, index) for index, number in enumerate(packed)}
    beside = len(out)
    out += b"%d 0 obj\n%s\nendobj\n" % (first + 1, xref_stream(hidden, first + 2, root))
    start = len(out)
    out += table(places, free or {})
    said = b"/Size %d /Root %d 0 R /Prev %d /XRefStm %d " % (first + 2, root, startxref(pdf), beside)
    return bytes(out + _end(said + trailer, start))


def object_stream(objects: Mapping[int, bytes]) -> bytes:
    """An object stream (7.5.7) of these objects in their order."""
    head, body = b"", b""
    for number, written in objects.items():
        head += b"%d %d " % (number, len(body))
        body += written + b"\n"
    entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(objects), len(head))
    return stream(zlib.compress(head + body), entries)


def xref_stream(rows: Mapping[int, tuple[int, int, int]], size: int, root: int) -> bytes:
    """A cross-reference stream (7.5.8) of these entries: kind, and what the kind says."""
    numbers = sorted(rows)
    index = b" ".join(b"%d 1" % number for number in numbers)
    content = b"".join(
        rows[number][0].to_bytes(1, "big") + rows[number][1].to_bytes(4, "big") + rows[number][2].to_bytes(2, "big")
        for number in numbers
    )
    entries = b"/Type /XRef /W [1 4 2] /Index [%s] /Size %d /Root %d 0 R /Filter /FlateDecode" % (index, size, root)
    return stream(zlib.compress(content), entries)


def table(places: Mapping[int, int], free: Mapping[int, int]) -> bytes:
    """A cross-reference table (7.5.4), a subsection for each number."""
    rows = {number: b"%010d 00000 n \n" % place for number, place in places.items()}
    rows |= {number: b"%010d %05d f \n" % (0, generation) for number, generation in free.items()}
    said = b"".join(b"%d 1\n%s" % (number, rows[number]) for number in sorted(rows))
    return b"xref\n0 1\n0000000000 65535 f \n" + said


def _end(trailer: bytes, start: int) -> bytes:
    return b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)


def _written(found: pikepdf.Object) -> bytes:
    if not isinstance(found, pikepdf.Stream):
        return bytes(found.unparse(resolved=True))
    data = found.read_raw_bytes()
    entries = b" ".join(
        b"%s %s" % (key.encode(), _entry(value)) for key, value in found.stream_dict.items() if key != "/Length"
    )
    return stream(data, entries)


def _entry(value: object) -> bytes:
    if isinstance(value, pikepdf.Object):
        return bytes(value.unparse())
    if isinstance(value, bool):
        return b"true" if value else b"false"
    return str(value).encode()
