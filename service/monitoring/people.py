"""Whom a card or recap is about, as they were in its period, and who stands under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from forms.card import Officer
from service.records import EmployeeEntry
from service.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a card or recap says of somebody. `starts` and `ends` are the days of the year they were with us.

    `remarks` are sentences on what changed in the period.
    """

    nip: str
    name: str
    grade: str
    position: str
    unit: str
    starts: dt.date
    ends: dt.date
    remarks: tuple[str, ...] = ()


def person_in(nip: str, year: int, tx: Transaction) -> Person | None:
    """Somebody as they stood last in that year; None when nobody of that NIP was with us in it."""
    entry = tx.employees.get(nip)
    return _person(entry, year) if entry else None


def people_in(year: int, tx: Transaction, *, unit: str | None = None) -> Sequence[Person]:
    """Everybody (of a unit) who was with us in that year, by NIP; each where they stood last."""
    entries = tx.employees.all() if unit is None else tx.employees.now_in(unit)
    return [_person(each, year) for each in entries]


def units_in(first: dt.date, last: dt.date, tx: Transaction) -> Sequence[str]:  # noqa: ARG001 - the register knows no days
    """The units that have somebody to report between two days, in order."""
    return sorted({each.unit for each in tx.employees.all()})


def officers_of(unit: str, role: str, tx: Transaction) -> Sequence[Officer]:
    """Who holds a role (`pengelola`, `pimpinan`) in that unit now, by NIP."""
    found = (each for each in tx.employees.now_in(unit) if role in each.roles)
    return [Officer(name=each.name, nip=each.nip) for each in found]


def _person(entry: EmployeeEntry, year: int) -> Person:
    return Person(
        nip=entry.nip,
        name=entry.name,
        grade=entry.grade,
        position=entry.position,
        unit=entry.unit,
        starts=dt.date(year, 1, 1),
        ends=dt.date(year, 12, 31),
    )
