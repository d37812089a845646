"""Which size a line of unforeseeable length gets, and where it breaks, before any page is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forms.face import Face

# Semibold is a little wider than the face we have widths of; a character the face lacks is taken as a wide one.
_SPARE = 1.03
_WIDE = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Lines at one size (points); joined by spaces they are the text again."""

    size: float
    lines: tuple[str, ...]


def set_text(text: str, face: Face, *, room: float, sizes: Sequence[float], most: int = 2) -> Setting:
    """The largest of `sizes` (descending) at which `text` is one line within `room` points, else the fewest lines.

    Broken lines are balanced, so that no academic title is left alone on the last one. Where even the smallest size
    needs more than `most` lines, it becomes smaller still: nothing is ever cut.
    """
    words = text.split() or [""]
    widths = [_em(word, face) for word in words]
    space = _em(" ", face)
    for count in range(1, most + 1):
        for size in sizes if count == 1 else sizes[-1:]:
            lines = _broken(widths, space, count)
            if _widest(lines, widths, space) * size <= room:
                return _setting(words, lines, size)
    lines = _broken(widths, space, most)
    return _setting(words, lines, round(room / _widest(lines, widths, space), 2))


def _em(text: str, face: Face) -> float:
    return sum(face.glyphs.get(each, (0, _WIDE))[1] for each in text) * _SPARE / 1000


def _broken(widths: list[float], space: float, count: int) -> list[range]:
    """Word places per line, the widest line as narrow as it can be."""
    if count == 1 or len(widths) == 1:
        return [range(len(widths))]
    tries = []
    for cut in range(1, len(widths)):
        rest = [range(cut + each.start, cut + each.stop) for each in _broken(widths[cut:], space, count - 1)]
        tries.append([range(cut), *rest])
    return min(tries, key=lambda lines: _widest(lines, widths, space))


def _widest(lines: list[range], widths: list[float], space: float) -> float:
    return max(sum(widths[place] for place in line) + space * (len(line) - 1) for line in lines)


def _setting(words: list[str], lines: list[range], size: float) -> Setting:
    return Setting(size=size, lines=tuple(" ".join(words[place] for place in line) for line in lines))
