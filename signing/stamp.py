"""Draw the visible signature: QR on the left, who signed and when on the right; vectors only, no background."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import segno
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
from pyhanko.pdf_utils.writer import BasePdfFileWriter, PageObject, PdfFileWriter

from signing.fields import entry
from signing.truetype import Face, open_face

_PAD = 3.0  # points between the border and anything drawn
_SMALLEST = 5.5  # points; smaller text cannot be read on paper
_STEP = 0.25
_LEADING = 1.18
_COMFORTABLE = 7.0  # points; a name takes a third line before it gets smaller than this
_QUIET = 2  # white modules around the code; the padding is the rest of the quiet zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The contents of a visible signature. `font` is a TrueType file; the glyphs used are embedded.

    Texts are Indonesian and final: `lines` are NIP, role and time as the caller wants them shown.
    """

    name: str
    lines: tuple[str, ...]
    qr_text: str | None
    font: bytes = field(repr=False)
    heading: str = "Ditandatangani secara elektronik oleh:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A stamp drawn for one box: content stream, and the font program for its `/F` resource."""

    content: bytes
    face: Face
    glyphs: dict[int, str]
    program: bytes


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float


def draw(stamp: Stamp, width: float, height: float) -> Drawing:
    """Draw the stamp for a box of this size in points; text shrinks and wraps until it fits."""
    face = open_face(stamp.font)
    side = min(height - 2 * _PAD, 0.4 * width) if stamp.qr_text else 0.0
    left = _PAD + (side + 2 * _PAD if side else 0.0)
    room = width - left - _PAD
    lines = _lay_out(stamp, face, room, height - 2 * _PAD)
    parts = [b"q 0.5 w 0.35 G %s re S Q" % _numbers(0.25, 0.25, width - 0.5, height - 0.5)]
    if side and stamp.qr_text:
        parts.append(_qr(stamp.qr_text, _PAD, (height - side) / 2, side))
    block = sum(line.size * _LEADING for line in lines)
    top = (height + block) / 2
    glyphs: dict[int, str] = {0: "\ufffd"}
    parts.append(b"BT 0 g")
    for line in lines:
        top -= line.size * _LEADING
        numbers = [face.glyph(character) for character in line.text]
        glyphs.update(zip(numbers, line.text, strict=True))
        coded = b"".join(b"%04X" % number for number in numbers)
        baseline = top + line.size * 0.28
        parts.append(b"/F %s Tf 1 0 0 1 %s Tm <%s> Tj" % (_numbers(line.size), _numbers(left, baseline), coded))
    parts.append(b"ET")
    return Drawing(content=b"\n".join(parts), face=face, glyphs=glyphs, program=face.subset(glyphs))


def _lay_out(stamp: Stamp, face: Face, room: float, height: float) -> list[_Line]:
    """Return the lines at the largest sizes that fit; single lines shrink before the whole does."""
    scale = 1.0
    while True:
        name = _fit(stamp.name, 9.5 * scale, room, face, most=2)
        if name[0].size < _COMFORTABLE * scale:
            name = _fit(stamp.name, _COMFORTABLE * scale, room, face, most=3)
        lines = _fit(stamp.heading, 6.5 * scale, room, face, most=1) + name
        for text in stamp.lines:
            lines += _fit(text, 7.5 * scale, room, face, most=2)
        if sum(line.size * _LEADING for line in lines) <= height or scale < 0.5:  # noqa: PLR2004 - half size
            return lines
        scale *= 0.95


def _is_short_enough(part: str, *, face: Face, size: float, room: float) -> bool:
    return face.width(part, size) <= room


def _fit(text: str, size: float, room: float, face: Face, *, most: int) -> list[_Line]:
    """Return the text in at most `most` lines of `room` points, at `size` or the next smaller size that fits."""
    smallest = min(size, _SMALLEST)
    while True:
        wrapped = _wrap(text, partial(_is_short_enough, face=face, size=size, room=room))
        if len(wrapped) <= most and all(face.width(part, size) <= room for part in wrapped):
            return [_Line(part, size) for part in wrapped]
        if size <= smallest:
            # Nothing may be cut from a name: too small is better than wrong.
            squeeze = min(1.0, *(room / max(face.width(part, size), 1.0) for part in wrapped))
            return [_Line(part, size * squeeze) for part in wrapped]
        size = max(smallest, size - _STEP)


def _wrap(text: str, fits: Callable[[str], bool]) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and fits(f"{lines[-1]} {word}"):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _qr(text: str, x: float, y: float, side: float) -> bytes:
    """Draw a QR code (ISO/IEC 18004, level M) as one filled path of horizontal runs."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    module = side / (len(rows) + 2 * _QUIET)
    runs = []
    for index, row in enumerate(rows):
        bottom = y + side - (index + 1 + _QUIET) * module
        start = 0
        while (start := row.find(1, start)) >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            # A small overlap downwards keeps renderers from drawing white lines between rows.
            box = _numbers(x + (start + _QUIET) * module, bottom - 0.02, (end - start) * module, module + 0.02)
            runs.append(b"%s re" % box)
            start = end
    return b"q 0 g\n" + b"\n".join(runs) + b"\nf Q"


def _numbers(*values: float) -> bytes:
    return b" ".join(b"%g" % round(value, 3) for value in values)


# --- Appearance of a signature widget (ISO 32000-1 12.5.5)

_SYMBOLIC = 4  # ISO 32000-1 table 123
_MOST_PER_MAP = 100  # entries of one bfchar block, Adobe technical note 5411


def paint(writer: IncrementalPdfFileWriter, widget: DictionaryObject, stamp: Stamp) -> None:
    """Draw the stamp into the widget's rectangle and make it the normal appearance.

    The stream is compressed unless it replaces one that is not: validators that compare the two by their keys (EU DSS)
    then find only the content changed. Forms handed out earlier have slots without `/Filter`.
    """
    left, bottom, right, top = (float(edge) for edge in widget["/Rect"])
    drawing = draw(stamp, right - left, top - bottom)
    box = ArrayObject(FloatObject(round(edge, 3)) for edge in (0, 0, right - left, top - bottom))
    fonts = DictionaryObject({_name("/F"): embed_font(writer, drawing)})
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


def embed_font(writer: BasePdfFileWriter, drawing: Drawing) -> object:
    """Embed the drawing's font in the file being written; return the reference to it."""
    face = drawing.face
    scale = 1000 / face.units
    # A subset carries six letters and a plus sign before its name (ISO 32000-1 9.6.4).
    name = _name(f"/STEMPL+{face.name}")
    program = StreamObject({_name("/Length1"): NumberObject(len(drawing.program))}, stream_data=drawing.program)
    program.compress()
    ascent, descent = face.ascent_and_descent
    descriptor = DictionaryObject(
        {
            _name("/Type"): _name("/FontDescriptor"),
            _name("/FontName"): name,
            _name("/Flags"): NumberObject(_SYMBOLIC),
            _name("/FontBBox"): ArrayObject(NumberObject(round(edge * scale)) for edge in face.box),
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
    """Return a ToUnicode CMap, so that the stamp's text can be searched and read aloud (ISO 32000-1 9.10.3)."""
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


# --- A stamp as a page


def stamp_page(stamp: Stamp, width: float, height: float) -> bytes:
    """Return a PDF of one page of this size in points with the stamp as it would look in a slot.

    From it the picture is made that a gateway draws.
    """
    drawing = draw(stamp, width, height)
    writer = PdfFileWriter()
    fonts = DictionaryObject({NameObject("/F"): embed_font(writer, drawing)})
    page = PageObject(
        contents=writer.add_object(StreamObject(stream_data=drawing.content)),
        media_box=(0, 0, width, height),
        resources=DictionaryObject({NameObject("/Font"): fonts}),
    )
    writer.insert_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
