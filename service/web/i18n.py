"""Translation into the reader's language, also of finished Indonesian sentences.

Packages below the web make whole Indonesian sentences with values in them. `translations/en/…/house.po` holds the
pattern of each (`service.web.i18n_extract` finds them) and its English; here a sentence is matched against the
patterns, and its values are put into the English one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import starmap

from babel.messages.pofile import read_po
from flask import Flask, Response, request, session
from flask_babel import Babel, get_locale

from service.language import Message, Reader, words
from service.language.bridge import SENTENCE, IndonesianWords, message_of_error
from service.language.words import CATALOGUES, languages
from service.sandbox.problems import PublicProblem
from service.web.auth import current_visitor, for_programs
from service.web.context import current_services

_PLACE = re.compile(r"\{(\w*)\}")
# The gap between two sentences of one text.
_SENTENCE_GAP = re.compile(r"(?<=[.;:?…”]) +")
_LEADING_PLACE = re.compile(r"^\{\w+\} (?=[A-Z][a-z])")
# A pattern with less fixed text would match what people typed; it is used only inside or around a known sentence.
_MIN_WEIGHT, _FULL_STOP = 12, 5


@dataclass(frozen=True, slots=True)
class _Pattern:
    """An Indonesian sentence with places for values, and the English one; `quoted` places hold what people typed."""

    regex: re.Pattern[str]
    literals: tuple[str, ...]
    names: tuple[str, ...]
    quoted: tuple[bool, ...]
    english: str

    @property
    def starts_with_value(self) -> bool:
        """Tell whether it begins with a value, which would match the beginning of another sentence too."""
        return self.regex.pattern.startswith("(")

    @property
    def weight(self) -> int:
        """Return how much of it is fixed text, in characters; a full stop counts for more."""
        return sum(len(literal.replace(" ", "")) for literal in self.literals) + _FULL_STOP * self.english.endswith(".")


def translate(text: object) -> str:
    """Return a message, or a finished Indonesian text, in the reader's language; a text may stay as it is."""
    said = text.said if isinstance(text, IndonesianWords) else text
    if isinstance(said, Message) and said.code != SENTENCE:
        return words(said, reader())
    indonesian = words(said, Reader()) if isinstance(said, Message) else str(said)
    return (to_english(indonesian) or indonesian) if str(get_locale() or "id") == "en" else indonesian


def said(problem: Exception | PublicProblem) -> str:
    """Return what an error or a problem says, in the reader's language."""
    return translate(problem.said if isinstance(problem, PublicProblem) else message_of_error(problem))


def advice(problem: Exception | PublicProblem) -> str:
    """Return what an error or a problem says to do now, in the reader's language."""
    return translate((problem.said if isinstance(problem, PublicProblem) else message_of_error(problem)).hint)


@lru_cache(maxsize=4096)  # pages show the same sentences again and again
def to_english(text: str, *, inside: bool = False) -> str | None:
    """Return the English of a text made of known sentences; None when one of them is not known."""
    exact, patterns = _catalog()
    english = exact.get(text) or _sentence_by_sentence(text)
    candidates = (
        candidate
        for candidate in patterns
        if english is None and all(literal in text for literal in candidate.literals)
    )
    for pattern in candidates:
        found = pattern.regex.fullmatch(text)
        values = tuple(map(_value, found.groups(), pattern.quoted)) if found else ()
        if found and (inside or pattern.weight >= _MIN_WEIGHT or values != found.groups()):
            english = _filled(pattern.english, dict(zip(pattern.names, values, strict=True)))
            break
    return english


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place.group(1)], sentence)


def _sentence_by_sentence(text: str) -> str | None:
    for end in reversed(list(_SENTENCE_GAP.finditer(text))):
        first = to_english(text[: end.start()])
        rest = to_english(text[end.end() :]) if first is not None else None
        if first is not None and rest is not None:
            return f"{first} {rest}"
    return None


def _value(text: str, quoted: bool) -> str:
    bare = text.strip()
    if not bare:
        return text
    exact, _patterns = _catalog()
    english = exact.get(bare) if quoted else to_english(bare, inside=True)
    return text.replace(bare, english if english is not None else bare if quoted else translate_value(bare))


@cache
def _catalog() -> tuple[Mapping[str, str], tuple[_Pattern, ...]]:
    """Return whole sentences and patterns of house.po; patterns that begin with a value come last."""
    file = files("service.web") / "translations" / "en" / "LC_MESSAGES" / "house.po"
    with file.open("rb") as opened:
        messages = {
            str(message.id): str(message.string)
            for message in read_po(opened, locale="en")
            if message.id and message.string
        }
    messages = _converted() | dict(starmap(_standalone, messages.items()))
    exact = {text: english for text, english in messages.items() if not _PLACE.search(text)}
    patterns = [_pattern(text, english) for text, english in messages.items() if text not in exact]
    return exact, tuple(sorted(patterns, key=lambda pattern: (pattern.starts_with_value, -pattern.weight)))


def _converted() -> dict[str, str]:
    """Return the English of what converted rooms say, which rooms that are not converted put into their sentences."""
    said: list[dict[str, str]] = []
    for language in ("id", "en"):
        entries: dict[str, str] = {}
        for path in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.po")):
            with path.open("rb") as opened:
                entries |= {str(entry.id): entry.string for entry in read_po(opened) if isinstance(entry.string, str)}
        said.append(entries)
    return {text: said[1][code] for code, text in said[0].items() if code and len(_PLACE.sub("", text)) >= _MIN_WEIGHT}


def _standalone(text: str, english: str) -> tuple[str, str]:
    """Return text and English without the value of another sentence before them."""
    return (
        (_LEADING_PLACE.sub("", text), _PLACE.sub("", english, count=1).lstrip())
        if _LEADING_PLACE.match(text)
        else (text, english)
    )


def _pattern(text: str, english: str) -> _Pattern:
    literals = tuple(_PLACE.split(text)[::2])
    return _Pattern(
        # Of two places side by side the second is an addition after a dash, or nothing.
        regex=re.compile("(.*?)".join(map(re.escape, literals)).replace("(.*?)(.*?)", "(.*?)(|[ ]–.*)"), re.DOTALL),
        literals=tuple(sorted(filter(None, literals), key=len, reverse=True)),  # the longest excludes most texts
        names=tuple(_PLACE.findall(text)),
        quoted=tuple(literal.endswith("“") for literal in literals[:-1]),
        english=english,
    )


# --- Values inside sentences

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


def translate_value(text: str) -> str:
    """Return a date, time, number or one of the known words in English; anything else unchanged."""
    if all(word in _WORDS for word in text.split(", ")):
        return ", ".join(_WORDS[word] for word in text.split(", "))
    if _DECIMAL.fullmatch(text):
        return text.replace(",", ".")
    english = _MONTH.sub(lambda found: _MONTHS[found.group()], text)
    return _DAYS.sub(r"\1 and \2", _TIME.sub(r"\1:\2", english))


# --- Language of a request


def install(app: Flask) -> None:
    Babel(app, locale_selector=chosen_language)
    app.context_processor(lambda: {"locale": str(get_locale() or "id")})
    app.after_request(_name_language)


def chosen_language() -> str:
    """Return the language of this answer: the session's, else the account's, else Indonesian.

    Programs ask for it with Accept-Language.
    """
    if for_programs():
        return request.accept_languages.best_match(languages()) or "id"
    visitor = current_visitor()
    wanted = session.get("language") or (visitor.account.language if visitor else None)
    return wanted if wanted in languages() else "id"


def reader() -> Reader:
    """Return whom the words of this answer are made for."""
    return Reader(language=str(get_locale() or "id"), zone=current_services().settings.timezone)


def _name_language(answer: Response) -> Response:
    if for_programs():
        answer.headers["Content-Language"] = chosen_language()
        answer.vary.add("Accept-Language")
    return answer
