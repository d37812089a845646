"""Wall-clock times as forms carry them, `09.00`, `09:00`, `9.00 WIB`; and the span between two of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from parsers.complaints import quoted, wrong
from parsers.records import Problem

_TIME = re.compile(
    r"(?:(?:pukul|jam|pkl\.?)\s*)?(?P<hour>[0-9]{1,2})\s?[.:]\s?(?P<minute>[0-9]{2})(?:\s*(?P<zone>wib|wita|wit))?"
)
_HINT = "Tulis waktu seperti 09.00 atau 09:00 (00.00 sampai 23.59)."
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
    return _read(text, _HINT, lambda: wrong(f"{quoted(text)} bukan waktu mulai.", _BEGIN_OF_NEXT_DAY))


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
