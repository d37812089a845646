"""Object numbers that come back under another generation (ISO 32000-1 7.3.10, 7.5.4): when nobody can see a difference.

Files that lost objects while they were filled keep a list of free numbers, which later programs take up; and whoever
fills an empty slot has no more use for what it showed, which was nothing (poppler frees its number or uses it again).
"""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils.generic import StreamObject

from signing.history import History, Ref, only_blanks
from signing.usages import Usages

_SHORT = 64  # bytes, packed; nothing takes no more


def is_idle(history: History, usages: Usages, number: int, revision: int, *, but: Ref | None = None) -> bool:
    """Whether nobody refers to the number in `revision`, and in the one before it was free or an empty drawing.

    Whatever a reader makes of generations, it shows nothing of it then. References to `but` are left out.
    """
    before = {ref for each in range(revision) for ref in history.listed(each) if ref[0] == number}
    return not usages.named(number, revision, but=but) and all(
        _draws_nothing(history.get(ref, revision - 1))
        for ref in before
        if history.version(ref, revision - 1) is not None
    )


def is_as_new(history: History, usages: Usages, ref: Ref, revision: int) -> bool:
    """Whether an object that takes up an old number is as good as one under a new: nobody waited for it."""
    return not usages.users(ref, revision - 1) and is_idle(history, usages, ref[0], revision, but=ref)


def _draws_nothing(value: Any) -> bool:
    if not isinstance(value, StreamObject) or len(value.encoded_data) > _SHORT:
        return False
    return only_blanks(value.encoded_data) or only_blanks(value.data)
