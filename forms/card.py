"""The control card (Kartu Pengendali, Lampiran II): its content as frozen values."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from forms.attachment import canonical_json
from forms.schema import Box

KINDS = ("coaching", "mentoring", "belajar_mandiri")
SLOT = "ttd_pengelola"
ATTACHMENT = "kartu.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardActivity:
    """One row. `guide` is the coach or mentor, or the source of self-study.

    `notes` are numbers (from 1) of the card's notes, for an activity that counts less than its length or not at all.
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
    """Why something does not count: a sentence, and the rules it cites."""

    because: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A person named under a card or recap; `nip` is 18 digits."""

    name: str
    nip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """Everything a card says of one employee and year, except when it was printed.

    `grade` is golongan ruang (`III/b`; PPPK: `IX`). `remarks` are changes during the year, such as of the unit.
    `officer` is the unit's HR officer; None while there is none, and the place for the name stays empty.
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
        return sum((activity.jp for activity in self.activities), Decimal(0))

    def of_kind(self, kind: str) -> Decimal:
        """Return the JP of one kind."""
        return sum((activity.jp for activity in self.activities if activity.kind == kind), Decimal(0))

    def to_json(self) -> dict[str, Any]:
        """Return the content and its total as JSON values, keys sorted."""
        payload: dict[str, Any] = json.loads(self.canonical())
        return payload

    def canonical(self) -> bytes:
        """Return the bytes to attach; the same content gives the same bytes."""
        return canonical_json(asdict(self) | {"total": self.total})

    @property
    def basis(self) -> str:
        """SHA-256 (hex) of the content: the same basis means the same card."""
        return hashlib.sha256(self.canonical()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintTime:
    """When a card or recap was printed: a day for the file, and the moment as it is read (`26 November 2026 ...`)."""

    day: dt.date
    moment: str

    @property
    def sentence(self) -> str:
        """The line at the foot that says when the paper was printed, and from what."""
        return f"Dicetak {self.moment} dari kegiatan yang sudah disahkan Biro SDM."


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCard:
    """A card as PDF; it is signed on `page` (from 0) inside `box`."""

    pdf: bytes
    page: int
    box: Box
