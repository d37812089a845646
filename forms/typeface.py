"""The face as PDF fonts, made once when a form is published: one program, a simple and a composite font over it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from forms.embedding import to_unicode

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
        """What `forms.face` reads back: the numbers without the program."""
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
