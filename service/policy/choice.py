"""Which self-study activities of a month count: the choice that gives the most JP, among equals the earliest."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

from service.policy.rule import ZERO, Entries, Entry


def best_self_study(month: Entries, *, most: int, a_day: Decimal, addition: Decimal) -> Entries:
    """At most `most` entries whose JP, capped per day and then with the addition, sum highest; earliest among equals.

    Fewer are chosen when more would add nothing. Of one day and scope only the `most` largest can ever matter, so a
    month has at most 31 * 2 * `most` candidates and the search over pairs stays small however long the list is.
    """
    candidates = _candidates(month, most, a_day)
    best: Entries = ()
    best_worth = ZERO
    for size in range(1, most + 1):
        for chosen in combinations(candidates, size):
            worth = _worth(chosen, a_day, addition)
            if worth > best_worth:
                best, best_worth = chosen, worth
    return best


def _candidates(month: Entries, most: int, a_day: Decimal) -> Entries:
    kept: list[Entry] = []
    seen: dict[tuple[object, str], int] = {}
    for entry in sorted(month, key=lambda each: (-min(each.jp, a_day), each.turn)):
        key = (entry.activity.date, entry.activity.scope)
        if entry.jp > 0 and seen.get(key, 0) < most:
            seen[key] = seen.get(key, 0) + 1
            kept.append(entry)
    # Earliest first, so that the first best combination found is the earliest one.
    return tuple(sorted(kept, key=lambda each: each.turn))


def _worth(chosen: Entries, a_day: Decimal, addition: Decimal) -> Decimal:
    total = ZERO
    left: dict[object, Decimal] = {}
    for entry in sorted(chosen, key=lambda each: each.activity.scope == "nasional"):
        day = entry.activity.date
        counted = min(entry.jp, left.get(day, a_day))
        left[day] = left.get(day, a_day) - counted
        total += counted * (1 + addition) if entry.activity.scope == "internasional" else counted
    return total
