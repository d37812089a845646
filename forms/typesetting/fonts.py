"""The pinned face in three cuts, set by HarfBuzz: kerning, ligatures, true widths, and subsets to embed."""

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

# What a PDF reader needs of a TrueType program (ISO 32000-1 table 126); our own tables say the rest.
_UNREAD = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "OS/2", "cmap", "gasp", "name", "post")


class Glyph(NamedTuple):
    """One glyph on a line: its number in the cut and the text it stands for; the rest in 1/1000 em.

    `width` is its own, `advance` its room on this line (kerning), `right` and `up` shift it (accents).
    """

    number: int
    text: str
    width: int
    advance: int
    right: int
    up: int


Run = tuple[Glyph, ...]
# Of so many lines the glyphs are kept: labels, dates and names of mentors come back on every card of a unit.
_KEPT = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Subset:
    """A program with only the glyphs asked for; `places` says where each of them is in it."""

    program: bytes
    places: dict[int, int]


class Cut:
    """One cut of the face, 1000 units to the em. `serial` is its PostScript name; `slant` in degrees."""

    def __init__(self, name: str, *, stem: int, slant: int = 0) -> None:
        self.name, self.stem, self.slant = name, stem, slant
        self._face = hb.Face((files("forms") / "templates" / "fonts" / f"{name}.ttf").read_bytes())
        self._font = hb.Font(self._face)
        self._characters = frozenset(map(chr, self._face.unicodes))
        self._shaped = lru_cache(_KEPT)(self._shape)
        self._widths: list[int] = [self._font.get_glyph_h_advance(number) for number in range(self._face.glyph_count)]

    def missing(self, text: str) -> str:
        """The characters that no glyph draws, each once; line breaks are not drawn."""
        strange = [each for each in text if each not in self._characters and each != "\n"]
        if not strange and any(map(combining, text)):
            # Several accents on one letter become glyphs of which none stands for a text of its own.
            run = self.shape(text.replace("\n", " "))
            strange = [other for one, another in pairwise(run) if not one.text for other in another.text]
        return "".join(dict.fromkeys(strange))

    def shape(self, text: str, *, ligatures: bool = True) -> Run:
        """The glyphs of one line of `text`; joined, their texts are `text` again, without soft hyphens."""
        return self._shaped(text, ligatures)

    def _shape(self, text: str, ligatures: bool) -> Run:
        text = text.replace("\u00ad", "")
        buffer = hb.Buffer()
        # Each character keeps its glyph, so that what is copied out of the page is what was put in.
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "id"
        hb.shape(self._font, buffer, {} if ligatures else {"liga": False})
        glyphs, places = buffer.glyph_infos or (), buffer.glyph_positions or ()
        starts = [each.cluster for each in glyphs]
        run = []
        for glyph, place, start, end in zip(glyphs, places, starts, [*starts, len(text)][1:], strict=True):
            number, (right, up, advance, _) = glyph.codepoint, place.position
            run.append(Glyph(number, text[start:end], self._widths[number], advance, right, up))
        return tuple(run)

    def width(self, text: str) -> int:
        """Of one line, in 1/1000 em."""
        return sum(glyph.advance for glyph in self.shape(text))

    def glyph_width(self, number: int) -> int:
        """Of a glyph standing alone, in 1/1000 em."""
        return self._widths[number]

    def subset(self, numbers: Iterable[int]) -> Subset:
        """The same glyphs give the same bytes."""
        wanted = hb.SubsetInput()
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(set(numbers))
        wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(
            int.from_bytes(tag.encode("ascii"), "big") for tag in _UNREAD
        )
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
        plan = hb.SubsetPlan(self._face, wanted)
        return Subset(program=bytes(plan.execute().blob.data), places=dict(plan.old_to_new_glyph_mapping))


class Letters:
    """Made once and handed in: the three cuts are read once and used for every page after."""

    def __init__(self) -> None:
        self.regular = Cut("SourceSerifPro-Regular", stem=84)
        self.semibold = Cut("SourceSerifPro-Semibold", stem=110)
        self.italic = Cut("SourceSerifPro-It", stem=80, slant=-11)


# --- The cuts a document uses, embedded with just the glyphs it shows; every code stands for one glyph and one text

# ISO 32000-1 table 123: serif, nonsymbolic; italic besides. Heights in 1/1000 em, as in `forms.publish`.
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
