"""Serials of blanks: which form and version, 60 random bits, a check character; drawn as text and QR."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Pdf

from forms.errors import FormsError, UnknownForm
from forms.schema import Form
from forms.serialdraw import KEY, NAME, draw_serial
from forms.streams import decoded

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
