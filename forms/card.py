"""The control card (Kartu Pengendali, Lampiran II): what it says as a frozen value, and its face as PDF."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

KINDS = ("coaching", "mentoring", "belajar_mandiri")
SLOT = "ttd_pengelola"
ATTACHMENT = "kartu.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardActivity:
    """One row. `guide` is the coach or mentor, or the source of self-study.

    `notes` are places (from 1) in the card's notes, for an activity that counts less than it is or not at all.
    """

    date: dt.date
    kind: str
    scope: str
    title: str
    guide: str
    jp: Decimal
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNote:
    """Why something does not count: a sentence, and the rules it rests on."""

    because: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Somebody who stands under a card or recap; NIP are 18 digits."""

    name: str
    nip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """Everything a card says of one employee and year, the moment of printing apart.

    `grade` is golongan ruang (`III/b`; PPPK: `IX`). `remarks` are what changed in the year, such as the unit. `officer`
    is None while nobody is known to look after the unit's staff: the place for the name stays empty.
    """

    year: int
    nip: str
    name: str
    grade: str
    position: str
    unit: str
    starts: dt.date
    ends: dt.date
    activities: tuple[CardActivity, ...]
    notes: tuple[CardNote, ...] = ()
    remarks: tuple[str, ...] = ()
    officer: Officer | None = None

    @property
    def total(self) -> Decimal:
        return sum((each.jp for each in self.activities), Decimal(0))

    def of_kind(self, kind: str) -> Decimal:
        """The JP of one kind."""
        return sum((each.jp for each in self.activities if each.kind == kind), Decimal(0))

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values: decimals as strings, dates ISO 8601."""
        told: dict[str, Any] = json.loads(self.canonical())
        return told

    def canonical(self) -> bytes:
        """The attached bytes: keys sorted, UTF-8; the same content gives the same bytes."""
        told = asdict(self) | {"total": self.total}
        return json.dumps(told, default=_plain, ensure_ascii=False, sort_keys=True, indent=1).encode()

    @property
    def basis(self) -> str:
        """SHA-256 (hex) of what the card says: the same basis means the same card."""
        return hashlib.sha256(self.canonical()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """When a card or recap was printed: a day for the file, and the moment as it is read (`26 November 2026 ...`)."""

    day: dt.date
    moment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCard:
    """A card as PDF. `page` and `box` (left, bottom, right, top in points) say where it is signed."""

    pdf: bytes
    page: int
    box: tuple[float, float, float, float]


def _plain(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
