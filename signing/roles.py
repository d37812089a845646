"""The few places of a document that may change after a signature, each compared in its own narrow way."""

from __future__ import annotations

from operator import is_
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject

from signing.dss import explain_dss
from signing.history import Ref, Snapshot, raw, raws, ref_of
from signing.same import same, same_but
from signing.usages import Usages
from signing.widgets import is_time_stamp, require_new_field, require_signed_slot

# What a signing application may add to the catalogue (ISO 32000-2 12.8.4.3 DSS; 7.12 extensions say so).
_CATALOGUE = {"/AcroForm", "/DSS", "/Extensions", "/Version", "/Metadata"}
_INFO_TEXT = {"/ModDate", "/Producer", "/CreationDate", "/Creator"}


class Roles:
    """One step from `old` to `new`.

    After `explain`, `explained` are the rewritten objects that are accounted for, `signed` the signature fields that
    were filled or added, `touched` whether anything was added at all.
    ValueError (or another reading error) from `explain` means: not permitted.
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
        """Go through every place in turn."""
        self._catalogue()
        self._form()
        self._pages()
        self._information()
        stores = explain_dss(self.old, self.new, self.usages)
        if stores is not None:
            self.touched = True
            self.explained |= stores

    def rewritten(self, ref: Ref | None) -> bool:
        """Whether this step wrote a new version of an object that was there before."""
        if ref is None or ref[0] not in self._numbers:
            return False
        before = self.old.history.version(ref, self.old.revision)
        return before is not None and before != self.new.history.version(ref, self.new.revision)

    def accept(self, ref: Ref | None, users: set[Ref]) -> None:
        """A rewritten object is accounted for, provided that it has no other meaning than the one just compared."""
        if ref is None or not self.rewritten(ref):
            return
        others = self.usages.users(ref, self.old.revision) - users
        if others:
            raise ValueError(f"{ref} has another meaning in {sorted(others)}")
        self.explained.add(ref)

    def _catalogue(self) -> None:
        old, new = self.old.root, self.new.root
        if not same_but(old, new, _CATALOGUE):
            raise ValueError("the catalogue changed")
        for key in ("/Extensions", "/Version"):
            if not same(raw(old, key), raw(new, key)) and not _simple(raw(new, key)):
                raise ValueError("extensions hold more than words and numbers")
        if not same(raw(old, "/Metadata"), raw(new, "/Metadata")) or self.rewritten(ref_of(raw(old, "/Metadata"))):
            self._metadata(raw(new, "/Metadata"))
            self.accept(ref_of(raw(old, "/Metadata")), self._root())
        reference = self.old.root_ref
        if reference is not None and self.rewritten(reference):
            # MDP dictionaries of older signatures point to it (/Data); what it says elsewhere was compared above.
            self.explained.add(reference)
            self.touched = True

    def _metadata(self, written: Any) -> None:
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
        if not same_but(old, new, {"/Fields", "/SigFlags", "/DR"}) or not _simple(raw(new, "/SigFlags")):
            raise ValueError("the form dictionary changed")
        self._resources(raw(old, "/DR"), raw(new, "/DR"))
        self.accept(old_ref, self._root())
        holder = old_ref if old_ref is not None else self.old.root_ref
        before, after = self.old.entry(old, "/Fields"), self.new.entry(new, "/Fields")
        self.accept(ref_of(raw(old, "/Fields")), {holder} if holder is not None else set())
        for ref in _added(raws(before), raws(after)):
            self._new_field(ref)
        for written in raws(before):
            self._old_field(ref_of(written))

    def _resources(self, old: Any, new: Any) -> None:
        """Default resources may gain names; a name that was there keeps its meaning."""
        if same(old, new) and not self.rewritten(ref_of(old)):
            return
        before, after = self.old.resolved(old), self.new.resolved(new)
        form = ref_of(raw(self.old.root, "/AcroForm"))
        for kind in before or ():
            had, has = self.old.entry(before, kind), self.new.entry(after, kind)
            if same(had, has):
                continue
            readable = isinstance(had, DictionaryObject) and isinstance(has, DictionaryObject)
            if not readable or not all(same(raw(had, name), raw(has, name)) for name in had):
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
        """A field that was there: unchanged, or an empty signature field that was filled."""
        if ref is None or ref in self.explained or not self.rewritten(ref):
            return
        if same(self.old.history.get(ref, self.old.revision), self.new.history.get(ref, self.new.revision)):
            return
        name, painted = require_signed_slot(self.old, self.new, ref, self.usages)
        # Pages, the structure tree and the field list point to a widget; all of them see the same field.
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
            for written in raws(self.old.entry(old, "/Annots")):
                self._old_field(ref_of(written))
            if not self.rewritten(ref) and not self.rewritten(annotations):
                continue
            if not same_but(old, new, {"/Annots"}):
                raise ValueError("a page changed")
            had, has = raws(self.old.entry(old, "/Annots")), raws(self.new.entry(new, "/Annots"))
            for widget in _added(had, has):
                self._new_field(widget)
            if self.rewritten(ref):
                self.explained.add(ref)
            self.accept(annotations, {ref})

    def _information(self) -> None:
        """The information dictionary may be dated anew; nothing of it is drawn on a page."""
        history = self.new.history
        old_ref = ref_of(raw(history.trailer(self.old.revision), "/Info"))
        new_ref = ref_of(raw(history.trailer(self.new.revision), "/Info"))
        new = self.new.resolved(raw(history.trailer(self.new.revision), "/Info"))
        old = self.old.resolved(raw(history.trailer(self.old.revision), "/Info"))
        if new_ref == old_ref and not self.rewritten(new_ref):
            return
        if new is not None and (not same_but(old or DictionaryObject(), new, _INFO_TEXT) or not _simple(new)):
            raise ValueError("the document information changed")
        self.accept(old_ref, set())
        if new_ref != old_ref and self.rewritten(new_ref):
            raise ValueError("the document information took the place of something else")


def _added(before: list[Any], after: list[Any]) -> list[Ref | None]:
    """The members `after` has more; ValueError unless everything before is still there in its order."""
    if len(before) == len(after) and all(map(is_, before, after)):
        return []
    added: list[Ref | None] = []
    rest = iter(before)
    wanted = next(rest, None)
    for each in after:
        if wanted is not None and same(each, wanted):
            wanted = next(rest, None)
        else:
            added.append(ref_of(each))
    if wanted is not None:
        raise ValueError("fields or annotations were removed or moved")
    return added


def _simple(value: Any) -> bool:
    """Words, numbers and dictionaries of them, without a reference to anything."""
    if isinstance(value, StreamObject) or ref_of(value) is not None:
        return False
    if isinstance(value, DictionaryObject):
        return all(_simple(value.raw_get(key)) for key in value)
    return not raws(value) or all(_simple(each) for each in raws(value))
