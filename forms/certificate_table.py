"""The table of the activities a certificate counts: rows stay whole, the head is repeated, the sum is never alone."""

from __future__ import annotations

from forms.certificate_words import LIST_HEAD, Texts
from forms.errors import Undrawable
from forms.flow import ACROSS, BOTTOM, LEFT, TOP, Flow
from forms.guilloche import MM
from forms.letters import Letters
from forms.lines import Line, baseline, line, wrapped
from forms.sheet import Ink, Placed, flush_right
from forms.tags import Tag

_COLUMNS = (11.2 * MM, 32.2 * MM, 46.2 * MM, 92 * MM, 65.2 * MM, 14.2 * MM)
_EDGES = tuple(LEFT + sum(_COLUMNS[:place]) for place in range(len(_COLUMNS) + 1))
_INNER, _PAD = 1.6 * MM, 1.3 * MM  # beside the text of a cell, above and below it
_SIZE, _LINE = 9, 11.25
_HEAVY, _LIGHT = 0.7, 0.25
_HEAD_HEIGHT = _LINE + 2 * _PAD + 2 * _HEAVY
_SUM_HEIGHT = _LINE + 2 * _PAD + _HEAVY
_RIGHT = {0, len(_COLUMNS) - 1}  # numbers


class ActivityTable:
    """One certificate's table, written into `flow`."""

    def __init__(self, flow: Flow, letters: Letters) -> None:
        self._flow, self._letters = flow, letters

    def set(self, said: Texts) -> Tag:
        """Write the table in reading order and give its element. Undrawable for a row higher than a page."""
        rows = [self._wrapped(said[name]) for name in said if name.startswith("activities[")]
        head, body = Tag(role="TR", kids=self._head()), []
        for place, row in enumerate(rows, 1):
            height = max(map(len, row)) * _LINE + 2 * _PAD + _LIGHT
            below = _SUM_HEIGHT if place == len(rows) else 0
            if height + below > BOTTOM - TOP - _HEAD_HEIGHT:
                raise Undrawable(f"Teks kegiatan nomor {place} pada sertifikat lebih panjang dari satu halaman.")
            if self._flow.make_room(height + below):
                self._repeat_head()
            body.append(Tag(role="TR", kids=self._row(row, height)))
        if not rows:
            nothing = (), (line(said["activities"][0], self._letters.regular, _SIZE),)
            body.append(Tag(role="TR", kids=self._row(nothing, _LINE + 2 * _PAD + _LIGHT)))
        body.append(Tag(role="TR", kids=self._sum(said["total"])))
        return Tag(role="Table", kids=(Tag(role="THead", kids=(head,)), Tag(role="TBody", kids=tuple(body))))

    def _wrapped(self, texts: tuple[str, ...]) -> tuple[tuple[Line, ...], ...]:
        return tuple(
            wrapped(text, self._letters.regular, _SIZE, room=width - 2 * _INNER)
            for text, width in zip(texts, _COLUMNS, strict=True)
        )

    def _head(self) -> tuple[Tag, ...]:
        cells = self._head_cells()
        return tuple(self._flow.sheet.write("TH", cell) for cell in cells)

    def _repeat_head(self) -> None:
        self._flow.sheet.repeat(*self._head_cells())

    def _head_cells(self) -> list[Placed]:
        flow = self._flow
        flow.sheet.rule(LEFT, flow.top, ACROSS, _HEAVY)
        flow.sheet.rule(LEFT, flow.top + _HEAD_HEIGHT - _HEAVY, ACROSS, _HEAVY)
        base = flow.top + _HEAVY + _PAD + baseline(_SIZE, _LINE)
        flow.top += _HEAD_HEIGHT
        return [_placed(line(text, self._letters.semibold, _SIZE), place, base) for place, text in enumerate(LIST_HEAD)]

    def _row(self, cells: tuple[tuple[Line, ...], ...], height: float) -> tuple[Tag, ...]:
        """Cells from the left; the last of too few spans what is left."""
        flow, tags = self._flow, []
        first = flow.top + _PAD + baseline(_SIZE, _LINE)
        for column, lines in enumerate(cells):
            placed = [_placed(one, column, first + place * _LINE) for place, one in enumerate(lines)]
            across = len(_COLUMNS) - column if column == len(cells) - 1 else 1
            tags.append(flow.sheet.write("TD", *placed, ink=Ink.BLACK, across=across) if placed else Tag(role="TD"))
        flow.sheet.rule(LEFT, flow.top + height - _LIGHT, ACROSS, _LIGHT, ink=Ink.PALE)
        flow.top += height
        return tuple(tags)

    def _sum(self, said: tuple[str, ...]) -> tuple[Tag, ...]:
        flow, last = self._flow, len(_COLUMNS) - 1
        base = flow.top + _PAD + baseline(_SIZE, _LINE)
        words, figure = (line(text, self._letters.semibold, _SIZE) for text in said)
        tags = (
            flow.sheet.write(
                "TD", flush_right(words, edge=_EDGES[last] - _INNER, base=base), ink=Ink.BLACK, across=last
            ),
            flow.sheet.write("TD", _placed(figure, last, base), ink=Ink.BLACK),
        )
        flow.sheet.rule(LEFT, flow.top + _SUM_HEIGHT - _HEAVY, ACROSS, _HEAVY)
        flow.top += _SUM_HEIGHT
        return tags


def _placed(one: Line, column: int, base: float) -> Placed:
    if column in _RIGHT:
        return flush_right(one, edge=_EDGES[column + 1] - _INNER, base=base)
    return Placed(line=one, left=_EDGES[column] + _INNER, base=base)
