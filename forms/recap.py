"""The recap of a unit's control cards (Lampiran III): what it says as frozen values, and its face as PDF.

The circular names Lampiran III; its table is not in the copy we have. This one is our reconstruction, and says so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from forms.card import Officer

ATTACHMENT = "rekapitulasi.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSum:
    """How many activities of one kind counted, and their JP."""

    count: int
    jp: Decimal

    def __add__(self, other: KindSum) -> KindSum:
        return KindSum(count=self.count + other.count, jp=self.jp + other.jp)


NONE = KindSum(count=0, jp=Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapRow:
    """One employee, from the beginning of the year. `uncounted` approved activities gave nothing.

    `moves` are sentences on a change of unit or a departure in the year.
    """

    nip: str
    name: str
    grade: str
    position: str
    coaching: KindSum
    mentoring: KindSum
    self_study: KindSum
    uncounted: int = 0
    moves: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        return self.coaching.jp + self.mentoring.jp + self.self_study.jp


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapContent:
    """What a unit reports of one quarter, cumulative for the year `through` the quarter's last day.

    `officer` and `head` stand under it; None while nobody holds the role.
    """

    unit: str
    year: int
    quarter: int
    through: dt.date
    target: Decimal
    rows: tuple[RecapRow, ...]
    officer: Officer | None = None
    head: Officer | None = None

    def shortfall(self, row: RecapRow) -> Decimal:
        """The JP that somebody lacks to the target."""
        return max(Decimal(0), self.target - row.total)

    @property
    def reached(self) -> int:
        """How many employees reached the target."""
        return sum(1 for row in self.rows if row.total >= self.target)

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values: decimals as strings, dates ISO 8601."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain))
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> RecapContent:
        """What `to_json` gave, also before a later field was there."""
        values = {each.name: told[each.name] for each in fields(cls) if each.name in told}
        values |= {name: Officer(**told[name]) if told[name] else None for name in ("officer", "head")}
        values |= {"through": dt.date.fromisoformat(told["through"]), "target": Decimal(told["target"])}
        return cls(**values | {"rows": tuple(map(_row, told["rows"]))})

    def canonical(self) -> bytes:
        """The attached bytes: keys sorted, UTF-8; the same content gives the same bytes."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, indent=1).encode()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what is reported: unit, quarter and rows, whoever stands under it."""
        told = {name: value for name, value in self.to_json().items() if name not in {"officer", "head"}}
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing a correction says otherwise than the version before: whose, which column, as sent, as it is now."""

    nip: str
    name: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a recap was sent: `version` 0 for one that was not; `sent` is the moment as it is read.

    `changes` are what differs from the version before (`version` - 1), or of an unsent one from the last that was sent.
    """

    version: int = 0
    sent: str = ""
    changes: tuple[Change, ...] = ()


def _row(told: Mapping[str, Any]) -> RecapRow:
    sums = {
        name: KindSum(count=told[name]["count"], jp=Decimal(told[name]["jp"]))
        for name in ("coaching", "mentoring", "self_study")
    }
    return RecapRow(**{**told, **sums, "moves": tuple(told["moves"])})


def _plain(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
