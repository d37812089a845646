"""The pinned fonts (regular, semibold, italic), shaped by HarfBuzz: kerning, ligatures, widths, subsets to embed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple
from unicodedata import combining

import pikepdf
import uharfbuzz as hb
from pikepdf import Array, Dictionary, Name, Pdf, Stream

# Tables a PDF reader does not need (ISO 32000-1 table 126); the font dictionary says the same.
_UNREAD = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "OS/2", "cmap", "gasp", "name", "post")


class Glyph(NamedTuple):
    """One glyph on a line: its number in the font and the text it stands for; the rest in 1/1000 em.

    `width` is the glyph's own, `advance` is its room on this line (kerning); `right` and `up` shift it (accents).
    """

    number: int
    text: str
    width: int
    advance: int
    right: int
    up: int


Run = tuple[Glyph, ...]
# Shaped lines kept: labels, dates and names of mentors recur on every card of a unit.
_KEPT = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """A font program with only some glyphs; `places` has the new number of each old one."""

    program: bytes
    places: dict[int, int]


class Font:
    """One font, 1000 units to the em. `name` is its PostScript name; `slant` is in degrees."""

    def __init__(self, name: str, *, stem: int, slant: int = 0) -> None:
        self.name, self.stem, self.slant = name, stem, slant
        self._hb_face = hb.Face((files("forms") / "templates" / "fonts" / f"{name}.ttf").read_bytes())
        self._hb_font = hb.Font(self._hb_face)
        self._characters = frozenset(map(chr, self._hb_face.unicodes))
        self._shaped = lru_cache(_KEPT)(self._shape)
        self._widths: list[int] = [
            self._hb_font.get_glyph_h_advance(number) for number in range(self._hb_face.glyph_count)
        ]

    def missing(self, text: str) -> str:
        """Return the characters without a glyph, each once; line breaks need none."""
        missing = [character for character in text if character not in self._characters and character != "\n"]
        if not missing and any(map(combining, text)):
            # With several accents on one letter, HarfBuzz returns glyphs that stand for no text of their own.
            run = self.shape(text.replace("\n", " "))
            missing = [other for one, another in pairwise(run) if not one.text for other in another.text]
        return "".join(dict.fromkeys(missing))

    def shape(self, text: str, *, ligatures: bool = True) -> Run:
        """Return the glyphs of one line; their texts joined are `text` again, without soft hyphens."""
        return self._shaped(text, ligatures)

    def _shape(self, text: str, ligatures: bool) -> Run:
        text = text.replace("\u00ad", "")
        buffer = hb.Buffer()
        # One cluster per character, so that text copied from the page is the text put in.
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "id"
        hb.shape(self._hb_font, buffer, {} if ligatures else {"liga": False})
        glyphs, places = buffer.glyph_infos or (), buffer.glyph_positions or ()
        starts = [glyph_info.cluster for glyph_info in glyphs]
        run = []
        for glyph, place, start, end in zip(glyphs, places, starts, [*starts, len(text)][1:], strict=True):
            number, (right, up, advance, _) = glyph.codepoint, place.position
            run.append(Glyph(number, text[start:end], self._widths[number], advance, right, up))
        return tuple(run)

    def width(self, text: str) -> int:
        """Return the width of one line, in 1/1000 em."""
        return sum(glyph.advance for glyph in self.shape(text))

    def glyph_width(self, number: int) -> int:
        """Return the width of a glyph alone, in 1/1000 em."""
        return self._widths[number]

    def subset(self, numbers: Iterable[int]) -> Subset:
        """Return the font with these glyphs only; the same glyphs give the same bytes."""
        wanted = hb.SubsetInput()
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(set(numbers))
        wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(
            int.from_bytes(tag.encode("ascii"), "big") for tag in _UNREAD
        )
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        plan = hb.SubsetPlan(self._hb_face, wanted)
        return Subset(program=bytes(plan.execute().blob.data), places=dict(plan.old_to_new_glyph_mapping))


class FontFamily:
    """The three fonts; made once and handed in, because reading them takes time."""

    def __init__(self) -> None:
        self.regular = Font("SourceSerifPro-Regular", stem=84)
        self.semibold = Font("SourceSerifPro-Semibold", stem=110)
        self.italic = Font("SourceSerifPro-It", stem=80, slant=-11)


# --- Embedding

# Font flags, ISO 32000-1 table 123: serif and nonsymbolic; italic. Heights in 1/1000 em, as in `forms.publish`.
_SERIF, _SLANTED = 34, 64
_ASCENT, _DESCENT, _CAPITALS = 880, -250, 670


class Embedding:
    """The fonts of one document: assigns codes while pages are set, then embeds the glyphs used.

    A code stands for one glyph and one text.
    """

    def __init__(self) -> None:
        self._codes: dict[Font, dict[tuple[int, str], int]] = {}

    def name(self, font: Font) -> str:
        """Return the resource name of the font."""
        self._codes.setdefault(font, {})
        return f"F{list(self._codes).index(font)}"

    def codes(self, font: Font, run: Run) -> list[int]:
        """Return the codes of the glyphs; a glyph that stands for two texts (space, no-break space) has two codes."""
        codes = self._codes.setdefault(font, {})
        return [codes.setdefault((glyph.number, glyph.text), len(codes) + 1) for glyph in run]

    def fonts(self, pdf: Pdf) -> Dictionary:
        """Return the font resources of every page."""
        return Dictionary({f"/{self.name(font)}": _embedded(pdf, font, codes) for font, codes in self._codes.items()})


def to_unicode(texts: Mapping[int, str]) -> bytes:
    """Return a ToUnicode CMap (ISO 32000-1 9.10.3) for codes of two bytes, at most 100 pairs a block."""
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


def _embedded(pdf: Pdf, font: Font, codes: Mapping[tuple[int, str], int]) -> pikepdf.Object:
    subset = font.subset(number for number, _ in codes)
    program = Stream(pdf, subset.program)
    program.Length1 = len(subset.program)
    name = Name(f"/{_tag(subset.program)}+{font.name}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=_SERIF | (_SLANTED if font.slant else 0),
        FontBBox=Array([-200, -300, 1300, 1000]),
        ItalicAngle=font.slant,
        Ascent=_ASCENT,
        Descent=_DESCENT,
        CapHeight=_CAPITALS,
        StemV=font.stem,
        FontFile2=program,
    )
    # Codes were assigned from 1 in this order (9.7.4.3); 0 is the glyph for missing characters.
    widths = Array([1, Array([font.glyph_width(number) for number, _ in codes])])
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
    """Return the six capitals that name the subset (9.6.4)."""
    return "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
