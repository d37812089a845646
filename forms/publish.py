"""Publishing a form, once: `python -m forms.publish lampiran-i 1` writes the blank that is then never edited."""

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
from forms.fill import FONT
from forms.genuine import static_digest
from forms.render import Renderer
from forms.schema import Form, Kind
from forms.serial import KEY, PLACE
from forms.serial import NAME as SERIAL
from forms.typesetting.fonts import to_unicode

# Field flags, ISO 32000-1 tables 221, 228 and 230.
MULTILINE, NO_SCROLL, NO_SPELL_CHECK, COMBO = 1 << 12, 1 << 23, 1 << 22, 1 << 17
_MM = 72 / 25.4
_TINT = "0.945 0.957 0.980 rg"


def render_form(form: Form, renderer: Renderer) -> bytes:
    """The form's template as WeasyPrint draws it, before it becomes a blank."""
    name = f"{form.id}-{form.version}"
    slots = {
        slot.name: {
            "left": round(slot.box[0] / _MM, 2),
            "top": round(297 - slot.box[3] / _MM, 2),
            "width": round((slot.box[2] - slot.box[0]) / _MM, 2),
            "height": round((slot.box[3] - slot.box[1]) / _MM, 2),
        }
        for slot in form.slots
    }
    context = {"form": form, "fields": {field.name: field for field in form.fields}, "slots": slots}
    return renderer.render(f"{name}.html", context, sheets=("print.css", f"{name}.css"), fillable=True)


def make_blank(form: Form, rendered: bytes, face: Typeface) -> bytes:
    """The blank every filler can use: one simple font in /DR, real (empty) appearances, nothing left to the viewer."""
    with Pdf.open(io.BytesIO(rendered)) as pdf:
        page = pdf.pages[0]
        simple, composite = embed(pdf, face)
        widgets = {str(each.T): each for each in page.obj.Annots}
        missing = [field.name for field in form.fields if field.name not in widgets]
        if missing or len(widgets) != len(form.fields):
            raise ValueError(f"template and catalog differ: {missing}")
        for field in form.fields:
            _finish_widget(pdf, widgets[field.name], field.kind, composite)
        # Reading and tab order follow the catalog.
        pdf.Root.AcroForm = pdf.make_indirect(
            Dictionary(
                Fields=Array([widgets[field.name] for field in form.fields]),
                DR=Dictionary(Font=Dictionary({"/CmbF": simple, f"/{FONT}": composite})),
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
    left, one, right, other = (float(each) for each in widget.Rect)
    bottom, top = sorted((one, other))
    widget.Rect = Array([round(each, 2) for each in (left, bottom, right, top)])
    flags = {Kind.LONG_TEXT: MULTILINE | NO_SCROLL | NO_SPELL_CHECK, Kind.CHOICE: COMBO}
    widget.Ff = flags.get(kind, NO_SCROLL | NO_SPELL_CHECK)
    widget.DA = String("/CmbF 9 Tf 0 g" if kind is Kind.LONG_TEXT else "/CmbF 10 Tf 0 g")
    widget.F = 4
    for key in ("/V", "/MK", "/BS", "/DV"):
        if key in widget:
            del widget[key]
    if kind is Kind.CHOICE:
        widget.Opt = Array([each for each in widget.Opt if str(each[0])])
    empty = Stream(pdf, b"/Tx BMC\nEMC\n")
    empty.Type, empty.Subtype, empty.FormType = Name.XObject, Name.Form, 1
    empty.BBox = Array([0, 0, round(right - left, 2), round(top - bottom, 2)])
    empty.Resources = Dictionary(Font=Dictionary({f"/{FONT}": composite}))
    widget.AP = Dictionary(N=pdf.make_indirect(empty))


def _place_serial(pdf: Pdf, page: Page, composite: pikepdf.Object) -> None:
    drawn = Stream(pdf, b"")
    drawn.Type, drawn.Subtype, drawn.FormType = Name.XObject, Name.Form, 1
    drawn.BBox = Array([0, 0, round(PLACE[2] - PLACE[0], 2), round(PLACE[3] - PLACE[1], 2)])
    drawn.Resources = Dictionary(Font=Dictionary({f"/{FONT}": composite}))
    drawn[KEY] = String("")
    if "/XObject" not in page.obj.Resources:
        page.obj.Resources.XObject = Dictionary()
    page.obj.Resources.XObject[SERIAL] = pdf.make_indirect(drawn)
    call = f"/Artifact BMC q 1 0 0 1 {PLACE[0]} {PLACE[1]} cm {SERIAL} Do Q EMC\n"
    # The renderer leaves its own coordinate system behind: what it drew is closed off before ours begins.
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n" + call.encode("ascii"), prepend=False)


def _tint(pdf: Pdf, page: Page, widgets: list[Any]) -> None:
    """A pale field area on screen that no printer shows: an optional content group with /Print OFF (8.11.4.4)."""
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
    boxes = [[float(each) for each in widget.Rect] for widget in widgets]
    areas = " ".join(f"{x:.2f} {y:.2f} {right - x:.2f} {top - y:.2f} re" for x, y, right, top in boxes)
    page.contents_add(f"/Artifact BMC /OC /CmbTint BDC q {_TINT} {areas} f Q EMC EMC\n".encode("ascii"), prepend=True)


def main(form_id: str, version: str) -> None:
    """Write the blank and the face's numbers; an already published blank is not overwritten."""
    form = find_form(form_id, int(version))
    folder = Path(__file__).parent / "published"
    if (folder / form.file).exists():
        sys.exit(f"{form.file} is published; a change is a new version.")
    face, numbers = subset_face(form_font()), folder / "face.json"
    if numbers.exists() and numbers.read_bytes() != face.table():
        sys.exit("face.json belongs to published forms; another face needs another file.")
    numbers.write_bytes(face.table())
    blank = make_blank(form, render_form(form, Renderer()), face)
    (folder / form.file).write_bytes(blank)
    sys.stdout.write(f"static digest: {static_digest(blank)}\n")


# --- The structure tree reduced to what a screen reader needs: headings, paragraphs and fields, in reading order
#
# The renderer wraps every box and every run of text in an element of its own. Each is an object that has to be
# written and checked again with every form; two thirds of them say nothing (ISO 32000-1 14.8.4).

_KEPT = frozenset({"/H1", "/H2", "/H3", "/P", "/Form"})
# Content belongs to one of these; a run of text that stands alone becomes a paragraph.
_BLOCKS = frozenset({"/Div", "/Span"})


def simplify_structure(pdf: Pdf) -> None:
    """Keep headings, paragraphs and form elements below one Document; the parent tree follows (14.7.4.4)."""
    tree = pdf.Root.StructTreeRoot
    document = tree.K[0] if isinstance(tree.K, Array) else tree.K
    document.K = Array(_kept(document, inside=False))
    owners: dict[int, Any] = {}
    for element in document.K:
        element.P = document
        owners.update({int(kid): element for kid in element.K if isinstance(kid, int)})
    marked = next(entry for entry in tree.ParentTree.Nums if isinstance(entry, Array))
    for mark in range(len(marked)):
        marked[mark] = owners[mark]


def _kept(element: Any, *, inside: bool) -> list[Any]:
    """The kids of `element` as they shall stand: block elements, or marks and references when `inside` a block."""
    kids: list[Any] = []
    for kid in element.K if isinstance(element.K, Array) else [element.K]:
        if isinstance(kid, int):
            kids.append(kid)
        elif str(kid.get("/Type")) == "/OBJR":
            kids.append(Dictionary({str(key): value for key, value in kid.items()}))  # direct: one object less
        elif "/K" in kid:
            kids += _kept_kid(kid, str(kid.S), inside=inside)
    return kids


def _kept_kid(kid: Any, role: str, *, inside: bool) -> list[Any]:
    block = not inside and (role in _KEPT or role in _BLOCKS)
    below = _kept(kid, inside=inside or block)
    if not block or not below:
        return below
    if role in _BLOCKS:
        kid.S = Name.P
    kid.K = Array(below)
    return [kid]


def drop_unused_resources(page: pikepdf.Page) -> None:
    """Remove resources that the page's content never names: fonts of fields that use ours now, empty categories."""
    said = set(b" ".join(part.read_bytes() for part in page.obj.Contents).split())
    for category in ("/Font", "/ColorSpace", "/Pattern", "/Shading", "/ExtGState"):
        if category not in page.obj.Resources:
            continue
        entries = page.obj.Resources[category]
        for name in list(entries.keys()):
            if name.encode() not in said:
                del entries[name]
        if not list(entries.keys()):
            del page.obj.Resources[category]


# --- The face as PDF fonts, made once when a form is published: one program, a simple and a composite font over it

# What Indonesian office text needs: Latin with its diacritics, typography, currency, arrows, comparison signs.
_CHARACTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027), 0x2030, 0x2032, 0x2033, 0x20AC, 0x2122]
_CHARACTERS += [*range(0x2190, 0x2194), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x221E, 0x25CF, 0x25CB, 0x2022, 0x2713]
# Room above and below the baseline (1/1000 em): capitals with accents, and descenders.
_ASCENT, _DESCENT = 880, -250
_BASE = "CMBAAA+SourceSerifPro-Regular"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeface:
    """The subset program, glyph ids and widths (1/1000 em) by code point."""

    program: bytes
    glyphs: dict[int, tuple[int, int]]

    def table(self) -> bytes:
        """What `forms.glyph_widths` reads back: the numbers without the program."""
        told = {
            "ascent": _ASCENT,
            "descent": _DESCENT,
            "glyphs": {str(code): pair for code, pair in self.glyphs.items()},
        }
        return json.dumps(told, separators=(",", ":"), sort_keys=True).encode("ascii")


def subset_face(font: bytes) -> Typeface:
    """The face cut down to the characters people write in forms; the same font gives the same bytes."""
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, recalc_timestamp=False, name_IDs=[1, 2, 6]
    )
    face = TTFont(io.BytesIO(font), recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_CHARACTERS)
    cutter.subset(face)
    program = io.BytesIO()
    face.save(program)
    face = TTFont(io.BytesIO(program.getvalue()))
    scale = 1000 / face["head"].unitsPerEm
    widths, order = face["hmtx"], face.getReverseGlyphMap()
    glyphs = {code: (order[name], round(widths[name][0] * scale)) for code, name in sorted(face.getBestCmap().items())}
    return Typeface(program=program.getvalue(), glyphs=glyphs)


def embed(pdf: Pdf, face: Typeface) -> tuple[pikepdf.Object, pikepdf.Object]:
    """(simple, composite) font objects: WinAnsi TrueType for /DA and any filler, Type0 for appearances of ours."""
    program = Stream(pdf, face.program)
    program.Length1 = len(face.program)
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
    return _simple(pdf, face, descriptor), _composite(pdf, face, descriptor)


def _simple(pdf: Pdf, face: Typeface, descriptor: pikepdf.Object) -> pikepdf.Object:
    def width(code: int) -> int:
        character = bytes([code]).decode("cp1252", errors="replace")
        return face.glyphs.get(ord(character), (0, 0))[1]

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


def _composite(pdf: Pdf, face: Typeface, descriptor: pikepdf.Object) -> pikepdf.Object:
    # Characters that share a glyph (hyphens, spaces) are read back as the plainest of them.
    by_gid = {gid: (code, width) for code, (gid, width) in sorted(face.glyphs.items(), reverse=True)}
    # One run over all glyphs (9.7.4.3): every token is written anew with every form.
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
