"""Appearances from the whole grammar of text, colour, clipping and state: honest ones, and honest ones gone wrong.

`trial` draws one into every answer of a form, asks the check which of them show their value, and compares what it
believes with pictures: the file as two viewers draw it beside the same file with these values set plainly.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Object, Pdf, String
from PIL import Image, ImageChops

from forms.catalog import LAMPIRAN_I_V1
from forms.glyph_widths import published_metrics
from forms.schema import Kind
from parsers.appearance import appearance_problems
from parsers.content import plain_drawing
from parsers.fonts import KnownFonts, form_fonts, published_fonts
from parsers.widgets import widgets_of
from support.filled_forms import filled
from support.hand_made_forms import answers, saved

DPI = 100
# Shades of 255 that a pixel may differ by, after averaging four: a viewer places runs to a fraction of a pixel; another
# letter differs by 60 and more.
SAME_SHADE = 40
_TEXTS = (
    *("21 April 2025", "12 April 2025", "09.00", "13.00", "Ruang 2", "nasional", "internasional", "1-2 jam"),
    *("10\xb2 m", "a  b"),
)
_READ = (
    "Membaca pedoman bersama.\nMenyusun dua konsep nota dinas, lalu membandingkannya dengan contoh yang benar sambil "
)
_LONG = (f"{_READ}berdiskusi tentang pilihan kata.", "1-2 jam\n\n12 April 2025", "anak-anak 21 kali")


def _words(text: str) -> list[str]:
    return re.findall(r"\S+", text)


_NUMBERS = _words("0 1 -1 2 3 0.02 .5 8 -8 12 100 -5.5 1000 0.001 --2 1e3 99999 +4")
_OPERATORS = _words(
    """q Q BT ET BMC EMC Tf Td TD Tm T* Tj TJ TL Tc Tw Tz Ts Tr g G rg RG k K cs CS sc SC scn re m l c v y h W W* n
    f F f* B B* b b* S s w J j M d i ri gs cm Do sh BDC MP DP BX EX d0 d1 ' " BI ID EI"""
)
_INSERTED = re.split(
    r"\s+\|\s+",
    """1 1 1 rg | 1 g | 0 g | 0.4 g | 2 g | 1 1 -10 rg | 0 0 0 1 k | 0 0 0 0 k | 0 0 0 rg | 1 0 0 RG | /Pattern cs
    | /DeviceGray cs 0 sc | /DeviceGray cs 1 sc | 3 Tr | 1 Tr | 7 Tr | 0 Tr | 2 Tc | -4 Tc | 0 Tc | 9 Tw | -20 Tw | 0 Tw
    | 50 Tz | 100 Tz | -100 Tz | 4 Ts | -9 Ts | 0 Ts | 0 0 40 12 re W n | 0 0 3 3 re W n | 0 0 900 90 re W n
    | 1 1 60 9 re W* n
    | 0 0 200 20 re f | 1 g 0 0 200 20 re f 0 g | 5 0 5 20 re f | 0 5 m 90 5 l S | 2 0 0 2 0 0 cm | 1 0 0 1 9 0 cm
    | 1 0 0 1 0 0 cm | 0 900 TD | 0 -12 TD | T* | 9 0 Td | -9 0 Td | 0 4 Td | 0 0 Td | (x) Tj | () Tj | (1) '
    | 0 0 (2) " | 5 -40 (1) " | [-556] TJ | [(1) 900 (2)] TJ | q | Q | /Span BMC | EMC | /GS gs
    | /Span <</ActualText (1 Mei)>> BDC | /Helv 3 Tf | /Lie 8 Tf | /Norm 8 Tf | % (12) Tj\n | BT | ET | /Helv 0 Tf
    | 0 TL | -12 TL | BX foo EX""",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """An answer whose drawing the check took for its value."""

    field: str
    value: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One form full of drawings: as received, the same with what was believed set plainly, and how many were drawn."""

    received: bytes
    plainly: bytes
    believed: tuple[Believed, ...]
    drawn: int


def trial(chance: random.Random) -> Trial:
    """Draw anew every answer of a filled form, and have the check judge it."""
    with pikepdf.open(BytesIO(_form())) as pdf:
        widgets = {str(widget.T): widget for widget in pdf.pages[0].obj.Annots.as_list()}
        own = form_fonts(pdf)
        contents: dict[str, bytes] = {}
        for field in LAMPIRAN_I_V1.fields:
            if field.prefilled:
                continue
            value = chance.choice(_LONG if field.kind is Kind.LONG_TEXT else _TEXTS)
            shown = value if chance.random() < 0.7 else chance.choice(_TEXTS)
            widget = widgets[field.name]
            contents[field.name] = _drawing(chance, shown, _size_of(widget))
            widget.V = String(value)
            widget.AP = Dictionary(N=_appearance(chance, pdf, widget, contents[field.name], own))
        received = saved(pdf)
    wrong = {problem.field for problem in appearance_problems(received, LAMPIRAN_I_V1)}
    right = [name for name in contents if name not in wrong]
    plainly, values = _set_plainly(received, right)
    return Trial(
        received=received,
        plainly=plainly,
        believed=tuple(Believed(field=name, value=values[name], content=contents[name]) for name in right),
        drawn=len(contents),
    )


def seen_otherwise(trials: Sequence[Trial]) -> Iterator[tuple[str, Trial, Believed]]:
    """What a viewer shows otherwise than plainly set, with the viewer's name."""
    for name, pictures in (("PDFium", _by_pdfium), ("poppler", _by_poppler)):
        for made, received, plainly in zip(
            trials, pictures([t.received for t in trials]), pictures([t.plainly for t in trials]), strict=True
        ):
            shades = ImageChops.difference(received.reduce(2), plainly.reduce(2))
            for believed in made.believed:
                if shades.crop(_pixels(believed.field, received.height)).getextrema()[1] > SAME_SHADE:
                    yield name, made, believed


@cache
def _form() -> bytes:
    return filled(**{name: value for name, value in answers().items() if value})


def _size_of(widget: Any) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in widget.Rect)
    return right - left, top - bottom


# --- Drawings --------------------------------------------------------------------------------------------------------


def _drawing(chance: random.Random, text: str, box: tuple[float, float]) -> bytes:
    font, encode = chance.choice(_FONTS)
    tokens = _honest(chance, text, box, font, encode)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 1, 2, 3))):
        tokens = _gone_wrong(chance, tokens)
    return " ".join(tokens).encode("latin-1", errors="replace")


def _literal(text: str) -> str:
    return "(" + re.sub(r"([()\\])", r"\\\1", text.encode("cp1252", errors="replace").decode("latin-1")) + ")"


def _hex(text: str) -> str:
    return f"<{text.encode('cp1252', errors='replace').hex()}>"


def _glyphs(text: str) -> str:
    glyphs = published_metrics().glyphs
    return "<" + "".join(f"{glyphs.get(letter, (0, 0))[0]:04X}" for letter in text) + ">"


_FONTS = (
    *(("/Helv", _literal), ("/Helv", _hex), ("/Norm", _literal), ("/CmbF", _literal), ("/CmbF", _hex)),
    *(("/CmbU", _glyphs), ("/Times", _literal), ("/Courier", _literal), ("/Lie", _literal)),
)


def _honest(chance: random.Random, text: str, box: tuple[float, float], font: str, encode: Any) -> list[str]:
    """The habits of the fillers of the matrix, mixed."""
    size = chance.choice((7, 8, 8, 9, 10, 10))
    width, height = box
    leading = size * chance.choice((1.0, 1.1, 1.18, 1.3))
    x, y = chance.choice((0, 1, 2, 2)), max(size * 0.2, height - size) if height > 20 else (height - size * 0.7) / 2
    lines = [line for part in text.split("\n") for line in _wrapped(part, int(width / size * 1.7))]
    tokens = list(chance.choice(((), ("q", "Q"), ("q",))))
    closing = ["Q"] if tokens == ["q"] else []
    tokens += ["/Tx", "BMC", "q"]
    if chance.random() < 0.5:
        tokens += [*map(_number, (1, 1, width - 2, height - 2)), "re", "W", *chance.choice(((), ("n",), ("n",)))]
    tokens += ["BT", *chance.choice((("0", "g"), ("0", "0", "0", "rg"), ("0.2", "g"), ()))]
    tokens += [font, _number(size), "Tf"]
    style = chance.choice(("Td", "Tm", "T*", "Td", "words"))
    tokens += ["1", "0", "0", "1", _number(x), _number(y), "Tm"] if style == "Tm" else [_number(x), _number(y), "Td"]
    tokens += [_number(leading), "TL"] if style == "T*" else []
    for number, line in enumerate(lines):
        if number:
            tokens += {"T*": ["T*"], "Tm": ["1", "0", "0", "1", _number(x), _number(y - number * leading), "Tm"]}.get(
                style, ["0", _number(-leading), "Td"]
            )
        if style == "words":
            for word in re.findall(r"\S+ *| +", line):
                tokens += [encode(word), "Tj"]
        else:
            tokens += ["[", encode(line), "]", "TJ"] if chance.random() < 0.2 else [encode(line), "Tj"]
    return [*tokens, "ET", "Q", "EMC", *closing]


def _wrapped(line: str, letters: int) -> list[str]:
    words, lines = line.split(" "), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) + 1 > letters:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _gone_wrong(chance: random.Random, tokens: list[str]) -> list[str]:
    at = chance.randrange(len(tokens))
    match chance.randrange(9):
        case 0:
            return tokens[:at] + tokens[at + 1 :]
        case 1:
            return [*tokens[:at], tokens[at], *tokens[at:]]
        case 2 | 3:
            return [*tokens[:at], chance.choice(_INSERTED), *tokens[at:]]
        case 4:
            # Between a string and its operator's end nothing fits; behind an operator everything does.
            places = [number + 1 for number, token in enumerate(tokens) if token in _OPERATORS]
            at = chance.choice(places) if places else at
            return [*tokens[:at], chance.choice(_INSERTED), *tokens[at:]]
        case 5:
            places = [number for number, token in enumerate(tokens) if re.fullmatch(r"-?[\d.]+", token)]
            if places:
                tokens = list(tokens)
                tokens[chance.choice(places)] = chance.choice(_NUMBERS)
            return tokens
        case 6:
            places = [number for number, token in enumerate(tokens) if token in _OPERATORS]
            if places:
                tokens = list(tokens)
                tokens[chance.choice(places)] = chance.choice(_OPERATORS)
            return tokens
        case 7:
            return [_other_string(chance, token) for token in tokens]
        case _:
            fonts = [font for font, _ in _FONTS]
            return [chance.choice(fonts) if token in fonts else token for token in tokens]


def _other_string(chance: random.Random, token: str) -> str:
    if not token.startswith(("(", "<")) or token.startswith("<<") or chance.random() < 0.5 or len(token) < 4:
        return token
    at = chance.randrange(1, len(token) - 1)
    odd = [*_words(r"\1 \061 \9 ( ) \ - 1 2 < #31"), "\n", "\r", "\xad", "\xa0", "\xb2", "\x01", " ", "\\\n"]
    return token[:at] + chance.choice(odd) + token[at + chance.choice((0, 1)) :]


def _appearance(chance: random.Random, pdf: Pdf, widget: Any, content: bytes, own: dict[str, Object]) -> Object:
    width, height = _size_of(widget)
    stream = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, width, height]))
    fonts = Dictionary(Helv=_standard("Helvetica"), Norm=_standard("Helvetica"), Times=_standard("Times-Roman"))
    fonts.Courier = _standard("Courier")
    fonts.Lie = _lying(chance, pdf)
    for name, font in own.items():
        fonts[name] = font
    stream.Resources = Dictionary(Font=fonts)
    if chance.random() < 0.1:
        key, entry = chance.choice(
            (
                ("/Matrix", Array([1, 0, 0, 1, 5, 0])),
                ("/BBox", Array([0, 0, width * 2, height])),
                ("/BBox", Array([0, -4, width, height])),
                ("/Group", Dictionary(S=Name.Transparency)),
            )
        )
        stream[key] = entry
    if chance.random() < 0.1:
        white = Array([Name.CalGray, Dictionary(WhitePoint=Array([1, 1, 1]), Gamma=9)])
        stream.Resources.ColorSpace = Dictionary(DefaultGray=white)
    if chance.random() < 0.1:
        stream.Resources.ExtGState = Dictionary(GS=Dictionary(ca=0))
    return stream


def _standard(name: str, **entries: Any) -> Dictionary:
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{name}"), Encoding=Name.WinAnsiEncoding, **entries
    )


def _lying(chance: random.Random, pdf: Pdf) -> Dictionary:
    """A font with an odd encoding, widths or glyph names; now and then with none."""
    font = _standard("Helvetica")
    match chance.randrange(9):
        case 0:
            font.Encoding = Dictionary(Differences=Array([49, Name.two, Name.one]))
        case 1:
            names = Array([49, Name("/one.x"), Name.g17])
            font.Encoding = Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=names)
        case 2:
            font.FirstChar, font.LastChar, font.Widths = 32, 126, Array([-1112, *[556] * 94])
        case 3:
            font.FirstChar, font.LastChar, font.Widths = 0, 255, Array([556] * 256)
        case 4:
            font.Encoding = chance.choice((Name.MacRomanEncoding, Name.StandardEncoding, Name.MacExpertEncoding))
        case 5:
            del font.Encoding
        case 6:
            font.ToUnicode = pdf.make_stream(b"1 beginbfchar <31> <0032> endbfchar")
        case 7:
            font.BaseFont = chance.choice((Name.Symbol, Name.ZapfDingbats, Name("/Arial"), Name("/Helvetica-Narrow")))
        case _:
            pass
    return font


# --- The same, plainly -----------------------------------------------------------------------------------------------


def _set_plainly(received: bytes, names: list[str]) -> tuple[bytes, dict[str, str]]:
    """The file with the values of these fields set anew, run by run at the places and in the window the check read."""
    values: dict[str, str] = {}
    with pikepdf.open(BytesIO(received)) as pdf:
        known = KnownFonts(published=published_fonts(pdf))
        widgets = {str(widget.T): widget for widget in pdf.pages[0].obj.Annots.as_list()}
        for place in widgets_of(pdf):
            if place.name not in names or place.appearance is None:
                continue
            values[place.name] = place.value
            drawing = plain_drawing(place.appearance, known)
            assert drawing is not None
            lines = [(line, text) for line, text in zip(drawing.lines, drawing.text(), strict=True) if text.strip()]
            bare = "".join(place.value.split())
            assert "".join("".join(text for _, text in lines).split()) == bare, (place.value, drawing)
            if drawing.font is None or not lines:
                continue
            left, bottom, right, top = drawing.window
            parts = [f"{left} {bottom} {right - left} {top - bottom} re W n BT"]
            parts += [drawing.colour.decode(), f"/F {drawing.size:g} Tf"]
            spell = _glyphs if drawing.font.code_bytes == 2 else _hex
            parts += [f"1 0 0 1 {run.x:.4f} {run.y:.4f} Tm {spell(run.text)} Tj" for line, _ in lines for run in line]
            content = f"{' '.join(parts)} ET".encode()
            plain = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=place.appearance.BBox)
            plain.Resources = Dictionary(Font=Dictionary(F=drawing.font.source))
            widgets[place.name].AP = Dictionary(N=plain)
        return saved(pdf), values


# --- Pictures --------------------------------------------------------------------------------------------------------


def _by_pdfium(files: Sequence[bytes]) -> Iterator[Image.Image]:
    for file in files:
        document = pypdfium2.PdfDocument(file)
        document.init_forms()
        yield document[0].render(scale=DPI / 72, grayscale=True, may_draw_forms=True).to_pil()
        document.close()


def _by_poppler(files: Sequence[bytes]) -> Iterator[Image.Image]:
    with TemporaryDirectory() as folder:
        with Pdf.new() as together:
            for file in files:
                with pikepdf.open(BytesIO(file)) as one:
                    together.add_pages_from(one)
            together.save(Path(folder, "all.pdf"))
        command = ["pdftoppm", "-q", "-r", str(DPI), "-gray", f"{folder}/all.pdf", f"{folder}/page"]
        subprocess.run(command, check=True, timeout=600)
        for path in sorted(Path(folder).glob("page*.pgm")):
            with Image.open(path) as picture:
                yield picture.copy()


@cache
def _boxes() -> dict[str, tuple[float, float, float, float]]:
    with pikepdf.open(BytesIO(_form())) as pdf:
        return {place.name: place.box for place in widgets_of(pdf)}


def _pixels(field: str, height: int) -> tuple[int, int, int, int]:
    """The box of a field on a picture reduced by two."""
    left, bottom, right, top = (edge * DPI / 72 for edge in _boxes()[field])
    return int(left / 2), int((height - top) / 2), int(right / 2) + 1, int((height - bottom) / 2) + 1
