"""Whether every appended byte belongs to an object that the revision's cross-references list, or to its end."""

from __future__ import annotations

import re

from signing.history import History, only_blanks
from signing.scan import has_clear_keys, value_end

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
        clear = header is not None and history.has_clear_keys(header.end(), (int(header[1]), int(header[2])))
        return clear and _TAIL.fullmatch(_uncommented(history.pdf[at:end])) is not None
    return _is_table(history.pdf, at, (first, after), end)


def _is_table(pdf: bytes, at: int, span: tuple[int, int], end: int) -> bool:
    """The word `xref`, its entries, and a trailer all readers read alike."""
    first, after = span
    if not at <= first or _TABLE_WORD.match(_COMMENT.sub(b"", pdf[at:first]).lstrip(b"\0\t\n\f\r ")) is None:
        return False
    closed = value_end(pdf, after)
    return (
        closed is not None and has_clear_keys(pdf, after) and _TAIL.fullmatch(_uncommented(pdf[closed:end])) is not None
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
