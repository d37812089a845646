"""What a rule or a number of the law rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The source of a rule: instrument, article, and the norm word for word (for our own rules, our sentence)."""

    instrument: str
    article: str
    norm: str

    @property
    def text(self) -> str:
        return f"{self.instrument} {self.article}: “{self.norm}”"
