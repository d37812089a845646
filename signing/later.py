"""Which objects were written after a signature: whatever rests on none of them reads as it did when it was signed."""

from __future__ import annotations

from signing.history import History, Ref
from signing.scan import has_clear_keys


def written_later(history: History, revision: int) -> frozenset[int] | None:
    """The numbers of all objects that revisions after this one speak of, written, rewritten or freed.

    For revisions the strict policy permits (`signing.changes`): every reader finds the same objects in them. None where
    a reader could see more in it than new objects under these numbers: an object stream that holds older objects is
    among them, or the form in which one of them stood before is spelled so that readers differ on it.
    """
    later = {ref for each in range(revision + 1, history.last + 1) for ref in history.listed(each)}
    numbers = frozenset(number for number, _ in later)
    packers = {number for each in range(revision + 1) for number in history.object_streams(each)}
    if packers & numbers or not all(_was_clear(history, ref, revision) for ref in later):
        return None
    return numbers


def _was_clear(history: History, ref: Ref, revision: int) -> bool:
    version = history.version(ref, revision)
    if version is None:
        return True
    written = history.reader.written(ref, version)
    return written is not None and has_clear_keys(*written)
