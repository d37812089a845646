"""Serial numbers of blanks: form and version, 60 random bits, a check character; drawn as text and QR code."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import lru_cache

import pikepdf
import segno
from pikepdf import Pdf

from forms.errors import FormsError, UnknownForm
from forms.glyph_widths import published_metrics
from forms.pdf import MALFORMED, decoded
from forms.schema import Box, Form

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32
_PREFIXES = {"lampiran-i": "L1"}
_SHAPE = re.compile(r"(L\d+)V(\d+)-([0-9A-HJKMNP-TV-Z]{4})-([0-9A-HJKMNP-TV-Z]{4})-([0-9A-HJKMNP-TV-Z]{5})")


def new_serial(form: Form, randomness: Callable[[int], bytes]) -> str:
    """Return a serial such as `L1V1-7K3M-9Q2X-WD5RA`: form, version, twelve random characters, a check character."""
    body = "".join(_ALPHABET[byte % 32] for byte in randomness(12))
    head = f"{_PREFIXES[form.id]}V{form.version}"
    return f"{head}-{body[:4]}-{body[4:8]}-{body[8:]}{_check(head + body)}"


def is_serial(text: str) -> bool:
    """Tell whether the text is a serial with a matching check character; a mistyped one is not."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return False
    prefix, version, one, two, three = match.groups()
    return three[4] == _check(f"{prefix}V{version}{one}{two}{three[:4]}")


def form_of_serial(serial: str) -> tuple[str, int]:
    """Return (form id, version) of a serial; UnknownForm when it is not one of ours."""
    match = _SHAPE.fullmatch(serial) if is_serial(serial) else None
    ids = {prefix: form_id for form_id, prefix in _PREFIXES.items()}
    if match is None or match.group(1) not in ids:
        raise UnknownForm(f"Nomor seri {serial} tidak dikenal.")
    return ids[match.group(1)], int(match.group(2))


def serial_of(content: bytes) -> str | None:
    """Return the serial in the file if its page draws that very serial; None otherwise, and for a published blank."""
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            return serial_in(pdf)
    except pikepdf.PdfError:
        return None


def serial_in(pdf: Pdf) -> str | None:
    """Return the same as `serial_of`, for an open file."""
    try:
        drawn = pdf.pages[0].obj.Resources.XObject[XOBJECT_NAME]
        serial = str(drawn[SERIAL_KEY])
        is_genuine = decoded(drawn) == draw_serial(serial)
    except (FormsError, IndexError, *MALFORMED):
        return None
    return serial if serial and is_genuine else None


def _check(text: str) -> str:
    """Return the check character: a Luhn sum in base 32 detects one wrong or two swapped characters."""
    total = 0
    for place, character in enumerate(reversed(text)):
        # L is not in the alphabet; it is always the first character, so any value will do.
        value = _ALPHABET.find(character) % 32 * (2 - place % 2)
        total += value // 32 + value % 32
    return _ALPHABET[-total % 32]


# --- Drawing: a QR code and two lines of text, one form XObject that is always drawn the same

# The name of the XObject on the page, the key of its text, and its place there.
XOBJECT_NAME = "/Serial"
SERIAL_KEY = "/CMBSerial"
SERIAL_BOX = (402.5, 22.0, 544.2, 104.0)
_WIDTH, _HEIGHT = SERIAL_BOX[2] - SERIAL_BOX[0], SERIAL_BOX[3] - SERIAL_BOX[1]
_QR, _LINES = 60.0, 20.0  # points: the side of the QR code, the height of the two lines below it
_RUN = re.compile(rb"\x01+")  # dark modules side by side


def serial_boxes() -> tuple[Box, ...]:
    """Return the boxes on the page of the QR code and of the two lines of text."""
    left, bottom, right, top = SERIAL_BOX
    return ((right - _QR, top - _QR, right, top), (left, bottom, right, bottom + _LINES))


@lru_cache(maxsize=8)
def draw_serial(serial: str) -> bytes:
    """Return the content stream for a box of the size of `SERIAL_BOX`; an empty serial draws nothing."""
    if not serial:
        return b""
    metrics = published_metrics()
    parts = ["q", "0 g", *_qr_modules(serial), "BT"]
    for baseline, size, text in ((11.0, 6.6, "Nomor seri"), (2.0, 7.6, serial)):
        glyphs = "".join(f"{metrics.glyphs[character][0]:04X}" for character in text)
        left = _WIDTH - metrics.width(text, size)
        parts.append(f"/CmbU {size} Tf 1 0 0 1 {left:.3f} {baseline} Tm <{glyphs}> Tj")
    return ("\n".join([*parts, "ET", "Q"]) + "\n").encode("ascii")


def _qr_modules(text: str) -> list[str]:
    """Return the dark modules of the QR code as filled runs, at the upper right."""
    rows = segno.make(text, error="m", micro=False, mask=3).matrix
    across, wide, up, side = _qr_lengths(len(rows))
    runs = [
        f"{across[run.start()]} {up[line]} {wide[run.end() - run.start()]} {side} re"
        for line, row in enumerate(rows)
        for run in _RUN.finditer(row)
    ]
    return [*runs, "f"]


@lru_cache(maxsize=4)
def _qr_lengths(modules: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str]:
    """Return as text: the left edge of each column, the width of each count of them, the foot of each row, the side."""
    side = _QR / modules
    left, top = _WIDTH - _QR, _HEIGHT
    columns = range(modules + 1)
    return (
        tuple(f"{left + column * side:.3f}" for column in columns),
        tuple(f"{count * side:.3f}" for count in columns),
        tuple(f"{top - (row + 1) * side:.3f}" for row in columns),
        f"{side:.3f}",
    )


# --- QR codes of certificates


def qr_path(text: str, *, left: float, bottom: float, side: float) -> bytes:
    """Return a QR code (ISO/IEC 18004, level M) as one filled path in points, without quiet zone.

    The mask is fixed, so that the same text gives the same bytes.
    """
    rows = [bytes(row) for row in segno.make_qr(text, error="m", mask=3).matrix]
    module = side / len(rows)
    runs = []
    for index, row in enumerate(rows):
        low = bottom + side - (index + 1) * module
        start = row.find(1)
        while start >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            # Rows overlap slightly, or viewers draw white lines between them.
            width = (end - start) * module
            runs.append(b"%.2f %.2f %.2f %.2f re" % (left + start * module, low - 0.02, width, module + 0.02))
            start = row.find(1, end)
    return b"\n".join([*runs, b"f"])
