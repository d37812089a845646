"""Who refers to whom in each revision: what an object means must be known before a new version of it is accepted."""

from __future__ import annotations

from pyhanko.pdf_utils.generic import DictionaryObject

from signing.history import History, Ref
from signing.references import collect

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
        return frozenset(found | {each for each in trailers if target in self._beyond_a_trailer(each, revision)})

    def named(self, number: int, revision: int, *, but: Ref | None = None) -> bool:
        """Whether anything refers to that object number in that revision, under whatever generation or any but one."""
        if self._pointing is None:
            self._pointing = self._turned()
        trailers = self._trailers_of(revision)
        waiting = {ref for ref in self._pointing if ref[0] == number}
        waiting |= {ref for each in trailers for ref in self._beyond_a_trailer(each, revision) if ref[0] == number}
        return any(self.users(ref, revision) for ref in waiting - {but})

    def _trailers_of(self, revision: int) -> frozenset[Ref]:
        """The cross-reference streams up to that revision."""
        if revision not in self._trailers:
            streams = map(self._history.xref_stream, range(revision + 1))
            self._trailers[revision] = frozenset(each for each in streams if each is not None)
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
