"""What a rule is: a sentence, a citation with its norm, the days it holds, and a short pure function."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from service.law.numbers import Numbers, Stated
from service.law.source import Citation

# --- Activities

KINDS = ("coaching", "mentoring", "belajar_mandiri")
SCOPES = ("nasional", "internasional")


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """An activity at its place's `date` and start (`begins`); `minutes` only matters for belajar mandiri."""

    kind: str
    date: dt.date
    scope: str = "nasional"
    minutes: int | None = None
    begins: dt.time | None = None

    def __post_init__(self) -> None:
        """Refuse with `PolicyError` what cannot be assessed, before any rule sees it."""
        if self.kind not in KINDS:
            raise PolicyError(f"Jenis kegiatan “{self.kind}” tidak dikenal. Pilih salah satu: {', '.join(KINDS)}.")
        if self.scope not in SCOPES:
            raise PolicyError(f"Tingkat “{self.scope}” tidak dikenal. Pilih salah satu: {', '.join(SCOPES)}.")
        if self.minutes is not None and self.minutes < 0:
            raise PolicyError(f"Lama kegiatan {self.minutes} menit tidak mungkin; menit tidak boleh negatif.")
        if isinstance(self.date, dt.datetime):
            raise PolicyError("Tanggal kegiatan tidak boleh memuat jam. Tulis tanggalnya saja.")
        if self.begins is not None and self.begins.tzinfo is not None:
            raise PolicyError("Waktu mulai ditulis menurut jam setempat. Hapus zona waktunya.")


# --- Rules


class PolicyError(ValueError):
    """An activity outside the law's terms; the message is an Indonesian sentence for the person who wrote it."""


ZERO = Decimal(0)


class Outcome(StrEnum):
    """What a rule found in an activity."""

    GRANTED = "granted"
    LIMITED = "limited"
    DUPLICATE = "duplicate"
    NOT_APPLICABLE = "not_applicable"
    INCOMPLETE = "incomplete"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule found in one activity: `because` is an Indonesian sentence with the values."""

    rule: str
    outcome: Outcome
    because: str
    cites: tuple[Citation, ...]

    @property
    def cites_text(self) -> tuple[str, ...]:
        """Return each citation as it is shown: instrument, article, quoted norm."""
        return tuple(cite.text for cite in self.cites)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An activity between two rules, with the law's numbers of its day.

    `place` is its index in the list given; `open` ones may still count.
    """

    place: int
    activity: Activity
    numbers: Numbers
    jp: Decimal = ZERO
    open: bool = True
    findings: tuple[Finding, ...] = ()

    @property
    def turn(self) -> tuple[dt.date, dt.time, int]:
        """Return the sort key: date, start (an unknown one opens the day), then the order given."""
        return self.activity.date, self.activity.begins or dt.time.min, self.place


Entries = tuple[Entry, ...]
# Which of the law's numbers a rule states.
Number = Callable[[Numbers], Stated[int] | Stated[Decimal]]
NUMBER = "{number}"
# Given its rule and the open entries of the days on which it holds, gives back those it found something in.
Judge = Callable[["Rule", Entries], Entries]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; it holds for activities dated from `holds_from` to `holds_until` (inclusive; None: still in force).

    The sentence of a rule that `states` a number has a place for it, `{number}`: see `with_numbers`.
    """

    id: str
    sentence: str
    citation: Citation
    holds_from: dt.date
    holds_until: dt.date | None = None
    states: Number | None = None
    judge: Judge

    def apply(self, entries: Entries) -> Entries:
        """Return the entries after this rule; settled ones, and those of other days, are unchanged."""
        mine = tuple(entry for entry in entries if entry.open and self.holds(entry.activity.date))
        judged = {entry.place: entry for entry in self.judge(self, mine)}
        return tuple(judged.get(entry.place, entry) for entry in entries)

    def holds(self, day: dt.date) -> bool:
        return self.holds_from <= day and (self.holds_until is None or day <= self.holds_until)

    def with_numbers(self, numbers: Numbers) -> Rule:
        """Return the rule as it stands under these numbers: its sentence with the number, cited from its source."""
        if self.states is None:
            return self
        stated = self.states(numbers)
        sentence = self.sentence.replace(NUMBER, number_text(stated.value))
        return replace(self, sentence=sentence, citation=stated.citation, states=None)

    def grant(self, entry: Entry, because: str, *also: Citation, jp: Decimal | None = None) -> Entry:
        """Return the entry with a granting finding, and new JP if given; `also` is cited besides the rule."""
        return replace(
            entry, findings=self._found(entry, Outcome.GRANTED, because, also), jp=entry.jp if jp is None else jp
        )

    def note(self, entry: Entry, outcome: Outcome, because: str, *also: Citation, jp: Decimal | None = None) -> Entry:
        """Return the entry with a finding that lowers its JP or asks a person to look; it still counts."""
        return replace(entry, findings=self._found(entry, outcome, because, also), jp=entry.jp if jp is None else jp)

    def settle(self, entry: Entry, outcome: Outcome, because: str, *also: Citation) -> Entry:
        """Return the entry counted out: no JP, and no later rule looks at it."""
        return replace(entry, findings=self._found(entry, outcome, because, also), jp=ZERO, open=False)

    def _found(self, entry: Entry, outcome: Outcome, because: str, also: tuple[Citation, ...]) -> tuple[Finding, ...]:
        found = Finding(rule=self.id, outcome=outcome, because=because, cites=(self.citation, *also))
        return (*entry.findings, found)


def number_text(value: int | Decimal) -> str:
    """Return `2`, `2,5`: as the law's sentences have it."""
    text = f"{Decimal(value):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
