"""Raw text becomes a value here, one coercer per kind; what is not understood is a problem, never a guess."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from forms.schema import Field, Kind
from parsers.records import Problem

Value = str | dt.date | dt.time
# The one time that may be written 24.00: what ends at midnight ends on the day it began.
END = "waktu_selesai"


def coerce(text: str, field: Field) -> Value | Problem:
    """Read a filled field: `date` for DATE, `time` for TIME, tidy text for the rest; a problem names the field."""
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
    return about(field, value) if isinstance(value, Problem) else value


# --- Dates as people write them in Indonesia: accepted spellings read back, everything else is refused, not guessed

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
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
_MONTH_OF = {
    spelling: number
    for number, (name, short) in enumerate(zip(MONTHS, _ABBREVIATIONS, strict=True), start=1)
    for spelling in (name.casefold(), *short)
}
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_WEEKDAY_OF = {name.casefold(): number for number, name in enumerate(_DAYS)} | {"ahad": 6}

_APOSTROPHE = re.compile("(?<=[a-z])['\N{RIGHT SINGLE QUOTATION MARK}](?=[a-z])")  # Jum'at
_DAY_NAME = re.compile(r"(?P<name>[a-z]+)(?:\s*,\s*|\s+)(?P<rest>.+)")
_IN_DIGITS = re.compile(r"(?P<day>[0-9]{1,2})\s?(?P<mark>[./-])\s?(?P<month>[0-9]{1,2})\s?(?P=mark)\s?(?P<year>[0-9]+)")
_IN_WORDS = re.compile(r"(?P<day>[0-9]{1,2})[\s./-]+(?P<month>[a-z]+)\.?[\s./-]*(?P<year>[0-9]+)")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_EARLIEST_YEAR = 1900
_YEAR_DIGITS = 4
_DATE_HINT = "Tulis tanggal seperti 7 April 2026 atau 07/04/2026 (tanggal, bulan, tahun empat angka)."


def indonesian_date(date: dt.date) -> str:
    """`7 April 2026`."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def read_date(text: str) -> dt.date | Problem:
    """`7 April 2026`, `Selasa, 7 Apr. 2026`, `07/04/2026`, `07-04-2026`, `7.4.2026` or ISO 8601; day before month.

    A day name that contradicts the date is refused like a date that does not exist: one of the two is a slip.
    """
    plain = _APOSTROPHE.sub("", " ".join(text.split()).casefold())
    weekday = None
    if (named := _DAY_NAME.fullmatch(plain)) and named["name"] in _WEEKDAY_OF:
        weekday, plain = _WEEKDAY_OF[named["name"]], named["rest"]
    found = _ISO.fullmatch(plain) or _IN_DIGITS.fullmatch(plain) or _IN_WORDS.fullmatch(plain)
    if found is None:
        return wrong(f"{quoted(text)} tidak terbaca sebagai tanggal.", _DATE_HINT)
    if len(found["year"]) != _YEAR_DIGITS:
        return wrong(f"Tahun pada {quoted(text)} harus ditulis dengan empat angka.", _DATE_HINT)
    month = int(found["month"]) if found["month"].isdigit() else _MONTH_OF.get(found["month"])
    if month is None:
        return wrong(f"Nama bulan pada {quoted(text)} tidak dikenal.", _DATE_HINT)
    try:
        date = dt.date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return wrong(f"{quoted(text)} bukan tanggal yang ada di kalender.", _DATE_HINT)
    if date.year < _EARLIEST_YEAR:
        return wrong(f"Tahun pada {quoted(text)} terlalu lampau.", _DATE_HINT)
    if weekday is not None and weekday != date.weekday():
        actual = _DAYS[date.weekday()]
        return wrong(f"{indonesian_date(date)} jatuh pada hari {actual}, bukan hari yang tertulis.", _DATE_HINT)
    return date


# --- Wall-clock times as forms carry them, `09.00`, `09:00`, `9.00 WIB`; and the span between two of them

_TIME = re.compile(
    r"(?:(?:pukul|jam|pkl\.?)\s*)?(?P<hour>[0-9]{1,2})\s?[.:]\s?(?P<minute>[0-9]{2})(?:\s*(?P<zone>wib|wita|wit))?"
)
_TIME_HINT = "Tulis waktu seperti 09.00 atau 09:00 (00.00 sampai 23.59)."
_END_HINT = "Tulis waktu seperti 10.30 atau 10:30 (00.00 sampai 23.59; tengah malam juga boleh ditulis 24.00)."
_BEGIN_OF_NEXT_DAY = "Tulis 00.00 dengan tanggal hari berikutnya; 24.00 hanya untuk waktu selesai."

# An end that is not later than the begin is on the next day, or it is a mistake. A conference day abroad, followed from
# here at night, is 8 hours. The usual mistakes come out longer: a begin and an end that changed places give 24 hours
# less what was meant (10.30-09.00: 22.5 hours), an end in the afternoon written with 12 hours gives 12 hours more than
# was meant (10.00-01.30: 15.5 hours).
LONGEST_PAST_MIDNIGHT = dt.timedelta(hours=8)
_DAY = dt.timedelta(days=1)
_24_00 = (24, 0)


def read_time(text: str) -> dt.time | Problem:
    """Read a wall-clock time; a zone word may follow and is read by `zone_of`."""
    return _read(text, _TIME_HINT, lambda: wrong(f"{quoted(text)} bukan waktu mulai.", _BEGIN_OF_NEXT_DAY))


def read_end(text: str) -> dt.time | Problem:
    """Read the time at which something ended: as `read_time`, and `24.00` is midnight (ISO 8601:2004 4.2.3).

    Midnight is `00.00`: like every end that is not later than its begin, it is on the next day.
    """
    return _read(text, _END_HINT, lambda: dt.time.min)


def is_24_00(text: str) -> bool:
    """Tell whether the text is `24.00`, the end of a day."""
    found = _TIME.fullmatch(_plain(text))
    return found is not None and (int(found["hour"]), int(found["minute"])) == _24_00


def _read(text: str, hint: str, end_of_day: Callable[[], dt.time | Problem]) -> dt.time | Problem:
    found = _TIME.fullmatch(_plain(text))
    if found is None:
        return wrong(f"{quoted(text)} tidak terbaca sebagai waktu.", hint)
    hour, minute = int(found["hour"]), int(found["minute"])
    if (hour, minute) == _24_00:
        return end_of_day()
    try:
        # Naive on purpose: the form states the clock on the wall at its place (records.ActivityRecord).
        return dt.time(hour, minute)
    except ValueError:
        return wrong(f"{quoted(text)} bukan waktu yang ada.", hint)


def span_of(date: dt.date, begins: dt.time, ends: dt.time) -> tuple[dt.datetime, dt.datetime]:
    """First and last moment, on the clock at the place, of what began that day.

    An end that is not later than the begin is on the next day (after 31 December 9999: the last moment there is).
    """
    first, last = dt.datetime.combine(date, begins), dt.datetime.combine(date, ends)
    if ends > begins:
        return first, last
    return first, last + _DAY if date < dt.date.max else dt.datetime.combine(date, dt.time.max)


def hours_of(begins: dt.time, ends: dt.time) -> str:
    """`09.00–10.30`; `22.30–00.30 hari berikutnya` for what ends on the day after it began."""
    if ends <= begins:
        return f"{begins:%H.%M}–{ends:%H.%M} hari berikutnya"
    return f"{begins:%H.%M}–{ends:%H.%M}"


def minutes_between(begins: dt.time, ends: dt.time) -> int:
    """Length in whole minutes, from 1 to 1440; an end that is not later than the begin is on the next day."""
    first, last = span_of(dt.date.min, begins, ends)
    return (last - first) // dt.timedelta(minutes=1)


def impossible_span(begins: dt.time, ends: dt.time, *, written: str = "") -> Problem | None:
    """Say what is wrong with an end: the begin itself, or so far past midnight that one of the two is a mistake.

    `written` is the end as the form has it: `24.00` is the end of the day it began, and nobody's slip.
    """
    length = minutes_between(begins, ends)
    if begins == ends:
        sentence = f"pukul {ends:%H.%M} sama dengan waktu mulai."
        return wrong(sentence, "Tulis waktu selesai yang lebih akhir daripada waktu mulai.")
    longest = LONGEST_PAST_MIDNIGHT // dt.timedelta(minutes=1)
    if ends > begins or length <= longest or is_24_00(written):
        return None
    sentence = (
        f"pukul {ends:%H.%M} tidak sesudah waktu mulai pukul {begins:%H.%M}; bila selesai keesokan harinya, lamanya "
        f"{length // 60} jam {length % 60} menit."
    )
    hint = (
        "Periksa kedua waktu (24 jam: setengah dua siang ditulis 13.30). Kegiatan yang melewati tengah malam paling "
        f"lama {longest // 60} jam; yang lebih lama dilaporkan per hari."
    )
    return wrong(sentence, hint)


def zone_of(text: str) -> str | None:
    """`WIB`, `WITA` or `WIT` when the text names one."""
    found = _TIME.fullmatch(_plain(text))
    return found["zone"].upper() if found and found["zone"] else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


# --- NIP of civil servants (PNS) and contract staff (PPPK): no check digit exists, so plausibility is all a reader
# has

_DIGITS = re.compile(r"[0-9]{18}")
_PREFIX = re.compile(r"^\s*NIP\b[\s.:]*", re.IGNORECASE)
_YOUNGEST, _OLDEST = 15, 70
_PPPK_FROM = 21
_MONTHS_OF_YEAR = range(1, 13)
_NIP_HINT = "Periksa kembali NIP: 18 angka, misalnya 19970821 202012 2 005."


def read_nip(text: str) -> str | Problem:
    """18 digits; spaces, dots and hyphens between them are dropped (printed 8-6-1-3).

    PNS: birth date, year and month of appointment, sex, sequence. PPPK: birth date, year of appointment, a number from
    21 on where PNS have the month, sex, sequence.
    """
    digits = re.sub(r"[\s.\-]", "", _PREFIX.sub("", text))
    if not _DIGITS.fullmatch(digits):
        return wrong(f"{quoted(text)} bukan NIP: NIP terdiri atas 18 angka.", _NIP_HINT)
    try:
        born = dt.date(int(digits[0:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return wrong(f"{quoted(text)} bukan NIP: delapan angka pertama bukan tanggal lahir yang ada.", _NIP_HINT)
    year, month = int(digits[8:12]), int(digits[12:14])
    if month not in _MONTHS_OF_YEAR and month < _PPPK_FROM:
        return wrong(f"{quoted(text)} bukan NIP: angka ke-13 dan ke-14 bukan bulan pengangkatan.", _NIP_HINT)
    # PPPK numbers carry no month: the end of the year is the kindest reading.
    last = month if month in _MONTHS_OF_YEAR else 12
    age = year - born.year - (last < born.month)
    if not _YOUNGEST <= age <= _OLDEST:
        return wrong(f"{quoted(text)} bukan NIP: tahun lahir dan tahun pengangkatan tidak masuk akal.", _NIP_HINT)
    if digits[14] not in "12":
        return wrong(f"{quoted(text)} bukan NIP: angka ke-15 harus 1 (pria) atau 2 (wanita).", _NIP_HINT)
    return digits


# --- Golongan of PNS (with pangkat) and PPPK, in the spellings seen on real forms, normalised to `III/b` or `IX`

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

_WORD = re.compile(r"\bgol(?:ongan)?\b\.?(?:\s*/?\s*ruang\b)?\s*:?")
_ROOM = r"(?P<golongan>i{1,3}|iv)\s*[./\-]?\s*(?P<room>[a-e])"
_PNS_LAST = re.compile(rf"(?:(?P<rank>.*?)[\s,;/(\-–]+)?{_ROOM}\s*\)?")
_PNS_FIRST = re.compile(rf"{_ROOM}[\s,;/(\-–]+(?P<rank>[^()]*?)\s*\)?")
_PPPK_ONLY = re.compile(r"(?:pppk\b[\s,:\-]*)?(?P<golongan>[ivx]+)")
_GRADE_HINT = "Tulis golongan seperti III/b (PNS), boleh dengan pangkatnya, atau IX (PPPK)."


def pangkat(grade: str) -> str | None:
    """Give the rank that goes with a normalised golongan of PNS; None for PPPK, who have none."""
    return _PANGKAT.get(grade)


def read_grade(text: str) -> str | Problem:
    """`III/b` for `III.b`, `IIIb`, `III/B`, `Penata Muda Tk. I, III/b`, `III/b (Penata Muda Tk.I)`; `IX` for PPPK.

    A pangkat that belongs to another golongan is a problem, not something to choose from.
    """
    plain = " ".join(_WORD.sub(" ", text.casefold()).split())
    found = _PNS_LAST.fullmatch(plain) or _PNS_FIRST.fullmatch(plain)
    if found is None:
        contract = _PPPK_ONLY.fullmatch(plain)
        if contract and contract["golongan"].upper() in _PPPK:
            return contract["golongan"].upper()
        return wrong(f"{quoted(text)} tidak terbaca sebagai golongan.", _GRADE_HINT)
    grade = f"{found['golongan'].upper()}/{found['room']}"
    rank = _PANGKAT.get(grade)
    if rank is None:
        return wrong(f"Golongan {grade} tidak ada.", _GRADE_HINT)
    if found["rank"] and _letters(found["rank"]) != _letters(rank):
        return wrong(f"Pangkat pada {quoted(text)} tidak sesuai: golongan {grade} berpangkat {rank}.", _GRADE_HINT)
    return grade


def _letters(rank: str) -> str:
    """Write the rank without spelling habits: `Tk.I`, `Tkt 1` and `Tingkat I` are one."""
    spelled = re.sub(r"\bt(?:ing)?kt?(?:at)?\b\.?\s*", "tingkat ", rank.casefold().strip(" ,;/-–"))
    return " ".join(re.sub(r"\b1\b", "i", spelled).split())


# --- Free text and choices: whitespace tidied, invisible characters refused, length kept

# Characters that draw nothing but change how the rest is drawn or read: nobody can sign what they cannot see.
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs"})
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"


def read_text(text: str, field: Field) -> str | Problem:
    """One line: every run of white space is one space."""
    return _checked(" ".join(text.split()), field)


def read_long_text(text: str, field: Field) -> str | Problem:
    """Several lines: line breaks stay, spaces inside a line are one, at most one empty line in a row."""
    lines = [" ".join(line.split()) for line in re.split(r"\r\n|[\r\n\u2028\u2029]", text)]
    return _checked(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"), field)


def read_choice(text: str, field: Field) -> str | Problem:
    """Give the value of the option whose value or shown word this is, in any case."""
    plain = " ".join(text.split()).casefold()
    for value, shown in field.options:
        if plain in {value.casefold(), " ".join(shown.split()).casefold()}:
            return value
    shown_words = ", ".join(shown for _, shown in field.options)
    return wrong(f"{quoted(text)} bukan salah satu pilihan.", f"Pilih salah satu dari: {shown_words}.")


def _checked(text: str, field: Field) -> str | Problem:
    plain = text.replace(_SOFT_HYPHEN, "")
    if not plain:
        return wrong("isinya kosong.", "Ketik isinya.")
    # What is printable has none of them; other white space is neither, and asked about sign by sign.
    if not plain.replace("\n", "").isprintable() and any(
        unicodedata.category(sign) in _INVISIBLE for sign in plain if sign != "\n"
    ):
        return wrong(
            "isinya memuat karakter yang tidak tampak.", "Ketik ulang isinya tanpa menempelkan dari dokumen lain."
        )
    if field.max_length is not None and len(plain) > field.max_length:
        return Problem(
            field=None,
            code="too_long",
            message=f"isinya {len(plain)} karakter, paling banyak {field.max_length}.",
            hint="Persingkat isinya, lalu buat formulir baru.",
        )
    return plain


# --- Small makers of problems, so that every refusal is quoted, worded and coded alike

_QUOTED_LENGTH = 60


def wrong(message: str, hint: str) -> Problem:
    """Say that a value cannot be understood; the field is named later by `about`."""
    return Problem(field=None, code="invalid_value", message=message, hint=hint)


def about(field: Field, problem: Problem) -> Problem:
    """Say the same problem of a field, by the label its reader knows."""
    return replace(problem, field=field.name, message=f"Kolom “{field.label}”: {problem.message}")


def quoted(text: str) -> str:
    """Quote the text as the person wrote it, on one line, shortened, in Indonesian quotation marks."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    shown = plain if len(plain) <= _QUOTED_LENGTH else f"{plain[: _QUOTED_LENGTH - 1]}\N{HORIZONTAL ELLIPSIS}"
    return f"“{shown}”"
