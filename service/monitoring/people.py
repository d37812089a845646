"""The people of a card or recap as they were in its period, and the officers who sign it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from forms.card import Officer
from forms.indonesian import long_date
from service.store import Tenure, Transaction

_DAY = dt.timedelta(days=1)
_LEFT = {"pensiun": "Pensiun", "berhenti": "Berhenti"}
# The columns of a tenure that a remark mentions, with their labels.
_COLUMNS = (("unit", "Unit kerja"), ("position", "Jabatan"), ("grade", "Golongan"), ("name", "Nama"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a card or recap says of an employee. `starts` and `ends` are the days of the period they were employed.

    `remarks` are sentences on what changed in the period, `moves` those of them on unit and departure.
    """

    nip: str
    name: str
    grade: str
    position: str
    unit: str
    starts: dt.date
    ends: dt.date
    remarks: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()


def person_in(nip: str, year: int, tx: Transaction) -> Person | None:
    """Return an employee as they were last in that year; None when nobody of that NIP was employed in it."""
    stood = tx.employees.in_year(nip, year)
    return _person(stood, tx.employees.tenures(nip), *_span(year)) if stood else None


def people_in(year: int, tx: Transaction, *, unit: str | None = None) -> Sequence[Person]:
    """Return everybody (of a unit) employed in that year, by NIP, each in their last unit."""
    return people_during(*_span(year), tx, unit=unit)


def people_during(first: dt.date, last: dt.date, tx: Transaction, *, unit: str | None = None) -> Sequence[Person]:
    """Return the same for a span of days; their `remarks` are those of the year until its last day."""
    stood = list(tx.employees.during(first, last, unit=unit))
    histories = tx.employees.histories([tenure.nip for tenure in stood])
    return [_person(tenure, histories[tenure.nip], dt.date(last.year, 1, 1), last) for tenure in stood]


def officers_of(unit: str, role: str, tx: Transaction) -> Sequence[Officer]:
    """Return who holds a role (`pengelola`, `pimpinan`) in that unit now, by NIP."""
    held = [entry for entry in tx.employees.now_in(unit) if role in entry.roles]
    histories = tx.employees.histories([entry.nip for entry in held])
    return [Officer(name=entry.name, nip=entry.nip) for entry in held if histories[entry.nip][-1].present]


def _person(stood: Tenure, tenures: Sequence[Tenure], first: dt.date, last: dt.date) -> Person:
    changes = [(one, other) for one, other in pairwise(tenures) if first < other.since <= last]
    came = [tenure.since for tenure, before in zip(tenures, [None, *tenures], strict=False)
            if tenure.present and (before is None or not before.present) and tenure.since <= stood.since]  # fmt: skip
    left = next((tenure for tenure in tenures if not tenure.present and stood.since < tenure.since <= last), None)
    remarks = [(column, sentence) for one, other in changes for column, sentence in _remarks(one, other)]
    return Person(
        nip=stood.nip,
        name=stood.name,
        grade=stood.grade,
        position=stood.position,
        unit=stood.unit,
        starts=max([first, *came[-1:]]),
        ends=left.since - _DAY if left else last,
        remarks=tuple(sentence for _, sentence in remarks),
        moves=tuple(sentence for column, sentence in remarks if column in {"unit", "departure"}),
    )


def _remarks(one: Tenure, other: Tenure) -> list[tuple[str, str]]:
    """Return what changed between two tenures as (column, sentence), or that the employee left."""
    if other.departure is not None:
        return [("departure", f"{_LEFT.get(other.departure, 'Keluar')} sejak {long_date(other.since)}.")]
    if not one.present:
        return []
    until = long_date(other.since - _DAY)
    return [
        (column, f"{label} sampai {until}: {getattr(one, column)}.")
        for column, label in _COLUMNS
        if getattr(one, column) != getattr(other, column)
    ]


def _span(year: int) -> tuple[dt.date, dt.date]:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)
