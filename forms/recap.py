"""The recap of a unit's control cards (Lampiran III): its content as frozen values.

The circular names Lampiran III, but its table is not in the copy we have. This one is our reconstruction and says so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from forms.attachment import canonical_json, json_payload
from forms.card import Officer

ATTACHMENT = "rekapitulasi.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSum:
    """How many activities of one kind counted, and their JP."""

    count: int
    jp: Decimal

    def __add__(self, other: KindSum) -> KindSum:
        return KindSum(count=self.count + other.count, jp=self.jp + other.jp)


NO_ACTIVITIES = KindSum(count=0, jp=Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapRow:
    """One employee, from the beginning of the year. `uncounted` is the number of approved activities without JP.

    `moves` are sentences about a change of unit or a departure in the year.
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
    """What a unit reports for one quarter: the year up to and including `through`, the quarter's last day.

    `officer` (HR) and `head` (of the unit) sign below; None while nobody holds the role.
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
        """Return the JP an employee still lacks."""
        return max(Decimal(0), self.target - row.total)

    @property
    def reached(self) -> int:
        """The number of employees who reached the target."""
        return sum(1 for row in self.rows if row.total >= self.target)

    def to_json(self) -> dict[str, Any]:
        """Return the content as JSON values: decimals as strings, dates ISO 8601."""
        return json_payload(asdict(self))

    @classmethod
    def from_json(cls, payload: Mapping[str, Any]) -> RecapContent:
        """Read what `to_json` returned, also an older payload in which later fields are missing."""
        values = {field.name: payload[field.name] for field in fields(cls) if field.name in payload}
        values |= {name: Officer(**payload[name]) if payload[name] else None for name in ("officer", "head")}
        values |= {"through": dt.date.fromisoformat(payload["through"]), "target": Decimal(payload["target"])}
        return cls(**values | {"rows": tuple(map(_row, payload["rows"]))})

    def canonical(self) -> bytes:
        """Return the bytes to attach; the same content gives the same bytes."""
        return canonical_json(asdict(self))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what is reported: everything but the people who sign."""
        payload = {name: value for name, value in self.to_json().items() if name not in {"officer", "head"}}
        return hashlib.sha256(json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two versions: the employee, the column, its text as sent and as it is now."""

    nip: str
    name: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecapStatus:
    """Whether a recap was sent: `version` is 0 for one that was not; `sent` is the moment as it is read.

    `changes` are the differences from the version before (`version` - 1); for an unsent one, from the last one sent.
    """

    version: int = 0
    sent: str = ""
    changes: tuple[Change, ...] = ()


def _row(payload: Mapping[str, Any]) -> RecapRow:
    sums = {
        name: KindSum(count=payload[name]["count"], jp=Decimal(payload[name]["jp"]))
        for name in ("coaching", "mentoring", "self_study")
    }
    return RecapRow(**{**payload, **sums, "moves": tuple(payload["moves"])})
