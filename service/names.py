"""Texts from outside, cleaned; and how alike two names are, which proves nothing about who somebody is."""

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
    plain = unicodedata.normalize("NFKD", _visible(name).partition(",")[0])
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    words = re.findall(r"[^\W\d_]+", letters.replace("'", "").replace("’", ""))
    while len(words) > 1 and words[0] in _TITLES:
        words.pop(0)
    return " ".join(words)


def _in_order(shorter: list[str], longer: list[str]) -> bool:
    rest = iter(longer)
    return all(any(part == word or (len(part) == 1 and word.startswith(part)) for word in rest) for part in shorter)


# --- Texts from outside

# Format characters (zero width, directional marks, soft hyphen), control characters, and halves of a character.
_INVISIBLE = frozenset({"Cf", "Cc", "Cs"})


def cleaned(text: str) -> str:
    """Return a text from outside as the register keeps it: NFC, nothing invisible, single spaces, trimmed."""
    return " ".join(unicodedata.normalize("NFC", _visible(text)).split())


def cleaned_paragraphs(text: str) -> str:
    """Return a text of several lines cleaned line by line; empty lines at its ends fall away."""
    return "\n".join(cleaned(line) for line in text.splitlines()).strip("\n")


def cleanings(text: str) -> tuple[str, ...]:
    """Return what `cleaned` changes in a text beyond trimming it, in words; nothing for a clean one."""
    visible = _visible(text)
    composed = unicodedata.normalize("NFC", visible)
    changes = (
        ("tanda tak terlihat dihapus", visible != text),
        ("huruf dan tanda aksennya disatukan", composed != visible),
        ("spasi pada isian dirapikan", " ".join(composed.split()) != composed.strip(" ")),
    )
    return tuple(words for words, changed in changes if changed)


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _INVISIBLE)
