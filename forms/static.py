"""What of a form never changes: page, fonts, fields as published; so that a changed page is told from a filled one."""

from __future__ import annotations

import hashlib
import io
import re
from typing import Any

import pikepdf
from pikepdf import Pdf

from forms.errors import FormsError, NotThisForm
from forms.schema import Form
from forms.serial import serial_of
from forms.serialdraw import NAME

_READ_ONLY = 1
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
}
_STREAM_LOOSE = {"/Length", "/Filter", "/DecodeParms", "/Length1", "/Type"}
# Anything that can act or switch what is seen; compared as a whole.
_CATALOG_ACTIVE = ("/OCProperties", "/OpenAction", "/AA", "/Names", "/Outlines", "/Threads", "/Perms", "/PageLabels")
_WIDGET_KEYS = ("/FT", "/MaxLen", "/Opt", "/TU", "/F", "/AA", "/A", "/OC", "/Q")
_DEEPEST = 60
# Writers spell the same number differently (.5, 0.50); inside strings nothing here has a lone decimal point.
_NUMBER = re.compile(rb"[-+]?\d*\.\d+")


def static_digest(pdf: bytes) -> str:
    """SHA-256 (hex) over everything static; values, appearances, the serial and signature fields are left out.

    Raises NotThisForm when the bytes cannot be read as a PDF or nest without end.
    """
    try:
        with Pdf.open(io.BytesIO(pdf)) as opened:
            return hashlib.sha256(repr(_static(opened)).encode()).hexdigest()
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise NotThisForm(f"Berkas tidak dapat dibaca sebagai formulir ({error}).") from error


def genuine(pdf: bytes, form: Form) -> bool:
    """Whether the page is the published one and its serial drawn as we draw it."""
    try:
        return static_digest(pdf) == form.static_digest and serial_of(pdf) is not None
    except FormsError:
        return False


def _static(pdf: Pdf) -> list[Any]:
    root = pdf.Root
    return [
        [_page(page.obj, page) for page in pdf.pages],
        [(key, _canonical(root[key], 0, set())) for key in _CATALOG_ACTIVE if key in root],
    ]


def _page(obj: Any, page: pikepdf.Page) -> list[Any]:
    content = b"\n".join(part.read_bytes().strip() for part in _parts(obj))
    loose = [(key, _canonical(obj[key], 0, set())) for key in sorted(obj.keys()) if key not in _PAGE_LOOSE]
    widgets = [_widget(each) for each in obj.get("/Annots", []) if _type_of(each) != "/Sig"]
    return [
        [round(float(each), 2) for each in page.mediabox],
        hashlib.sha256(b" ".join(content.split())).hexdigest(),
        _canonical(obj.Resources, 0, set()),
        [pair for pair in loose if pair[0] != "/MediaBox"],
        sorted(widgets, key=repr),
    ]


def _parts(page: Any) -> list[Any]:
    contents = page.get("/Contents")
    if contents is None:
        return []
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def _type_of(annotation: Any) -> str | None:
    """The field type, inherited from the parent where the widget has none of its own (12.7.3.1)."""
    for _ in range(_DEEPEST):
        if "/FT" in annotation:
            return str(annotation.FT)
        if "/Parent" not in annotation:
            return None
        annotation = annotation.Parent
    return None


def _widget(annotation: Any) -> list[Any]:
    if str(annotation.get("/Subtype")) != "/Widget":
        return ["annotation", _canonical(annotation.get("/Subtype"), 0, set()), _numbers(annotation.get("/Rect", []))]
    flags = int(annotation.get("/Ff", 0)) & ~_READ_ONLY
    kept = [(key, _canonical(annotation[key], 0, set())) for key in _WIDGET_KEYS if key in annotation]
    return ["widget", str(annotation.get("/T")), _numbers(annotation.Rect), flags, kept]


def _numbers(values: Any) -> list[float]:
    return [round(float(each), 1) for each in values]


def _canonical(value: Any, depth: int, seen: set[tuple[int, int]]) -> Any:
    """Any PDF object as nested lists, streams by the digest of what they decode to; circles end where they close."""
    if depth > _DEEPEST:
        raise NotThisForm("Susunan objek berkas terlalu dalam.")
    if isinstance(value, pikepdf.Object):
        if value.is_indirect:
            if value.objgen in seen:
                return "circle"
            seen = seen | {value.objgen}
        if isinstance(value, pikepdf.Stream):
            entries = _entries(value, depth, seen, _STREAM_LOOSE)
            return ["stream", hashlib.sha256(value.read_bytes()).hexdigest(), entries]
        if isinstance(value, pikepdf.Dictionary):
            if str(value.get("/Type")) == "/Page":
                return "page"  # judged by itself; following it from here would judge its answers too
            return _entries(value, depth, seen, set())
        if isinstance(value, pikepdf.Array):
            flat = value.unparse()
            if b" R" not in flat:
                return ["flat", _NUMBER.sub(lambda match: b"%g" % float(match.group()), flat)]
            return [_canonical(each, depth + 1, seen) for each in value]
        return ["atom", str(value)]
    if isinstance(value, bool) or value is None:
        return value
    return round(float(value), 3)


def _entries(value: Any, depth: int, seen: set[tuple[int, int]], loose: set[str]) -> list[Any]:
    return [
        (key, _canonical(value[key], depth + 1, seen))
        for key in sorted(value.keys())
        if key not in loose and key != NAME
    ]
