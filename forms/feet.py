"""What stands at the foot of every sheet of a card or recap: the law, when it was printed, whose it is, which page."""

from __future__ import annotations

from collections.abc import Sequence

from forms.flow import ACROSS, LEFT
from forms.letters import Letters
from forms.lines import line
from forms.sheet import Ink, Placed, Sheet, flush_right

_BASE, _LINE, _SIZE, _PAGE_SIZE = 537.0, 9.18, 6.8, 7.5


def set_feet(sheets: Sequence[Sheet], letters: Letters, texts: Sequence[str], whose: str) -> None:
    """Written last, when the number of sheets is known."""
    for sheet in sheets:
        feet = [
            Placed(line=line(text, letters.regular, _SIZE), left=LEFT, base=_BASE + place * _LINE)
            for place, text in enumerate(texts)
        ]
        edge = LEFT + ACROSS
        number = line(f"Halaman {sheet.number + 1} dari {len(sheets)}", letters.regular, _PAGE_SIZE)
        name = line(whose, letters.regular, _PAGE_SIZE)
        last = _BASE + _LINE * (len(texts) - 1)
        sheet.repeat(
            *feet,
            flush_right(name, edge=edge, base=last - _LINE),
            flush_right(number, edge=edge, base=last),
            ink=Ink.GREY,
        )
