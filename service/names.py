"""How alike two names are: a suggestion for the person who confirms, never proof of who somebody is."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

# Written before a name, with or without a full stop; degrees after it follow a comma.
_TITLES = frozenset(
    {"prof", "dr", "drs", "dra", "drg", "drh", "ir", "apt", "ns", "h", "hj", "hajjah", "haji", "kh", "rm", "ra", "r"}
)
# Of two names of common length, about one letter in eight may differ; chosen by us, it decides nothing.
_ALIKE = 0.85


class Likeness(StrEnum):
    """SAME: equal but for titles, case and punctuation. SIMILAR: a person should look twice."""

    SAME = "same"
    SIMILAR = "similar"
    DIFFERENT = "different"


def likeness(one: str, other: str) -> Likeness:
    """Compare two names, academic and other titles left out."""
    first, second = bare_name(one), bare_name(other)
    if not first or not second:
        return Likeness.DIFFERENT
    if first == second:
        return Likeness.SAME
    shorter, longer = sorted((first.split(), second.split()), key=len)
    # Initials and left-out parts: `Sri L. Contohningrum`, `Sri Lestari`.
    contained = len(shorter) > 1 and _in_order(shorter, longer)
    alike = contained or SequenceMatcher(None, first, second, autojunk=False).ratio() >= _ALIKE
    return Likeness.SIMILAR if alike else Likeness.DIFFERENT


def resemblance(one: str, other: str) -> Decimal:
    """How much of two names is the same, 0 to 1 with two digits; 1 exactly when they are the same but for titles."""
    first, second = bare_name(one), bare_name(other)
    if first and first == second:
        return Decimal(1)
    ratio = SequenceMatcher(None, first, second, autojunk=False).ratio() if first and second else 0.0
    return min(Decimal(f"{ratio:.2f}"), Decimal("0.99"))


def bare_name(name: str) -> str:
    """The name in small letters without titles, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name.partition(",")[0])
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    words = re.findall(r"[^\W\d_]+", letters.replace("'", "").replace("’", ""))
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    return " ".join(words)


def _in_order(shorter: list[str], longer: list[str]) -> bool:
    rest = iter(longer)
    return all(any(part == word or (len(part) == 1 and word.startswith(part)) for word in rest) for part in shorter)


def cleaned(text: str) -> str:
    """Return a text from outside as the register keeps it: NFC, no format characters, single spaces, trimmed."""
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(unicodedata.normalize("NFC", visible).split())
