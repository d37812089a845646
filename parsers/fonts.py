"""Fonts whose glyphs and widths are known: those of the published form, and the standard fonts of every viewer.

A font has its own tables from codes to glyphs, letters and widths; with a false table it shows one text and is read as
another. Known are the fonts of the published blank, byte for byte under any name, and the standard fonts
(ISO 32000-1 9.6.2.2) in the standard encoding with their true widths, which have no tables to falsify.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from pdfminer.fontmetrics import FONT_METRICS
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from forms.glyph_widths import published_metrics
from parsers.pdf import acroform_of, as_dictionary, as_list, content_digest, name_of

# Standard text fonts (ISO 32000-1 9.6.2.2).
_STANDARD = frozenset(
    (
        *("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique"),
        *("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic"),
        *("Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique"),
    )
)
_PLAIN_ENCODING = "/WinAnsiEncoding"
_STANDARD_KEYS = frozenset(
    {"/Type", "/Subtype", "/BaseFont", "/Encoding", "/Name", "/FirstChar", "/LastChar", "/Widths"}
)
_EURO_WIDTHS = {"Helvetica": 556, "Times": 500, "Courier": 600}  # Adobe's core metrics; the table of pdfminer lacks it
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_DEEPEST = 12
_MOST_PARTS = 5_000  # our fonts have fifty; a few objects that refer to each other could have any number
_Letters = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """A known font: the object in the file, and letter and width (1/1000 em) by code."""

    source: Object
    code_bytes: int
    glyphs: Mapping[int, tuple[str, float]]

    def letters(self, codes: bytes) -> _Letters | None:
        """Return letters and widths of the codes; None where a code has no letter."""
        step = self.code_bytes
        numbers = [int.from_bytes(codes[at : at + step]) for at in range(0, len(codes), step)]
        known = [self.glyphs[number] for number in numbers if number in self.glyphs]
        return tuple(known) if len(known) == len(numbers) and len(codes) % step == 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFonts:
    """Finds the known fonts of one file. `published` are the digests of the fonts of the form by resource name."""

    published: Mapping[str, str]
    _digests: dict[tuple[int, int], str] = field(default_factory=dict)

    def of(self, fonts: Mapping[str, Object]) -> dict[str, Font]:
        """Return the known ones of these fonts."""
        known = {name: self.find(font) for name, font in fonts.items()}
        return {name: font for name, font in known.items() if font is not None}

    def find(self, font: Object) -> Font | None:
        """Return the font if it is known, whatever its name."""
        if name_of(font.get("/Subtype")) == "/Type1":
            return _standard(font)
        digest = self.digest(font)
        if digest not in self.published.values():
            return None
        composite = name_of(font.get("/Subtype")) == "/Type0"
        glyphs = _composite_glyphs() if composite else _simple_glyphs()
        return Font(source=font, code_bytes=2 if composite else 1, glyphs=glyphs)

    def digest(self, font: Object) -> str:
        """Return `font_digest`, read once per file, because many fields share a font."""
        if not font.is_indirect:
            return font_digest(font)
        if font.objgen not in self._digests:
            self._digests[font.objgen] = font_digest(font)
        return self._digests[font.objgen]

    def digest_of(self, number: int) -> str | None:
        """Return the digest of the font with this object number; None if it was not read yet."""
        return self._digests.get((number, 0))


def fonts_of(appearance: Object) -> dict[str, Object]:
    """Return the fonts an appearance can use, by resource name."""
    return _fonts_in(as_dictionary(appearance.get("/Resources")) or Dictionary())


def form_fonts(pdf: Pdf) -> dict[str, Object]:
    """Return the fonts in the /DR of a form, by resource name."""
    return _fonts_in(as_dictionary((acroform_of(pdf) or Dictionary()).get("/DR")) or Dictionary())


def published_fonts(blank: Pdf) -> dict[str, str]:
    """Return the digests of the fonts of a published blank, which our appearances use, by resource name."""
    return {name: font_digest(font) for name, font in form_fonts(blank).items()}


def font_digest(font: Object) -> str:
    """Return the SHA-256 (hex) of everything in a font, streams by their digest; "" for too many parts."""
    digest = hashlib.sha256()
    for number, part in enumerate(_canonical(font, _DEEPEST)):
        if number > _MOST_PARTS:
            return ""
        digest.update(part)
    return digest.hexdigest()


def _fonts_in(resources: Object) -> dict[str, Object]:
    fonts = as_dictionary(resources.get("/Font")) or Dictionary()
    return {str(name): font for name in fonts if (font := as_dictionary(fonts.get(str(name)))) is not None}


def _standard(font: Object) -> Font | None:
    name = name_of(font.get("/BaseFont")).removeprefix("/")
    if (
        name not in _STANDARD
        or not set(font.keys()) <= _STANDARD_KEYS
        or name_of(font.get("/Encoding")) != _PLAIN_ENCODING
    ):
        return None
    glyphs = _standard_glyphs(name)
    return Font(source=font, code_bytes=1, glyphs=glyphs) if _has_true_widths(font, glyphs) else None


def _has_true_widths(font: Object, glyphs: Mapping[int, tuple[str, float]]) -> bool:
    """Tell whether a standard font has no widths (table 111) or true ones: false ones could turn 21 into 12."""
    if "/Widths" not in font:
        return "/FirstChar" not in font and "/LastChar" not in font
    first: object = font.get("/FirstChar")
    last: object = font.get("/LastChar")
    widths = as_list(font.get("/Widths"))
    if not isinstance(first, int) or not isinstance(last, int) or len(widths) != last - first + 1:
        return False
    actual = dict(enumerate(widths, first))
    return all(isinstance(actual.get(code), int) and actual[code] == width for code, (_, width) in glyphs.items())


@cache
def _standard_glyphs(name: str) -> dict[int, tuple[str, float]]:
    """Return letter and width by code of WinAnsiEncoding; 160 has the glyph of the space (annex D.2, note 6)."""
    _, widths = FONT_METRICS[name]
    known = widths | {"\N{NO-BREAK SPACE}": widths[" "], "\N{EURO SIGN}": _EURO_WIDTHS[name.partition("-")[0]]}
    return {code: (letter, float(known[letter])) for code, letter in _encoded_letters() if letter in known}


@cache
def _simple_glyphs() -> dict[int, tuple[str, float]]:
    glyphs = published_metrics().glyphs
    return {code: (letter, float(glyphs[letter][1])) for code, letter in _encoded_letters() if letter in glyphs}


@cache
def _composite_glyphs() -> dict[int, tuple[str, float]]:
    """Return letter and width by glyph number; letters that share a glyph are read as the plainest of them."""
    glyphs = sorted(published_metrics().glyphs.items(), reverse=True)
    return {number: (letter, float(width)) for letter, (number, width) in glyphs if letter != _SOFT_HYPHEN}


def _encoded_letters() -> Iterator[tuple[int, str]]:
    """Yield code and letter of WinAnsiEncoding (annex D.2) where readers agree: no soft hyphen, no unused code."""
    for code in (*range(0x20, 0x7F), *range(0x80, 0x100)):
        letter = bytes([code]).decode("cp1252", errors="ignore")
        if letter and letter != _SOFT_HYPHEN:
            yield code, letter


def _canonical(value: object, depth: int) -> Iterator[bytes]:
    """Yield the parts of a font, unambiguously: keys with their length, as they may contain any character."""
    if depth == 0:
        yield b"..."
    elif isinstance(value, Dictionary | Stream):
        yield b"<<"
        for key in sorted(value.keys()):
            # How a stream is compressed does not matter.
            if isinstance(value, Stream) and key in ("/Filter", "/Length", "/DecodeParms"):
                continue
            yield f"{len(key)} {key} ".encode()
            yield from _canonical(value.get(key), depth - 1)
        if isinstance(value, Stream):
            yield b"stream "
            yield content_digest(value)
        yield b">>"
    elif isinstance(value, Array):
        numbers = value.unparse()
        if b" R" not in numbers:  # long tables of widths, written at once
            yield numbers + b" "
            return
        yield b"["
        for member in value:
            yield from _canonical(member, depth - 1)
        yield b"]"
    elif isinstance(value, Object):
        yield value.unparse() + b" "  # keeps a name and a string of the same letters apart
    else:
        yield f"{value} ".encode()
