"""Which self-study activities of a month count: the choice that gives the most JP, among equals the earliest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from service.policy.calendar import by_day
from service.policy.rule import ZERO, Entries, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLimit:
    """At most `most` JP in a day; what then counts of an international activity grows by `addition` (0.2: 20 %)."""

    most: Decimal
    addition: Decimal

    def shares(self, day: Entries) -> list[tuple[Entry, Decimal]]:
        """What counts of each entry of one day, before the addition. International ones first, then the earliest.

        Only an international JP grows, so no other division of the day gives more.
        """
        room = self.most
        shares = []
        for entry in sorted(day, key=lambda each: (each.activity.scope != "internasional", each.turn)):
            share = min(entry.jp, room)
            room -= share
            shares.append((entry, share))
        return shares

    def grown(self, entry: Entry, share: Decimal) -> Decimal:
        """The share with its addition."""
        return share + share * self.addition if entry.activity.scope == "internasional" else share


@dataclass(frozen=True, slots=True)
class _Choice:
    entries: Entries = ()
    worth: Decimal = ZERO

    def __add__(self, later: _Choice) -> _Choice:
        return _Choice(self.entries + later.entries, self.worth + later.worth)


def best_self_study(month: Entries, *, most: int, limit: DayLimit) -> Entries:
    """At most `most` entries of one month, each giving something under the day's limit; in turn.

    Exact: days do not touch each other, so for every number of activities still allowed the best of the later days is
    found once and joined with the best of the day before. Work grows with the number of entries, not of their pairs.
    """
    best = [_Choice()] * (most + 1)
    for day in reversed(by_day(month)):
        today = _best_of_day(day, most, limit)
        best = [
            min((first + best[allowed - size] for size, first in today.items() if size <= allowed), key=_rank)
            for allowed in range(most + 1)
        ]
    return best[most].entries


def _best_of_day(day: Entries, most: int, limit: DayLimit) -> dict[int, _Choice]:
    """The best choice of each size; the empty one is always there. Days sum up, so no other choice is ever needed."""
    candidates = _candidates(day, most, limit)
    found = {0: _Choice()}
    for size in range(1, most + 1):
        choices = [choice for chosen in combinations(candidates, size) if (choice := _choose(chosen, limit))]
        if choices:
            found[size] = min(choices, key=_rank)
    return found


def _choose(chosen: Entries, limit: DayLimit) -> _Choice | None:
    """What these of one day are worth; None when one of them would take a place and give nothing."""
    shares = limit.shares(chosen)
    if any(share == 0 for _, share in shares):
        return None
    return _Choice(chosen, sum((limit.grown(entry, share) for entry, share in shares), ZERO))


def _candidates(day: Entries, most: int, limit: DayLimit) -> Entries:
    """Of one scope and worth only the earliest `most` can be in the best choice: a later one could give way."""
    seen: Counter[tuple[str, Decimal]] = Counter()
    kept = []
    for entry in day:
        alike = (entry.activity.scope, min(entry.jp, limit.most))
        seen[alike] += 1
        if entry.jp > 0 and seen[alike] <= most:
            kept.append(entry)
    return tuple(kept)


def _rank(choice: _Choice) -> tuple[Decimal, tuple[object, ...]]:
    """The smallest is the best: most JP first, then the earliest."""
    return -choice.worth, tuple(entry.turn for entry in choice.entries)
