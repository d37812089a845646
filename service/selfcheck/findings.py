"""What a self-check says of one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """GOOD, DOUBT (works, look at it), BAD (something does not work), PLAIN (not set up, and need not be)."""

    GOOD = "good"
    PLAIN = "plain"
    DOUBT = "doubt"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `message` and `hint` are Indonesian sentences without secrets or addresses."""

    id: str
    title: str
    tone: Tone
    message: str
    hint: str = ""


def worst(findings: Sequence[Finding]) -> Tone:
    """BAD before DOUBT; GOOD when nothing else remains."""
    found = {each.tone for each in findings}
    return next((tone for tone in (Tone.BAD, Tone.DOUBT) if tone in found), Tone.GOOD)
