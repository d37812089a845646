"""Which fonts may be believed when a reader turns drawn glyphs back into letters.

A font carries its own table from glyphs to letters; a lying table shows one thing and reads as another. Believed are
the fonts of the published blank, byte for byte, and the fourteen standard fonts that a viewer brings itself
(ISO 32000-1 9.6.2.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from parsers.fields import acroform_of
from parsers.objects import dictionary, listed
from parsers.streams import unpacked_digest

_STANDARD = frozenset(
    f"/{family}{style}"
    for family, styles in {
        "Helvetica": ("", "-Bold", "-Oblique", "-BoldOblique"),
        "Times": ("-Roman", "-Bold", "-Italic", "-BoldItalic"),
        "Courier": ("", "-Bold", "-Oblique", "-BoldOblique"),
    }.items()
    for style in styles
)
_ENCODINGS = ("/WinAnsiEncoding", "/MacRomanEncoding", "/StandardEncoding", "/PDFDocEncoding")
_DEEPEST = 12
_LETTERS = range(33, 127)  # codes with the same letter in every plain encoding
_NARROW, _WIDE = 150.0, 1100.0  # thousandths of the letter size


def faces_of(appearance: Object) -> dict[str, Object]:
    """List the fonts an appearance can use, by resource name."""
    resources = dictionary(appearance.get("/Resources")) or Dictionary()
    fonts = dictionary(resources.get("/Font")) or Dictionary()
    return {str(name): font for name in fonts if (font := dictionary(fonts.get(str(name)))) is not None}


def face_digest(font: Object) -> str:
    """SHA-256 (hex) over everything a font says, streams by the digest of what they hold."""
    digest = hashlib.sha256()
    for part in _spelled(font, _DEEPEST):
        digest.update(part)
    return digest.hexdigest()


def published_faces(blank: Pdf) -> dict[str, str]:
    """List the digests of the fonts in the /DR of a published blank, by resource name; every appearance uses these."""
    form = acroform_of(blank) or Dictionary()
    resources = dictionary(form.get("/DR")) or Dictionary()
    fonts = dictionary(resources.get("/Font")) or Dictionary()
    return {str(name): face_digest(font) for name in fonts if (font := dictionary(fonts.get(str(name)))) is not None}


def is_standard(font: Object) -> bool:
    """Tell whether the viewer brings this font and its letters are those of a plain encoding."""
    encoding = font.get("/Encoding")
    if isinstance(encoding, Dictionary):
        differences = encoding.get("/Differences")
        named = not isinstance(differences, Array) or all(isinstance(each, (Name, int)) for each in listed(differences))
        ordinary = named and str(encoding.get("/BaseEncoding") or _ENCODINGS[0]) in _ENCODINGS
    else:
        ordinary = encoding is None or str(encoding) in _ENCODINGS
    descriptor = dictionary(font.get("/FontDescriptor")) or Dictionary()
    embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return (
        ordinary
        and not embedded
        and _keeps_its_widths(font)
        and "/ToUnicode" not in font
        and str(font.get("/Subtype")) == "/Type1"
        and str(font.get("/BaseFont")) in _STANDARD
    )


def _keeps_its_widths(font: Object) -> bool:
    """Tell whether the letters follow each other as the font has them: with other widths 21 is drawn as 12.

    A standard font needs no widths (ISO 32000-1 table 111). Viewers use those some writers give, readers of text do
    not: so they must be there for every plain letter and between its narrowest and widest.
    """
    if "/Widths" not in font:
        return True
    begins = font.get("/FirstChar")
    given = listed(font.get("/Widths"))
    first = _LETTERS.start - (begins if isinstance(begins, int) else _LETTERS.start)
    told = [float(each) for each in given if isinstance(each, (int, float, Decimal))]
    letters = told[first : first + len(_LETTERS)] if first >= 0 else []
    return (
        len(told) == len(given) and len(letters) == len(_LETTERS) and all(_NARROW <= each <= _WIDE for each in letters)
    )


def _spelled(value: object, depth: int) -> Iterator[bytes]:
    if depth == 0:
        yield b"..."
    elif isinstance(value, Dictionary | Stream):
        for key in sorted(value.keys()):
            # How a stream is packed says nothing about the font.
            if isinstance(value, Stream) and key in ("/Filter", "/Length", "/DecodeParms"):
                continue
            yield f"{key} ".encode()
            yield from _spelled(value.get(key), depth - 1)
        if isinstance(value, Stream):
            yield b"stream "
            yield unpacked_digest(value)
        yield b">>"
    elif isinstance(value, Array):
        numbers = value.unparse()
        if b" R" not in numbers:  # long tables of widths, spelled in one go
            yield numbers
            return
        yield b"["
        for each in value:
            yield from _spelled(each, depth - 1)
        yield b"]"
    else:
        yield f"{value} ".encode()
