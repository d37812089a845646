"""A drawn stamp becomes the appearance of a signature widget (ISO 32000-1 12.5.5), with its glyphs embedded."""

from __future__ import annotations

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from signing.objects import entry
from signing.stamp import Drawing, Stamp, draw

_SYMBOLIC = 4  # ISO 32000-1 table 123
_MOST_PER_MAP = 100  # entries of one bfchar block, Adobe technical note 5411


def paint(writer: IncrementalPdfFileWriter, widget: DictionaryObject, stamp: Stamp) -> None:
    """Draw the stamp into the widget's rectangle and make it the normal appearance.

    It is packed unless it takes the place of an appearance that is not: validators that compare the two by their keys
    (EU DSS) find only the content changed. Forms handed out earlier have slots without `/Filter`.
    """
    left, bottom, right, top = (float(each) for each in widget["/Rect"])
    drawing = draw(stamp, right - left, top - bottom)
    box = ArrayObject(FloatObject(round(each, 3)) for each in (0, 0, right - left, top - bottom))
    fonts = DictionaryObject({_name("/F"): font_of(writer, drawing)})
    form = StreamObject(
        {
            _name("/Type"): _name("/XObject"),
            _name("/Subtype"): _name("/Form"),
            _name("/BBox"): box,
            _name("/Resources"): DictionaryObject({_name("/Font"): fonts}),
        },
        stream_data=drawing.content,
    )
    before = entry(entry(widget, "/AP"), "/N")
    if not isinstance(before, StreamObject) or "/Filter" in before:
        form.compress()
    widget[_name("/AP")] = DictionaryObject({_name("/N"): writer.add_object(form)})


def font_of(writer: BasePdfFileWriter, drawing: Drawing) -> object:
    """Reference of the drawing's font, embedded in what is being written."""
    face = drawing.face
    scale = 1000 / face.units
    # A subset carries six letters and a plus sign before its name (ISO 32000-1 9.6.4).
    name = _name(f"/STEMPL+{face.name}")
    program = StreamObject({_name("/Length1"): NumberObject(len(drawing.program))}, stream_data=drawing.program)
    program.compress()
    ascent, descent = face.rise
    descriptor = DictionaryObject(
        {
            _name("/Type"): _name("/FontDescriptor"),
            _name("/FontName"): name,
            _name("/Flags"): NumberObject(_SYMBOLIC),
            _name("/FontBBox"): ArrayObject(NumberObject(round(each * scale)) for each in face.box),
            _name("/ItalicAngle"): NumberObject(0),
            _name("/Ascent"): NumberObject(round(ascent * scale)),
            _name("/Descent"): NumberObject(round(descent * scale)),
            _name("/CapHeight"): NumberObject(round(ascent * scale)),
            _name("/StemV"): NumberObject(80),
            _name("/FontFile2"): writer.add_object(program),
        }
    )
    widths = ArrayObject()
    for glyph in sorted(drawing.glyphs):
        widths.extend([NumberObject(glyph), ArrayObject([NumberObject(round(face.advance(glyph) * scale))])])
    system = DictionaryObject(
        {
            _name("/Registry"): pdf_string("Adobe"),
            _name("/Ordering"): pdf_string("Identity"),
            _name("/Supplement"): NumberObject(0),
        }
    )
    descendant = DictionaryObject(
        {
            _name("/Type"): _name("/Font"),
            _name("/Subtype"): _name("/CIDFontType2"),
            _name("/BaseFont"): name,
            _name("/CIDSystemInfo"): system,
            _name("/FontDescriptor"): writer.add_object(descriptor),
            _name("/W"): widths,
            _name("/CIDToGIDMap"): _name("/Identity"),
        }
    )
    to_unicode = StreamObject(stream_data=_to_unicode(drawing.glyphs))
    to_unicode.compress()
    return writer.add_object(
        DictionaryObject(
            {
                _name("/Type"): _name("/Font"),
                _name("/Subtype"): _name("/Type0"),
                _name("/BaseFont"): name,
                _name("/Encoding"): _name("/Identity-H"),
                _name("/DescendantFonts"): ArrayObject([writer.add_object(descendant)]),
                _name("/ToUnicode"): writer.add_object(to_unicode),
            }
        )
    )


def _to_unicode(glyphs: dict[int, str]) -> bytes:
    """A ToUnicode CMap, so that the stamp's words can be searched and read aloud (ISO 32000-1 9.10.3)."""
    entries = [
        b"<%04X> <%s>" % (glyph, text.encode("utf-16-be").hex().encode()) for glyph, text in sorted(glyphs.items())
    ]
    blocks = [entries[start : start + _MOST_PER_MAP] for start in range(0, len(entries), _MOST_PER_MAP)]
    maps = b"\n".join(b"%d beginbfchar\n%s\nendbfchar" % (len(block), b"\n".join(block)) for block in blocks)
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n" + maps + b"\nendcmap end end"
    )


def _name(text: str) -> NameObject:
    return NameObject(text)
