"""Whether the name of a unit looks like that of another: a question to people, never an answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

# Numbers tell units apart that are the same otherwise: Kantor Regional I, II, 3.
_NUMBER = re.compile(r"[ivxlc]+|\w*\d\w*")
# Of one word, about one letter in seven may be a slip; shorter words differ on purpose.
_LIKE, _SHORTEST = 0.85, 5
_ACRONYM = range(2, 8)  # letters


def similar_unit(unit: str, others: Iterable[str]) -> str | None:
    """Return the first of the other units whose name looks like this one, or None.

    Looking alike are names that differ in case, accents, punctuation, spaces, “&” for “dan”, by a slip in one word,
    or by an acronym for the words it stands for.
    """
    words = _words(unit)
    return next((other for other in others if other != unit and _alike(words, _words(other))), None)


def _words(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", name.replace("&", " dan ")).casefold()
    return tuple(re.findall(r"\w+", "".join(char for char in plain if not unicodedata.combining(char))))


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    if "".join(one) == "".join(other):
        return True
    if len(one) != len(other):
        return _shortened(*sorted((one, other), key=len))
    pairs = [(first, second) for first, second in zip(one, other, strict=True) if first != second]
    return len(pairs) == 1 and _slip(*pairs[0])


def _slip(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SHORTEST or _NUMBER.fullmatch(one) or _NUMBER.fullmatch(other):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _LIKE


def _shortened(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Tell whether the longer name is the shorter one with its acronyms written out (“dan” may be left out of them)."""
    if not shorter or not longer:
        return not shorter and not longer
    head, *rest = shorter
    if head == longer[0] and _shortened(rest, longer[1:]):
        return True
    if len(head) not in _ACRONYM:
        return False
    return any(
        head in {"".join(word[0] for word in part), "".join(word[0] for word in part if word != "dan")}
        and _shortened(rest, longer[end:])
        for end in range(2, len(longer) + 1)
        for part in [longer[:end]]
    )
