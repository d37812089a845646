"""What each later revision did, judged strictly: signing, time stamps and revocation data may be added, nothing else.

This is narrower than pyHanko's difference policy on purpose. Form filling after a signature is no reading of our
forms; unchanged fields with appearance streams under a lock are no change (the default policy calls them one); tagged
forms are read through the same structure as others; and every object is judged by all the places it is used in.
"""

from __future__ import annotations

from dataclasses import dataclass

from signing.appended import only_listed_objects
from signing.blame import blame
from signing.history import History, Ref, Snapshot, raw
from signing.report import Changes
from signing.retired import is_as_new, is_idle
from signing.roles import Roles
from signing.same import same
from signing.sections import says_each_once
from signing.unambiguous import unambiguous
from signing.usages import Usages

_RANK = (Changes.NONE, Changes.LTV, Changes.SIGNING, Changes.ANNOTATIONS, Changes.FORM_VALUES, Changes.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one revision did to the one before. `signed` are the signature fields it filled or added.

    `why` names what was refused, in English, for the log; None when all of it is permitted by the strict policy.
    """

    changes: Changes
    signed: frozenset[str] = frozenset()
    why: str | None = None


def worst(*changes: Changes) -> Changes:
    """The gravest of several."""
    return max(changes, key=_RANK.index, default=Changes.NONE)


def judge_step(history: History, usages: Usages, revision: int) -> Step:
    """Compare a revision with the one before it. Never permits what it cannot explain."""
    if history.hybrid(revision) is not None:
        return Step(changes=Changes.OTHER, why="hybrid cross-references")
    if not all(says_each_once(history, each) for each in range(revision + 1)):
        return Step(changes=Changes.OTHER, why="cross-references that say a number twice")
    if not only_listed_objects(history, revision):
        return Step(changes=Changes.OTHER, why="bytes no cross-reference accounts for")
    if not unambiguous(history, revision):
        return Step(changes=Changes.OTHER, why="something readers may read differently")
    if not all(is_idle(history, usages, number, revision) for number in history.freed(revision)):
        return Step(changes=Changes.OTHER, why="objects were taken away")
    old, new = Snapshot(history, revision - 1), Snapshot(history, revision)
    if old.root_ref is None or old.root_ref != new.root_ref or raw(history.trailer(revision), "/Encrypt") is not None:
        return Step(changes=Changes.OTHER, why="another catalogue or encryption")
    rewritten, dangling = _sorted_out(history, usages, revision)
    if dangling:
        return Step(changes=Changes.OTHER, why=f"{dangling} gave a meaning to what was signed as nothing")
    if any(history.is_hidden(ref, revision - 1) for ref in rewritten):
        # Unchanged for some readers; for those from whom a signed hybrid hid it (poppler 22 is one), it appears now.
        return Step(changes=Changes.OTHER, why="something hidden from some readers is shown to them")
    roles = Roles(old=old, new=new, usages=usages)
    try:
        roles.explain()
    except (ValueError, TypeError, KeyError, AttributeError, AssertionError, IndexError) as error:
        return Step(changes=blame(old, new, rewritten, usages), why=f"{type(error).__name__}: {error}")
    left = {
        ref
        for ref in rewritten - roles.explained
        if history.is_hidden(ref, revision - 1) or not same(history.get(ref, revision - 1), history.get(ref, revision))
    }
    if left:
        return Step(changes=blame(old, new, left, usages), why=f"unexplained: {sorted(left)}")
    reached = Changes.SIGNING if roles.signed else Changes.LTV if roles.touched or rewritten else Changes.NONE
    return Step(changes=reached, signed=frozenset(roles.signed))


def _sorted_out(history: History, usages: Usages, revision: int) -> tuple[frozenset[Ref], Ref | None]:
    """What the revision wrote anew over something older, and the first new object that old bytes already pointed to."""
    known = {number for each in range(revision) for number, _ in history.listed(each)}
    packers = {number for each in range(revision) for number in history.object_streams(each)}
    freed = history.freed(revision)
    rewritten = set()
    for ref in history.listed(revision):
        if ref[0] in freed:
            continue
        if history.version(ref, revision - 1) is not None:
            rewritten.add(ref)
        elif ref[0] in packers or (
            (ref[0] in known or usages.users(ref, revision - 1)) and not is_as_new(history, usages, ref, revision)
        ):
            # A shadow waits: the signed bytes referred to an object (or said that objects are packed in it) that did
            # not exist, and now it does. Or a number that was used under another generation comes back.
            return frozenset(rewritten), ref
    return frozenset(rewritten), None
