"""What other rooms say in Indonesian, in the reader's language: sentences are known again by their shape.

Rooms that know nothing of the web make whole sentences with the values in them. `translations/en/…/house.po` holds the
shape of each (`service.web.i18n_extract` finds them) with its English; here a sentence is matched against the shapes,
and
its values are put into the English one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import starmap

from babel.messages.pofile import read_po
from flask import Flask, session
from flask_babel import Babel, get_locale

from service.web.auth import current_visitor

_PLACE = re.compile(r"\{(\w*)\}")
# Between two sentences of one text.
_END = re.compile(r"(?<=[.;:?…”]) +")
_AFTER = re.compile(r"^\{\w+\} (?=[A-Z][a-z])")
# A shape with less of its own would fit what people typed; it counts inside a sentence that is ours, or around one.
_ENOUGH, _FULL_STOP = 12, 5


@dataclass(frozen=True, slots=True)
class _Shape:
    """An Indonesian sentence around its values, and the English one; `quoted` places hold what people typed."""

    pattern: re.Pattern[str]
    literals: tuple[str, ...]
    names: tuple[str, ...]
    quoted: tuple[bool, ...]
    english: str

    @property
    def opens(self) -> bool:
        """Whether it begins with a value, so that it would swallow the beginning of another sentence."""
        return self.pattern.pattern.startswith("(")

    @property
    def own(self) -> int:
        """How much of it is its own: characters, and a full stop counts for more."""
        return sum(len(literal.replace(" ", "")) for literal in self.literals) + _FULL_STOP * self.english.endswith(".")


def said(text: object) -> str:
    """The text in the reader's language; as it is where nobody knows its English."""
    told = str(text)
    return (in_english(told) or told) if str(get_locale() or "id") == "en" else told


@lru_cache(maxsize=4096)  # pages say the same over and over
def in_english(text: str, *, inside: bool = False) -> str | None:
    """The English of a text made of the house's sentences; None when one of them is not the house's."""
    exact, shapes = _book()
    told = exact.get(text) or _one_by_one(text)
    fitting = (shape_ for shape_ in shapes if told is None and all(part in text for part in shape_.literals))
    for shape in fitting:
        found = shape.pattern.fullmatch(text)
        values = tuple(map(_value, found.groups(), shape.quoted)) if found else ()
        if found and (inside or shape.own >= _ENOUGH or values != found.groups()):
            told = _filled(shape.english, dict(zip(shape.names, values, strict=True)))
            break
    return told


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place.group(1)], sentence)


def _one_by_one(text: str) -> str | None:
    for end in reversed(list(_END.finditer(text))):
        first = in_english(text[: end.start()])
        rest = in_english(text[end.end() :]) if first is not None else None
        if first is not None and rest is not None:
            return f"{first} {rest}"
    return None


def _value(text: str, quoted: bool) -> str:
    bare = text.strip()
    if not bare:
        return text
    exact, _shapes = _book()
    told = exact.get(bare) if quoted else in_english(bare, inside=True)
    return text.replace(bare, told if told is not None else bare if quoted else value(bare))


@cache
def _book() -> tuple[Mapping[str, str], tuple[_Shape, ...]]:
    """Whole sentences; and shapes, first those that begin with words, then those that open with a value."""
    file = files("service.web") / "translations" / "en" / "LC_MESSAGES" / "house.po"
    with file.open("rb") as opened:
        told = {
            str(message.id): str(message.string)
            for message in read_po(opened, locale="en")
            if message.id and message.string
        }
    told = dict(starmap(_alone, told.items()))
    exact = {text: english for text, english in told.items() if not _PLACE.search(text)}
    shapes = [_shape(text, english) for text, english in told.items() if text not in exact]
    return exact, tuple(sorted(shapes, key=lambda shape: (shape.opens, -shape.own)))


def _alone(text: str, english: str) -> tuple[str, str]:
    """A sentence that another one stands before is a sentence of its own."""
    return (_AFTER.sub("", text), _PLACE.sub("", english, count=1).lstrip()) if _AFTER.match(text) else (text, english)


def _shape(text: str, english: str) -> _Shape:
    literals = tuple(_PLACE.split(text)[::2])
    return _Shape(
        # Of two places side by side the second is an addition after a dash, or nothing.
        pattern=re.compile("(.*?)".join(map(re.escape, literals)).replace("(.*?)(.*?)", "(.*?)(|[ ]–.*)"), re.DOTALL),
        literals=tuple(sorted(filter(None, literals), key=len, reverse=True)),  # the rarest tells soonest
        names=tuple(_PLACE.findall(text)),
        quoted=tuple(literal.endswith("“") for literal in literals[:-1]),
        english=english,
    )


# --- The values inside an Indonesian sentence, as an English one says them: words, dates, times, numbers

_MONTHS = {
    "Januari": "January",
    "Februari": "February",
    "Maret": "March",
    "Mei": "May",
    "Juni": "June",
    "Juli": "July",
    "Agustus": "August",
    "Oktober": "October",
    "Desember": "December",
}
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})(?= \d{{4}}\b)")
_TIME = re.compile(r"\b([01]\d|2[0-3])\.([0-5]\d)(?= (?:WIB|WITA|WIT|UTC)\b|$)")
_DECIMAL = re.compile(r"\d+,\d+")
_DAYS = re.compile(r"(\d,?) dan (\d)")
_WORDS: Mapping[str, str] = {
    "pegawai": "employee",
    "pembimbing": "coach or mentor",
    "atasan": "direct supervisor",
    "Belajar Mandiri": "Self-Study",
    "belajar mandiri": "self-study",
    "belajar_mandiri": "self-study",
    "berhenti": "left",
    "disahkan": "approved",
    "ditolak": "rejected",
    "pensiun": "retired",
}


def value(text: str) -> str:
    """A date, a time, a number, or one of the few words that stand as values; anything else as it is."""
    if all(word in _WORDS for word in text.split(", ")):
        return ", ".join(_WORDS[word] for word in text.split(", "))
    if _DECIMAL.fullmatch(text):
        return text.replace(",", ".")
    told = _MONTH.sub(lambda found: _MONTHS[found.group()], text)
    return _DAYS.sub(r"\1 and \2", _TIME.sub(r"\1:\2", told))


# --- Indonesian first, English by a switch: the account remembers it, else the session does

LANGUAGES = ("id", "en")


def install(app: Flask) -> None:
    Babel(app, locale_selector=chosen)
    app.context_processor(lambda: {"locale": str(get_locale() or "id")})


def chosen() -> str:
    """The language of this answer."""
    visitor = current_visitor()
    wanted = session.get("language") or (visitor.account.language if visitor else None)
    return wanted if wanted in LANGUAGES else "id"
