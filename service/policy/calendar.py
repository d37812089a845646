"""Months and days in Indonesian, and entries gathered by them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from service.policy.rule import Entries, Entry

Key = TypeVar("Key", bound=Hashable)
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


def month_of(day: dt.date) -> str:
    """`Maret 2024`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_of(day: dt.date) -> str:
    """`4 Maret 2024`."""
    return f"{day.day} {month_of(day)}"


def gather(entries: Iterable[Entry], key: Callable[[Entry], Key]) -> Iterator[Entries]:
    """Entries of equal key together, each group in turn (earliest first)."""
    groups: dict[Key, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda each: each.turn):
        groups[key(entry)].append(entry)
    yield from (tuple(group) for group in groups.values())


def by_month(entries: Iterable[Entry]) -> Iterator[Entries]:
    """The month is that of the activity's date at its place."""
    return gather(entries, lambda entry: (entry.activity.date.year, entry.activity.date.month))
