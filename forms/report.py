"""The content of a verification report as values; the caller chooses the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# In order, to be looked at, wrong, not checked. Always shown with a mark and a word, never by colour alone.
Tone = Literal["good", "doubt", "bad", "plain"]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A finding: what was checked, what was found, what to do now."""

    tone: Tone
    title: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as a PNG file; the caption is also its alternative text."""

    caption: str
    png: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """A report. `facts` say of which file, when and by which policy; `technical` is detail for experts.

    `changes` are answers that differ from what was signed: column, as signed, as received. `notice` says who may read
    the report.
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
