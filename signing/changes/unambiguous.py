"""Whether every reader must read an appended revision alike; where they differ, a forger shows each what it likes."""

from __future__ import annotations

from signing.history import History, Ref, raw
from signing.scan import has_clear_keys, says_nothing


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
        if written is None or not (_clear(history, *written, ref) or says_nothing(*written)):
            return False
    return True


def _within_size(history: History, revision: int) -> bool:
    size = raw(history.trailer(revision), "/Size")
    numbers = {number for each in range(revision + 1) for number, _ in history.listed(each)}
    return isinstance(size, int) and max(numbers, default=0) < size


def _clear(history: History, content: bytes, at: int, ref: Ref) -> bool:
    return history.has_clear_keys(at, ref) if content is history.pdf else has_clear_keys(content, at)
