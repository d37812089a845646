"""What bytes a signature covers: one whole revision from the first byte on, with only its own value left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.generic import ByteStringObject, NumberObject, TextStringObject

from signing.found import FoundSignature
from signing.history import History, only_blanks, raw, raws

_HEX = re.compile(rb"[0-9A-Fa-f]+")
_TAIL = re.compile(rb"startxref[\0\t\n\f\r ]+(\d+)[\0\t\n\f\r ]+%%EOF[\0\t\n\f\r ]*\Z")
_TAIL_ROOM = 2048
_NUMBERS = 4


class BadCoverage(ValueError):
    """The byte range or the value of a signature is not what ISO 32000-1 12.8.1 asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The covered bytes are [0, `gap_start`) and [`gap_end`, `end`); `value` stands in the gap (DER, padded)."""

    gap_start: int
    gap_end: int
    end: int
    value: bytes

    def covered(self, pdf: bytes) -> tuple[memoryview, memoryview]:
        """The two covered parts."""
        view = memoryview(pdf)
        return view[: self.gap_start], view[self.gap_end : self.end]


def coverage_of(signature: FoundSignature, history: History) -> Coverage:
    """Check byte range, gap and revision of a signature. Raises BadCoverage; the message is for the log, not for users.

    Against signature wrapping and byte-range tricks: the range is [0 a b c], the gap between a and b is one hexadecimal
    string and nothing else, and that string is the very /Contents a reader finds in the dictionary.
    """
    pdf = history.pdf
    numbers = raws(raw(signature.dictionary, "/ByteRange"))
    if len(numbers) != _NUMBERS or not all(isinstance(each, NumberObject) for each in numbers):
        raise BadCoverage("the byte range is not four numbers")
    start, gap_start, gap_end, rest = (int(each) for each in numbers)
    end = gap_end + rest
    if start != 0 or not 0 < gap_start < gap_end < end <= len(pdf):
        raise BadCoverage("the byte range does not lie in the file")
    gap = pdf[gap_start:gap_end]
    if gap[:1] != b"<" or gap[-1:] != b">" or not _HEX.fullmatch(gap[1:-1]) or len(gap) % 2:
        raise BadCoverage("the gap is not one hexadecimal string")
    value = bytes.fromhex(gap[1:-1].decode("ascii"))
    if _contents(signature.dictionary) != value:
        raise BadCoverage("the gap is not the signature's own value")
    _require_whole_revision(signature, history, end)
    return Coverage(gap_start=gap_start, gap_end=gap_end, end=end, value=value)


def _contents(dictionary: Any) -> bytes | None:
    written = raw(dictionary, "/Contents")
    if isinstance(written, TextStringObject | ByteStringObject):
        return bytes(written.original_bytes)
    return None


def _require_whole_revision(signature: FoundSignature, history: History, end: int) -> None:
    """The covered bytes end where the revision ends, and nothing that revision consists of lies beyond them."""
    if signature.value_ref is None:
        raise BadCoverage("the signature dictionary is no object of its own")
    revision = signature.revision
    tail = _TAIL.search(history.pdf, max(0, end - _TAIL_ROOM), end)
    if tail is None or int(tail[1]) != history.startxref(revision):
        raise BadCoverage("the covered bytes do not end with the revision of the signature")
    for each in range(revision + 1):
        if any(behind > end for _, behind in history.xref_spans(each)):
            raise BadCoverage("cross-references of the signed revision lie outside the covered bytes")
        if any(place >= end for place in history.offsets(each).values()):
            raise BadCoverage("objects of the signed revision lie outside the covered bytes")
    following = history.end(revision)
    if following < 0 or not only_blanks(history.pdf[min(following, end) : max(following, end)]):
        raise BadCoverage("the covered bytes end inside a revision")
