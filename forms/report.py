"""What a verification report says, as values; the words are chosen by whoever verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What a person sees at a glance, always with a mark and a word: in order, to be looked at, wrong, not checked.
Tone = Literal["good", "doubt", "bad", "plain"]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding: what was looked at, what was seen, what to do now."""

    tone: Tone
    title: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as a PNG file; the caption also says it to those who cannot see it."""

    caption: str
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """One report. `facts` say of which file, when and by which policy; `technical` is for those who want to know.

    `changes` are answers that are not what was signed: column, as signed, as received. `notice` says whose eyes the
    report is for.
    """

    title: str
    verdict: Line
    facts: Pairs
    reasons: tuple[Line, ...]
    people: tuple[Line, ...]
    checks: tuple[Line, ...]
    record: Pairs
    pictures: tuple[Picture, ...]
    pictures_note: str
    changes: tuple[tuple[str, str, str], ...]
    technical: Pairs
    policy: str
    notice: str
