"""Serials of blanks: which form and version, 60 random bits, a check character; drawn as text and QR."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from functools import lru_cache

import pikepdf
import segno
from pikepdf import Pdf

from forms.errors import FormsError, UnknownForm
from forms.glyph_widths import published_face
from forms.pdf import decoded
from forms.schema import Form

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32
_PREFIXES = {"lampiran-i": "L1"}
# What reading a file raises where an object is not of the kind or at the place it should be.
_MISSHAPEN = (ValueError, TypeError, AttributeError, KeyError, IndexError)
_SHAPE = re.compile(r"(L\d+)V(\d+)-([0-9A-HJKMNP-TV-Z]{4})-([0-9A-HJKMNP-TV-Z]{4})-([0-9A-HJKMNP-TV-Z]{5})")


def new_serial(form: Form, randomness: Callable[[int], bytes]) -> str:
    """`L1V1-7K3M-9Q2X-WD5RA`: the form's prefix and version, twelve random characters, one check character."""
    body = "".join(_ALPHABET[byte % 32] for byte in randomness(12))
    head = f"{_PREFIXES[form.id]}V{form.version}"
    return f"{head}-{body[:4]}-{body[4:8]}-{body[8:]}{_check(head + body)}"


def is_serial(text: str) -> bool:
    """Whether the text is a serial with a matching check character (mistyped ones are not)."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return False
    prefix, version, one, two, three = match.groups()
    return three[4] == _check(f"{prefix}V{version}{one}{two}{three[:4]}")


def form_of_serial(serial: str) -> tuple[str, int]:
    """(form id, version) a serial was made for; UnknownForm when it is not a serial of ours."""
    match = _SHAPE.fullmatch(serial) if is_serial(serial) else None
    ids = {prefix: form_id for form_id, prefix in _PREFIXES.items()}
    if match is None or match.group(1) not in ids:
        raise UnknownForm(f"Nomor seri {serial} tidak dikenal.")
    return ids[match.group(1)], int(match.group(2))


def serial_of(pdf: bytes) -> str | None:
    """The serial in the file, when what its page draws is that very serial; None otherwise, also for a blank's base."""
    try:
        with Pdf.open(io.BytesIO(pdf)) as opened:
            return serial_in(opened)
    except pikepdf.PdfError:
        return None


def serial_in(opened: Pdf) -> str | None:
    """The same for a file already opened."""
    try:
        drawn = opened.pages[0].obj.Resources.XObject[NAME]
        serial = str(drawn[KEY])
        same = decoded(drawn) == draw_serial(serial)
    except (FormsError, pikepdf.PdfError, zlib.error, RecursionError, *_MISSHAPEN):
        return None
    return serial if serial and same else None


def _check(text: str) -> str:
    """One character over all the others: a Luhn sum in base 32, so that one wrong or two swapped characters show."""
    total = 0
    for place, character in enumerate(reversed(text)):
        # L is no letter of the alphabet; it only ever stands first, so any value does.
        value = _ALPHABET.find(character) % 32 * (2 - place % 2)
        total += value // 32 + value % 32
    return _ALPHABET[-total % 32]


# --- The serial as people and telephones read it: a line of text and its QR, one form XObject, always drawn the same

# The XObject's name on the page, the key that keeps its text, and its place there (points).
NAME = "/Serial"
KEY = "/CMBSerial"
PLACE = (402.5, 22.0, 544.2, 104.0)
_WIDTH, _HEIGHT = PLACE[2] - PLACE[0], PLACE[3] - PLACE[1]
_QR, _LINES = 60.0, 20.0  # the side of the QR, the height of the two lines below it
_RUN = re.compile(rb"\x01+")  # dark modules side by side


def serial_places() -> tuple[tuple[float, float, float, float], ...]:
    """Where the QR and the two lines of text stand on the page: (left, bottom, right, top) in points."""
    left, bottom, right, top = PLACE
    return ((right - _QR, top - _QR, right, top), (left, bottom, right, bottom + _LINES))


@lru_cache(maxsize=8)
def draw_serial(serial: str) -> bytes:
    """Content stream in a box of the size of `PLACE`; an empty serial draws nothing."""
    if not serial:
        return b""
    face = published_face()
    parts = ["q", "0 g", *_squares(serial), "BT"]
    for baseline, size, text in ((11.0, 6.6, "Nomor seri"), (2.0, 7.6, serial)):
        glyphs = "".join(f"{face.glyphs[character][0]:04X}" for character in text)
        left = _WIDTH - face.width(text, size)
        parts.append(f"/CmbU {size} Tf 1 0 0 1 {left:.3f} {baseline} Tm <{glyphs}> Tj")
    return ("\n".join([*parts, "ET", "Q"]) + "\n").encode("ascii")


def _squares(text: str) -> list[str]:
    """QR modules as filled runs, at the upper right."""
    rows = segno.make(text, error="m", micro=False, mask=3).matrix
    across, wide, up, side = _lengths(len(rows))
    runs = [
        f"{across[run.start()]} {up[line]} {wide[run.end() - run.start()]} {side} re"
        for line, row in enumerate(rows)
        for run in _RUN.finditer(row)
    ]
    return [*runs, "f"]


@lru_cache(maxsize=4)
def _lengths(modules: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str]:
    """As written: the left edge of each column, the width of each number of them, the foot of each row, and a side."""
    side = _QR / modules
    left, top = _WIDTH - _QR, _HEIGHT
    columns = range(modules + 1)
    return (
        tuple(f"{left + each * side:.3f}" for each in columns),
        tuple(f"{each * side:.3f}" for each in columns),
        tuple(f"{top - (each + 1) * side:.3f}" for each in columns),
        f"{side:.3f}",
    )


# --- A QR code (ISO/IEC 18004) as one filled path of horizontal runs, for a PDF content stream


def squares(text: str, *, left: float, bottom: float, side: float) -> bytes:
    """The dark modules as `re ... f` in points; no quiet zone. Level M; one fixed mask keeps it deterministic."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m", mask=3).matrix]
    module = side / len(rows)
    runs = []
    for index, row in enumerate(rows):
        low = bottom + side - (index + 1) * module
        start = row.find(1)
        while start >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            # A hair of overlap downwards keeps viewers from drawing white lines between rows.
            width = (end - start) * module
            runs.append(b"%.2f %.2f %.2f %.2f re" % (left + start * module, low - 0.02, width, module + 0.02))
            start = row.find(1, end)
    return b"\n".join([*runs, b"f"])
