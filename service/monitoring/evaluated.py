"""What an evaluation says of one person and of all together: frozen values, for the page, the paper and the command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from service.policy.month import Tally
from service.policy.se_bkn_3_2022 import TARGET_JP
from service.policy.ways import Suggestion
from service.store.standings import Standing

# Where the columns of the unit's picture begin, in JP; the last one is the year's target reached.
STEPS = (Decimal(0), Decimal("0.2"), Decimal(4), Decimal(8), Decimal(12), Decimal(16), TARGET_JP)


class Mark(StrEnum):
    """How somebody stands at the end of a period. REACHED and BEHIND are about the period's own target."""

    REACHED = "tercapai"
    BEHIND = "tertinggal"
    OUT_OF_REACH = "tidak_terjangkau"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """One person. `standing` is the year's approved CMB, `target` the period's own.

    `most` is the bound until 31 December with everything that awaits a decision counted in, `most_national` the same
    with national activities only. `other_jp` is approved other learning, never part of `jp`. `came` is set for who
    joined in the year. `waiting` activities await Biro SDM, `assigned` assignments are open.
    """

    nip: str
    name: str
    position: str
    grade: str
    unit: str
    came: dt.date | None
    standing: Standing
    target: Decimal
    other_jp: Decimal
    most: Decimal
    most_national: Decimal
    left: Mapping[str, int]
    suggestion: Suggestion
    waiting: int
    assigned: int

    @property
    def jp(self) -> Decimal:
        """Approved CMB until the period's end."""
        return self.standing.jp

    @property
    def by_kind(self) -> Mapping[str, Tally]:
        """The same kind by kind."""
        return self.standing.by_kind

    @property
    def year_jp(self) -> Decimal:
        """Everything approved of the year so far."""
        return self.standing.year_jp

    @property
    def with_other(self) -> Decimal:
        """What 5.f.6 looks at: CMB until the period's end together with approved other learning."""
        return self.jp + self.other_jp

    @property
    def short(self) -> Decimal:
        """What is missing of the period's target."""
        return max(Decimal(0), self.target - self.jp)

    @property
    def reachable(self) -> bool:
        """Whether CMB can still give 20 JP this year."""
        return self.most >= TARGET_JP

    @property
    def only_international(self) -> bool:
        """Whether it takes international activities."""
        return self.most_national < TARGET_JP <= self.most

    @property
    def mark(self) -> Mark:
        if self.jp >= self.target:
            return Mark.REACHED
        return Mark.BEHIND if self.reachable else Mark.OUT_OF_REACH


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everybody (of `unit`, None: all) at the end of a period; what can still be reached is seen from `day` on."""

    year: int
    period: int
    unit: str | None
    ends: dt.date
    day: dt.date
    people: tuple[Evaluated, ...]

    def marked(self, mark: Mark) -> tuple[Evaluated, ...]:
        return tuple(each for each in self.people if each.mark is mark)

    @property
    def lost(self) -> tuple[Evaluated, ...]:
        """Who cannot reach 20 JP by CMB any more, whether or not the period's own target was reached."""
        return tuple(each for each in self.people if not each.reachable)

    @property
    def total(self) -> Decimal:
        return sum((each.jp for each in self.people), Decimal(0))

    @property
    def distribution(self) -> tuple[int, ...]:
        """How many people stand in each of `STEPS`."""
        counts = [0] * len(STEPS)
        for each in self.people:
            counts[max(place for place, step in enumerate(STEPS) if each.jp >= step)] += 1
        return tuple(counts)

    @property
    def units(self) -> Mapping[str, tuple[Evaluated, ...]]:
        """The people of each unit, units in order."""
        gathered: dict[str, list[Evaluated]] = {}
        for each in self.people:
            gathered.setdefault(each.unit, []).append(each)
        return {unit: tuple(gathered[unit]) for unit in sorted(gathered)}
