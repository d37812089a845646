"""Assess the activities of a year: every rule in its order; nothing else decides what counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.law.interpretation import BLOCKS, DUPLICATE, OVERLAP
from service.law.regulations import numbers_on, target_of
from service.law.rule import ZERO, Activity, Entry, Finding, Rule
from service.law.se_bkn_3_2022 import BEFORE, COACHING, MENTORING, SELF_STUDY

# In order: what is out altogether, what a person looks at, what each is worth, what month and day leave of it.
RULES: tuple[Rule, ...] = (BEFORE, DUPLICATE, OVERLAP, *COACHING, *MENTORING, BLOCKS, *SELF_STUDY)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedActivity:
    """One activity with its JP and everything the rules found; `counted` is whether it gives any."""

    activity: Activity
    jp: Decimal
    counted: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """`items` in the order given; `total` is their sum (nothing caps it), `target` what the law asks of the year."""

    total: Decimal
    target: Decimal
    items: tuple[AssessedActivity, ...]


def assess(activities: Sequence[Activity], *, rules: tuple[Rule, ...] = RULES, year: int | None = None) -> Assessment:
    """Return what these activities of one employee are worth. Pure: the same list gives the same result.

    The target is that of `year`; without one, of the last activity's year.
    """
    entries = tuple(
        Entry(place=place, activity=activity, numbers=numbers_on(activity.date))
        for place, activity in enumerate(activities)
    )
    for rule in rules:
        entries = rule.apply(entries)
    items = tuple(
        AssessedActivity(activity=entry.activity, jp=entry.jp, counted=entry.jp > 0, findings=entry.findings)
        for entry in entries
    )
    if year is None:
        year = max((activity.date for activity in activities), default=dt.date.min).year
    return Assessment(total=sum((item.jp for item in items), ZERO), target=target_of(year).value, items=items)


def jp_text(jp: Decimal) -> str:
    """Return `2`, `2.4`, `0`: no exponent, no trailing zeros, a point as in JSON (people are shown a comma)."""
    text = f"{jp:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
