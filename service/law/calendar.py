"""Months and days in Indonesian, and entries grouped by them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from service.law.rule import Entries, Entry

Key = TypeVar("Key", bound=Hashable)
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


def month_of(day: dt.date) -> str:
    """Return `Maret 2024`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_of(day: dt.date) -> str:
    """Return `4 Maret 2024`."""
    return f"{day.day} {month_of(day)}"


def days_of(entries: Iterable[Entry]) -> str:
    """Return the days of one month: `4`, `4 dan 11`, `4, 11, dan 18`; each day once."""
    *others, last = dict.fromkeys(str(entry.activity.date.day) for entry in in_turn(entries))
    if not others:
        return last
    return f"{', '.join(others)}{',' if len(others) > 1 else ''} dan {last}"


def in_turn(entries: Iterable[Entry]) -> Entries:
    """Return the entries in order, earliest first."""
    return tuple(sorted(entries, key=lambda entry: entry.turn))


def by_day(entries: Iterable[Entry]) -> tuple[Entries, ...]:
    """Return the entries of each day together, days and entries earliest first; days are those of the place."""
    return _gather(entries, lambda entry: entry.activity.date)


def by_month(entries: Iterable[Entry]) -> tuple[Entries, ...]:
    """Return the entries of each calendar month together, months and entries earliest first."""
    return _gather(entries, lambda entry: (entry.activity.date.year, entry.activity.date.month))


def _gather(entries: Iterable[Entry], key: Callable[[Entry], Key]) -> tuple[Entries, ...]:
    groups: dict[Key, list[Entry]] = defaultdict(list)
    for entry in in_turn(entries):
        groups[key(entry)].append(entry)
    return tuple(tuple(group) for group in groups.values())
