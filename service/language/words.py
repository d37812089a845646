"""The one place where words are made, from gettext catalogues, in the reader's language and time zone.

A language is a folder of `catalogues/`; each room has one file in it. An entry's msgid is a code, or a code with a part
(`not_your_turn.hint`). A code with a dot (`broken_pdf.empty`) takes what it lacks from the code before the dot.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

from service.language.message import Coded, Message, Param, wording_of

CATALOGUES = Path(__file__).parent / "catalogues"
DEFAULT, JAKARTA = "id", ZoneInfo("Asia/Jakarta")
# `{why}`, or `{why.hint}`: a part of the message that is the value.
_PLACE = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
# A sentence that ends with a title (`S.H.`) gets no second full stop.
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}  # hours east of UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom words are made for: their language, and the time zone of the agency."""

    language: str = DEFAULT
    zone: dt.tzinfo = JAKARTA


def words(message: Coded, reader: Reader) -> str:
    """Return the words of a message for a reader; empty where the catalogues have none for its part.

    A text of the message itself that no language has is shown as its code.
    """
    part = getattr(message, "part", "")
    for language in (reader.language, DEFAULT):
        code = wording_of(message)
        while code:
            text = _text(language, f"{code}.{part}" if part else code, message.params.get("count"))
            if text is not None:
                return _filled(text, message.params, reader)
            code = code.rpartition(".")[0]
    return "" if part else wording_of(message)


def languages() -> tuple[str, ...]:
    """Return the languages there are, the default first."""
    found = sorted(folder.name for folder in CATALOGUES.iterdir() if folder.is_dir())
    return (DEFAULT, *(name for name in found if name != DEFAULT))


def _filled(text: str, params: Mapping[str, Param], reader: Reader) -> str:
    def place(found: re.Match[str]) -> str:
        # A missing value must not put another error in the place of the one that is told; a test finds it.
        name, part = found.groups()
        if name not in params:
            return found.group()
        value = params[name]
        return _value(Message.of(value, part) if part else value, reader)  # type: ignore[arg-type] # a part of a message

    return _TWO_STOPS.sub(".", _PLACE.sub(place, text))


def _text(language: str, entry: str, count: object) -> str | None:
    """Return the text of a catalogue; a whole number named `count` chooses among its plural forms."""
    catalogue = _catalogue(language)
    if isinstance(count, int):
        text = catalogue.ngettext(entry, entry, count)
        if text != entry:
            return text
    text = catalogue.gettext(entry)
    return None if text == entry else text


@cache
def _catalogue(language: str) -> NullTranslations:
    """Return all files of a language as one catalogue, in which the first that has an entry answers."""
    first = NullTranslations()
    for path in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            first.add_fallback(GNUTranslations(file))
    return first


# --- Values


def _value(value: Param, reader: Reader) -> str:
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, (dt.date, dt.time)):  # datetimes too
        return _when(value, reader)
    if isinstance(value, Decimal):
        from babel.numbers import format_decimal

        return format_decimal(value, locale=reader.language, decimal_quantization=False)
    if isinstance(value, Sequence):
        return _listed([_value(item, reader) for item in value], reader)
    return words(value, reader)


def _when(value: dt.date | dt.time, reader: Reader) -> str:
    """Return `7 April 2026`, `09.00`, or `7 April 2026 pukul 09.00 WIB`; the catalogues have the patterns."""
    from babel.dates import format_date, format_time

    patterns = {name: _text(reader.language, f"format.{name}", None) or "" for name in ("date", "time")}
    if isinstance(value, dt.datetime):
        local = value.astimezone(reader.zone)
        hours = (local.utcoffset() or dt.timedelta()) // dt.timedelta(hours=1)
        parts: Mapping[str, Param] = {
            "date": _when(local.date(), reader),
            "time": _when(local.time(), reader),
            "zone": _ZONES.get(hours, local.tzname() or ""),
        }
        return _filled(_text(reader.language, "format.instant", None) or "", parts, reader)
    if isinstance(value, dt.date):
        return format_date(value, patterns["date"], locale=reader.language)
    return format_time(value, patterns["time"], locale=reader.language)


def _listed(items: Sequence[str], reader: Reader) -> str:
    if not items:
        return ""
    text = items[0]
    for item in items[1:]:
        text = _filled(_text(reader.language, "format.list", None) or "", {"before": text, "after": item}, reader)
    return text
