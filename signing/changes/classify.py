"""A name for changes that are not permitted, so that people are told what was touched."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject

from signing.changes.compare import equal_objects
from signing.changes.references import Usages
from signing.pdf.history import Ref, Snapshot, raw, raw_items, ref_of
from signing.report import Changes

_VALUES = {"/V", "/AP", "/AS", "/DV", "/RV", "/I", "/TI", "/Opt", "/M"}


def classify_changes(old: Snapshot, new: Snapshot, rewritten: Iterable[Ref], usages: Usages) -> Changes:
    """The gravest of what was done: an unknown change first, then answers, then annotations."""
    seen = set()
    for ref in rewritten:
        if not equal_objects(old.history.get(ref, old.revision), new.history.get(ref, new.revision)):
            seen.add(_of_one(old, new, ref, usages))
    for grave in (Changes.OTHER, Changes.FORM_VALUES, Changes.ANNOTATIONS):
        if grave in seen:
            return grave
    return Changes.OTHER


def _of_one(old: Snapshot, new: Snapshot, ref: Ref, usages: Usages) -> Changes | None:
    before, after = old.history.get(ref, old.revision), new.history.get(ref, new.revision)
    if isinstance(before, StreamObject):
        holders = usages.users(ref, old.revision)
        fields = [holder for holder in holders if _is_field(old, holder, usages)]
        return Changes.FORM_VALUES if holders and len(fields) == len(holders) else Changes.OTHER
    if not isinstance(before, DictionaryObject) or not isinstance(after, DictionaryObject):
        return _of_list(old, ref)
    changed = {key for key in before.keys() | after.keys() if not equal_objects(raw(before, key), raw(after, key))}
    if _answers(old, before):
        return Changes.FORM_VALUES if changed <= _VALUES else Changes.ANNOTATIONS
    if raw(before, "/Subtype") is not None and "/Rect" in before:
        return Changes.ANNOTATIONS
    if raw(before, "/Type") == "/Page" and changed == {"/Annots"}:
        return _of_annotations(old, new, before, after)
    return None if _houses_signing(old, ref, changed) else Changes.OTHER


def _of_list(old: Snapshot, ref: Ref) -> Changes:
    """A rewritten array: annotations of a page, or something we do not know."""
    listed = any(ref_of(raw(page, "/Annots")) == ref for _, page in old.pages())
    return Changes.ANNOTATIONS if listed else Changes.OTHER


def _of_annotations(old: Snapshot, new: Snapshot, before: Any, after: Any) -> Changes | None:
    had = {ref_of(member) for member in raw_items(old.entry(before, "/Annots"))}
    added = [value for ref, value in new.members(raw(after, "/Annots")) if ref is None or ref not in had]
    if all(new.entry(widget, "/FT") == "/Sig" for widget in added) and added:
        return None
    return Changes.ANNOTATIONS


def _houses_signing(old: Snapshot, ref: Ref, changed: set[str]) -> bool:
    """Catalogue and form dictionary change with every signature: on their own they say nothing."""
    if ref == old.root_ref:
        return changed <= {"/AcroForm", "/DSS", "/Extensions", "/Version", "/Metadata"}
    return ref == ref_of(raw(old.root, "/AcroForm")) and changed <= {"/Fields", "/SigFlags", "/DR"}


def _answers(old: Snapshot, field: Any) -> bool:
    """Whether it is a field other than a signature, or a widget of one."""
    kind = old.entry(field, "/FT") or old.entry(old.entry(field, "/Parent"), "/FT")
    return kind is not None and kind != "/Sig"


def _is_field(old: Snapshot, ref: Ref, usages: Usages) -> bool:
    """A field, or the appearance dictionary of one."""
    value = old.history.get(ref, old.revision)
    if _answers(old, value):
        return True
    if not isinstance(value, DictionaryObject) or "/N" not in value:
        return False
    return any(_answers(old, old.history.get(user, old.revision)) for user in usages.users(ref, old.revision))
