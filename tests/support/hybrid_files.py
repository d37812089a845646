"""Build files with hybrid cross-references (ISO 32000-1 7.5.8.4), which none of our libraries writes."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping

import pikepdf

from forgeries.readers import root_of, startxref, stream

Hides = Callable[[pikepdf.Object], bool]


def is_structure(node: pikepdf.Object) -> bool:
    """Tell whether Word hides this: the structure tree, of which readers of PDF 1.4 know little."""
    return isinstance(node, pikepdf.Dictionary) and node.get("/Type") in {"/StructElem", "/StructTreeRoot"}


def is_plain(node: pikepdf.Object) -> bool:
    """Tell whether this may be in an object stream; fields and pages may."""
    return not isinstance(node, pikepdf.Stream)


def hybrid(pdf: bytes, *, hides: Hides = is_structure, generation: int = 65535) -> bytes:
    """Save the document again as one hybrid revision: objects that `hides` selects are in an object stream.

    In the table these numbers are free, with the given generation: writers differ on it.
    """
    return _saved(pdf, hides, generation=generation, word=False)


def hybrid_of_word(pdf: bytes) -> bytes:
    """Save the document as Word does: a table, and after it an empty one whose stream repeats all entries."""
    return _saved(pdf, is_structure, generation=65535, word=True)


def _saved(pdf: bytes, hides: Hides, *, generation: int, word: bool) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        shown, packed = {}, {}
        for node in opened.objects:
            if isinstance(node, pikepdf.Stream) and node.get("/Type") in {"/ObjStm", "/XRef"}:
                continue
            number = int(node.objgen[0])
            if node is None or number == 0:
                continue
            if not isinstance(node, pikepdf.Stream) and hides(node):
                packed[number] = node.unparse(resolved=True)
            else:
                shown[number] = _written(node)
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
    unpacked: Mapping[int, bytes] | None = None,
    free: Mapping[int, int] | None = None,
    trailer: bytes = b"",
) -> bytes:
    """Append a hybrid revision: `shown` is listed in both parts, `packed` and `unpacked` only in the stream.

    `free` are numbers the table frees, with the generation it gives them.
    """
    out = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    root = root_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        first = max(
            int(opened.trailer.Size), *(number + 1 for number in (*(shown or {}), *(packed or {}), *(unpacked or {})))
        )
    places, hidden = {}, {}
    for number, body in (shown or {}).items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        hidden[number] = (1, places[number], 0)
    for number, body in (unpacked or {}).items():
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
    entries = b"/Size %d /Root %d 0 R /Prev %d /XRefStm %d " % (first + 2, root, startxref(pdf), beside)
    return bytes(out + _end(entries + trailer, start))


def object_stream(objects: Mapping[int, bytes]) -> bytes:
    """Return an object stream (7.5.7) of these objects in their order."""
    head, body = b"", b""
    for number, written in objects.items():
        head += b"%d %d " % (number, len(body))
        body += written + b"\n"
    entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(objects), len(head))
    return stream(zlib.compress(head + body), entries)


def xref_stream(rows: Mapping[int, tuple[int, int, int]], size: int, root: int) -> bytes:
    """Return a cross-reference stream (7.5.8) of these entries: kind and its two fields."""
    numbers = sorted(rows)
    index = b" ".join(b"%d 1" % number for number in numbers)
    content = b"".join(
        rows[number][0].to_bytes(1, "big") + rows[number][1].to_bytes(4, "big") + rows[number][2].to_bytes(2, "big")
        for number in numbers
    )
    entries = b"/Type /XRef /W [1 4 2] /Index [%s] /Size %d /Root %d 0 R /Filter /FlateDecode" % (index, size, root)
    return stream(zlib.compress(content), entries)


def table(places: Mapping[int, int], free: Mapping[int, int]) -> bytes:
    """Return a cross-reference table (7.5.4), a subsection for every number."""
    rows = {number: b"%010d 00000 n \n" % place for number, place in places.items()}
    rows |= {number: b"%010d %05d f \n" % (0, generation) for number, generation in free.items()}
    sections = b"".join(b"%d 1\n%s" % (number, rows[number]) for number in sorted(rows))
    return b"xref\n0 1\n0000000000 65535 f \n" + sections


def _end(trailer: bytes, start: int) -> bytes:
    return b"trailer\n<< %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)


def _written(node: pikepdf.Object) -> bytes:
    if not isinstance(node, pikepdf.Stream):
        return bytes(node.unparse(resolved=True))
    data = node.read_raw_bytes()
    entries = b" ".join(
        b"%s %s" % (key.encode(), _entry(value)) for key, value in node.stream_dict.items() if key != "/Length"
    )
    return stream(data, entries)


def _entry(value: object) -> bytes:
    if isinstance(value, pikepdf.Object):
        return bytes(value.unparse())
    if isinstance(value, bool):
        return b"true" if value else b"false"
    return str(value).encode()
