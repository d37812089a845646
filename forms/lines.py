"""Lines of shaped text: where a paragraph breaks, and how wide a line is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from forms.letters import Cut, Run

# Where HTML would break, too: a no-break blank is none.
BLANKS = re.compile(r"[ \t\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line at `size` points; `spacing` (points) is added between its glyphs."""

    run: Run
    cut: Cut
    size: float
    spacing: float = 0.0

    @property
    def width(self) -> float:
        """Points from the first glyph to the end of the last one that is no blank."""
        glyphs = len(self.run)
        while glyphs and self.run[glyphs - 1].text == " ":
            glyphs -= 1
        return sum(each.advance for each in self.run[:glyphs]) * self.size / 1000 + self.spacing * max(0, glyphs - 1)


def line(text: str, cut: Cut, size: float, *, spacing: float = 0.0) -> Line:
    """The text on one line, however long."""
    return Line(run=cut.shape(text, ligatures=not spacing), cut=cut, size=size, spacing=spacing)


def wrapped(text: str, cut: Cut, size: float, *, room: float) -> tuple[Line, ...]:
    """The text broken after blanks, and after hyphens and slashes before letters, into lines of at most `room` points.

    What has no such place within the room breaks anywhere. Blanks stay at the ends of lines: read in a row, the lines
    are the text again.
    """
    run = cut.shape(BLANKS.sub(" ", text).lstrip(" "))
    return tuple(Line(run=part, cut=cut, size=size) for part in _broken(run, room * 1000 / size)) or (
        line("", cut, size),
    )


def with_blank(set_line: Line) -> Line:
    """The same line ending in a blank, so that read in a row the next one is a word of its own."""
    blank = set_line.cut.shape(" ")
    return Line(run=(*set_line.run, *blank), cut=set_line.cut, size=set_line.size)


def baseline(size: float, height: float) -> float:
    """Points from the top of a line of that height to the baseline.

    What is left beside the face's own ascent and descent (1.036 and 0.335 em) is halved, as in CSS 2.1 10.8.1.
    """
    return (height + 0.701 * size) / 2


def _broken(run: Run, room: float) -> Iterator[Run]:
    start, after, used = 0, 0, 0.0
    for place, glyph in enumerate(run):
        if used + glyph.advance > room and glyph.text != " " and place > start:
            cut = after if after > start else place
            yield run[start:cut]
            start = cut
            used = sum(each.advance for each in run[start:place])
        used += glyph.advance
        # As in UAX 14: "dan/atau" and "undang-undang" may break, numbers such as 2026-000123 may not.
        if glyph.text == " " or (glyph.text in {"-", "/"} and run[place + 1 :] and run[place + 1].text[:1].isalpha()):
            after = place + 1
    if run[start:]:
        yield run[start:]
