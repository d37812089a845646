"""Which size a line of unforeseeable length gets, and where it breaks, before any page is laid out."""

from __future__ import annotations

from collections.abc import Sequence

from forms.letters import Cut
from forms.lines import BLANKS, Line, line


def set_text(text: str, cut: Cut, *, room: float, sizes: Sequence[float], most: int = 2) -> tuple[Line, ...]:
    """The largest of `sizes` (descending) at which `text` is one line within `room` points, else the fewest lines.

    Broken lines are balanced, so that no academic title is left alone on the last one. Where even the smallest size
    needs more than `most` lines, it becomes smaller still: nothing is ever cut. Every line but the last ends in a
    blank: read in a row, the lines are the text again.
    """
    words = BLANKS.split(text.strip())
    widths = [cut.width(word) / 1000 for word in words]
    space = cut.width(" ") / 1000
    for count in range(1, most + 1):
        for size in sizes if count == 1 else sizes[-1:]:
            places = _broken(widths, space, count)
            if _widest(places, widths, space) * size <= room:
                return _set(words, places, cut, size)
    places = _broken(widths, space, most)
    return _set(words, places, cut, round(room / _widest(places, widths, space), 2))


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


def _set(words: list[str], lines: list[range], cut: Cut, size: float) -> tuple[Line, ...]:
    *rest, last = (" ".join(words[place] for place in each) for each in lines)
    return tuple(line(text, cut, size) for text in (*(f"{each} " for each in rest), last))
