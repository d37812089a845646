"""Check signature fields changed after a signature: an empty slot that was filled, or a new field a signer added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, FloatObject, NumberObject, StreamObject

from signing.changes.compare import equal_except, equal_objects
from signing.changes.references import Usages
from signing.pdf.history import Ref, Snapshot, raw, ref_of

# What filling writes into a signature widget: value, appearance, and flags some applications set along with them. /AS
# names a state of an appearance that has states (12.5.5); ours are single streams, so that it selects nothing.
_FILLED = {"/V", "/AP", "/AS", "/F", "/Ff", "/MK", "/DA", "/M"}
_WIDGET = {
    *("/Type", "/Subtype", "/FT", "/T", "/TU", "/F", "/Ff", "/Rect", "/P", "/V", "/DV", "/AP", "/AS", "/Lock", "/SV"),
    *(
        "/MK",
        "/DA",
        "/M",
        "/NM",
        "/DR",
        "/Q",
        "/BS",
        "/Border",
        "/H",
        "/StructParent",
        "/Kids",
        "/Contents",
        "/C",
        "/TM",
    ),
}
_SHOWN = {"/AP", "/MK", "/BS", "/Border", "/C"}
# Hidden, print, read only, locked, locked contents.
_PLAIN_FLAGS = 2 | 4 | 64 | 128 | 512
_NO_ROTATE = 16
_FULL_TURN = 360
# A stamp covers a corner or a strip of a page; an appearance as large as this could repaint the page.
_LARGEST_SHARE = 0.25


def require_signed_slot(old: Snapshot, new: Snapshot, ref: Ref, usages: Usages) -> tuple[str, set[Ref]]:
    """Require that an empty signature field was filled and not changed otherwise; return its name and appearances.

    The appearances are those rewritten in place. ValueError otherwise: a signed field stays as it is (its lock too),
    and only signature fields change.
    """
    before, after = old.history.get(ref, old.revision), new.history.get(ref, new.revision)
    if old.entry(before, "/FT") != "/Sig" or old.entry(before, "/V") is not None or "/Kids" in before:
        raise ValueError("a field changed that was no empty signature field")
    if any(
        ref_of(raw(old.history.get(user, old.revision), "/Parent")) == ref for user in usages.users(ref, old.revision)
    ):
        raise ValueError("something inherits from the signature field")
    _require_plain_flags(new, after)
    # A program that signs a slot invisibly shrinks it to nothing, as PDFBox does (ISO 32000-1 12.7.4.5).
    filled = _FILLED | {"/Rect"} if box_of(new, after).empty else _FILLED
    if not equal_except(before, after, filled):
        raise ValueError("a signature field changed beyond being signed")
    _require_signature(old, new, raw(after, "/V"))
    return _name(new, after), _appearance((old, before), (new, after), ref, usages)


def is_time_stamp(new: Snapshot, ref: Ref) -> bool:
    """Tell whether a field holds an invisible document time stamp, which adds proof and shows nothing."""
    field = new.history.get(ref, new.revision)
    value = new.entry(field, "/V")
    return raw(value, "/SubFilter") == "/ETSI.RFC3161" and "/Kids" not in field and box_of(new, field).empty


def require_new_field(old: Snapshot, new: Snapshot, ref: Ref) -> str:
    """Require that a new signature field may be added; return its name. ValueError when it may not.

    Its widget may show a stamp, but not over an answer or another stamp: what earlier signers saw stays visible. Empty
    slots may be covered, because people put the stamps of other applications there. Printed text under the stamp is
    checked by the caller, who knows the form.
    """
    field = new.history.get(ref, new.revision)
    if old.history.version(ref, old.revision) is not None:
        raise ValueError("an old object became a field")
    plain = isinstance(field, DictionaryObject) and not isinstance(field, StreamObject)
    if not plain or new.entry(field, "/FT") != "/Sig" or not set(field) <= _WIDGET:
        raise ValueError("a field was added that is no plain signature field")
    if "/DV" in field and not equal_objects(raw(field, "/DV"), raw(field, "/V")):
        raise ValueError("a signature field with a default that is not its value")  # LibreOffice repeats the value
    widgets = [(ref, field)]
    for kid, widget in new.members(raw(field, "/Kids")):
        if (
            kid is None
            or old.history.version(kid, old.revision) is not None
            or not set(widget) <= _WIDGET | {"/Parent"}
        ):
            raise ValueError("a part of a new field is not new")
        widgets.append((kid, widget))
    for widget_ref, widget in widgets:
        if "/Rect" in widget:
            _require_plain_flags(new, widget)
            _require_free_area(old, new, widget_ref)
            _appearance((old, DictionaryObject()), (new, widget), ref, None)
    if raw(field, "/V") is not None:
        _require_signature(old, new, raw(field, "/V"))
    elif any(_SHOWN & set(widget) for _, widget in widgets):
        raise ValueError("a new field shows something and is not signed")
    return _name(new, field)


def _require_plain_flags(new: Snapshot, widget: Any) -> None:
    """Refuse NoZoom and NoRotate, with which a widget is drawn outside its rectangle (ISO 32000-1 table 165).

    Where no page is rotated NoRotate changes nothing, and is allowed: poppler sets it on every signature.
    """
    flags = new.entry(widget, "/F")
    allowed = _PLAIN_FLAGS if any(_is_rotated(new, page) for _, page in new.pages()) else _PLAIN_FLAGS | _NO_ROTATE
    if flags is not None and int(flags) & ~allowed:
        raise ValueError("a signature widget with unusual flags")


def _name(new: Snapshot, field: Any) -> str:
    return str(new.entry(field, "/T") or "")


def _require_signature(old: Snapshot, new: Snapshot, written: Any) -> None:
    reference = ref_of(written)
    if reference is None or old.history.version(reference, old.revision) is not None:
        raise ValueError("the value of a signature field is not a new object")
    value = new.resolved(written)
    if not isinstance(value, DictionaryObject) or isinstance(value, StreamObject) or "/ByteRange" not in value:
        raise ValueError("the value of a signature field is no signature")


def _appearance(
    earlier: tuple[Snapshot, Any], later: tuple[Snapshot, Any], ref: Ref, usages: Usages | None
) -> set[Ref]:
    """Return the appearance objects rewritten in place. ValueError unless this widget alone shows them.

    All other appearances must be new streams.
    """
    (old, before), (new, after) = earlier, later
    old_appearances, appearances = old.entry(before, "/AP"), new.entry(after, "/AP")
    if appearances is None:
        return set()
    plain = isinstance(appearances, DictionaryObject) and not isinstance(appearances, StreamObject)
    if not plain or not set(appearances) <= {"/N", "/R", "/D"}:
        raise ValueError("an appearance is no appearance dictionary")
    painted: set[Ref] = set()
    holder = ref_of(raw(after, "/AP"))
    for key in appearances:
        reference = ref_of(raw(appearances, key))
        if reference is None or not isinstance(new.resolved(raw(appearances, key)), StreamObject):
            raise ValueError("an appearance is no stream")
        version = old.history.version(reference, old.revision)
        if version is None or version == new.history.version(reference, new.revision):
            continue
        if usages is None or ref_of(raw(old_appearances, key)) != reference:
            raise ValueError("an appearance replaced another object")
        if usages.users(reference, old.revision) - {ref, holder or ref}:
            raise ValueError("an appearance that others show was rewritten")
        painted.add(reference)
    if holder is not None and old.history.version(holder, old.revision) is not None:
        if usages is None or usages.users(holder, old.revision) - {ref}:
            raise ValueError("an appearance dictionary others use was changed")
        painted.add(holder)
    return painted


def _require_free_area(old: Snapshot, new: Snapshot, ref: Ref) -> None:
    widget = new.history.get(ref, new.revision)
    box = box_of(new, widget)
    if box.empty:
        return
    stated_page = ref_of(raw(widget, "/P"))
    for (page_ref, page), (_, later) in zip(old.pages(), new.pages(), strict=True):
        listed = any(member == ref for member, _ in new.members(raw(later, "/Annots")))
        if not listed and stated_page is not None and stated_page != page_ref:
            continue
        if box.area > _LARGEST_SHARE * _media_box(old, page).area:
            raise ValueError("a stamp as large as a page")
        for _, other in old.members(raw(page, "/Annots")):
            if overlap(box, box_of(old, other)) and not _empty_slot(old, other):
                raise ValueError("a stamp over an answer, an annotation or another stamp")


def _media_box(old: Snapshot, page: Any) -> Box:
    node = _node_with(old, page, "/MediaBox")
    if node is None:
        raise ValueError("a page without a size")
    return box_of(old, node, "/MediaBox")


def _is_rotated(new: Snapshot, page: Any) -> bool:
    node = _node_with(new, page, "/Rotate")
    return node is not None and int(new.entry(node, "/Rotate")) % _FULL_TURN != 0


def _node_with(snapshot: Snapshot, page: Any, key: str) -> Any:
    """Return the page, or the node above it, that has an inheritable attribute (7.7.3.4); None when none does."""
    node = page
    for _ in range(32):
        if raw(node, key) is not None:
            return node
        node = snapshot.entry(node, "/Parent")
    return None


def _empty_slot(old: Snapshot, annotation: Any) -> bool:
    return old.entry(annotation, "/FT") == "/Sig" and old.entry(annotation, "/V") is None


# --- Rectangles on a page, in points

_CORNERS = 4
_TOLERANCE = 0.5  # points two neighbours may share at their edge


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its corners sorted, in whatever order the file writes them."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.top - self.bottom)

    @property
    def empty(self) -> bool:
        return self.right <= self.left or self.top <= self.bottom


def box_of(snapshot: Snapshot, owner: Any, key: str = "/Rect") -> Box:
    """Return the rectangle under a key; empty when there is none. ValueError when it is no rectangle."""
    corners = [value for _, value in snapshot.members(snapshot.entry(owner, key))]
    if not corners:
        return Box(0, 0, 0, 0)
    if len(corners) != _CORNERS or not all(isinstance(corner, FloatObject | NumberObject) for corner in corners):
        raise ValueError("not a rectangle")
    one, two, three, four = (float(corner) for corner in corners)
    return Box(min(one, three), min(two, four), max(one, three), max(two, four))


def overlap(one: Box, other: Box) -> bool:
    """Tell whether two boxes share more than an edge."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.top, other.top) - max(one.bottom, other.bottom)
    return not other.empty and wide > _TOLERANCE and high > _TOLERANCE
