"""Who refers to whom in each revision: what an object means must be known before a new version of it is accepted."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject

from signing.history import History, Ref
from signing.scan import scan_references

_TRAILER = {"/Root", "/Info", "/ID", "/Encrypt"}
_DEEPEST = 200  # levels of arrays and dictionaries inside one object


class Usages:
    """The references of every version of every object, read as they are asked for."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._out: dict[tuple[Ref, int], frozenset[Ref]] = {}
        self._users: dict[int, dict[Ref, set[Ref]]] = {}

    def users(self, target: Ref, revision: int) -> frozenset[Ref]:
        """The objects that refer to `target` in that revision, reachable or not. The trailer is not among them."""
        if revision not in self._users:
            self._users[revision] = self._turned(revision)
        return frozenset(self._users[revision].get(target, ()))

    def out(self, ref: Ref, revision: int) -> frozenset[Ref]:
        """What an object refers to in that revision."""
        version = self._history.version(ref, revision)
        if version is None:
            return frozenset()
        key = (ref, version)
        if key not in self._out:
            written = self._history.reader.written(ref, version)
            scanned = scan_references(*written) if written is not None else None
            if scanned is None:
                found: set[Ref] = set()
                collect(self._history.get(ref, version), found)
                scanned = frozenset(found)
            self._out[key] = scanned
        return self._out[key]

    def _turned(self, revision: int) -> dict[Ref, set[Ref]]:
        trailers = {self._history.xref_stream(each) for each in range(revision + 1)}
        everything = {ref for each in range(revision + 1) for ref in self._history.listed(each)} - trailers
        turned: dict[Ref, set[Ref]] = {}
        for ref in everything:
            for target in self.out(ref, revision):
                turned.setdefault(target, set()).add(ref)
        for trailer in trailers:
            if trailer is not None:
                for target in self._beyond_a_trailer(trailer, revision):
                    turned.setdefault(target, set()).add(trailer)
        return turned

    def _beyond_a_trailer(self, ref: Ref, revision: int) -> set[Ref]:
        """What a cross-reference stream refers to besides what every trailer does (ISO 32000-1 table 15)."""
        found: set[Ref] = set()
        dictionary = self._history.get(ref, revision)
        for key in dictionary if isinstance(dictionary, DictionaryObject) else ():
            if key not in _TRAILER:
                collect(dictionary.raw_get(key), found)
        return found


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
