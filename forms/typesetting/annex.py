"""The head that cards and recaps share: which annex this is, the title, and lines of label and value."""

from __future__ import annotations

from collections.abc import Sequence

from forms.certificate_border import MM
from forms.typesetting.fonts import Letters
from forms.typesetting.page import (
    ACROSS,
    LEFT,
    Flow,
    Ink,
    Placed,
    Sheet,
    Tag,
    centred,
    flush_right,
    line,
    set_text,
    wrapped,
)

_LAW_LEFT, _LAW_SIZE, _LAW_LINE = 222 * MM, 8, 10.2
_TITLE_SIZE, _TITLE_LINE = 12, 14
_SIZE, _LINE, _COLON, _VALUE = 9.5, 11.8, 34 * MM, 37 * MM


def set_head(
    flow: Flow, letters: Letters, *, law: Sequence[str], title: str, facts: Sequence[tuple[str, str]]
) -> list[Tag]:
    """Write it from the top of the first sheet; a value too long for its line goes on below its beginning."""
    placed = [
        Placed(line=line(f"{text} ", letters.regular, _LAW_SIZE), left=_LAW_LEFT, base=flow.top + place * _LAW_LINE)
        for place, text in enumerate(law)
    ]
    kids = [flow.sheet.write("P", *placed, ink=Ink.BLACK)]
    flow.top += len(law) * _LAW_LINE
    lines = set_text(title, letters.semibold, room=ACROSS, sizes=(_TITLE_SIZE, 11))
    middle = LEFT + ACROSS / 2
    heading = [centred(each, at=middle, base=flow.top + (place + 1) * _TITLE_LINE) for place, each in enumerate(lines)]
    kids.append(flow.sheet.write("H1", *heading, ink=Ink.BLACK))
    flow.top += len(lines) * _TITLE_LINE + 3 * MM
    kids.append(Tag(role="Div", kids=tuple(_fact(flow, letters, label, value) for label, value in facts)))
    flow.top += 2 * MM
    return kids


def _fact(flow: Flow, letters: Letters, label: str, value: str) -> Tag:
    lines = wrapped(value, letters.regular, _SIZE, room=ACROSS - _VALUE)
    base = flow.top + _SIZE
    flow.top += len(lines) * _LINE
    return flow.sheet.write(
        "P",
        Placed(line=line(f"{label} ", letters.regular, _SIZE), left=LEFT, base=base),
        Placed(line=line(": ", letters.regular, _SIZE), left=LEFT + _COLON, base=base),
        *(Placed(line=each, left=LEFT + _VALUE, base=base + place * _LINE) for place, each in enumerate(lines)),
        ink=Ink.BLACK,
    )


# --- What stands at the foot of every sheet of a card or recap: the law, when it was printed, whose it is, which page

_FOOT_BASE, _FOOT_LINE, _FOOT_SIZE, _PAGE_SIZE = 537.0, 9.18, 6.8, 7.5


def set_feet(sheets: Sequence[Sheet], letters: Letters, texts: Sequence[str], whose: str) -> None:
    """Written last, when the number of sheets is known."""
    for sheet in sheets:
        feet = [
            Placed(line=line(text, letters.regular, _FOOT_SIZE), left=LEFT, base=_FOOT_BASE + place * _FOOT_LINE)
            for place, text in enumerate(texts)
        ]
        edge = LEFT + ACROSS
        number = line(f"Halaman {sheet.number + 1} dari {len(sheets)}", letters.regular, _PAGE_SIZE)
        name = line(whose, letters.regular, _PAGE_SIZE)
        last = _FOOT_BASE + _FOOT_LINE * (len(texts) - 1)
        sheet.repeat(
            *feet,
            flush_right(name, edge=edge, base=last - _FOOT_LINE),
            flush_right(number, edge=edge, base=last),
            ink=Ink.GREY,
        )
