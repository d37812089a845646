"""Check that all readers read an appended revision alike; else a forger could show each of them something else."""

from __future__ import annotations

import re

from pyhanko.pdf_utils.xref import XRefSectionData

from signing.changes.compare import equal_objects
from signing.pdf.history import History, Ref, only_blanks, raw
from signing.pdf.hybrids import HybridSection
from signing.pdf.syntax import has_unique_keys, is_unknown_word, value_end


def unambiguous(history: History, revision: int) -> bool:
    """Tell whether a revision lists no number twice, has no faulty object stream, and no dictionary key twice.

    An object stream is faulty when it lists a number twice or at another index. No number may be above `/Size` either:
    readers that follow ISO 32000-1 7.5.5 take such objects for missing, others show them.

    Only for revisions appended to something signed: what was signed may be written carelessly, because everybody
    signed the same bytes.
    """
    unpacked, packed = history.offsets(revision), history.packed(revision)
    if unpacked.keys() & packed.keys() or not _within_size(history, revision):
        return False
    for number, (container, index) in packed.items():
        numbers = history.reader.member_numbers(container)
        if container not in unpacked or len(set(numbers)) != len(numbers):
            return False
        if index >= len(numbers) or numbers[index] != number:
            return False
    freed = history.freed(revision)
    for ref in history.listed(revision):
        if ref[0] in freed:
            continue
        if not history.reader.has_unique_keys(ref, revision) and not _is_unknown_word(history, ref, revision):
            return False
    return True


def _within_size(history: History, revision: int) -> bool:
    size = raw(history.trailer(revision), "/Size")
    numbers = {number for earlier in range(revision + 1) for number, _ in history.listed(earlier)}
    return isinstance(size, int) and max(numbers, default=0) < size


def _is_unknown_word(history: History, ref: Ref, revision: int) -> bool:
    written = history.reader.written(ref, revision)
    return written is not None and is_unknown_word(*written)


# --- Bytes no cross-reference lists

_HEADER = re.compile(rb"(?<!\d)(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj\b")
# A comment reaches to the end of its line (ISO 32000-1 7.2.3).
_COMMENT = re.compile(rb"%[^\r\n]*[\r\n]")
_STREAM = re.compile(rb"stream\r?\n")
_STREAM_END = re.compile(rb"endstream[\0\t\n\f\r ]*endobj\b")
_LENGTH = re.compile(rb"/Length[\0\t\n\f\r ]+(\d{1,10})(?:[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R\b)?")
_OBJECT_END = re.compile(rb"endobj\b")
_TABLE_WORD = re.compile(rb"xref[\0\t\n\f\r ]*\Z")
_TAIL = re.compile(rb"startxref[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+%%EOF(?:\r\n|\n|\r)?")


def only_listed_objects(history: History, revision: int) -> bool:
    """Tell whether the bytes a revision added are its listed objects, its cross-references and its end.

    Readers that rebuild broken files find objects by their headers, listed or not, and take the last trailer they
    find; but everything a reader may show must have been judged. So from the revision before on, there must be one
    object after the other with only blanks and comments between them, and after the cross-references one trailer
    without repeated keys, and one `startxref`.
    """
    start, end = history.end(revision - 1), history.end(revision)
    first, after = history.xref_span(revision)
    if not 0 <= start <= first <= after <= end:
        return False
    if revision == history.last and not only_blanks(history.pdf[end:]):
        return False
    stream = history.xref_stream(revision)
    # A cross-reference stream is an object too, whether or not it lists itself.
    offsets = sorted({*history.offsets(revision).values(), *((first,) if stream is not None else ())})
    at: int | None = start
    for offset in offsets:
        if at is None or not at <= offset < end or not _only_comments(history.pdf[at:offset]):
            return False
        at = _object_end(history, offset, revision)
    if at is None:
        return False
    if stream is not None:
        header = _HEADER.search(history.pdf, first)
        unique = header is not None and history.has_unique_keys(header.end(), (int(header[1]), int(header[2])))
        return unique and _TAIL.fullmatch(_without_comments(history.pdf[at:end])) is not None
    return _is_clear_table(history.pdf, at, (first, after), end)


def _is_clear_table(pdf: bytes, at: int, span: tuple[int, int], end: int) -> bool:
    """Tell whether the bytes are the word `xref`, its entries, and a trailer that all readers read alike."""
    first, after = span
    if not at <= first or _TABLE_WORD.match(_COMMENT.sub(b"", pdf[at:first]).lstrip(b"\0\t\n\f\r ")) is None:
        return False
    closed = value_end(pdf, after)
    return (
        closed is not None
        and has_unique_keys(pdf, after)
        and _TAIL.fullmatch(_without_comments(pdf[closed:end])) is not None
    )


def _object_end(history: History, offset: int, revision: int) -> int | None:
    """Return the byte after the `endobj` of the object at `offset`; None when unclear or another object is in it.

    A stream must end where its length says and not before: some readers use the length, some look for the keyword.
    """
    pdf = history.pdf
    # Some writers point at the line end before the header.
    header = next((match for blank in range(3) if (match := _HEADER.match(pdf, offset + blank))), None)
    if header is None or not only_blanks(pdf[offset : header.start()]):
        return None
    closed = history.value_end(header.end(), (int(header[1]), int(header[2])))
    if closed is None:
        return None
    # The word is searched first, for speed: in a run of thousands of digits any of them could begin a header.
    if pdf.find(b"obj", header.end(), closed) >= 0 and _HEADER.search(pdf, header.end(), closed):
        return None
    at = closed + len(pdf[closed : closed + 64]) - len(pdf[closed : closed + 64].lstrip(b"\0\t\n\f\r "))
    begin = _STREAM.match(pdf, at)
    if begin is None:
        object_end = _OBJECT_END.match(pdf, at)
        return object_end.end() if object_end is not None else None
    length = _length(history, pdf[header.end() : closed], revision)
    stream_end = _STREAM_END.search(pdf, begin.end())
    if length is None or stream_end is None:
        return None
    end = begin.end() + length
    return stream_end.end() if end <= stream_end.start() and only_blanks(pdf[end : stream_end.start()]) else None


def _length(history: History, dictionary: bytes, revision: int) -> int | None:
    """Return the length a stream states, directly or by reference; None when it is stated twice or not at all."""
    stated = _LENGTH.findall(dictionary)
    if len(stated) != 1:
        return None
    number, generation = stated[0]
    if not generation:
        return int(number)
    value = history.get((int(number), int(generation)), revision)
    return int(value) if isinstance(value, int) else None


def _only_comments(between: bytes) -> bool:
    return only_blanks(_COMMENT.sub(b"", between))


def _without_comments(tail: bytes) -> bytes:
    """Return the end of a revision without the comments that some writers put before `startxref`."""
    lead, word, rest = tail.partition(b"startxref")
    return word + rest if _only_comments(lead) else tail


# --- Numbers a section lists twice (readers then choose differently)

_OBJECT_HEADER_AT = re.compile(rb"[\0\t\n\f\r ]{0,4}(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj")
_INDEX = re.compile(rb"/Index[\0\t\n\f\r ]*\[([\d\0\t\n\f\r ]+)\]")
_SIZE = re.compile(rb"/Size[\0\t\n\f\r ]+(\d+)")
_ENTRY = 3  # offset, generation, kind: ISO 32000-1 7.5.4


def listed_numbers(history: History, revision: int) -> tuple[int, ...] | None:
    """Return every object number the section has an entry for, in its order, without number 0; None when unclear.

    Unclear are entries of a kind no standard knows (some readers skip them, others read them) and sections whose
    counts do not fit their entries.
    """
    hybrid = history.hybrid(revision)
    if hybrid is not None:
        return tuple(sorted(_numbers_of(hybrid))) if _is_clear_hybrid(history, revision, hybrid) else None
    first, after = history.xref_span(revision)
    stream = history.xref_stream(revision) is not None
    listed = _listed_in_stream(history, first) if stream else _listed_in_table(history.pdf, first, after)
    return _checked(listed, {number for number, _ in history.listed(revision)})


def lists_numbers_once(history: History, revision: int) -> bool:
    """Tell whether no number has two entries in the section, and all are of known kinds (ISO 32000-1 7.5.4)."""
    if revision not in history.clear_sections:
        numbers = listed_numbers(history, revision)
        history.clear_sections[revision] = numbers is not None and len(set(numbers)) == len(numbers)
    return history.clear_sections[revision]


def _is_clear_hybrid(history: History, revision: int, hybrid: HybridSection) -> bool:
    """Tell whether table and stream list every number once, do not contradict each other, and share one catalogue."""
    first, after = history.xref_span(revision)
    begin, _ = hybrid.span
    for listed, section in (
        (_listed_in_table(history.pdf, first, after), hybrid.table),
        (_listed_in_stream(history, begin), hybrid.stream),
    ):
        numbers = _checked(listed, _numbers_of(section))
        if numbers is None or len(set(numbers)) != len(numbers):
            return False
    # If the trailer had `/XRefStm` twice, readers might follow one or the other.
    if not has_unique_keys(history.pdf, after) or history.hidden(revision) is None:
        return False
    trailer = history.trailer(revision)
    return all(
        equal_objects(raw(trailer, key), raw(hybrid.dictionary, key))
        for key in ("/Root", "/Encrypt")
        if key in hybrid.dictionary
    )


def _numbers_of(section: XRefSectionData) -> set[int]:
    return {number for number, _ in section.explicit_refs_in_revision}


def _checked(listed: list[int] | None, known: set[int]) -> tuple[int, ...] | None:
    """Return the listed numbers without 0; None unless they are the numbers the reader found."""
    if listed is None:
        return None
    numbers = tuple(number for number in listed if number)
    return numbers if set(numbers) == known else None


def _listed_in_table(pdf: bytes, first: int, after: int) -> list[int] | None:
    # The span begins behind the word `xref`.
    tokens = pdf[first:after].split()
    if tokens[-1:] != [b"trailer"]:
        return None
    tokens = tokens[:-1]
    numbers: list[int] = []
    at = 0
    while at < len(tokens):
        if len(tokens) < at + 2 or not (tokens[at].isdigit() and tokens[at + 1].isdigit()):
            return None
        start, count = int(tokens[at]), int(tokens[at + 1])
        at += 2
        kinds = tokens[at + _ENTRY - 1 : at + _ENTRY * count : _ENTRY]
        if len(kinds) != count or not set(kinds) <= {b"n", b"f"}:
            return None
        numbers += range(start, start + count)
        at += _ENTRY * count
    return numbers


def _listed_in_stream(history: History, first: int) -> list[int] | None:
    """Read the stream's dictionary at its offset: a cross-reference stream often has no entry for itself."""
    header = _OBJECT_HEADER_AT.match(history.pdf, first)
    ref = (int(header[1]), int(header[2])) if header is not None else (0, 0)
    end = history.value_end(header.end(), ref) if header is not None else None
    if header is None or end is None or not history.has_unique_keys(header.end(), ref):
        return None
    text = history.pdf[header.end() : end]
    index, size = _INDEX.search(text), _SIZE.search(text)
    bounds = index[1].split() if index is not None else [b"0", size[1]] if size is not None else []
    if len(bounds) % 2:
        return None
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return [number for start, count in pairs for number in range(int(start), int(start) + int(count))]


# --- Objects written after a signature


def written_later(history: History, revision: int) -> frozenset[int] | None:
    """Return the numbers of all objects that revisions after this one list: written, rewritten or freed.

    Anything that uses none of them reads as it did when it was signed. Only for revisions the strict policy permits
    (`signing.changes.policy`): every reader finds the same objects in them. None where a reader could see more than
    new objects under these numbers: one of them is an object stream that holds older objects, or its older version is
    spelled so that readers differ on it.
    """
    later = {ref for newer in range(revision + 1, history.last + 1) for ref in history.listed(newer)}
    numbers = frozenset(number for number, _ in later)
    packers = {number for earlier in range(revision + 1) for number in history.object_streams(earlier)}
    if packers & numbers or not all(_was_clear(history, ref, revision) for ref in later):
        return None
    return numbers


def _was_clear(history: History, ref: Ref, revision: int) -> bool:
    version = history.version(ref, revision)
    if version is None:
        return True
    return history.reader.has_unique_keys(ref, version)
