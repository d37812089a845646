"""The circular's table of a control card: its columns, a row for each activity, the sums."""

from __future__ import annotations

from itertools import chain

from forms.card import KINDS, CardContent
from forms.card_words import ACTIVITY, GROUPS, NUMBER, SUM, group_of, mark_of, nothing, title_of
from forms.grid_plan import Cell, Column, Heading, Plan, Row
from forms.guilloche import MM
from forms.indonesian import comma, long_date

_KIND = (21.5 * MM, 34.5 * MM, 12 * MM)
PLAN = Plan(
    columns=(
        Column(width=9 * MM, side="middle"),
        Column(width=48 * MM),
        *(Column(width=width, side="middle" if width is _KIND[2] else "left") for _ in GROUPS for width in _KIND),
    ),
    head=(
        Heading(text=NUMBER, column=0, down=2),
        Heading(text=ACTIVITY, column=1, down=2),
        *(Heading(text=name, column=2 + 3 * place, across=3) for place, (name, _) in enumerate(GROUPS)),
        *(
            Heading(text=text, column=2 + 3 * place + at, row=1)
            for place, (_, texts) in enumerate(GROUPS)
            for at, text in enumerate(texts)
        ),
    ),
)


def rows_of(content: CardContent) -> list[Row]:
    if not content.activities:
        return [(Cell(text=nothing(content), across=len(PLAN.columns), side="left"),)]
    rows = []
    for place, each in enumerate(content.activities, 1):
        groups: list[tuple[Cell, ...]] = [(Cell(), Cell(), Cell())] * len(GROUPS)
        amount = Cell(text=comma(each.jp), mark=mark_of(each))
        groups[group_of(each)] = (Cell(text=long_date(each.date)), Cell(text=each.guide), amount)
        rows.append((Cell(text=str(place)), Cell(text=title_of(each)), *chain.from_iterable(groups)))
    return rows


def sum_of(content: CardContent) -> Row:
    amounts = [comma(content.of_kind(kind)) for kind in KINDS]
    groups = chain.from_iterable((Cell(across=2), Cell(text=amount, bold=True)) for amount in amounts)
    return (Cell(text=SUM, across=2, bold=True, side="middle"), *groups)
