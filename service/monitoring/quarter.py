"""A quarter of a year, as units report it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from service.errors import BadInput

_TEXT = re.compile(r"(2\d{3})-?[QqTt]([1-4])")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Quarter:
    """One of the four of a year."""

    year: int
    number: int

    @property
    def begins(self) -> dt.date:
        return dt.date(self.year, 3 * self.number - 2, 1)

    @property
    def ends(self) -> dt.date:
        """Its last day."""
        after = dt.date(self.year + self.number // 4, 3 * self.number % 12 + 1, 1)
        return after - dt.timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


def read_quarter(text: str) -> Quarter:
    """`2026-Q1`; BadInput for anything else."""
    found = _TEXT.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"“{text}” bukan triwulan.", "Tulis tahun dan triwulannya, misalnya 2026-Q1.")
    return Quarter(year=int(found[1]), number=int(found[2]))


def quarter_of(day: dt.date) -> Quarter:
    """The one a day is in."""
    return Quarter(year=day.year, number=(day.month + 2) // 3)


def quarters_until(day: dt.date, year: int) -> tuple[Quarter, ...]:
    """Those of a year that are over before `day`."""
    every = (Quarter(year=year, number=number) for number in (1, 2, 3, 4))
    return tuple(each for each in every if each.ends < day)
