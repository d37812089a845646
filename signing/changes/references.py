"""Find what refers to an object in each revision; a new version of it is accepted only if all its uses are known."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from signing.pdf.history import History, Ref, only_blanks

_TRAILER = {"/Root", "/Info", "/ID", "/Encrypt"}


class Usages:
    """The references between all versions of all objects, read once."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._users: dict[Ref, list[tuple[Ref, int]]] | None = None
        self._xref_streams: dict[int, frozenset[Ref]] = {}
        self._extra: dict[tuple[Ref, int | None], frozenset[Ref]] = {}

    def users(self, target: Ref, revision: int) -> frozenset[Ref]:
        """Return the objects that refer to `target` in this revision, reachable or not. The trailer does not count."""
        if self._users is None:
            self._users = self._all_users()
        version, streams = self._history.version, self._xref_streams_of(revision)
        users = {
            ref
            for ref, written in self._users.get(target, ())
            if ref not in streams and version(ref, revision) == written
        }
        return frozenset(users | {stream for stream in streams if target in self._extra_references(stream, revision)})

    def is_number_referenced(self, number: int, revision: int, *, but: Ref | None = None) -> bool:
        """Tell whether anything refers to this object number in this revision, under any generation except `but`."""
        if self._users is None:
            self._users = self._all_users()
        streams = self._xref_streams_of(revision)
        targets = {ref for ref in self._users if ref[0] == number}
        targets |= {ref for stream in streams for ref in self._extra_references(stream, revision) if ref[0] == number}
        return any(self.users(ref, revision) for ref in targets - {but})

    def _xref_streams_of(self, revision: int) -> frozenset[Ref]:
        """Return the cross-reference streams up to this revision."""
        if revision not in self._xref_streams:
            streams = map(self._history.xref_stream, range(revision + 1))
            self._xref_streams[revision] = frozenset(stream for stream in streams if stream is not None)
        return self._xref_streams[revision]

    def _all_users(self) -> dict[Ref, list[tuple[Ref, int]]]:
        """Return every object that is referred to, with the objects (and their versions) that refer to it."""
        users: dict[Ref, list[tuple[Ref, int]]] = {}
        for revision in range(self._history.last + 1):
            for ref, location in self._history.written(revision):
                scanned = self._history.reader.references(ref, location)
                user = (ref, revision)
                for target in self._references_by_value(ref, revision) if scanned is None else scanned:
                    users.setdefault(target, []).append(user)
        return users

    def _references_by_value(self, ref: Ref, version: int) -> frozenset[Ref]:
        """Return what a version of an object refers to, by its value."""
        found: set[Ref] = set()
        collect(self._history.get(ref, version), found)
        return frozenset(found)

    def _extra_references(self, ref: Ref, revision: int) -> frozenset[Ref]:
        """Return what a cross-reference stream refers to besides what every trailer does (ISO 32000-1 table 15)."""
        key = (ref, self._history.version(ref, revision))
        if key not in self._extra:
            found: set[Ref] = set()
            dictionary = self._history.get(ref, revision)
            for entry in dictionary if isinstance(dictionary, DictionaryObject) else ():
                if entry not in _TRAILER:
                    collect(dictionary.raw_get(entry), found)
            self._extra[key] = frozenset(found)
        return self._extra[key]


# --- References inside one object

_DEEPEST = 200  # levels of arrays and dictionaries inside one object


def collect(value: Any, references: set[Ref], depth: int = 0) -> None:
    """Add every reference inside a value, without following any."""
    if depth > _DEEPEST:
        raise ValueError("an object is nested too deeply")
    if isinstance(value, IndirectObject):
        references.add((value.idnum, value.generation))
    elif isinstance(value, DictionaryObject):
        for key in value:
            collect(value.raw_get(key), references, depth + 1)
    elif isinstance(value, ArrayObject):
        for index in range(len(value)):
            collect(value.raw_get(index), references, depth + 1)


# --- Object numbers used again (ISO 32000-1 7.3.10, 7.5.4)
#
# Allowed only where no reader can see a difference. It happens in honest files: those that lost objects while they
# were filled keep a list of free numbers, which later programs take up; and a program that fills an empty slot no
# longer needs its empty appearance (poppler frees its number or uses it again).

_SHORT = 64  # bytes, compressed; an empty drawing needs no more


def is_unused_number(history: History, usages: Usages, number: int, revision: int, *, but: Ref | None = None) -> bool:
    """Tell whether nothing refers to the number in `revision`, and it was free or an empty drawing in the one before.

    Then no reader shows anything of it, however it treats generations. References to `but` do not count.
    """
    before = {ref for earlier in range(revision) for ref in history.listed(earlier) if ref[0] == number}
    return not usages.is_number_referenced(number, revision, but=but) and all(
        _draws_nothing(history.get(ref, revision - 1))
        for ref in before
        if history.version(ref, revision - 1) is not None
    )


def takes_up_unused_number(history: History, usages: Usages, ref: Ref, revision: int) -> bool:
    """Tell whether an object under an old number is as good as one under a new: nothing referred to it before."""
    return not usages.users(ref, revision - 1) and is_unused_number(history, usages, ref[0], revision, but=ref)


def _draws_nothing(value: Any) -> bool:
    if not isinstance(value, StreamObject) or len(value.encoded_data) > _SHORT:
        return False
    return only_blanks(value.encoded_data) or only_blanks(value.data)
