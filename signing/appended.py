"""Whether every appended byte belongs to an object that the revision's cross-references list."""

from __future__ import annotations

import re

from signing.history import History, only_blanks

_HEADER = re.compile(rb"(?<!\d)(\d{1,10})[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj\b")
_COMMENT = re.compile(rb"%[^\r\n]*")


def only_listed_objects(history: History, revision: int) -> bool:
    """True when the bytes the revision added are its listed objects, its cross-references and its end.

    Readers that rebuild broken files find objects by their headers, listed or not: what some reader may show must be
    something we judged. Objects listed at a place outside the appended bytes, or bytes after the last end-of-file
    marker, are refused for the same reason.
    """
    start, end = history.end(revision - 1), history.end(revision)
    first, after = history.xref_span(revision)
    if not 0 <= start <= first <= after <= end:
        return False
    if revision == history.last and not only_blanks(history.pdf[end:]):
        return False
    places = sorted(history.offsets(revision).values())
    if any(not start <= place < end for place in places):
        return False
    lead = _COMMENT.sub(b"", history.pdf[start : min([first, *places])])
    # A cross-reference stream is an object too, whether or not it lists itself.
    return only_blanks(lead) and _headers_listed(history.pdf[start:end], {place - start for place in (first, *places)})


def _headers_listed(appended: bytes, places: set[int]) -> bool:
    """Every `n g obj` in the appended bytes stands at a listed place or inside the data of a listed stream."""
    inside_until = 0
    for found in _HEADER.finditer(appended):
        # Some writers point at the line end before the header.
        if any(found.start() - blank in places for blank in range(3)):
            inside_until = _stream_end(appended, found.end())
        elif found.start() >= inside_until:
            return False
    return True


def _stream_end(appended: bytes, at: int) -> int:
    """Where the stream data of the object that begins at `at` ends; `at` itself when it is no stream."""
    stop = appended.find(b"endobj", at)
    begin = appended.find(b"stream", at, stop if stop >= 0 else len(appended))
    if begin < 0:
        return at
    end = appended.find(b"endstream", begin)
    return end if end >= 0 else at
