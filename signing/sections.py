"""What a cross-reference section literally says, entry by entry; of a number said twice readers choose differently."""

from __future__ import annotations

import re

from pyhanko.pdf_utils.xref import XRefSectionData

from signing.history import History, raw
from signing.hybrids import HybridSection
from signing.same import same
from signing.scan import has_clear_keys

_HEADER = re.compile(rb"[\0\t\n\f\r ]{0,4}(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj")
_INDEX = re.compile(rb"/Index[\0\t\n\f\r ]*\[([\d\0\t\n\f\r ]+)\]")
_SIZE = re.compile(rb"/Size[\0\t\n\f\r ]+(\d+)")
_ENTRY = 3  # offset, generation, kind: ISO 32000-1 7.5.4


def numbers_said(history: History, revision: int) -> tuple[int, ...] | None:
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


def says_each_once(history: History, revision: int) -> bool:
    """Whether no number has two entries in the section, and every entry is of a known kind (ISO 32000-1 7.5.4)."""
    if revision not in history.clear_sections:
        numbers = numbers_said(history, revision)
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
    if not has_clear_keys(history.pdf, after) or history.hidden(revision) is None:
        return False
    trailer = history.trailer(revision)
    return all(
        same(raw(trailer, key), raw(hybrid.dictionary, key))
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
    header = _HEADER.match(history.pdf, first)
    ref = (int(header[1]), int(header[2])) if header is not None else (0, 0)
    end = history.value_end(header.end(), ref) if header is not None else None
    if header is None or end is None or not history.has_clear_keys(header.end(), ref):
        return None
    text = history.pdf[header.end() : end]
    index, size = _INDEX.search(text), _SIZE.search(text)
    words = index[1].split() if index is not None else [b"0", size[1]] if size is not None else []
    if len(words) % 2:
        return None
    pairs = zip(words[::2], words[1::2], strict=True)
    return [number for start, count in pairs for number in range(int(start), int(start) + int(count))]
