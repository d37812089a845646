"""Random appearances from the whole grammar of text, colour, clipping and state: valid ones, and corrupted ones.

`trial` draws one for every answer of a form and asks the check which of them show their value. `visible_differences`
compares pictures: the file as two viewers draw it, and the same file with the accepted values set plainly.
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
# How much (of 255) a pixel may differ after averaging four, since viewers place runs at fractions of a pixel; another
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
class AcceptedDrawing:
    """An answer whose drawing the check accepted for its value."""

    field: str
    value: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A form with random drawings: as received, with the accepted values set plainly, and how many were drawn."""

    received: bytes
    plain_copy: bytes
    accepted: tuple[AcceptedDrawing, ...]
    drawn: int


def trial(rng: random.Random) -> Trial:
    """Draw every answer of a filled form at random, and check it."""
    with pikepdf.open(BytesIO(_form())) as pdf:
        widgets = {str(widget.T): widget for widget in pdf.pages[0].obj.Annots.as_list()}
        own_fonts = form_fonts(pdf)
        contents: dict[str, bytes] = {}
        for field in LAMPIRAN_I_V1.fields:
            if field.prefilled:
                continue
            value = rng.choice(_LONG if field.kind is Kind.LONG_TEXT else _TEXTS)
            shown = value if rng.random() < 0.7 else rng.choice(_TEXTS)
            widget = widgets[field.name]
            contents[field.name] = _drawing(rng, shown, _size_of(widget))
            widget.V = String(value)
            widget.AP = Dictionary(N=_appearance(rng, pdf, widget, contents[field.name], own_fonts))
        received = saved(pdf)
    rejected = {problem.field for problem in appearance_problems(received, LAMPIRAN_I_V1)}
    accepted = [name for name in contents if name not in rejected]
    plain_copy, values = _set_plain(received, accepted)
    return Trial(
        received=received,
        plain_copy=plain_copy,
        accepted=tuple(AcceptedDrawing(field=name, value=values[name], content=contents[name]) for name in accepted),
        drawn=len(contents),
    )


def visible_differences(trials: Sequence[Trial]) -> Iterator[tuple[str, Trial, AcceptedDrawing]]:
    """Yield the accepted drawings that look different from their value set plainly, with the name of the viewer."""
    for name, pictures in (("PDFium", _by_pdfium), ("poppler", _by_poppler)):
        for one_trial, received, plain_copy in zip(
            trials, pictures([t.received for t in trials]), pictures([t.plain_copy for t in trials]), strict=True
        ):
            shades = ImageChops.difference(received.reduce(2), plain_copy.reduce(2))
            for accepted in one_trial.accepted:
                if shades.crop(_pixels(accepted.field, received.height)).getextrema()[1] > SAME_SHADE:
                    yield name, one_trial, accepted


@cache
def _form() -> bytes:
    return filled(**{name: value for name, value in answers().items() if value})


def _size_of(widget: Any) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in widget.Rect)
    return right - left, top - bottom


# --- Drawings


def _drawing(rng: random.Random, text: str, box: tuple[float, float]) -> bytes:
    font, encode = rng.choice(_FONTS)
    tokens = _valid_tokens(rng, text, box, font, encode)
    for _ in range(rng.choice((0, 0, 0, 1, 1, 1, 2, 3))):
        tokens = _corrupted(rng, tokens)
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


def _valid_tokens(rng: random.Random, text: str, box: tuple[float, float], font: str, encode: Any) -> list[str]:
    """Return the tokens of a valid drawing, mixing the styles of the programs in the matrix."""
    size = rng.choice((7, 8, 8, 9, 10, 10))
    width, height = box
    leading = size * rng.choice((1.0, 1.1, 1.18, 1.3))
    x, y = rng.choice((0, 1, 2, 2)), max(size * 0.2, height - size) if height > 20 else (height - size * 0.7) / 2
    lines = [line for part in text.split("\n") for line in _wrapped(part, int(width / size * 1.7))]
    tokens = list(rng.choice(((), ("q", "Q"), ("q",))))
    closing = ["Q"] if tokens == ["q"] else []
    tokens += ["/Tx", "BMC", "q"]
    if rng.random() < 0.5:
        tokens += [*map(_number, (1, 1, width - 2, height - 2)), "re", "W", *rng.choice(((), ("n",), ("n",)))]
    tokens += ["BT", *rng.choice((("0", "g"), ("0", "0", "0", "rg"), ("0.2", "g"), ()))]
    tokens += [font, _number(size), "Tf"]
    style = rng.choice(("Td", "Tm", "T*", "Td", "words"))
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
            tokens += ["[", encode(line), "]", "TJ"] if rng.random() < 0.2 else [encode(line), "Tj"]
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


def _corrupted(rng: random.Random, tokens: list[str]) -> list[str]:
    at = rng.randrange(len(tokens))
    match rng.randrange(9):
        case 0:
            return tokens[:at] + tokens[at + 1 :]
        case 1:
            return [*tokens[:at], tokens[at], *tokens[at:]]
        case 2 | 3:
            return [*tokens[:at], rng.choice(_INSERTED), *tokens[at:]]
        case 4:
            # After an operator, anything may be inserted.
            places = [number + 1 for number, token in enumerate(tokens) if token in _OPERATORS]
            at = rng.choice(places) if places else at
            return [*tokens[:at], rng.choice(_INSERTED), *tokens[at:]]
        case 5:
            places = [number for number, token in enumerate(tokens) if re.fullmatch(r"-?[\d.]+", token)]
            if places:
                tokens = list(tokens)
                tokens[rng.choice(places)] = rng.choice(_NUMBERS)
            return tokens
        case 6:
            places = [number for number, token in enumerate(tokens) if token in _OPERATORS]
            if places:
                tokens = list(tokens)
                tokens[rng.choice(places)] = rng.choice(_OPERATORS)
            return tokens
        case 7:
            return [_other_string(rng, token) for token in tokens]
        case _:
            fonts = [font for font, _ in _FONTS]
            return [rng.choice(fonts) if token in fonts else token for token in tokens]


def _other_string(rng: random.Random, token: str) -> str:
    if not token.startswith(("(", "<")) or token.startswith("<<") or rng.random() < 0.5 or len(token) < 4:
        return token
    at = rng.randrange(1, len(token) - 1)
    odd = [*_words(r"\1 \061 \9 ( ) \ - 1 2 < #31"), "\n", "\r", "\xad", "\xa0", "\xb2", "\x01", " ", "\\\n"]
    return token[:at] + rng.choice(odd) + token[at + rng.choice((0, 1)) :]


def _appearance(rng: random.Random, pdf: Pdf, widget: Any, content: bytes, own_fonts: dict[str, Object]) -> Object:
    width, height = _size_of(widget)
    stream = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, width, height]))
    fonts = Dictionary(Helv=_standard("Helvetica"), Norm=_standard("Helvetica"), Times=_standard("Times-Roman"))
    fonts.Courier = _standard("Courier")
    fonts.Lie = _unreliable_font(rng, pdf)
    for name, font in own_fonts.items():
        fonts[name] = font
    stream.Resources = Dictionary(Font=fonts)
    if rng.random() < 0.1:
        key, entry = rng.choice(
            (
                ("/Matrix", Array([1, 0, 0, 1, 5, 0])),
                ("/BBox", Array([0, 0, width * 2, height])),
                ("/BBox", Array([0, -4, width, height])),
                ("/Group", Dictionary(S=Name.Transparency)),
            )
        )
        stream[key] = entry
    if rng.random() < 0.1:
        white = Array([Name.CalGray, Dictionary(WhitePoint=Array([1, 1, 1]), Gamma=9)])
        stream.Resources.ColorSpace = Dictionary(DefaultGray=white)
    if rng.random() < 0.1:
        stream.Resources.ExtGState = Dictionary(GS=Dictionary(ca=0))
    return stream


def _standard(name: str, **entries: Any) -> Dictionary:
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{name}"), Encoding=Name.WinAnsiEncoding, **entries
    )


def _unreliable_font(rng: random.Random, pdf: Pdf) -> Dictionary:
    """Return a font with an odd encoding, widths or glyph names; sometimes a correct one."""
    font = _standard("Helvetica")
    match rng.randrange(9):
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
            font.Encoding = rng.choice((Name.MacRomanEncoding, Name.StandardEncoding, Name.MacExpertEncoding))
        case 5:
            del font.Encoding
        case 6:
            font.ToUnicode = pdf.make_stream(b"1 beginbfchar <31> <0032> endbfchar")
        case 7:
            font.BaseFont = rng.choice((Name.Symbol, Name.ZapfDingbats, Name("/Arial"), Name("/Helvetica-Narrow")))
        case _:
            pass
    return font


# --- Values set plainly


def _set_plain(received: bytes, names: list[str]) -> tuple[bytes, dict[str, str]]:
    """Return the file with the values of these fields set again, run by run as the check read them; and the values."""
    values: dict[str, str] = {}
    with pikepdf.open(BytesIO(received)) as pdf:
        known = KnownFonts(published=published_fonts(pdf))
        widgets = {str(widget.T): widget for widget in pdf.pages[0].obj.Annots.as_list()}
        for placement in widgets_of(pdf):
            if placement.name not in names or placement.appearance is None:
                continue
            values[placement.name] = placement.value
            drawing = plain_drawing(placement.appearance, known)
            assert drawing is not None
            lines = [(line, text) for line, text in zip(drawing.lines, drawing.text(), strict=True) if text.strip()]
            bare = "".join(placement.value.split())
            assert "".join("".join(text for _, text in lines).split()) == bare, (placement.value, drawing)
            if drawing.font is None or not lines:
                continue
            left, bottom, right, top = drawing.window
            parts = [f"{left} {bottom} {right - left} {top - bottom} re W n BT"]
            parts += [drawing.colour.decode(), f"/F {drawing.size:g} Tf"]
            spell = _glyphs if drawing.font.code_bytes == 2 else _hex
            parts += [f"1 0 0 1 {run.x:.4f} {run.y:.4f} Tm {spell(run.text)} Tj" for line, _ in lines for run in line]
            content = f"{' '.join(parts)} ET".encode()
            plain = pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=placement.appearance.BBox)
            plain.Resources = Dictionary(Font=Dictionary(F=drawing.font.source))
            widgets[placement.name].AP = Dictionary(N=plain)
        return saved(pdf), values


# --- Pictures


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
        return {placement.name: placement.box for placement in widgets_of(pdf)}


def _pixels(field: str, height: int) -> tuple[int, int, int, int]:
    """Return the box of a field on a picture of half the size."""
    left, bottom, right, top = (edge * DPI / 72 for edge in _boxes()[field])
    return int(left / 2), int((height - top) / 2), int(right / 2) + 1, int((height - bottom) / 2) + 1
