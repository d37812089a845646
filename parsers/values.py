"""Raw text becomes a value here, one coercer per kind; what is not understood is a problem, never a guess."""

from __future__ import annotations

import datetime as dt

from forms.schema import Field, Kind
from parsers.complaints import about
from parsers.dates import indonesian_date, read_date
from parsers.grades import pangkat, read_grade
from parsers.nips import read_nip
from parsers.records import Problem
from parsers.texts import read_choice, read_long_text, read_text
from parsers.times import read_end, read_time

__all__ = ["coerce", "indonesian_date", "pangkat", "read_date", "read_end", "read_grade", "read_nip", "read_time"]

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
