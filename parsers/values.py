"""Turn raw text into values, one reader per kind of field. What is not understood is a problem, never a guess."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from forms.indonesian import MONTHS, long_date
from forms.schema import Field, Kind
from parsers.records import Problem, field_label, make_problem

Value = str | dt.date | dt.time
# The only field that may be 24.00: the activity then ends at the end of the day it began.
END = "waktu_selesai"


def coerce(text: str, field: Field) -> Value | Problem:
    """Read the text of a field: `date` for DATE, `time` for TIME, tidied text for others; a problem names the field."""
    value: Value | Problem
    match field.kind:
        case Kind.TEXT:
            value = read_text(text, field)
        case Kind.LONG_TEXT:
            value = read_long_text(text, field)
        case Kind.CHOICE:
            value = read_choice(text, field)
        case Kind.DATE:
            value = read_date(text)
        case Kind.TIME:
            value = read_end(text) if field.name == END else read_time(text)
        case Kind.NIP:
            value = read_nip(text)
        case Kind.GRADE:
            value = read_grade(text)
    return problem_of_field(field, value) if isinstance(value, Problem) else value


# --- Dates

_ABBREVIATIONS = (
    ("jan",),
    ("feb", "peb", "pebruari"),
    ("mar", "mrt"),
    ("apr",),
    (),
    ("jun",),
    ("jul",),
    ("agu", "agt", "ags", "agus"),
    ("sep", "sept"),
    ("okt",),
    ("nov", "nop", "nopember"),
    ("des",),
)
_MONTH_OF: dict[str, int] = {}
for _number, (_name, _short) in enumerate(zip(MONTHS, _ABBREVIATIONS, strict=True), start=1):
    _MONTH_OF |= dict.fromkeys((_name.casefold(), *_short), _number)
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_WEEKDAY_OF = dict(zip(map(str.casefold, _DAYS), range(len(_DAYS)), strict=True)) | {"ahad": 6}

_APOSTROPHE = re.compile("(?<=[a-z])['\N{RIGHT SINGLE QUOTATION MARK}](?=[a-z])")  # Jum'at
_DAY_NAME = re.compile(r"(?P<name>[a-z]+)(?:\s*,\s*|\s+)(?P<rest>.+)")
_IN_DIGITS = re.compile(r"(?P<day>[0-9]{1,2})\s?(?P<mark>[./-])\s?(?P<month>[0-9]{1,2})\s?(?P=mark)\s?(?P<year>[0-9]+)")
_IN_WORDS = re.compile(r"(?P<day>[0-9]{1,2})[\s./-]+(?P<month>[a-z]+)\.?[\s./-]*(?P<year>[0-9]+)")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_EARLIEST_YEAR = 1900
_YEAR_DIGITS = 4


def indonesian_date(date: dt.date) -> str:
    """Return a date such as `7 April 2026`."""
    return long_date(date)


def read_date(text: str) -> dt.date | Problem:
    """Read `7 April 2026`, `Selasa, 7 Apr. 2026`, `07/04/2026`, `07-04-2026`, `7.4.2026` or ISO 8601; day before month.

    A name of a day that contradicts the date is refused, as is a date that does not exist.
    """
    plain = _APOSTROPHE.sub("", " ".join(text.split()).casefold())
    weekday = None
    if (weekday_name := _DAY_NAME.fullmatch(plain)) and weekday_name["name"] in _WEEKDAY_OF:
        weekday, plain = _WEEKDAY_OF[weekday_name["name"]], weekday_name["rest"]
    match = _ISO.fullmatch(plain) or _IN_DIGITS.fullmatch(plain) or _IN_WORDS.fullmatch(plain)
    if match is None:
        return make_problem("invalid_value.date.unread", text=quoted(text))
    if len(match["year"]) != _YEAR_DIGITS:
        return make_problem("invalid_value.date.short_year", text=quoted(text))
    month = int(match["month"]) if match["month"].isdigit() else _MONTH_OF.get(match["month"])
    if month is None:
        return make_problem("invalid_value.date.month", text=quoted(text))
    try:
        date = dt.date(int(match["year"]), month, int(match["day"]))
    except ValueError:
        return make_problem("invalid_value.date.none", text=quoted(text))
    if date.year < _EARLIEST_YEAR:
        return make_problem("invalid_value.date.long_ago", text=quoted(text))
    if weekday is not None and weekday != date.weekday():
        weekday_label = make_problem(f"weekday.{date.isoweekday()}")
        return make_problem("invalid_value.date.weekday", date=date, weekday=weekday_label)
    return date


# --- Times: `09.00`, `09:00`, `9.00 WIB`

_TIME = re.compile(
    r"(?:(?:pukul|jam|pkl\.?)\s*)?(?P<hour>[0-9]{1,2})\s?[.:]\s?(?P<minute>[0-9]{2})(?:\s*(?P<zone>wib|wita|wit))?"
)

# An end that is not later than the begin is on the next day, or a mistake. A conference day abroad, followed online at
# night, is 8 hours. The usual mistakes are longer: begin and end exchanged give 24 hours less the true length
# (10.30-09.00: 22.5 hours), an afternoon end on a 12-hour clock gives 12 hours more (10.00-01.30: 15.5 hours).
LONGEST_PAST_MIDNIGHT = dt.timedelta(hours=8)
_DAY = dt.timedelta(days=1)
_24_00 = (24, 0)


def read_time(text: str) -> dt.time | Problem:
    """Read a wall-clock time; a zone word may follow and is read by `zone_of`."""
    return _read_clock(
        text,
        unread=lambda: make_problem("invalid_value.time.unread", text=quoted(text)),
        none=lambda: make_problem("invalid_value.time.none", text=quoted(text)),
        end_of_day=lambda: make_problem("invalid_value.time.no_begin", text=quoted(text)),
    )


def read_end(text: str) -> dt.time | Problem:
    """Read the time at which something ended: as `read_time`, and `24.00` is midnight (ISO 8601:2004 4.2.3).

    Midnight is `00.00`: like every end that is not later than its begin, it is on the next day.
    """
    return _read_clock(
        text,
        unread=lambda: make_problem("invalid_value.end.unread", text=quoted(text)),
        none=lambda: make_problem("invalid_value.end.none", text=quoted(text)),
        end_of_day=lambda: dt.time.min,
    )


def is_24_00(text: str) -> bool:
    """Tell whether the text is `24.00`, the end of a day."""
    match = _TIME.fullmatch(_plain(text))
    return match is not None and (int(match["hour"]), int(match["minute"])) == _24_00


def _read_clock(
    text: str,
    *,
    unread: Callable[[], Problem],
    none: Callable[[], Problem],
    end_of_day: Callable[[], dt.time | Problem],
) -> dt.time | Problem:
    match = _TIME.fullmatch(_plain(text))
    if match is None:
        return unread()
    hour, minute = int(match["hour"]), int(match["minute"])
    if (hour, minute) == _24_00:
        return end_of_day()
    try:
        # Without time zone on purpose: the form has the wall-clock time at its place (records.ActivityRecord).
        return dt.time(hour, minute)
    except ValueError:
        return none()


def span_of(date: dt.date, begins: dt.time, ends: dt.time) -> tuple[dt.datetime, dt.datetime]:
    """Return first and last moment, in local time, of an activity that began on that day.

    An end that is not later than the begin is on the next day (after 31 December 9999: the last moment there is).
    """
    first, last = dt.datetime.combine(date, begins), dt.datetime.combine(date, ends)
    if ends > begins:
        return first, last
    return first, last + _DAY if date < dt.date.max else dt.datetime.combine(date, dt.time.max)


def hours_of(begins: dt.time, ends: dt.time) -> str:
    """Return `09.00–10.30`, or `22.30–00.30 hari berikutnya` when the end is on the next day."""
    if ends <= begins:
        return f"{begins:%H.%M}–{ends:%H.%M} hari berikutnya"
    return f"{begins:%H.%M}–{ends:%H.%M}"


def minutes_between(begins: dt.time, ends: dt.time) -> int:
    """Return the length in whole minutes, 1 to 1440; an end that is not later than the begin is on the next day."""
    first, last = span_of(dt.date.min, begins, ends)
    return (last - first) // dt.timedelta(minutes=1)


def impossible_span(begins: dt.time, ends: dt.time, *, written: str = "") -> Problem | None:
    """Return a problem for an end equal to the begin, or so far past midnight that one of the two must be wrong.

    `written` is the end as in the form: `24.00` means the end of the day and is always possible.
    """
    length = minutes_between(begins, ends)
    if begins == ends:
        return make_problem("invalid_value.span_empty", ends=ends)
    longest = LONGEST_PAST_MIDNIGHT // dt.timedelta(minutes=1)
    if ends > begins or length <= longest or is_24_00(written):
        return None
    return make_problem(
        "invalid_value.span_long",
        begins=begins,
        ends=ends,
        hours=length // 60,
        minutes=length % 60,
        limit=longest // 60,
    )


def zone_of(text: str) -> str | None:
    """Return `WIB`, `WITA` or `WIT` when the text has one."""
    match = _TIME.fullmatch(_plain(text))
    return match["zone"].upper() if match and match["zone"] else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


# --- NIP of civil servants (PNS) and contract staff (PPPK); it has no check digit, so only plausibility is checked

_DIGITS = re.compile(r"[0-9]{18}")
_PREFIX = re.compile(r"^\s*NIP\b[\s.:]*", re.IGNORECASE)
_YOUNGEST, _OLDEST = 15, 70
_PPPK_FROM = 21
_MONTHS_OF_YEAR = range(1, 13)


def read_nip(text: str) -> str | Problem:
    """Read 18 digits; spaces, dots, hyphens and invisible marks between them are dropped (printed 8-6-1-3).

    PNS: birth date, year and month of appointment, sex, sequence. PPPK: birth date, year of appointment, a number from
    21 in the place of the month, sex, sequence.
    """
    visible = "".join(char for char in text if unicodedata.category(char) != "Cf")
    digits = re.sub(r"[\s.\-]", "", _PREFIX.sub("", visible))
    if not _DIGITS.fullmatch(digits):
        return make_problem("invalid_value.nip.digits", text=quoted(text))
    try:
        birth_date = dt.date(int(digits[0:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return make_problem("invalid_value.nip.birth", text=quoted(text))
    year, month = int(digits[8:12]), int(digits[12:14])
    if month not in _MONTHS_OF_YEAR and month < _PPPK_FROM:
        return make_problem("invalid_value.nip.month", text=quoted(text))
    # The NIP of PPPK has no month: the end of the year excludes the fewest.
    last = month if month in _MONTHS_OF_YEAR else 12
    age = year - birth_date.year - (last < birth_date.month)
    if not _YOUNGEST <= age <= _OLDEST:
        return make_problem("invalid_value.nip.years", text=quoted(text))
    if digits[14] not in "12":
        return make_problem("invalid_value.nip.sex", text=quoted(text))
    return digits


# --- Golongan of PNS (with pangkat) and PPPK

_PANGKAT = {
    "I/a": "Juru Muda",
    "I/b": "Juru Muda Tingkat I",
    "I/c": "Juru",
    "I/d": "Juru Tingkat I",
    "II/a": "Pengatur Muda",
    "II/b": "Pengatur Muda Tingkat I",
    "II/c": "Pengatur",
    "II/d": "Pengatur Tingkat I",
    "III/a": "Penata Muda",
    "III/b": "Penata Muda Tingkat I",
    "III/c": "Penata",
    "III/d": "Penata Tingkat I",
    "IV/a": "Pembina",
    "IV/b": "Pembina Tingkat I",
    "IV/c": "Pembina Utama Muda",
    "IV/d": "Pembina Utama Madya",
    "IV/e": "Pembina Utama",
}
_PPPK = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII")

_GRADE_WORD = re.compile(r"\bgol(?:ongan)?\b\.?(?:\s*/?\s*ruang\b)?\s*:?")
_ROOM = r"(?P<golongan>i{1,3}|iv)\s*[./\-]?\s*(?P<room>[a-e])"
_PNS_LAST = re.compile(rf"(?:(?P<rank>.*?)[\s,;/(\-–]+)?{_ROOM}\s*\)?")
_PNS_FIRST = re.compile(rf"{_ROOM}[\s,;/(\-–]+(?P<rank>[^()]*?)\s*\)?")
_PPPK_ONLY = re.compile(r"(?:pppk\b[\s,:\-]*)?(?P<golongan>[ivx]+)")


def pangkat(grade: str) -> str | None:
    """Return the rank of a normalised golongan of PNS; None for PPPK, who have none."""
    return _PANGKAT.get(grade)


def read_grade(text: str) -> str | Problem:
    """Read `III.b`, `IIIb`, `III/B`, `Penata Muda Tk. I, III/b`, `III/b (Penata Muda Tk.I)` as `III/b`; `IX` for PPPK.

    A pangkat of another golongan is a problem.
    """
    plain = " ".join(_GRADE_WORD.sub(" ", text.casefold()).split())
    match = _PNS_LAST.fullmatch(plain) or _PNS_FIRST.fullmatch(plain)
    if match is None:
        contract = _PPPK_ONLY.fullmatch(plain)
        if contract and contract["golongan"].upper() in _PPPK:
            return contract["golongan"].upper()
        return make_problem("invalid_value.grade.unread", text=quoted(text))
    grade = f"{match['golongan'].upper()}/{match['room']}"
    rank = _PANGKAT.get(grade)
    if rank is None:
        return make_problem("invalid_value.grade.none", grade=grade)
    if match["rank"] and _normalized_rank(match["rank"]) != _normalized_rank(rank):
        return make_problem("invalid_value.grade.rank", text=quoted(text), grade=grade, rank=rank)
    return grade


def _normalized_rank(rank: str) -> str:
    """Return the rank in one spelling: `Tk.I`, `Tkt 1` and `Tingkat I` are the same."""
    normalized = re.sub(r"\bt(?:ing)?kt?(?:at)?\b\.?\s*", "tingkat ", rank.casefold().strip(" ,;/-–"))
    return " ".join(re.sub(r"\b1\b", "i", normalized).split())


# --- Text and choices

# Characters that draw nothing but change how others are drawn or read: nobody can sign what they cannot see.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs"})
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"


def read_text(text: str, field: Field) -> str | Problem:
    """Read one line: every run of white space becomes one space."""
    return _checked(" ".join(text.split()), field)


def read_long_text(text: str, field: Field) -> str | Problem:
    """Read several lines: line breaks stay, spaces in a line are tidied, at most one empty line in a row."""
    lines = [" ".join(line.split()) for line in re.split(r"\r\n|[\r\n\u2028\u2029]", text)]
    return _checked(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), field)


def read_choice(text: str, field: Field) -> str | Problem:
    """Return the value of the option with this value or label, in upper or lower case."""
    plain = " ".join(text.split()).casefold()
    for value, shown in field.options:
        if plain in {value.casefold(), " ".join(shown.split()).casefold()}:
            return value
    choices = tuple(shown for _, shown in field.options)
    return make_problem("invalid_value.choice", text=quoted(text), choices=choices)


def _checked(text: str, field: Field) -> str | Problem:
    plain = text.replace(_SOFT_HYPHEN, "")
    if not plain:
        return make_problem("invalid_value.empty")
    # Printable text has none of them. Special spaces are not printable, so the rest is checked by character.
    if not plain.replace("\n", "").isprintable() and any(
        unicodedata.category(character) in _INVISIBLE for character in plain if character != "\n"
    ):
        return make_problem("invalid_value.invisible")
    if field.max_length is not None and len(plain) > field.max_length:
        return make_problem("too_long.characters", length=len(plain), limit=field.max_length)
    return plain


# --- Problems

_QUOTED_LENGTH = 60


def problem_of_field(field: Field, found: Problem) -> Problem:
    """Return the problem with the field and its label added."""
    params = {"label": field_label(field.name), "problem": found}
    return replace(found, field=field.name, wording="problem_of_field", params=params)


def quoted(text: str) -> str:
    """Return the text on one line, shortened, in quotation marks."""
    plain = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    shown = plain if len(plain) <= _QUOTED_LENGTH else f"{plain[: _QUOTED_LENGTH - 1]}\N{HORIZONTAL ELLIPSIS}"
    return f"“{shown}”"
