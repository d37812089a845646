"""What a rule is: a sentence, a citation with its norm, the days it holds, and a short pure function."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from service.policy.errors import PolicyError

KINDS = ("coaching", "mentoring", "belajar_mandiri")
SCOPES = ("nasional", "internasional")
ZERO = Decimal(0)


class Outcome(StrEnum):
    """What a rule said of an activity."""

    GRANTED = "granted"
    LIMITED = "limited"
    DUPLICATE = "duplicate"
    NOT_APPLICABLE = "not_applicable"
    INCOMPLETE = "incomplete"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a rule stands: instrument, article, and the norm word for word (for house rules, our own sentence)."""

    instrument: str
    article: str
    norm: str

    @property
    def text(self) -> str:
        return f"{self.instrument} {self.article}: “{self.norm}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One activity as the law sees it. `minutes` may be unknown for coaching and mentoring; `begins` is wall-clock."""

    kind: str
    date: dt.date
    scope: str = "nasional"
    minutes: int | None = None
    begins: dt.time | None = None

    def __post_init__(self) -> None:
        """Refuse what the law has no words for, before any rule sees it."""
        if self.kind not in KINDS:
            raise PolicyError(f"Jenis kegiatan “{self.kind}” tidak dikenal ({', '.join(KINDS)}).")
        if self.scope not in SCOPES:
            raise PolicyError(f"Tingkat “{self.scope}” tidak dikenal ({', '.join(SCOPES)}).")
        if self.minutes is not None and self.minutes < 0:
            raise PolicyError("Lama kegiatan tidak boleh negatif.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule found in one activity: `because` is an Indonesian sentence with the values at hand."""

    rule: str
    outcome: Outcome
    because: str
    cites: tuple[Citation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An activity on its way through the rules. `place` is its index in the list given; `open` ones may still count."""

    place: int
    activity: Activity
    jp: Decimal = ZERO
    open: bool = True
    findings: tuple[Finding, ...] = field(default=())

    @property
    def turn(self) -> tuple[dt.date, dt.time, int]:
        """Which comes first: by date, start, then as given."""
        return self.activity.date, self.activity.begins or dt.time.min, self.place


Entries = tuple[Entry, ...]
# Judges the entries a rule holds for, and gives back each with what it found; (entry, entries the rule holds for).
Judge = Callable[["Rule", Entries], Entries]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; it holds for activities dated from `holds_from` to `holds_until` (inclusive; None: in force)."""

    id: str
    sentence: str
    citation: Citation
    holds_from: dt.date
    holds_until: dt.date | None
    judge: Judge

    def apply(self, entries: Entries) -> Entries:
        """The entries after this rule; settled ones, and those it does not hold for, come back as they were."""
        mine = tuple(entry for entry in entries if entry.open and self.holds(entry.activity.date))
        judged = {entry.place: entry for entry in self.judge(self, mine)}
        return tuple(judged.get(entry.place, entry) for entry in entries)

    def holds(self, day: dt.date) -> bool:
        return self.holds_from <= day and (self.holds_until is None or day <= self.holds_until)

    def grant(self, entry: Entry, because: str, jp: Decimal | None = None) -> Entry:
        """The entry with a granting finding, and its JP when the rule sets them."""
        found = self._found(entry, Outcome.GRANTED, because)
        return found if jp is None else replace(found, jp=jp)

    def settle(self, entry: Entry, outcome: Outcome, because: str) -> Entry:
        """The entry counted out: no JP, no later rule looks at it."""
        return replace(self._found(entry, outcome, because), jp=ZERO, open=False)

    def note(self, entry: Entry, outcome: Outcome, because: str, jp: Decimal) -> Entry:
        """The entry with a finding that changes its JP or asks for a person's eye, still counting."""
        return replace(self._found(entry, outcome, because), jp=jp)

    def _found(self, entry: Entry, outcome: Outcome, because: str) -> Entry:
        found = Finding(rule=self.id, outcome=outcome, because=because, cites=(self.citation,))
        return replace(entry, findings=(*entry.findings, found))
