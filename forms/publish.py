"""Publish a form: `python -m forms.publish lampiran-i 1` writes its blank, once; it is never edited afterwards."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream, String

from forms.catalog import find_form, form_font
from forms.fill import FONT_NAME, form_xobject
from forms.genuine import static_digest
from forms.render import Renderer
from forms.schema import Form, Kind
from forms.serial import SERIAL_BOX, SERIAL_KEY, XOBJECT_NAME
from forms.typesetting.fonts import to_unicode
from forms.typesetting.paper import MM

# Field flags, ISO 32000-1 tables 221, 228 and 230.
MULTILINE, NO_SCROLL, NO_SPELL_CHECK, COMBO = 1 << 12, 1 << 23, 1 << 22, 1 << 17
_TINT = "0.945 0.957 0.980 rg"


def render_form(form: Form, renderer: Renderer) -> bytes:
    """Return the template of the form as drawn by WeasyPrint; `make_blank` makes a blank of it."""
    name = f"{form.id}-{form.version}"
    slots = {
        slot.name: {
            "left": round(slot.box[0] / MM, 2),
            "top": round(297 - slot.box[3] / MM, 2),
            "width": round((slot.box[2] - slot.box[0]) / MM, 2),
            "height": round((slot.box[3] - slot.box[1]) / MM, 2),
        }
        for slot in form.slots
    }
    context = {"form": form, "fields": {field.name: field for field in form.fields}, "slots": slots}
    return renderer.render(f"{name}.html", context, sheets=("print.css", f"{name}.css"), fillable=True)


def make_blank(form: Form, rendered: bytes, font: SubsetFont) -> bytes:
    """Return a blank every program can fill: a font in /DR, real (empty) appearances, nothing left to viewers."""
    with Pdf.open(io.BytesIO(rendered)) as pdf:
        page = pdf.pages[0]
        simple, composite = embed(pdf, font)
        widgets = {str(widget.T): widget for widget in page.obj.Annots}
        missing = [field.name for field in form.fields if field.name not in widgets]
        if missing or len(widgets) != len(form.fields):
            raise ValueError(f"template and catalog differ: {missing}")
        for field in form.fields:
            _finish_widget(pdf, widgets[field.name], field.kind, composite)
        # Reading and tab order follow the catalog.
        pdf.Root.AcroForm = pdf.make_indirect(
            Dictionary(
                Fields=Array([widgets[field.name] for field in form.fields]),
                DR=Dictionary(Font=Dictionary({"/CmbF": simple, f"/{FONT_NAME}": composite})),
                DA=String("/CmbF 10 Tf 0 g"),
            )
        )
        _place_serial(pdf, page, composite)
        _tint(pdf, page, [widgets[field.name] for field in form.fields if not field.prefilled])
        drop_unused_resources(page)
        simplify_structure(pdf)
        written = io.BytesIO()
        pdf.save(written, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return written.getvalue()


def _finish_widget(pdf: Pdf, widget: Any, kind: Kind, composite: pikepdf.Object) -> None:
    left, low, right, high = (float(edge) for edge in widget.Rect)
    bottom, top = sorted((low, high))
    widget.Rect = Array([round(edge, 2) for edge in (left, bottom, right, top)])
    flags = {Kind.LONG_TEXT: MULTILINE | NO_SCROLL | NO_SPELL_CHECK, Kind.CHOICE: COMBO}
    widget.Ff = flags.get(kind, NO_SCROLL | NO_SPELL_CHECK)
    widget.DA = String("/CmbF 9 Tf 0 g" if kind is Kind.LONG_TEXT else "/CmbF 10 Tf 0 g")
    widget.F = 4
    for key in ("/V", "/MK", "/BS", "/DV"):
        if key in widget:
            del widget[key]
    if kind is Kind.CHOICE:
        widget.Opt = Array([option for option in widget.Opt if str(option[0])])
    empty = form_xobject(pdf, b"/Tx BMC\nEMC\n", (left, bottom, right, top), composite)
    widget.AP = Dictionary(N=empty)


def _place_serial(pdf: Pdf, page: Page, composite: pikepdf.Object) -> None:
    drawing = form_xobject(pdf, b"", SERIAL_BOX, composite)
    drawing[SERIAL_KEY] = String("")
    if "/XObject" not in page.obj.Resources:
        page.obj.Resources.XObject = Dictionary()
    page.obj.Resources.XObject[XOBJECT_NAME] = drawing
    call = f"/Artifact BMC q 1 0 0 1 {SERIAL_BOX[0]} {SERIAL_BOX[1]} cm {XOBJECT_NAME} Do Q EMC\n"
    # The renderer changes the coordinate system; q and Q restore it before ours.
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n" + call.encode("ascii"), prepend=False)


def _tint(pdf: Pdf, page: Page, widgets: list[Any]) -> None:
    """Tint the fields on screen but not in print: an optional content group with /Print OFF (8.11.4.4)."""
    usage = Dictionary(View=Dictionary(ViewState=Name.ON), Print=Dictionary(PrintState=Name.OFF))
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Kolom isian di layar"), Usage=usage))
    groups = Array([group])
    events = Array(
        [
            Dictionary(Event=Name(f"/{event}"), OCGs=groups, Category=Array([Name(f"/{event}")]))
            for event in ("View", "Print")
        ]
    )
    pdf.Root.OCProperties = Dictionary(OCGs=groups, D=Dictionary(ON=groups, AS=events, Order=Array([])))
    page.obj.Resources.Properties = Dictionary(CmbTint=group)
    boxes = [[float(edge) for edge in widget.Rect] for widget in widgets]
    areas = " ".join(f"{x:.2f} {y:.2f} {right - x:.2f} {top - y:.2f} re" for x, y, right, top in boxes)
    page.contents_add(f"/Artifact BMC /OC /CmbTint BDC q {_TINT} {areas} f Q EMC EMC\n".encode("ascii"), prepend=True)


def main(form_id: str, version: str) -> None:
    """Write the blank and the glyph widths; a published blank is never overwritten."""
    form = find_form(form_id, int(version))
    folder = Path(__file__).parent / "published"
    if (folder / form.file).exists():
        sys.exit(f"{form.file} is published; a change is a new version.")
    font, numbers = subset_font(form_font()), folder / "face.json"
    if numbers.exists() and numbers.read_bytes() != font.table():
        sys.exit("face.json belongs to published forms; another face needs another file.")
    numbers.write_bytes(font.table())
    blank = make_blank(form, render_form(form, Renderer()), font)
    (folder / form.file).write_bytes(blank)
    sys.stdout.write(f"static digest: {static_digest(blank)}\n")


# --- Structure tree
#
# The renderer wraps every box and every run of text in an element. Each is an object to be written and checked with
# every form, and two thirds of them have no meaning (ISO 32000-1 14.8.4). What a screen reader needs is kept: headings,
# paragraphs and fields in reading order.

_KEPT_ROLES = frozenset({"/H1", "/H2", "/H3", "/P", "/Form"})
# These become paragraphs.
_BLOCK_ROLES = frozenset({"/Div", "/Span"})


def simplify_structure(pdf: Pdf) -> None:
    """Keep headings, paragraphs and form elements below one Document; update the parent tree (14.7.4.4)."""
    tree = pdf.Root.StructTreeRoot
    document = tree.K[0] if isinstance(tree.K, Array) else tree.K
    document.K = Array(_simplified(document, inside=False))
    owners: dict[int, Any] = {}
    for element in document.K:
        element.P = document
        owners.update({int(kid): element for kid in element.K if isinstance(kid, int)})
    marked = next(entry for entry in tree.ParentTree.Nums if isinstance(entry, Array))
    for mark in range(len(marked)):
        marked[mark] = owners[mark]


def _simplified(element: Any, *, inside: bool) -> list[Any]:
    """Return the kids to keep: block elements, or marks and references when `inside` a block."""
    kids: list[Any] = []
    for kid in element.K if isinstance(element.K, Array) else [element.K]:
        if isinstance(kid, int):
            kids.append(kid)
        elif str(kid.get("/Type")) == "/OBJR":
            kids.append(Dictionary({str(key): value for key, value in kid.items()}))  # direct: one object less
        elif "/K" in kid:
            kids += _simplified_kid(kid, str(kid.S), inside=inside)
    return kids


def _simplified_kid(kid: Any, role: str, *, inside: bool) -> list[Any]:
    block = not inside and (role in _KEPT_ROLES or role in _BLOCK_ROLES)
    below = _simplified(kid, inside=inside or block)
    if not block or not below:
        return below
    if role in _BLOCK_ROLES:
        kid.S = Name.P
    kid.K = Array(below)
    return [kid]


def drop_unused_resources(page: pikepdf.Page) -> None:
    """Remove resources that the page content does not use (fields use our fonts now), and empty categories."""
    names = set(b" ".join(part.read_bytes() for part in page.obj.Contents).split())
    for category in ("/Font", "/ColorSpace", "/Pattern", "/Shading", "/ExtGState"):
        if category not in page.obj.Resources:
            continue
        entries = page.obj.Resources[category]
        for name in list(entries.keys()):
            if name.encode() not in names:
                del entries[name]
        if not list(entries.keys()):
            del page.obj.Resources[category]


# --- Fonts: one font program, used by a simple and a composite font

# For Indonesian office text: Latin with diacritics, typography, currency, arrows, comparison signs.
_CHARACTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027), 0x2030, 0x2032, 0x2033, 0x20AC, 0x2122]
_CHARACTERS += [*range(0x2190, 0x2194), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x221E, 0x25CF, 0x25CB, 0x2022, 0x2713]
# Above and below the baseline (1/1000 em): room for capitals with accents, and for descenders.
_ASCENT, _DESCENT = 880, -250
_BASE = "CMBAAA+SourceSerifPro-Regular"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetFont:
    """The font program of a subset; glyph ids and widths (1/1000 em) by code point."""

    program: bytes
    glyphs: dict[int, tuple[int, int]]

    def table(self) -> bytes:
        """Return the file that `forms.glyph_widths` reads: the numbers without the font program."""
        numbers = {
            "ascent": _ASCENT,
            "descent": _DESCENT,
            "glyphs": {str(code): pair for code, pair in self.glyphs.items()},
        }
        return json.dumps(numbers, separators=(",", ":"), sort_keys=True).encode("ascii")


def subset_font(font: bytes) -> SubsetFont:
    """Return the font with only the characters people write in forms; the same font gives the same bytes."""
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, recalc_timestamp=False, name_IDs=[1, 2, 6]
    )
    reduced = TTFont(io.BytesIO(font), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=_CHARACTERS)
    subsetter.subset(reduced)
    program = io.BytesIO()
    reduced.save(program)
    reduced = TTFont(io.BytesIO(program.getvalue()))
    scale = 1000 / reduced["head"].unitsPerEm
    widths, order, codes = reduced["hmtx"], reduced.getReverseGlyphMap(), reduced.getBestCmap()
    glyphs = {code: (order[name], round(widths[name][0] * scale)) for code, name in sorted(codes.items())}
    return SubsetFont(program=program.getvalue(), glyphs=glyphs)


def embed(pdf: Pdf, font: SubsetFont) -> tuple[pikepdf.Object, pikepdf.Object]:
    """Return the font objects: simple (WinAnsi TrueType) for /DA and other programs, composite for our appearances."""
    program = Stream(pdf, font.program)
    program.Length1 = len(font.program)
    descriptor = pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/" + _BASE),
            Flags=34,  # serif, nonsymbolic (ISO 32000-1 table 123)
            FontBBox=Array([-200, -300, 1300, 1000]),
            ItalicAngle=0,
            Ascent=_ASCENT,
            Descent=_DESCENT,
            CapHeight=670,
            StemV=84,
            FontFile2=pdf.make_indirect(program),
        )
    )
    return _simple(pdf, font, descriptor), _composite(pdf, font, descriptor)


def _simple(pdf: Pdf, font: SubsetFont, descriptor: pikepdf.Object) -> pikepdf.Object:
    def width(code: int) -> int:
        character = bytes([code]).decode("cp1252", errors="replace")
        return font.glyphs.get(ord(character), (0, 0))[1]

    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/" + _BASE),
            Encoding=Name.WinAnsiEncoding,
            FirstChar=32,
            LastChar=255,
            Widths=Array([width(code) for code in range(32, 256)]),
            FontDescriptor=descriptor,
        )
    )


def _composite(pdf: Pdf, font: SubsetFont, descriptor: pikepdf.Object) -> pikepdf.Object:
    # Characters that share a glyph (hyphens, spaces) are read back as the plainest of them.
    by_gid = {gid: (code, width) for code, (gid, width) in sorted(font.glyphs.items(), reverse=True)}
    # One run for all glyphs (9.7.4.3): every token is written again with every form.
    widths = Array([0, Array([by_gid.get(gid, (0, 0))[1] for gid in range(max(by_gid) + 1)])])
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + _BASE),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        CIDToGIDMap=Name.Identity,
        DW=0,
        W=widths,
        FontDescriptor=descriptor,
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + _BASE),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_indirect(Stream(pdf, to_unicode({gid: chr(pair[0]) for gid, pair in by_gid.items()}))),
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
