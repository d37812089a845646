"""What of a form never changes: page, fonts, fields as published; so that a changed page is told from a filled one."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from forms.errors import FormsError, NotThisForm
from forms.pdf import Plain, Shown, Spelled, decoded, decoded_digest, shown_on
from forms.read_aloud import SPOKEN, says_as_published
from forms.schema import Form
from forms.serial import KEY, NAME, serial_in

_SLACK = 0.5  # points: writers round

_READ_ONLY = 1
# Page attributes that may stand in a node above the page (ISO 32000-1 table 30).
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate")
# Keys of a page that name its surroundings or are judged by themselves, not its face.
_PAGE_LOOSE = {
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
_STREAM_LOOSE = frozenset({"/Length", "/Filter", "/DecodeParms", "/Length1", "/Type"})
# Anything that can act or switch what is seen; compared as a whole.
_CATALOG_ACTIVE = ("/OCProperties", "/OpenAction", "/AA", "/Names", "/Outlines", "/Threads", "/Perms", "/PageLabels")
_WIDGET_KEYS = ("/FT", "/MaxLen", "/Opt", "/TU", "/F", "/AA", "/A", "/OC", "/Q", "/CA", "/ca", "/BM", *SPOKEN)
_DEEPEST = 60
# Page contents come back in every file of a form; those of honest size are digested once.
_KEPT, _LONGEST, _KEPT_FACES = 16, 200_000, 1024
_MISSHAPEN = (pikepdf.PdfError, zlib.error, RecursionError, ValueError, TypeError, AttributeError, KeyError)
# A published form has a few hundred parts; a file beyond this limit is no form of ours.
_MOST_PARTS = 20_000
# What separates words for every reader of PDF (ISO 32000-1 table 1); a vertical tab does not.
_WHITE = (b"\0", b"\t", b"\n", b"\f", b"\r", b" ")
_BLANKS = re.compile(rb"[\0\t\n\f\r ]+")
# Writers spell the same number differently (.5, 0.50); inside strings nothing here has a lone decimal point.
_NUMBER = re.compile(rb"[-+]?\d*\.\d+")


def static_digest(pdf: bytes) -> str:
    """SHA-256 (hex) over everything static; values, appearances, the serial and signature fields are left out.

    Raises NotThisForm when the bytes cannot be read as a PDF or nest without end.
    """
    try:
        with Pdf.open(io.BytesIO(pdf)) as opened:
            return _digest(opened, _shown(opened))
    except pikepdf.PdfError as error:
        raise NotThisForm(f"Berkas tidak dapat dibaca sebagai formulir ({error}).") from error


def genuine(pdf: bytes, form: Form) -> bool:
    """Whether the page is the published one and its serial drawn as we draw it."""
    try:
        with Pdf.open(io.BytesIO(pdf)) as opened:
            return genuine_in(opened, form)
    except pikepdf.PdfError:
        return False


def genuine_in(opened: Pdf, form: Form) -> bool:
    """The same for a file already opened."""
    try:
        shown = _shown(opened)
        same = _digest(opened, shown) == form.static_digest and serial_in(opened) is not None
        return same and slots_stand_in_place(shown, form) and says_as_published(opened, form, shown)
    except (FormsError, *_MISSHAPEN):
        return False


def _shown(opened: Pdf) -> list[list[Shown]]:
    try:
        return [shown_on(page.obj) for page in opened.pages]
    except _MISSHAPEN as error:
        raise NotThisForm(f"Berkas tidak dapat dibaca sebagai formulir ({error}).") from error


def _digest(opened: Pdf, shown: list[list[Shown]]) -> str:
    try:
        return hashlib.sha256(repr(_static(opened, shown)).encode()).hexdigest()
    except _MISSHAPEN as error:
        raise NotThisForm(f"Berkas tidak dapat dibaca sebagai formulir ({error}).") from error


def _static(pdf: Pdf, shown: list[list[Shown]]) -> list[Any]:
    if not answers_are_clear(shown, _kind_of):
        raise NotThisForm("Sebuah tanda tangan menutupi isian formulir.")
    if not unsigned_show_nothing(shown, _kind_of):
        raise NotThisForm("Sebuah kolom tanda tangan yang kosong menampilkan sesuatu.")
    if not read_alike(pdf):
        raise NotThisForm("Berkas ini dibaca berbeda-beda oleh aplikasi yang berbeda.")
    root, reading = pdf.Root, _Canon()
    return [
        [_page(page.obj, each, reading) for page, each in zip(pdf.pages, shown, strict=True)],
        [(key, reading.of(root[key])) for key in _CATALOG_ACTIVE if key in root],
        _fields_without_widget(pdf),
    ]


def _is_plain_group(group: Any) -> bool:
    """Whether a page's /Group, which some applications add, blends in a colour space that every viewer has of its own.

    In another one, or knocking out what lies below, a viewer may lose the print (ISO 32000-1 11.4.7; MuPDF does).
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


def _page(obj: Any, shown: list[Shown], reading: _Canon) -> list[Any]:
    if not _is_plain_group(obj.get("/Group")):
        raise NotThisForm("Halaman berkas ini ditampilkan berbeda-beda oleh aplikasi yang berbeda.")
    content = _content(obj)
    widgets = [_face(each, reading) for each in shown if _kind_of(each) != "/Sig"]
    return [
        [reading.of(_inherited(obj, key)) for key in _INHERITED],
        (_known_words if len(content) <= _LONGEST else _words)(content),
        reading.of(_inherited(obj, "/Resources")),
        [(key, reading.of(obj[key])) for key in sorted(obj.keys()) if key not in _PAGE_LOOSE],
        sorted(widgets, key=repr),
    ]


def _content(page: Any) -> bytes:
    """What the page draws; NotThisForm where its parts touch without white space between them.

    A part ends between two words of the content (ISO 32000-1 table 30); readers that set them end to end read another
    word there than those that do not.
    """
    parts = [held for part in _parts(page) if (held := decoded(part))]
    if any(one[-1:] not in _WHITE and other[:1] not in _WHITE for one, other in pairwise(parts)):
        raise NotThisForm("Isi halaman terbagi di tengah kata.")
    return b"\n".join(each.strip() for each in parts)


def _words(content: bytes) -> str:
    """The digest of what a page draws, however it is spaced."""
    return hashlib.sha256(b" ".join(_BLANKS.split(content.strip(b"\0\t\n\f\r ")))).hexdigest()


_known_words = lru_cache(maxsize=_KEPT)(_words)


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
    """The field type, inherited from the parent where the widget has none of its own (12.7.3.1)."""
    named = _inherited(annotation, "/FT")
    return str(named) if isinstance(named, pikepdf.Name) else None


def _kind_of(shown: Shown) -> str | None:
    """None for an annotation that is no widget: whatever it calls itself, it may be drawn outside its rectangle."""
    annotation, said = shown
    if (annotation if said is None else said.told).get("/Subtype") != pikepdf.Name.Widget:
        return None
    return _type_of(annotation) if said is None else said.kind


def _fields_without_widget(pdf: Pdf) -> list[str]:
    """Fields on no page, widgets in no field list (nobody reads them), signatures apart; and XFA.

    Signatures may be invisible, and some signers register them on the page only.
    """
    form: Any = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
    listed = {each.objgen: each for each in form.get("/Fields", [])}
    shown = {each.objgen: each for page in pdf.pages for each in page.obj.get("/Annots", [])}
    apart = [(shown | listed)[place] for place in shown.keys() ^ listed.keys()]
    return sorted(
        [str(each.get("/T")) for each in apart if _type_of(each) != "/Sig"] + (["/XFA"] if "/XFA" in form else [])
    )


def _face(shown: Shown, reading: _Canon) -> list[Any] | Spelled:
    annotation, said = shown
    return _widget(annotation, reading) if said is None else _said_face(said)


@lru_cache(maxsize=_KEPT_FACES)
def _said_face(said: Plain) -> Spelled:
    return Spelled(repr(_widget(said.told, _Canon())))


def _widget(annotation: Any, reading: _Canon) -> list[Any]:
    if annotation.get("/Subtype") != pikepdf.Name.Widget:
        return ["annotation", reading.of(annotation.get("/Subtype")), _numbers(annotation.get("/Rect", []))]
    flags = int(annotation.get("/Ff", 0)) & ~_READ_ONLY
    kept = [(key, reading.of(annotation[key])) for key in _WIDGET_KEYS if key in annotation]
    return ["widget", str(annotation.get("/T")), _numbers(annotation.Rect), flags, kept]


def _numbers(values: Any) -> list[float]:
    return [round(float(each), 1) for each in values]


class _Canon:
    """Any PDF object as nested lists, streams by the digest of what they decode to; counts what it has read."""

    def __init__(self) -> None:
        self._left = _MOST_PARTS

    def of(self, value: Any, depth: int = 0, seen: frozenset[tuple[int, int]] = frozenset()) -> Any:
        """Circles end where they close; NotThisForm beyond the limits."""
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
            entries = self._entries(value, depth, seen, _STREAM_LOOSE)
            return ["stream", decoded_digest(value), entries]
        if isinstance(value, pikepdf.Dictionary):
            if str(value.get("/Type")) == "/Page":
                return "page"  # judged by itself; following it from here would judge its answers too
            return self._entries(value, depth, seen, frozenset())
        if isinstance(value, pikepdf.Array):
            flat = value.unparse()
            if b" R" not in flat:
                return ["flat", _NUMBER.sub(lambda match: b"%g" % float(match.group()), flat)]
            return [self.of(each, depth + 1, seen) for each in value]
        # A string in the place of a name looks the same here and is nothing to a viewer (7.3.5).
        disguised = isinstance(value, pikepdf.String) and str(value).startswith("/")
        return ["string" if disguised else "atom", str(value)]

    def _entries(self, value: Any, depth: int, seen: frozenset[tuple[int, int]], loose: frozenset[str]) -> list[Any]:
        """Of the serial only the frame: what it draws and says is compared by `forms.serial.serial_of`."""
        listed: list[tuple[str, Any]] = []
        for key in sorted(value.keys()):
            if key == NAME and isinstance(value[key], pikepdf.Stream):
                listed.append((key, ["serial", self._entries(value[key], depth + 1, seen, _STREAM_LOOSE | {KEY})]))
            elif key not in loose:
                listed.append((key, self.of(value[key], depth + 1, seen)))
        return listed


# --- The places to sign: where they were published, and nothing in them before somebody signs

_MARKLESS = {b"q", b"Q", b"%", b"DSBlank", b"n"}


def slots_stand_in_place(pages: Iterable[Sequence[Shown]], form: Form) -> bool:
    """Whether the form's own slots are where they were published: above the name of the person who signs there."""
    homes = {slot.name: (slot.page, slot.box) for slot in form.slots}
    for number, page in enumerate(pages):
        for shown in page:
            home = homes.get(_name(shown))
            box = place_of(shown) if home is not None else None
            if home is None or box is None:
                continue
            if home[0] != number or any(abs(one - two) > _SLACK for one, two in zip(box, home[1], strict=True)):
                return False
    return True


def _name(shown: Shown) -> str:
    annotation, said = shown
    return str((annotation if said is None else said.told).get("/T"))


def unsigned_show_nothing(pages: Iterable[Sequence[Shown]], field_type: Callable[[Shown], str | None]) -> bool:
    """Whether signature fields nobody signed draw nothing: a painted stamp looks like a signature and is none."""
    return not any(
        field_type(shown) == "/Sig" and not is_signed(shown[0]) and _draws(shown[0]) for page in pages for shown in page
    )


def _draws(annotation: Any) -> bool:
    """Some applications give empty slots an empty drawing of white space or of steps without any mark."""
    drawings = annotation.get("/AP", {})
    return any(
        not isinstance(drawings[mood], Stream) or not set(decoded(drawings[mood]).split()) <= _MARKLESS
        for mood in drawings.keys()  # noqa: SIM118 - a PDF dictionary, not a Python one
    )


# --- Places for signatures that lie over an answer, which the published form does not have

_KEPT_BOXES = 1024
Box = tuple[float, float, float, float]


def answers_are_clear(pages: Iterable[Sequence[Shown]], field_type: Callable[[Shown], str | None]) -> bool:
    """Whether no signature field that nobody signed overlaps any other field's widget, on every page.

    What the stamps of those who signed lie over is judged by what they cover (`parsers.stamps`).
    """
    for page in pages:
        signatures: list[Box] = []
        answers: list[Box] = []
        for shown in page:
            box = place_of(shown)
            if box is not None:
                if field_type(shown) != "/Sig":
                    answers.append(box)
                elif not is_signed(shown[0]):
                    signatures.append(box)
        if any(_overlap(one, other) for one in signatures for other in answers):
            return False
    return True


def is_signed(annotation: Any) -> bool:
    """Whether a signature field has a value, which may stand in a field above the widget (12.7.3.1)."""
    return "/V" in annotation or "/V" in annotation.get("/Parent", {})


def place_of(shown: Shown) -> Box | None:
    """The same as `box_of`."""
    annotation, said = shown
    return box_of(annotation) if said is None else _said_place(said)


@lru_cache(maxsize=_KEPT_BOXES)
def _said_place(said: Plain) -> Box | None:
    return box_of(said.told)


def box_of(annotation: Any) -> Box | None:
    """Left, bottom, right, top in points; None for a widget without area, which shows nothing."""
    one, two, three, four = (float(each) for each in annotation.Rect)
    left, right = sorted((one, three))
    bottom, top = sorted((two, four))
    return (left, bottom, right, top) if right > left and top > bottom else None


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] + _SLACK < other[2]
        and other[0] + _SLACK < one[2]
        and one[1] + _SLACK < other[3]
        and other[1] + _SLACK < one[3]
    )


# --- Whether every reader reads a file alike: one that shows each of them something else makes signers vouch for a
# lie
#
# This is about the whole file, also what nobody has signed yet: the form and the record are read from it. What is
# appended after a signature is judged more strictly where signatures are (`signing.changes.unambiguous`).

# What qpdf says of dictionaries with a key given twice, in whatever spelling (some readers take the first, some the
# last); of streams whose length is a lie (some believe it, some look for the end); of a page tree it had to mend; and
# of what it left out. Its other warnings are about harmless habits.
_TOLD = (
    "duplicated key",
    "expected endstream",
    "recovered stream length",
    "in the pages tree",
    "is direct; converting to indirect",
    "/Type key should be /Page",
    "limits error",
)
# Objects numbered /Size and above are missing to readers that follow ISO 32000-1 7.5.5, and there for others (poppler
# and PDFium, where a table lists them). One that is too large hides nothing, nor does one that is corrected later.
_SIZE = re.compile(r"reported number of objects \((\d+)\) is not one plus the highest object number \((\d+)\)")
# Readers that rebuild a file by the headers of its objects disagree on one that stands in a comment.
_IN_A_COMMENT = re.compile(rb"%[^\r\n]*?[\0\t\f %]\d{1,10}[\0\t\f ]+\d{1,5}[\0\t\f ]+obj\b")
_HEADER, _BLANK, _NEAR = re.compile(rb"obj\b"), (b"\0", b"\t", b"\f", b" "), 64
_DEEPEST_VALUE, _MOST = 32, 200


def read_alike(pdf: Pdf) -> bool:
    """Look at every object of the file, whoever refers to it, and at the tree of its pages."""
    len(pdf.objects)  # has them all read: qpdf warns of what it has read
    for warning in pdf.get_warnings():
        told = str(warning)
        sizes = _SIZE.search(told)
        if any(word in told for word in _TOLD) or (sizes is not None and int(sizes[1]) <= int(sizes[2])):
            return False
    return _counted(pdf.Root.get("/Pages"), None, 0) is not None


def has_object_in_comment(pdf: bytes) -> bool:
    """Whether the header of an object stands in a comment."""
    for header in _HEADER.finditer(pdf):
        # Writers begin a line with it. Only where one does not, the whole file is searched.
        at = header.start()
        near = max(at - _NEAR, 0)
        begin = max(pdf.rfind(b"\n", near, at), pdf.rfind(b"\r", near, at))
        if pdf[at - 1 : at] in _BLANK and (begin < 0 or pdf.find(b"%", begin, at) >= 0):
            return _IN_A_COMMENT.search(pdf) is not None
    return False


def _counted(node: Any, above: Object | None, depth: int) -> int | None:
    """The pages below a node of the page tree; None where nodes, their counts or their parents disagree (7.7.3.2).

    Some readers believe the count, some walk the tree; what a page inherits comes from the parent it names.
    """
    if not isinstance(node, Dictionary) or not node.is_indirect or depth > _DEEPEST_VALUE:
        return None
    parent = node.get("/Parent")
    if (parent.objgen if isinstance(parent, Dictionary) else None) != (above.objgen if above is not None else None):
        return None
    if "/Kids" not in node:
        return 1 if above is not None and str(node.get("/Type")) == "/Page" else None
    kids = node.get("/Kids")
    if not isinstance(kids, Array) or len(kids) > _MOST or str(node.get("/Type")) != "/Pages":
        return None
    total = 0
    for kid in kids:
        below = _counted(kid, node, depth + 1)
        if below is None:
            return None
        total += below
    return total if node.get("/Count") == total else None
