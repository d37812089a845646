"""Between what a browser's inputs hold (ISO dates and times) and what is written into the form (as people write)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress

from forms.catalog import LAMPIRAN_I_V1
from forms.schema import Kind
from parsers.times import is_24_00
from parsers.values import coerce, indonesian_date
from service.circulation.draft import TYPED

# The order of the page: when and where, what it was about, what became of it, where it is signed.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("when", ("tanggal", "waktu_mulai", "waktu_selesai", "tempat")),
    ("what", ("nama_kegiatan", "sumber_pembelajaran")),
    (
        "how",
        ("identifikasi_kebutuhan", "hubungan_tanggung_jawab", "kegiatan_pengembangan", "hasil_pengembangan"),
    ),
    ("signed", ("tempat_tanda_tangan", "tanggal_tanda_tangan")),
)


def answers_in(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, as it goes into the form: `2026-04-07` becomes `7 April 2026`, `09:00` becomes `09.00`."""
    return {name: _written(name, form[name].replace("\r\n", "\n").strip()) for name in TYPED if name in form}


def shown(answers: Mapping[str, str]) -> dict[str, str]:
    """What stands in the inputs: dates and times as browsers want them; what is neither stays as it was typed."""
    return {name: _input(name, answers.get(name, "")) for name in TYPED}


def input_kind(name: str, value: str) -> str:
    """`date`, `time`, `textarea` or `text`; a date nobody can read is shown as the text it is."""
    kind = LAMPIRAN_I_V1.field(name).kind
    if kind is Kind.LONG_TEXT:
        return "textarea"
    with suppress(ValueError):
        if kind is Kind.DATE and (not value or dt.date.fromisoformat(value)):
            return "date"
        if kind is Kind.TIME and (not value or (not is_24_00(value) and dt.time.fromisoformat(value))):
            return "time"
    return "text"


def _written(name: str, value: str) -> str:
    kind = LAMPIRAN_I_V1.field(name).kind
    if kind is Kind.TIME and is_24_00(value):  # newer Pythons read it as 00:00
        return "24.00"
    with suppress(ValueError):
        if kind is Kind.DATE:
            return indonesian_date(dt.date.fromisoformat(value))
        if kind is Kind.TIME:
            return dt.time.fromisoformat(value).strftime("%H.%M")
    return value


def _input(name: str, value: str) -> str:
    field = LAMPIRAN_I_V1.field(name)
    if value and field.kind in {Kind.DATE, Kind.TIME}:
        read = coerce(value, field)
        if isinstance(read, dt.date):
            return read.isoformat()
        # A time input has no 24:00, and 00:00 might be a slip: it stays as it was typed, in an input for text.
        if isinstance(read, dt.time) and not is_24_00(value):
            return f"{read:%H:%M}"
    return value
