"""What follows a recap's table: what a correction changes, and who stands under it."""

from __future__ import annotations

from forms.card import Officer
from forms.flow import Flow
from forms.grid import Grid
from forms.grid_plan import Cell, Column, Heading, Plan
from forms.guilloche import MM
from forms.indonesian import spaced_nip
from forms.letters import Letters
from forms.lines import Line, baseline, line, with_blank
from forms.recap import RecapContent, Standing
from forms.recap_words import CHANGES, HEAD, OFFICER, changes_title
from forms.setting import set_text
from forms.sheet import Ink, Placed
from forms.tags import Tag

_CHANGES = Plan(
    columns=tuple(Column(width=width * MM) for width in (34, 62, 45, 60, 60)),
    head=tuple(Heading(text=text, column=place) for place, text in enumerate(CHANGES)),
    size=8,
    line=9.8,
)
_LINE, _SIZE, _ROOM = 12.0, 9.5, 80 * MM
_LEFTS = (40 * MM, 188 * MM)
_SPACE = 20 * MM


class Under:
    """Head of unit and HR officer; `height` is the room they need on one sheet."""

    def __init__(self, content: RecapContent, letters: Letters) -> None:
        self._people = [_person(HEAD, content.head, letters), _person(OFFICER, content.officer, letters)]
        self.height = max(map(len, self._people)) * _LINE + _SPACE

    def set(self, flow: Flow) -> list[Tag]:
        """Write them side by side."""
        flow.make_room(self.height)
        return [_write_person(flow, lines, left) for lines, left in zip(self._people, _LEFTS, strict=True)]


def set_changes(flow: Flow, standing: Standing, letters: Letters, *, after: float) -> list[Tag]:
    if not standing.changes:
        return []
    flow.top += 3 * MM
    title = line(changes_title(standing), letters.semibold, _SIZE)
    # A heading stays with the head and the first row of its table.
    flow.make_room(_LINE + 4 * _CHANGES.line)
    kids = [flow.paragraph("H2", (title,), _LINE + 1 * MM, ink=Ink.BLACK)]
    rows = [
        (
            Cell(text=spaced_nip(each.nip)),
            Cell(text=each.name),
            Cell(text=each.column),
            Cell(text=each.before or "–"),
            Cell(text=each.after or "–"),
        )
        for each in standing.changes
    ]
    return [*kids, Grid(_CHANGES, flow, letters).set(rows, after=after)]


def _person(above: tuple[str, ...], who: Officer | None, letters: Letters) -> list[Line]:
    """The lines above and below the place to sign; the last two or more are the name and the NIP."""
    name = set_text(who.name if who else "Nama", letters.semibold, room=_ROOM, sizes=(_SIZE, 9, 8.5))
    nip = f"NIP {spaced_nip(who.nip)}" if who else "NIP"
    heads = [line(f"{text} " if text else " ", letters.regular, _SIZE) for text in above]
    return [*heads, *name[:-1], with_blank(name[-1]), line(nip, letters.regular, _SIZE)]


def _write_person(flow: Flow, lines: list[Line], left: float) -> Tag:
    top = flow.top + 3 * MM
    placed = [
        Placed(
            line=each,
            left=left,
            base=top + place * _LINE + (_SPACE - 5 * MM if place >= len(HEAD) else 0) + baseline(_SIZE, _LINE),
        )
        for place, each in enumerate(lines)
    ]
    return flow.sheet.write("P", *placed, ink=Ink.BLACK)
