"""A run of whole calendar months: JP have monthly limits, so nothing smaller can be reported honestly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.indonesian import MONTHS
from service.errors import BadInput
from service.policy.outlook import month_end
from service.store.standings import MonthOf

_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the first day of one month to the last of another, both included."""

    first: MonthOf
    last: MonthOf

    @property
    def starts(self) -> dt.date:
        return dt.date(*self.first, 1)

    @property
    def ends(self) -> dt.date:
        return month_end(dt.date(*self.last, 1))

    @property
    def months(self) -> tuple[MonthOf, ...]:
        """Every month, in order."""
        return tuple(_month(place) for place in range(_place(self.first), _place(self.last) + 1))

    @property
    def before(self) -> Span:
        """The same number of months just before."""
        length = len(self.months)
        return Span(first=_month(_place(self.first) - length), last=_month(_place(self.first) - 1))

    @property
    def text(self) -> str:
        """`Januari–Juni 2026`, `Juli 2025–Juni 2026`, `Maret 2026`."""
        (year, month), (last_year, last_month) = self.first, self.last
        if self.first == self.last:
            return f"{MONTHS[month - 1]} {year}"
        begin = MONTHS[month - 1] if year == last_year else f"{MONTHS[month - 1]} {year}"
        return f"{begin}–{MONTHS[last_month - 1]} {last_year}"

    def moments(self, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """Midnight before the first day and after the last, where the agency is."""
        after = self.ends + dt.timedelta(days=1)
        return (
            dt.datetime.combine(self.starts, dt.time.min, zone),
            dt.datetime.combine(after, dt.time.min, zone),
        )


def span_of(first: MonthOf, last: MonthOf) -> Span:
    """BadInput when the last month comes before the first."""
    if last < first:
        raise BadInput("Bulan akhir mendahului bulan awal.", "Tulis misalnya --from 2026-01 --to 2026-06.")
    return Span(first=first, last=last)


def _month(place: int) -> MonthOf:
    """The month that is so many after January of year 0."""
    year, month = divmod(place, _YEAR)
    return year, month + 1


def _place(month: MonthOf) -> int:
    return month[0] * _YEAR + month[1] - 1
