"""The cuts a document uses, embedded with just the glyphs it shows; every code stands for one glyph and one text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from forms.letters import Cut, Run

# ISO 32000-1 table 123: serif, nonsymbolic; italic besides. Heights in 1/1000 em, as in `forms.typeface`.
_SERIF, _SLANTED = 34, 64
_ASCENT, _DESCENT, _CAPITALS = 880, -250, 670


class Embedding:
    """Gives out codes while pages are set, then makes the fonts; belongs to one document."""

    def __init__(self) -> None:
        self._codes: dict[Cut, dict[tuple[int, str], int]] = {}

    def name(self, cut: Cut) -> str:
        """What content streams call the cut."""
        self._codes.setdefault(cut, {})
        return f"F{list(self._codes).index(cut)}"

    def codes(self, cut: Cut, run: Run) -> list[int]:
        """A glyph that stands for different texts (blank and no-break blank) gets a code for each."""
        codes = self._codes.setdefault(cut, {})
        return [codes.setdefault((glyph.number, glyph.text), len(codes) + 1) for glyph in run]

    def fonts(self, pdf: Pdf) -> Dictionary:
        """The font resources of every page."""
        return Dictionary({f"/{self.name(cut)}": _font(pdf, cut, codes) for cut, codes in self._codes.items()})


def to_unicode(texts: Mapping[int, str]) -> bytes:
    """A ToUnicode CMap (ISO 32000-1 9.10.3) from codes of two bytes, at most 100 pairs a block."""
    pairs = [f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in sorted(texts.items())]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode("ascii")


def _font(pdf: Pdf, cut: Cut, codes: Mapping[tuple[int, str], int]) -> pikepdf.Object:
    subset = cut.subset(number for number, _ in codes)
    program = Stream(pdf, subset.program)
    program.Length1 = len(subset.program)
    name = Name(f"/{_tag(subset.program)}+{cut.name}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=_SERIF | (_SLANTED if cut.slant else 0),
        FontBBox=Array([-200, -300, 1300, 1000]),
        ItalicAngle=cut.slant,
        Ascent=_ASCENT,
        Descent=_DESCENT,
        CapHeight=_CAPITALS,
        StemV=cut.stem,
        FontFile2=program,
    )
    # Codes were given out from 1 in this order (9.7.4.3); 0 is the glyph for what is missing.
    widths = Array([1, Array([cut.glyph_width(number) for number, _ in codes])])
    places = b"".join(subset.places[number].to_bytes(2, "big") for number in (0, *(number for number, _ in codes)))
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        CIDToGIDMap=Stream(pdf, places),
        DW=0,
        W=widths,
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=Stream(pdf, to_unicode({code: text for (_, text), code in codes.items()})),
        )
    )


def _tag(program: bytes) -> str:
    """Six capitals that name the subset (9.6.4)."""
    return "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
