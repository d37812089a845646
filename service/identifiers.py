"""Public numbers: a gapless series per year with an unguessable tail, so that the register cannot be walked."""

from __future__ import annotations

import re
from collections.abc import Callable

from service.names import cleaned

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32: no I, L, O, U to mistake
_NUMBER = re.compile(r"CMB-\d{4}-\d{6}-[0-9A-HJKMNP-TV-Z]{8}")

_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014", "-----")
_CHECK_PAGE = "/PERIKSA/"
# What is taken along when a number is copied out of a sentence or an address.
_AROUND = "./,;:()<>[]\"'\u201c\u201d"
_LOOKALIKES = str.maketrans("OIL", "011")


def certificate_number(year: int, sequence: int, randomness: Callable[[int], bytes]) -> str:
    """`CMB-2026-000123-K7Q2M9XD`: year, place in the year's series, 40 random bits."""
    tail = "".join(_ALPHABET[byte % 32] for byte in randomness(8))
    return f"CMB-{year}-{sequence:06d}-{tail}"


def is_number(text: str) -> bool:
    """Whether the text has the shape of a certificate's number (said or typed in any case)."""
    return _NUMBER.fullmatch(text.strip().upper()) is not None


def as_typed(text: str) -> str:
    """A number as people type it, put right: spaces, small letters, other dashes, letters taken for digits.

    Invisible marks, the check address before it and a full stop after it fall away too.
    """
    plain = "".join(cleaned(text).split()).upper().translate(_DASHES)
    plain = re.split(r"[?#]", plain, maxsplit=1)[0].rpartition(_CHECK_PAGE)[2].strip(_AROUND)
    head, _, tail = plain.rpartition("-")
    return f"{head}-{tail.translate(_LOOKALIKES)}" if head else plain


def nip_as_typed(text: str) -> str:
    """A NIP as people type and paste it, without spaces, dots, hyphens and invisible marks; other texts cleaned only.

    Whether it is a NIP is not asked (`parsers.values.read_nip`).
    """
    plain = cleaned(text)
    digits = re.sub(r"[\s.-]", "", plain.translate(_DASHES))
    return digits if digits.isdecimal() and digits.isascii() else plain


def submission_id(randomness: Callable[[int], bytes]) -> str:
    """`K-7K3M9Q2XWD`: 50 random bits, short enough to read out on the telephone."""
    return short_id("K", randomness)


def short_id(letter: str, randomness: Callable[[int], bytes]) -> str:
    """`D-7K3M9Q2XWD`: a letter for the kind of thing, 50 random bits."""
    return f"{letter}-" + "".join(_ALPHABET[byte % 32] for byte in randomness(10))
