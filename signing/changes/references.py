"""Who refers to whom in each revision: what an object means must be known before a new version of it is accepted."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from signing.pdf.history import History, Ref, only_blanks

_TRAILER = {"/Root", "/Info", "/ID", "/Encrypt"}


class Usages:
    """The references of every version of every object, each read once."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._pointing: dict[Ref, list[tuple[Ref, int]]] | None = None
        self._trailers: dict[int, frozenset[Ref]] = {}
        self._beyond: dict[tuple[Ref, int | None], frozenset[Ref]] = {}

    def users(self, target: Ref, revision: int) -> frozenset[Ref]:
        """The objects that refer to `target` in that revision, reachable or not. The trailer is not among them."""
        if self._pointing is None:
            self._pointing = self._turned()
        version, trailers = self._history.version, self._trailers_of(revision)
        found = {
            ref
            for ref, written in self._pointing.get(target, ())
            if ref not in trailers and version(ref, revision) == written
        }
        return frozenset(
            found | {trailer for trailer in trailers if target in self._beyond_a_trailer(trailer, revision)}
        )

    def named(self, number: int, revision: int, *, but: Ref | None = None) -> bool:
        """Whether anything refers to that object number in that revision, under whatever generation or any but one."""
        if self._pointing is None:
            self._pointing = self._turned()
        trailers = self._trailers_of(revision)
        waiting = {ref for ref in self._pointing if ref[0] == number}
        waiting |= {
            ref for trailer in trailers for ref in self._beyond_a_trailer(trailer, revision) if ref[0] == number
        }
        return any(self.users(ref, revision) for ref in waiting - {but})

    def _trailers_of(self, revision: int) -> frozenset[Ref]:
        """The cross-reference streams up to that revision."""
        if revision not in self._trailers:
            streams = map(self._history.xref_stream, range(revision + 1))
            self._trailers[revision] = frozenset(stream for stream in streams if stream is not None)
        return self._trailers[revision]

    def _turned(self) -> dict[Ref, list[tuple[Ref, int]]]:
        """Every object somebody refers to, and who does in which version."""
        turned: dict[Ref, list[tuple[Ref, int]]] = {}
        for revision in range(self._history.last + 1):
            for ref, place in self._history.written(revision):
                scanned = self._history.reader.references(ref, place)
                told = (ref, revision)
                for target in self._followed(ref, revision) if scanned is None else scanned:
                    turned.setdefault(target, []).append(told)
        return turned

    def _followed(self, ref: Ref, version: int) -> frozenset[Ref]:
        """What a version of an object refers to, by its value."""
        found: set[Ref] = set()
        collect(self._history.get(ref, version), found)
        return frozenset(found)

    def _beyond_a_trailer(self, ref: Ref, revision: int) -> frozenset[Ref]:
        """What a cross-reference stream refers to besides what every trailer does (ISO 32000-1 table 15)."""
        key = (ref, self._history.version(ref, revision))
        if key not in self._beyond:
            found: set[Ref] = set()
            dictionary = self._history.get(ref, revision)
            for entry in dictionary if isinstance(dictionary, DictionaryObject) else ():
                if entry not in _TRAILER:
                    collect(dictionary.raw_get(entry), found)
            self._beyond[key] = frozenset(found)
        return self._beyond[key]


# --- The references inside one object, whether anybody follows them or not

_DEEPEST = 200  # levels of arrays and dictionaries inside one object


def collect(value: Any, found: set[Ref], depth: int = 0) -> None:
    """Add every reference inside a value, without following any."""
    if depth > _DEEPEST:
        raise ValueError("an object is nested too deeply")
    if isinstance(value, IndirectObject):
        found.add((value.idnum, value.generation))
    elif isinstance(value, DictionaryObject):
        for key in value:
            collect(value.raw_get(key), found, depth + 1)
    elif isinstance(value, ArrayObject):
        for index in range(len(value)):
            collect(value.raw_get(index), found, depth + 1)


# --- Object numbers that come back under another generation (ISO 32000-1 7.3.10, 7.5.4): when nobody can see a
# difference
#
# Files that lost objects while they were filled keep a list of free numbers, which later programs take up; and
# whoever fills an empty slot has no more use for what it showed, which was nothing (poppler frees its number or uses
# it again).

_SHORT = 64  # bytes, packed; nothing takes no more


def is_unused_number(history: History, usages: Usages, number: int, revision: int, *, but: Ref | None = None) -> bool:
    """Whether nobody refers to the number in `revision`, and in the one before it was free or an empty drawing.

    Whatever a reader makes of generations, it shows nothing of it then. References to `but` are left out.
    """
    before = {ref for earlier in range(revision) for ref in history.listed(earlier) if ref[0] == number}
    return not usages.named(number, revision, but=but) and all(
        _draws_nothing(history.get(ref, revision - 1))
        for ref in before
        if history.version(ref, revision - 1) is not None
    )


def takes_up_unused_number(history: History, usages: Usages, ref: Ref, revision: int) -> bool:
    """Whether an object that takes up an old number is as good as one under a new: nobody waited for it."""
    return not usages.users(ref, revision - 1) and is_unused_number(history, usages, ref[0], revision, but=ref)


def _draws_nothing(value: Any) -> bool:
    if not isinstance(value, StreamObject) or len(value.encoded_data) > _SHORT:
        return False
    return only_blanks(value.encoded_data) or only_blanks(value.data)
