"""The pinned face as numbers: which glyph draws a character, and how wide it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Glyphs by character as (glyph id, width in 1/1000 em); `ascent` and `descent` in 1/1000 em."""

    glyphs: Mapping[str, tuple[int, int]]
    ascent: int
    descent: int

    def width(self, text: str, size: float) -> float:
        """Width of `text` in points; KeyError for a character that the face cannot draw."""
        return sum(self.glyphs[character][1] for character in text) * size / 1000

    def missing(self, text: str) -> str:
        """The characters of `text` that cannot be drawn, each once; line breaks are not drawn."""
        return "".join(dict.fromkeys(each for each in text if each not in self.glyphs and each != "\n"))


def _published() -> Face:
    told = json.loads((files("forms") / "published" / "face.json").read_text(encoding="utf-8"))
    glyphs = {chr(int(code)): (gid, width) for code, (gid, width) in told["glyphs"].items()}
    return Face(glyphs=glyphs, ascent=told["ascent"], descent=told["descent"])


# The face as it was published with the forms (`forms/published/face.json`, made by `forms.publish`): a constant.
_PUBLISHED = _published()


def published_face() -> Face:
    """The face of every form published so far."""
    return _PUBLISHED
