"""Numbers of a policy that are in force from a day on, and the one in force on a given day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Generic[T]):
    """A value from `holds_from` until the next one of its kind holds."""

    value: T
    holds_from: dt.date


def value_on(values: Sequence[Dated[T]], day: dt.date) -> T:
    """Return the value that holds on that day; ValueError for a day before all of them."""
    held = [dated for dated in values if dated.holds_from <= day]
    if not held:
        raise ValueError(f"no value holds on {day}")
    return max(held, key=lambda dated: dated.holds_from).value
