"""Whether every reader must read an appended revision alike; where they differ, a forger shows each what it likes."""

from __future__ import annotations

import re

from pyhanko.pdf_utils.xref import XRefSectionData

from signing.changes.compare import equal_objects
from signing.pdf.history import History, Ref, only_blanks, raw
from signing.pdf.hybrids import HybridSection
from signing.pdf.syntax import has_unique_keys, is_unknown_word, value_end


def unambiguous(history: History, revision: int) -> bool:
    """No object number given twice, no object stream that says a number twice or misplaces it, no key said twice.

    No number above `/Size` either: readers that follow ISO 32000-1 7.5.5 take such objects for missing, others show
    them.

    What was signed may be as careless as its signer was: only later revisions can be set against it.
    """
    apart, packed = history.offsets(revision), history.packed(revision)
    if apart.keys() & packed.keys() or not _within_size(history, revision):
        return False
    for number, (container, index) in packed.items():
        numbers = history.reader.member_numbers(container)
        if container not in apart or len(set(numbers)) != len(numbers):
            return False
        if index >= len(numbers) or numbers[index] != number:
            return False
    freed = history.freed(revision)
    for ref in history.listed(revision):
        if ref[0] in freed:
            continue
        written = history.reader.written(ref, revision)
        if written is None or not (_clear(history, *written, ref) or is_unknown_word(*written)):
            return False
    return True


def _within_size(history: History, revision: int) -> bool:
    size = raw(history.trailer(revision), "/Size")
    numbers = {number for earlier in range(revision + 1) for number, _ in history.listed(earlier)}
    return isinstance(size, int) and max(numbers, default=0) < size


def _clear(history: History, content: bytes, at: int, ref: Ref) -> bool:
    return history.has_unique_keys(at, ref) if content is history.pdf else has_unique_keys(content, at)


# --- Whether every appended byte belongs to an object that the revision's cross-references list, or to its end

_HEADER = re.compile(rb"(?<!\d)(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj\b")
# A comment ends with its line (ISO 32000-1 7.2.3): what stands behind it on that line is part of it.
_COMMENT = re.compile(rb"%[^\r\n]*[\r\n]")
_STREAM = re.compile(rb"stream\r?\n")
_STREAM_END = re.compile(rb"endstream[\0\t\n\f\r ]*endobj\b")
_LENGTH = re.compile(rb"/Length[\0\t\n\f\r ]+(\d{1,10})(?:[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R\b)?")
_OBJECT_END = re.compile(rb"endobj\b")
_TABLE_WORD = re.compile(rb"xref[\0\t\n\f\r ]*\Z")
_TAIL = re.compile(rb"startxref[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+%%EOF(?:\r\n|\n|\r)?")


def only_listed_objects(history: History, revision: int) -> bool:
    """True when the bytes the revision added are its listed objects, its cross-references and its end.

    Readers that rebuild broken files find objects by their headers, listed or not, and take the last trailer they
    find: what some reader may show must be something we judged. So the objects stand end to end from the revision
    before, with blanks and comments between them, and behind the cross-references stand one trailer that says no key
    twice, and one `startxref`.
    """
    start, end = history.end(revision - 1), history.end(revision)
    first, after = history.xref_span(revision)
    if not 0 <= start <= first <= after <= end:
        return False
    if revision == history.last and not only_blanks(history.pdf[end:]):
        return False
    stream = history.xref_stream(revision)
    # A cross-reference stream is an object too, whether or not it lists itself.
    places = sorted({*history.offsets(revision).values(), *((first,) if stream is not None else ())})
    at: int | None = start
    for place in places:
        if at is None or not at <= place < end or not _only_comments(history.pdf[at:place]):
            return False
        at = _object_end(history, place, revision)
    if at is None:
        return False
    if stream is not None:
        header = _HEADER.search(history.pdf, first)
        clear = header is not None and history.has_unique_keys(header.end(), (int(header[1]), int(header[2])))
        return clear and _TAIL.fullmatch(_uncommented(history.pdf[at:end])) is not None
    return _is_table(history.pdf, at, (first, after), end)


def _is_table(pdf: bytes, at: int, span: tuple[int, int], end: int) -> bool:
    """The word `xref`, its entries, and a trailer all readers read alike."""
    first, after = span
    if not at <= first or _TABLE_WORD.match(_COMMENT.sub(b"", pdf[at:first]).lstrip(b"\0\t\n\f\r ")) is None:
        return False
    closed = value_end(pdf, after)
    return (
        closed is not None
        and has_unique_keys(pdf, after)
        and _TAIL.fullmatch(_uncommented(pdf[closed:end])) is not None
    )


def _object_end(history: History, place: int, revision: int) -> int | None:
    """The byte behind the `endobj` of the object at `place`; None when that is unclear or another object is in it.

    A stream ends where its length says and nowhere before: some readers believe the length, some look for the word.
    """
    pdf = history.pdf
    # Some writers point at the line end before the header.
    header = next((found for blank in range(3) if (found := _HEADER.match(pdf, place + blank))), None)
    if header is None or not only_blanks(pdf[place : header.start()]):
        return None
    closed = history.value_end(header.end(), (int(header[1]), int(header[2])))
    if closed is None:
        return None
    # Looked for by the word first: in thousands of digits every one could begin a header.
    if pdf.find(b"obj", header.end(), closed) >= 0 and _HEADER.search(pdf, header.end(), closed):
        return None
    at = closed + len(pdf[closed : closed + 64]) - len(pdf[closed : closed + 64].lstrip(b"\0\t\n\f\r "))
    begin = _STREAM.match(pdf, at)
    if begin is None:
        found = _OBJECT_END.match(pdf, at)
        return found.end() if found is not None else None
    length = _length(history, pdf[header.end() : closed], revision)
    found = _STREAM_END.search(pdf, begin.end())
    if length is None or found is None:
        return None
    end = begin.end() + length
    return found.end() if end <= found.start() and only_blanks(pdf[end : found.start()]) else None


def _length(history: History, dictionary: bytes, revision: int) -> int | None:
    """What a stream says of its length, itself or in an object of its own; None where it says it oddly."""
    said = _LENGTH.findall(dictionary)
    if len(said) != 1:
        return None
    number, generation = said[0]
    if not generation:
        return int(number)
    value = history.get((int(number), int(generation)), revision)
    return int(value) if isinstance(value, int) else None


def _only_comments(between: bytes) -> bool:
    return only_blanks(_COMMENT.sub(b"", between))


def _uncommented(tail: bytes) -> bytes:
    """The end of a revision without what some writers say about themselves before `startxref`."""
    lead, word, rest = tail.partition(b"startxref")
    return word + rest if _only_comments(lead) else tail


# --- What a cross-reference section literally says, entry by entry; of a number said twice readers choose differently

_OBJECT_HEADER_AT = re.compile(rb"[\0\t\n\f\r ]{0,4}(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj")
_INDEX = re.compile(rb"/Index[\0\t\n\f\r ]*\[([\d\0\t\n\f\r ]+)\]")
_SIZE = re.compile(rb"/Size[\0\t\n\f\r ]+(\d+)")
_ENTRY = 3  # offset, generation, kind: ISO 32000-1 7.5.4


def listed_numbers(history: History, revision: int) -> tuple[int, ...] | None:
    """Every object number the section has an entry for, in its order, number 0 aside; None when it says it oddly.

    Odd are entries of a kind no standard knows (some readers skip them, others read them) and sections whose counts
    do not fit their entries.
    """
    hybrid = history.hybrid(revision)
    if hybrid is not None:
        return tuple(sorted(_all_of(hybrid))) if _is_clear_hybrid(history, revision, hybrid) else None
    first, after = history.xref_span(revision)
    stream = history.xref_stream(revision) is not None
    said = _of_stream(history, first) if stream else _of_table(history.pdf, first, after)
    return _checked(said, {number for number, _ in history.listed(revision)})


def lists_numbers_once(history: History, revision: int) -> bool:
    """Whether no number has two entries in the section, and every entry is of a known kind (ISO 32000-1 7.5.4)."""
    if revision not in history.clear_sections:
        numbers = listed_numbers(history, revision)
        history.clear_sections[revision] = numbers is not None and len(set(numbers)) == len(numbers)
    return history.clear_sections[revision]


def _is_clear_hybrid(history: History, revision: int, hybrid: HybridSection) -> bool:
    """Whether table and stream each say every number once, do not contradict each other, and lead to one catalogue."""
    first, after = history.xref_span(revision)
    begin, _ = hybrid.span
    for said, section in (
        (_of_table(history.pdf, first, after), hybrid.table),
        (_of_stream(history, begin), hybrid.stream),
    ):
        numbers = _checked(said, _all_of(section))
        if numbers is None or len(set(numbers)) != len(numbers):
            return False
    # Of a key said twice in the trailer, readers may follow one `/XRefStm` or the other.
    if not has_unique_keys(history.pdf, after) or history.hidden(revision) is None:
        return False
    trailer = history.trailer(revision)
    return all(
        equal_objects(raw(trailer, key), raw(hybrid.dictionary, key))
        for key in ("/Root", "/Encrypt")
        if key in hybrid.dictionary
    )


def _all_of(section: XRefSectionData) -> set[int]:
    return {number for number, _ in section.explicit_refs_in_revision}


def _checked(said: list[int] | None, known: set[int]) -> tuple[int, ...] | None:
    if said is None:
        return None
    numbers = tuple(number for number in said if number)
    return numbers if set(numbers) == known else None


def _of_table(pdf: bytes, first: int, after: int) -> list[int] | None:
    # The span begins behind the word `xref`.
    words = pdf[first:after].split()
    if words[-1:] != [b"trailer"]:
        return None
    words = words[:-1]
    said: list[int] = []
    at = 0
    while at < len(words):
        if len(words) < at + 2 or not (words[at].isdigit() and words[at + 1].isdigit()):
            return None
        start, count = int(words[at]), int(words[at + 1])
        at += 2
        kinds = words[at + _ENTRY - 1 : at + _ENTRY * count : _ENTRY]
        if len(kinds) != count or not set(kinds) <= {b"n", b"f"}:
            return None
        said += range(start, start + count)
        at += _ENTRY * count
    return said


def _of_stream(history: History, first: int) -> list[int] | None:
    """A cross-reference stream often has no entry for itself, so its dictionary is read where it stands."""
    header = _OBJECT_HEADER_AT.match(history.pdf, first)
    ref = (int(header[1]), int(header[2])) if header is not None else (0, 0)
    end = history.value_end(header.end(), ref) if header is not None else None
    if header is None or end is None or not history.has_unique_keys(header.end(), ref):
        return None
    text = history.pdf[header.end() : end]
    index, size = _INDEX.search(text), _SIZE.search(text)
    words = index[1].split() if index is not None else [b"0", size[1]] if size is not None else []
    if len(words) % 2:
        return None
    pairs = zip(words[::2], words[1::2], strict=True)
    return [number for start, count in pairs for number in range(int(start), int(start) + int(count))]


# --- Which objects were written after a signature: whatever rests on none of them reads as it did when it was signed


def written_later(history: History, revision: int) -> frozenset[int] | None:
    """The numbers of all objects that revisions after this one speak of, written, rewritten or freed.

    For revisions the strict policy permits (`signing.changes.policy`): every reader finds the same objects in them.
    None where
    a reader could see more in it than new objects under these numbers: an object stream that holds older objects is
    among them, or the form in which one of them stood before is spelled so that readers differ on it.
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
    written = history.reader.written(ref, version)
    return written is not None and has_unique_keys(*written)
