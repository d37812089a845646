"""The pinned font as numbers: which glyph draws a character, and how wide it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class FontMetrics:
    """Glyphs by character as (glyph id, width in 1/1000 em); `ascent` and `descent` in 1/1000 em."""

    glyphs: Mapping[str, tuple[int, int]]
    ascent: int
    descent: int

    def width(self, text: str, size: float) -> float:
        """Return the width of `text` in points; KeyError for a character without a glyph."""
        return sum(self.glyphs[character][1] for character in text) * size / 1000

    def missing(self, text: str) -> str:
        """Return the characters of `text` without a glyph, each once; line breaks need none."""
        return "".join(
            dict.fromkeys(character for character in text if character not in self.glyphs and character != "\n")
        )


def _published() -> FontMetrics:
    table = json.loads((files("forms") / "published" / "face.json").read_text(encoding="utf-8"))
    glyphs = {chr(int(code)): (gid, width) for code, (gid, width) in table["glyphs"].items()}
    return FontMetrics(glyphs=glyphs, ascent=table["ascent"], descent=table["descent"])


# Written once by `forms.publish`, together with the forms.
_PUBLISHED = _published()


def published_metrics() -> FontMetrics:
    """Return the metrics of the font of every form published so far."""
    return _PUBLISHED
