"""Sheets filled from top to bottom: where the next block goes, and when a new sheet begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forms.guilloche import HEIGHT, MM, WIDTH
from forms.lines import Line, baseline
from forms.sheet import Ink, Placed, Sheet
from forms.tags import Tag

# Points from the upper left corner of the paper (A4 landscape); below `BOTTOM` is the foot.
LEFT, TOP, BOTTOM = 18 * MM, 17 * MM, HEIGHT - 25 * MM
ACROSS = WIDTH - 2 * LEFT


class Flow:
    """`top` is where the next block begins on `sheet`; `new_sheet` gives the sheets."""

    def __init__(self, new_sheet: Callable[[], Sheet]) -> None:
        self._new = new_sheet
        self.sheets = [new_sheet()]
        self.top = TOP

    @property
    def sheet(self) -> Sheet:
        """The one being filled."""
        return self.sheets[-1]

    def make_room(self, height: float) -> bool:
        """Begin a new sheet unless so many points are left on this one; whether it did."""
        if self.top + height <= BOTTOM:
            return False
        self.sheets.append(self._new())
        self.top = TOP
        return True

    def paragraph(
        self, role: str, lines: Sequence[Line], height: float, *, hanging: float = 0, ink: Ink = Ink.NAVY
    ) -> Tag:
        """Write lines of that height, whole on one sheet; all but the first are indented by `hanging` points."""
        self.make_room(len(lines) * height)
        placed = [
            Placed(
                line=one,
                left=LEFT + (hanging if place else 0),
                base=self.top + place * height + baseline(one.size, height),
            )
            for place, one in enumerate(lines)
        ]
        self.top += len(lines) * height
        return self.sheet.write(role, *placed, ink=ink)
