"""Classify changes that are not permitted, so that people learn what was changed."""

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
    """Return the gravest kind of change: an unknown one first, then answers, then annotations."""
    kinds = set()
    for ref in rewritten:
        if not equal_objects(old.history.get(ref, old.revision), new.history.get(ref, new.revision)):
            kinds.add(_kind_of_object(old, new, ref, usages))
    for kind in (Changes.OTHER, Changes.FORM_VALUES, Changes.ANNOTATIONS):
        if kind in kinds:
            return kind
    return Changes.OTHER


def _kind_of_object(old: Snapshot, new: Snapshot, ref: Ref, usages: Usages) -> Changes | None:
    before, after = old.history.get(ref, old.revision), new.history.get(ref, new.revision)
    if isinstance(before, StreamObject):
        holders = usages.users(ref, old.revision)
        fields = [holder for holder in holders if _is_field(old, holder, usages)]
        return Changes.FORM_VALUES if holders and len(fields) == len(holders) else Changes.OTHER
    if not isinstance(before, DictionaryObject) or not isinstance(after, DictionaryObject):
        return _kind_of_array(old, ref)
    changed = {key for key in before.keys() | after.keys() if not equal_objects(raw(before, key), raw(after, key))}
    if _is_answer_field(old, before):
        return Changes.FORM_VALUES if changed <= _VALUES else Changes.ANNOTATIONS
    if raw(before, "/Subtype") is not None and "/Rect" in before:
        return Changes.ANNOTATIONS
    if raw(before, "/Type") == "/Page" and changed == {"/Annots"}:
        return _kind_of_annotations(old, new, before, after)
    return None if _changes_with_every_signature(old, ref, changed) else Changes.OTHER


def _kind_of_array(old: Snapshot, ref: Ref) -> Changes:
    """Classify a rewritten array: the annotations of a page, or something unknown."""
    listed = any(ref_of(raw(page, "/Annots")) == ref for _, page in old.pages())
    return Changes.ANNOTATIONS if listed else Changes.OTHER


def _kind_of_annotations(old: Snapshot, new: Snapshot, before: Any, after: Any) -> Changes | None:
    earlier = {ref_of(member) for member in raw_items(old.entry(before, "/Annots"))}
    added = [value for ref, value in new.members(raw(after, "/Annots")) if ref is None or ref not in earlier]
    if all(new.entry(widget, "/FT") == "/Sig" for widget in added) and added:
        return None
    return Changes.ANNOTATIONS


def _changes_with_every_signature(old: Snapshot, ref: Ref, changed: set[str]) -> bool:
    """Tell whether this is the catalogue or form dictionary with only such keys changed as every signature changes."""
    if ref == old.root_ref:
        return changed <= {"/AcroForm", "/DSS", "/Extensions", "/Version", "/Metadata"}
    return ref == ref_of(raw(old.root, "/AcroForm")) and changed <= {"/Fields", "/SigFlags", "/DR"}


def _is_answer_field(old: Snapshot, field: Any) -> bool:
    """Tell whether this is a field other than a signature, or a widget of one."""
    kind = old.entry(field, "/FT") or old.entry(old.entry(field, "/Parent"), "/FT")
    return kind is not None and kind != "/Sig"


def _is_field(old: Snapshot, ref: Ref, usages: Usages) -> bool:
    """Tell whether this is an answer field, or the appearance dictionary of one."""
    value = old.history.get(ref, old.revision)
    if _is_answer_field(old, value):
        return True
    if not isinstance(value, DictionaryObject) or "/N" not in value:
        return False
    return any(_is_answer_field(old, old.history.get(user, old.revision)) for user in usages.users(ref, old.revision))
