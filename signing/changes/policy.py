"""Judge each later revision strictly: signatures, time stamps and revocation data may be added, nothing else.

This is stricter than pyHanko's difference policy on purpose. Filling in answers after a signature is never permitted;
unchanged fields with appearance streams under a lock are no change (the default policy calls them one); tagged forms
are judged like others; and every object is judged by all the places it is used in.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import is_
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject

from signing.changes.classify import classify_changes
from signing.changes.compare import equal_except, equal_objects
from signing.changes.references import Usages, is_unused_number, takes_up_unused_number
from signing.changes.signature_fields import is_time_stamp, require_new_field, require_signed_slot
from signing.changes.unambiguous import lists_numbers_once, only_listed_objects, unambiguous
from signing.pdf.history import History, Ref, Snapshot, only_blanks, raw, raw_items, ref_of
from signing.report import Changes
from signing.validation.dss import explain_dss

_RANK = (Changes.NONE, Changes.LTV, Changes.SIGNING, Changes.ANNOTATIONS, Changes.FORM_VALUES, Changes.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one revision changed in the one before. `signed` are the signature fields it filled or added.

    `why` says what was refused, in English, for the log; None when the strict policy permits all of it.
    """

    changes: Changes
    signed: frozenset[str] = frozenset()
    why: str | None = None


def worst(*changes: Changes) -> Changes:
    """Return the gravest of several kinds of change."""
    return max(changes, key=_RANK.index, default=Changes.NONE)


def judge_step(history: History, usages: Usages, revision: int) -> Step:
    """Compare a revision with the one before it. Never permits what it cannot explain."""
    if history.hybrid(revision) is not None:
        return Step(changes=Changes.OTHER, why="hybrid cross-references")
    if not all(lists_numbers_once(history, earlier) for earlier in range(revision + 1)):
        return Step(changes=Changes.OTHER, why="cross-references that list a number twice")
    if not only_listed_objects(history, revision):
        return Step(changes=Changes.OTHER, why="bytes no cross-reference accounts for")
    if not unambiguous(history, revision):
        return Step(changes=Changes.OTHER, why="something readers may read differently")
    if not all(is_unused_number(history, usages, number, revision) for number in history.freed(revision)):
        return Step(changes=Changes.OTHER, why="objects were removed")
    old, new = Snapshot(history, revision - 1), Snapshot(history, revision)
    if old.root_ref is None or old.root_ref != new.root_ref or raw(history.trailer(revision), "/Encrypt") is not None:
        return Step(changes=Changes.OTHER, why="another catalogue or encryption")
    rewritten, dangling = _rewritten_and_dangling(history, usages, revision)
    if dangling:
        return Step(changes=Changes.OTHER, why=f"{dangling} gave a meaning to what was signed as nothing")
    if any(history.is_hidden(ref, revision - 1) for ref in rewritten):
        # Unchanged for some readers; for those from whom a signed hybrid hid it (poppler 22 is one), it appears now.
        return Step(changes=Changes.OTHER, why="something hidden from some readers is shown to them")
    permitted = PermittedChanges(old=old, new=new, usages=usages)
    try:
        permitted.explain()
    except (ValueError, TypeError, KeyError, AttributeError, AssertionError, IndexError) as error:
        return Step(changes=classify_changes(old, new, rewritten, usages), why=f"{type(error).__name__}: {error}")
    unexplained = {
        ref
        for ref in rewritten - permitted.explained
        if history.is_hidden(ref, revision - 1)
        or not equal_objects(history.get(ref, revision - 1), history.get(ref, revision))
    }
    if unexplained:
        return Step(changes=classify_changes(old, new, unexplained, usages), why=f"unexplained: {sorted(unexplained)}")
    kind = Changes.SIGNING if permitted.signed else Changes.LTV if permitted.touched or rewritten else Changes.NONE
    return Step(changes=kind, signed=frozenset(permitted.signed))


def _rewritten_and_dangling(history: History, usages: Usages, revision: int) -> tuple[frozenset[Ref], Ref | None]:
    """Return the older objects the revision rewrote, and the first new object that old bytes already pointed to."""
    known = {number for earlier in range(revision) for number, _ in history.listed(earlier)}
    packers = {number for earlier in range(revision) for number in history.object_streams(earlier)}
    freed = history.freed(revision)
    rewritten = set()
    for ref in history.listed(revision):
        if ref[0] in freed:
            continue
        if history.version(ref, revision - 1) is not None:
            rewritten.add(ref)
        elif ref[0] in packers or (
            (ref[0] in known or usages.users(ref, revision - 1))
            and not takes_up_unused_number(history, usages, ref, revision)
        ):
            # Shadow attack: the signed bytes referred to an object (or said that objects are packed in it) that did
            # not exist, and now it does. Or a number that was used under another generation comes back.
            return frozenset(rewritten), ref
    return frozenset(rewritten), None


# --- The permitted changes, place by place

# What a signing application may add to the catalogue (ISO 32000-2 12.8.4.3 DSS; 7.12 extensions say so).
_CATALOGUE = {"/AcroForm", "/DSS", "/Extensions", "/Version", "/Metadata"}
_INFO_TEXT = {"/ModDate", "/Producer", "/CreationDate", "/Creator"}


class PermittedChanges:
    """The comparison of one revision, `old`, with the next, `new`.

    After `explain`, `explained` are the rewritten objects that are accounted for, `signed` the signature fields that
    were filled or added, `touched` whether anything was added at all. ValueError (or another reading error) from
    `explain` means: not permitted.
    """

    def __init__(self, *, old: Snapshot, new: Snapshot, usages: Usages) -> None:
        self.old = old
        self.new = new
        self.usages = usages
        self.explained: set[Ref] = set()
        self.signed: set[str] = set()
        self.touched = False
        self._new_fields: set[Ref] = set()
        self._numbers = frozenset[int]().union(*new.history.numbers[old.revision + 1 : new.revision + 1])

    def explain(self) -> None:
        """Compare every place that may change. ValueError (or another reading error) when one may not."""
        self._catalogue()
        self._form()
        self._pages()
        self._information()
        store_objects = explain_dss(self.old, self.new, self.usages)
        if store_objects is not None:
            self.touched = True
            self.explained |= store_objects

    def rewritten(self, ref: Ref | None) -> bool:
        """Tell whether the new revision rewrote an object that was there before."""
        if ref is None or ref[0] not in self._numbers:
            return False
        before = self.old.history.version(ref, self.old.revision)
        return before is not None and before != self.new.history.version(ref, self.new.revision)

    def accept(self, ref: Ref | None, users: set[Ref]) -> None:
        """Account for a rewritten object, provided that it is used nowhere but where it was just compared."""
        if ref is None or not self.rewritten(ref):
            return
        others = self.usages.users(ref, self.old.revision) - users
        if others:
            raise ValueError(f"{ref} has another meaning in {sorted(others)}")
        self.explained.add(ref)

    def _catalogue(self) -> None:
        old, new = self.old.root, self.new.root
        if not equal_except(old, new, _CATALOGUE):
            raise ValueError("the catalogue changed")
        for key in ("/Extensions", "/Version"):
            if not equal_objects(raw(old, key), raw(new, key)) and not _is_simple(raw(new, key)):
                raise ValueError("extensions hold more than words and numbers")
        if not equal_objects(raw(old, "/Metadata"), raw(new, "/Metadata")) or self.rewritten(
            ref_of(raw(old, "/Metadata"))
        ):
            self._require_metadata(raw(new, "/Metadata"))
            self.accept(ref_of(raw(old, "/Metadata")), self._root())
        reference = self.old.root_ref
        if reference is not None and self.rewritten(reference):
            # MDP dictionaries of older signatures point to it (/Data); all its other entries were compared above.
            self.explained.add(reference)
            self.touched = True

    def _require_metadata(self, written: Any) -> None:
        stream = self.new.resolved(written)
        if not isinstance(stream, StreamObject) or raw(stream, "/Subtype") != "/XML":
            raise ValueError("the metadata is no metadata stream")

    def _root(self) -> set[Ref]:
        return {self.old.root_ref} if self.old.root_ref is not None else set()

    def _form(self) -> None:
        old_ref, new_ref = ref_of(raw(self.old.root, "/AcroForm")), ref_of(raw(self.new.root, "/AcroForm"))
        old, new = self.old.entry(self.old.root, "/AcroForm"), self.new.entry(self.new.root, "/AcroForm")
        if old is None and new is None:
            return
        if old is None:
            old = DictionaryObject()
        elif old_ref is not None and new_ref != old_ref:
            raise ValueError("the form dictionary moved")
        if not equal_except(old, new, {"/Fields", "/SigFlags", "/DR"}) or not _is_simple(raw(new, "/SigFlags")):
            raise ValueError("the form dictionary changed")
        self._resources(raw(old, "/DR"), raw(new, "/DR"))
        self.accept(old_ref, self._root())
        holder = old_ref if old_ref is not None else self.old.root_ref
        before, after = self.old.entry(old, "/Fields"), self.new.entry(new, "/Fields")
        self.accept(ref_of(raw(old, "/Fields")), {holder} if holder is not None else set())
        for ref in _added(raw_items(before), raw_items(after)):
            self._new_field(ref)
        for written in raw_items(before):
            self._old_field(ref_of(written))

    def _resources(self, old: Any, new: Any) -> None:
        """Default resources may gain names; a name that was there keeps its meaning."""
        if equal_objects(old, new) and not self.rewritten(ref_of(old)):
            return
        before, after = self.old.resolved(old), self.new.resolved(new)
        form = ref_of(raw(self.old.root, "/AcroForm"))
        for kind in before or ():
            earlier, later = self.old.entry(before, kind), self.new.entry(after, kind)
            if equal_objects(earlier, later):
                continue
            readable = isinstance(earlier, DictionaryObject) and isinstance(later, DictionaryObject)
            if not readable or not all(equal_objects(raw(earlier, name), raw(later, name)) for name in earlier):
                raise ValueError("a default resource changed")
            self.accept(
                ref_of(raw(before, kind)), {dictionary} if (dictionary := ref_of(old) or form) else self._root()
            )
        self.accept(ref_of(old), {form} if form is not None else self._root())

    def _new_field(self, ref: Ref | None) -> None:
        if ref is None:
            raise ValueError("a field was added that is no object of its own")
        if ref in self._new_fields:
            return
        name = require_new_field(self.old, self.new, ref)
        self._new_fields.add(ref)
        self.touched = True
        if not is_time_stamp(self.new, ref):
            self.signed.add(name)

    def _old_field(self, ref: Ref | None) -> None:
        """Compare a field that was there before: unchanged, or an empty signature field that was filled."""
        if ref is None or ref in self.explained or not self.rewritten(ref):
            return
        if equal_objects(self.old.history.get(ref, self.old.revision), self.new.history.get(ref, self.new.revision)):
            return
        name, painted = require_signed_slot(self.old, self.new, ref, self.usages)
        # Pages, the structure tree and the field list point to a widget: the same field, so its users need no check.
        self.explained.add(ref)
        self.explained |= painted
        self.touched = True
        if not is_time_stamp(self.new, ref):
            self.signed.add(name)

    def _pages(self) -> None:
        before, after = list(self.old.pages()), list(self.new.pages())
        if [ref for ref, _ in before] != [ref for ref, _ in after]:
            raise ValueError("pages were added, removed or moved")
        for (ref, old), (_, new) in zip(before, after, strict=True):
            annotations = ref_of(raw(old, "/Annots"))
            for written in raw_items(self.old.entry(old, "/Annots")):
                self._old_field(ref_of(written))
            if not self.rewritten(ref) and not self.rewritten(annotations):
                continue
            if not equal_except(old, new, {"/Annots"}):
                raise ValueError("a page changed")
            earlier, later = raw_items(self.old.entry(old, "/Annots")), raw_items(self.new.entry(new, "/Annots"))
            for widget in _added(earlier, later):
                self._new_field(widget)
            if self.rewritten(ref):
                self.explained.add(ref)
            self.accept(annotations, {ref})

    def _information(self) -> None:
        """Compare the information dictionary: new dates and producers are permitted, none is shown on a page."""
        history = self.new.history
        old_ref = ref_of(raw(history.trailer(self.old.revision), "/Info"))
        new_ref = ref_of(raw(history.trailer(self.new.revision), "/Info"))
        new = self.new.resolved(raw(history.trailer(self.new.revision), "/Info"))
        old = self.old.resolved(raw(history.trailer(self.old.revision), "/Info"))
        if new_ref == old_ref and not self.rewritten(new_ref):
            return
        if new is not None and (not equal_except(old or DictionaryObject(), new, _INFO_TEXT) or not _is_simple(new)):
            raise ValueError("the document information changed")
        self.accept(old_ref, set())
        if new_ref != old_ref and self.rewritten(new_ref):
            raise ValueError("the document information replaced another object")


def _added(before: list[Any], after: list[Any]) -> list[Ref | None]:
    """Return the members only `after` has; ValueError unless all of `before` is still there in its order."""
    if len(before) == len(after) and all(map(is_, before, after)):
        return []
    added: list[Ref | None] = []
    rest = iter(before)
    expected = next(rest, None)
    for member in after:
        if expected is not None and equal_objects(member, expected):
            expected = next(rest, None)
        else:
            added.append(ref_of(member))
    if expected is not None:
        raise ValueError("fields or annotations were removed or moved")
    return added


def _is_simple(value: Any) -> bool:
    """Tell whether the value is made of words, numbers and dictionaries of them, without any reference."""
    if isinstance(value, StreamObject) or ref_of(value) is not None:
        return False
    if isinstance(value, DictionaryObject):
        return all(_is_simple(value.raw_get(key)) for key in value)
    return not raw_items(value) or all(_is_simple(member) for member in raw_items(value))


# --- Comparison with a file handed out earlier


def only_signatures_added(content: bytes, before: bytes) -> bool:
    """Tell whether `content` is `before` with nothing but signatures, time stamps and revocation data added.

    This includes changes made before the first signature, which a report does not show: it says what followed each
    signature, and counts what was written before as the signer's own. For bytes that
    `signing.validation.inspect.inspect` could read.
    """
    if not content.startswith(before):
        return False
    history = History(content)
    usages = Usages(history)
    earlier = [revision for revision in range(history.last + 1) if 0 <= history.end(revision) <= len(before)]
    if not earlier or not only_blanks(before[history.end(earlier[-1]) :]):
        return False
    return all(judge_step(history, usages, later).why is None for later in range(earlier[-1] + 1, history.last + 1))
