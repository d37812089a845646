"""Tell whether a received form is a published one, filled in but otherwise unchanged."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from forms.errors import FormsError, NotThisForm
from forms.pdf import (
    MALFORMED,
    READ_ONLY,
    KnownWidgets,
    PageAnnotation,
    PlainWidget,
    WrittenRepr,
    annotations_on,
    decoded,
    decoded_digest,
)
from forms.read_aloud import READ_ALOUD_KEYS, reads_aloud_as_published
from forms.schema import Box, Form
from forms.serial import SERIAL_KEY, XOBJECT_NAME, serial_in

_SLACK = 0.5  # points: writers round
# Page attributes that may be inherited from the page tree (ISO 32000-1 table 30).
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate")
# Keys of a page that do not change how it looks, or that are checked separately.
_PAGE_IGNORED = {
    "/Parent",
    "/Annots",
    "/Contents",
    "/Resources",
    "/StructParents",
    "/Tabs",
    "/Type",
    "/Group",
    "/LastModified",
    *_INHERITED,
}
_GROUP_KEYS = frozenset({"/Type", "/S", "/CS", "/I", "/K"})
_DEVICE_SPACES = (pikepdf.Name.DeviceRGB, pikepdf.Name.DeviceGray, pikepdf.Name.DeviceCMYK)
_STREAM_IGNORED = frozenset({"/Length", "/Filter", "/DecodeParms", "/Length1", "/Type"})
# Anything that can act, or switch what is seen; compared as a whole.
_ACTIVE_KEYS = ("/OCProperties", "/OpenAction", "/AA", "/Names", "/Outlines", "/Threads", "/Perms", "/PageLabels")
_WIDGET_KEYS = ("/FT", "/MaxLen", "/Opt", "/TU", "/F", "/AA", "/A", "/OC", "/Q", "/CA", "/ca", "/BM", *READ_ALOUD_KEYS)
_DEEPEST = 60
# Page contents recur in every file of a form; those of normal size are digested once.
_CONTENTS_KEPT, _LONGEST_CONTENT, _WIDGETS_KEPT = 16, 200_000, 1024
# So do their fonts, which have fewer than fifty parts.
_FONTS_KEPT, _MOST_FONT_PARTS = 16, 100
_REFERENCE = re.compile(rb"\b(\d+) (\d+) R\b")
# A published form has a few hundred parts; a file beyond this limit is not a form of ours.
_MOST_PARTS = 20_000
# White space for every PDF reader (ISO 32000-1 table 1); a vertical tab is not.
_WHITE = (b"\0", b"\t", b"\n", b"\f", b"\r", b" ")
_SPACES = re.compile(rb"[\0\t\n\f\r ]+")
# Writers spell the same number differently (.5, 0.50); no string in a form has a number with a decimal point.
_NUMBER = re.compile(rb"[-+]?\d*\.\d+")


def static_digest(content: bytes) -> str:
    """Return the SHA-256 (hex) of everything static: not of values, appearances, the serial and signature fields.

    Raises NotThisForm when the bytes cannot be read as a PDF, or nest too deeply.
    """
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            return _digest(pdf, _annotations(pdf))
    except pikepdf.PdfError as error:
        raise NotThisForm(f"Berkas tidak dapat dibaca sebagai formulir ({error}).") from error


def genuine(content: bytes, form: Form) -> bool:
    """Tell whether the page is the published one, and its serial is drawn as we draw it."""
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            return genuine_in(pdf, form)
    except pikepdf.PdfError:
        return False


def genuine_in(pdf: Pdf, form: Form, known: KnownWidgets | None = None) -> bool:
    """Return the same as `genuine`, for an open file; `known` is what was read of its widgets."""
    try:
        pages = _annotations(pdf, known)
        unchanged = _digest(pdf, pages) == form.static_digest and serial_in(pdf) is not None
        return unchanged and slots_are_in_place(pages, form) and reads_aloud_as_published(pdf, form, pages)
    except (FormsError, *MALFORMED):
        return False


def _annotations(pdf: Pdf, known: KnownWidgets | None = None) -> list[list[PageAnnotation]]:
    try:
        return [annotations_on(page.obj, known) for page in pdf.pages]
    except MALFORMED as error:
        raise NotThisForm(f"Berkas tidak dapat dibaca sebagai formulir ({error}).") from error


def _digest(pdf: Pdf, pages: list[list[PageAnnotation]]) -> str:
    try:
        return hashlib.sha256(repr(_static(pdf, pages)).encode()).hexdigest()
    except MALFORMED as error:
        raise NotThisForm(f"Berkas tidak dapat dibaca sebagai formulir ({error}).") from error


def _static(pdf: Pdf, pages: list[list[PageAnnotation]]) -> list[Any]:
    if not no_slot_covers_answers(pages):
        raise NotThisForm("Sebuah tanda tangan menutupi isian formulir.")
    if not empty_slots_draw_nothing(pages):
        raise NotThisForm("Sebuah kolom tanda tangan yang kosong menampilkan sesuatu.")
    if not is_unambiguous(pdf):
        raise NotThisForm("Berkas ini dibaca berbeda-beda oleh aplikasi yang berbeda.")
    root, canonical = pdf.Root, _Canonical(pdf)
    return [
        [_page(page.obj, annotations, canonical) for page, annotations in zip(pdf.pages, pages, strict=True)],
        [(key, canonical.of(root[key])) for key in _ACTIVE_KEYS if key in root],
        _fields_without_widget(pdf),
    ]


def _has_plain_colours(group: Any) -> bool:
    """Tell whether the /Group of a page, which some applications add, blends in a device colour space.

    In another one, or with knockout, a viewer may not show the print (ISO 32000-1 11.4.7; MuPDF does not).
    """
    if group is None:
        return True
    return (
        isinstance(group, pikepdf.Dictionary)
        and set(group.keys()) <= _GROUP_KEYS
        and group.get("/S") == pikepdf.Name.Transparency
        and group.get("/CS", pikepdf.Name.DeviceRGB) in _DEVICE_SPACES
        and group.get("/K", False) is False
    )


def _page(obj: Any, annotations: list[PageAnnotation], canonical: _Canonical) -> list[Any]:
    if not _has_plain_colours(obj.get("/Group")):
        raise NotThisForm("Halaman berkas ini ditampilkan berbeda-beda oleh aplikasi yang berbeda.")
    content = _content(obj)
    widgets = [
        _static_annotation(annotation, canonical) for annotation in annotations if _kind_of(annotation) != "/Sig"
    ]
    return [
        [canonical.of(_inherited(obj, key)) for key in _INHERITED],
        (_known_content_digest if len(content) <= _LONGEST_CONTENT else _content_digest)(content),
        canonical.of(_inherited(obj, "/Resources")),
        [(key, canonical.of(obj[key])) for key in sorted(obj.keys()) if key not in _PAGE_IGNORED],
        sorted(widgets, key=repr),
    ]


def _content(page: Any) -> bytes:
    """Return the content of the page; NotThisForm where its parts meet without white space.

    A part must end between two tokens (ISO 32000-1 table 30): readers that join the parts directly read another token
    there than those that do not.
    """
    parts = [held for part in _parts(page) if (held := decoded(part))]
    if any(one[-1:] not in _WHITE and other[:1] not in _WHITE for one, other in pairwise(parts)):
        raise NotThisForm("Isi halaman terbagi di tengah kata.")
    return b"\n".join(part.strip() for part in parts)


def _content_digest(content: bytes) -> str:
    """Return the digest of a page content, whatever its white space."""
    return hashlib.sha256(b" ".join(_SPACES.split(content.strip(b"\0\t\n\f\r ")))).hexdigest()


_known_content_digest = lru_cache(maxsize=_CONTENTS_KEPT)(_content_digest)


def _parts(page: Any) -> list[Any]:
    contents = page.get("/Contents")
    if contents is None:
        return []
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _inherited(node: Any, key: str) -> Any:
    for _ in range(_DEEPEST):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node.Parent
    return None


def _type_of(annotation: Any) -> str | None:
    """Return the field type, inherited where the widget has none of its own (12.7.3.1)."""
    named = _inherited(annotation, "/FT")
    return str(named) if isinstance(named, pikepdf.Name) else None


def _kind_of(page_annotation: PageAnnotation) -> str | None:
    """Return the field type; None for an annotation that is not a widget, since it may be drawn outside its box."""
    annotation, plain = page_annotation
    if plain is not None:
        return plain.kind
    return _type_of(annotation) if annotation.get("/Subtype") == pikepdf.Name.Widget else None


def _fields_without_widget(pdf: Pdf) -> list[str]:
    """Return the names of fields on no page, of widgets in no field list (which nobody reads), and XFA.

    Signature fields are left out: they may be invisible, and some signers register them on the page only.
    """
    form: Any = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
    in_form = {field.objgen: field for field in form.get("/Fields", [])}
    on_pages = {annotation.objgen: annotation for page in pdf.pages for annotation in page.obj.get("/Annots", [])}
    one_sided = [(on_pages | in_form)[ref] for ref in on_pages.keys() ^ in_form.keys()]
    return sorted(
        [str(field.get("/T")) for field in one_sided if _type_of(field) != "/Sig"]
        + (["/XFA"] if "/XFA" in form else [])
    )


def _static_annotation(page_annotation: PageAnnotation, canonical: _Canonical) -> list[Any] | WrittenRepr:
    annotation, plain = page_annotation
    return _static_entries(annotation, canonical) if plain is None else _static_plain_widget(plain)


@lru_cache(maxsize=_WIDGETS_KEPT)
def _static_plain_widget(plain: PlainWidget) -> WrittenRepr:
    return WrittenRepr(repr(_static_entries(plain.entries, _Canonical())))


def _static_entries(annotation: Any, canonical: _Canonical) -> list[Any]:
    if annotation.get("/Subtype") != pikepdf.Name.Widget:
        return ["annotation", canonical.of(annotation.get("/Subtype")), _numbers(annotation.get("/Rect", []))]
    flags = int(annotation.get("/Ff", 0)) & ~READ_ONLY
    kept = [(key, canonical.of(annotation[key])) for key in _WIDGET_KEYS if key in annotation]
    return ["widget", str(annotation.get("/T")), _numbers(annotation.Rect), flags, kept]


def _numbers(values: Any) -> list[float]:
    return [round(float(number), 1) for number in values]


class _Canonical:
    """Turns any PDF object into nested lists, streams into the digest of their content; limits the number of parts.

    The fonts of a page of `pdf`, which are the same in every file of a form, are turned once.
    """

    def __init__(self, pdf: Pdf | None = None) -> None:
        self._pdf = pdf
        self._left = _MOST_PARTS

    def of(self, value: Any, depth: int = 0, seen: frozenset[tuple[int, int]] = frozenset()) -> Any:
        """Return the value as nested lists, a cycle cut where it closes; NotThisForm beyond the limits."""
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise NotThisForm("Susunan objek berkas terlalu dalam atau terlalu besar.")
        if not isinstance(value, pikepdf.Object):
            return value if isinstance(value, bool) or value is None else round(float(value), 3)
        if value.is_indirect:
            if value.objgen in seen:
                return "circle"
            seen |= {value.objgen}
        if isinstance(value, pikepdf.Stream):
            entries = self._entries(value, depth, seen, _STREAM_IGNORED)
            return ["stream", decoded_digest(value), entries]
        if isinstance(value, pikepdf.Dictionary):
            if str(value.get("/Type")) == "/Page":
                return "page"  # checked separately; followed from here, its answers would be included
            return self._entries(value, depth, seen, frozenset())
        if isinstance(value, pikepdf.Array):
            flat = value.unparse()
            if b" R" not in flat:
                return ["flat", _NUMBER.sub(lambda match: b"%g" % float(match.group()), flat)]
            return [self.of(member, depth + 1, seen) for member in value]
        # A string in the place of a name has the same text, but viewers ignore it (7.3.5).
        disguised = isinstance(value, pikepdf.String) and str(value).startswith("/")
        return ["string" if disguised else "atom", str(value)]

    def _entries(self, value: Any, depth: int, seen: frozenset[tuple[int, int]], ignored: frozenset[str]) -> list[Any]:
        """Return the entries of a dictionary; of the serial without text and drawing, which `serial_in` compares."""
        listed: list[tuple[str, Any]] = []
        for key in sorted(value.keys()):
            if key == XOBJECT_NAME and isinstance(value[key], pikepdf.Stream):
                listed.append(
                    (key, ["serial", self._entries(value[key], depth + 1, seen, _STREAM_IGNORED | {SERIAL_KEY})])
                )
            elif key not in ignored:
                fonts = _fonts_of(value[key], self._pdf) if key == "/Font" and self._pdf is not None else None
                listed.append((key, self.of(value[key], depth + 1, seen) if fonts is None else _known_fonts(fonts)))
        return listed


@dataclass(frozen=True, slots=True)
class _Fonts:
    """A dictionary of fonts, and every object it consists of as written, in the order they are met.

    Equal for two files only where all of these are. `unread` holds the dictionary until it is turned, so that a cache
    keeps no file open.
    """

    written: tuple[bytes, ...]
    unread: list[Any] = field(compare=False, repr=False)


def _fonts_of(fonts: Any, pdf: Pdf) -> _Fonts | None:
    """Return the fonts; None for what is no dictionary, or has more parts than the fonts of any form."""
    if not isinstance(fonts, pikepdf.Dictionary):
        return None
    written = [fonts.unparse(resolved=True)]
    refs = list(dict.fromkeys(_REFERENCE.findall(written[0])))
    for ref in refs:  # grows
        part: Any = pdf.get_object((int(ref[0]), int(ref[1])))
        if isinstance(part, pikepdf.Stream):
            written.append(decoded_digest(part).encode())
            part = part.stream_dict
        text = part.unparse(resolved=True) if isinstance(part, pikepdf.Object) else repr(part).encode()
        written.append(text)
        refs += [other for other in dict.fromkeys(_REFERENCE.findall(text)) if other not in refs]
        if len(refs) > _MOST_FONT_PARTS:
            return None
    return _Fonts(tuple(written), [fonts])


@lru_cache(maxsize=_FONTS_KEPT)
def _known_fonts(fonts: _Fonts) -> WrittenRepr:
    return WrittenRepr(repr(_Canonical().of(fonts.unread.pop())))


# --- Signature slots

# Drawing steps that leave no mark; `DSBlank` is the comment of Acrobat for a blank layer.
MARKLESS = {b"q", b"Q", b"%", b"DSBlank", b"n"}


def slots_are_in_place(pages: Iterable[Sequence[PageAnnotation]], form: Form) -> bool:
    """Tell whether the slots of the form are where they were published, above the name of the person who signs."""
    places = {slot.name: (slot.page, slot.box) for slot in form.slots}
    for number, page in enumerate(pages):
        for page_annotation in page:
            place = places.get(_name(page_annotation))
            box = box_of_annotation(page_annotation) if place is not None else None
            if place is None or box is None:
                continue
            if place[0] != number or any(abs(one - two) > _SLACK for one, two in zip(box, place[1], strict=True)):
                return False
    return True


def _name(page_annotation: PageAnnotation) -> str:
    annotation, plain = page_annotation
    return str(annotation.get("/T")) if plain is None else plain.name


def empty_slots_draw_nothing(pages: Iterable[Sequence[PageAnnotation]]) -> bool:
    """Tell whether unsigned signature fields draw nothing: a painted stamp looks like a signature but is none."""
    return not any(
        _kind_of(page_annotation) == "/Sig" and not is_signed(page_annotation[0]) and _draws(page_annotation[0])
        for page in pages
        for page_annotation in page
    )


def _draws(annotation: Any) -> bool:
    """Tell whether the annotation draws a mark. Some applications give empty slots a drawing without any."""
    drawings = annotation.get("/AP", {})
    return any(
        not isinstance(drawings[mood], Stream) or not set(decoded(drawings[mood]).split()) <= MARKLESS
        for mood in drawings.keys()  # noqa: SIM118 - a PDF dictionary, not a Python one
    )


# --- Signature fields over answers, which no published form has

_BOXES_KEPT = 1024


def no_slot_covers_answers(pages: Iterable[Sequence[PageAnnotation]]) -> bool:
    """Tell whether no unsigned signature field overlaps the widget of another field, on every page.

    What the stamps of signed fields cover is checked in `parsers.stamps`.
    """
    for page in pages:
        signatures: list[Box] = []
        answers: list[Box] = []
        for page_annotation in page:
            box = box_of_annotation(page_annotation)
            if box is not None:
                if _kind_of(page_annotation) != "/Sig":
                    answers.append(box)
                elif not is_signed(page_annotation[0]):
                    signatures.append(box)
        if any(_overlaps(one, other) for one in signatures for other in answers):
            return False
    return True


def is_signed(annotation: Any) -> bool:
    """Tell whether a signature field has a value, its own or inherited (12.7.3.1)."""
    return "/V" in annotation or "/V" in annotation.get("/Parent", {})


def box_of_annotation(page_annotation: PageAnnotation) -> Box | None:
    """Return `box_of` the annotation, cached for plain widgets."""
    annotation, plain = page_annotation
    return box_of(annotation) if plain is None else _box_of_plain_widget(plain)


@lru_cache(maxsize=_BOXES_KEPT)
def _box_of_plain_widget(plain: PlainWidget) -> Box | None:
    return box_of(plain.entries)


def box_of(annotation: Any) -> Box | None:
    """Return the rectangle of an annotation; None for one without area, which shows nothing."""
    one, two, three, four = (float(corner) for corner in annotation.Rect)
    left, right = sorted((one, three))
    bottom, top = sorted((two, four))
    return (left, bottom, right, top) if right > left and top > bottom else None


def _overlaps(one: Box, other: Box) -> bool:
    return (
        one[0] + _SLACK < other[2]
        and other[0] + _SLACK < one[2]
        and one[1] + _SLACK < other[3]
        and other[1] + _SLACK < one[3]
    )


# --- Files that readers may read differently, which would show signers something else than we read
#
# This concerns the whole file, also what nobody has signed yet: form and record are read from it. What is appended
# after a signature is checked more strictly in `signing.changes.unambiguous`.

# Warnings of qpdf about dictionaries with a duplicated key in whatever spelling (some readers take the first, some the
# last), streams with a wrong length (some readers believe it, some look for the end), a page tree that qpdf repaired,
# and omitted objects. Its other warnings are about harmless habits.
_AMBIGUOUS = (
    "duplicated key",
    "expected endstream",
    "recovered stream length",
    "in the pages tree",
    "is direct; converting to indirect",
    "/Type key should be /Page",
    "limits error",
)
# Objects numbered /Size and above do not exist for readers that follow ISO 32000-1 7.5.5, but do for others (poppler
# and PDFium, where a table lists them). A /Size that is too large hides nothing, nor does one that is corrected later.
_SIZE = re.compile(r"reported number of objects \((\d+)\) is not one plus the highest object number \((\d+)\)")
# Readers that rebuild a file from the headers of its objects disagree about a header inside a comment.
_OBJECT_IN_COMMENT = re.compile(rb"%[^\r\n]*?[\0\t\f %]\d{1,10}[\0\t\f ]+\d{1,5}[\0\t\f ]+obj\b")
_HEADER, _BLANK, _NEAR = re.compile(rb"obj\b"), b"\0\t\f ", 64
_DEEPEST_TREE, _MOST_KIDS = 32, 200


def is_unambiguous(pdf: Pdf) -> bool:
    """Tell whether every object of the file, referenced or not, and the page tree have one reading only."""
    len(pdf.objects)  # makes qpdf read all of them: it warns only about what it has read
    for warning in pdf.get_warnings():
        text = str(warning)
        sizes = _SIZE.search(text)
        if any(phrase in text for phrase in _AMBIGUOUS) or (sizes is not None and int(sizes[1]) <= int(sizes[2])):
            return False
    return _count_pages(pdf.Root.get("/Pages"), None, 0) is not None


def has_object_in_comment(pdf: bytes) -> bool:
    """Tell whether the header of an object is inside a comment."""
    for header in _HEADER.finditer(pdf):
        # Writers begin a line with it. The whole file is searched only where one does not.
        at = header.start()
        if at == 0 or pdf[at - 1] not in _BLANK:
            continue  # the end of an object
        near = max(at - _NEAR, 0)
        begin = max(pdf.rfind(b"\n", near, at), pdf.rfind(b"\r", near, at))
        if begin < 0 or pdf.find(b"%", begin, at) >= 0:
            return _OBJECT_IN_COMMENT.search(pdf) is not None
    return False


def _count_pages(node: Any, above: Object | None, depth: int) -> int | None:
    """Return the number of pages below a node; None where nodes, counts or parents disagree (7.7.3.2).

    Some readers believe the count, some walk the tree; a page inherits from the parent it names.
    """
    if not isinstance(node, Dictionary) or not node.is_indirect or depth > _DEEPEST_TREE:
        return None
    parent = node.get("/Parent")
    if (parent.objgen if isinstance(parent, Dictionary) else None) != (above.objgen if above is not None else None):
        return None
    if "/Kids" not in node:
        return 1 if above is not None and str(node.get("/Type")) == "/Page" else None
    kids = node.get("/Kids")
    if not isinstance(kids, Array) or len(kids) > _MOST_KIDS or str(node.get("/Type")) != "/Pages":
        return None
    total = 0
    for kid in kids:
        below = _count_pages(kid, node, depth + 1)
        if below is None:
            return None
        total += below
    return total if node.get("/Count") == total else None
