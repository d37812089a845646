"""The table of a recap, our reconstruction of Lampiran III: its columns, a row for each employee, the sums."""

from __future__ import annotations

from collections.abc import Iterator

from forms.grid_plan import Cell, Column, Heading, Plan, Row
from forms.guilloche import MM
from forms.indonesian import comma, spaced_nip
from forms.recap import KindSum, RecapContent, RecapRow
from forms.recap_words import AMOUNTS, KINDS, PERSON, RESULT, SUM, lacking, remark_of, summary_of, sums_of, total_of

_PERSON = (8 * MM, 36 * MM, 31.5 * MM, 10.5 * MM, 31 * MM)
_KIND = (12.5 * MM, 9 * MM)
_RESULT = (11.5 * MM, 11.5 * MM, 18 * MM, 38.5 * MM)
_FIRST_RESULT = len(_PERSON) + len(_KIND) * len(KINDS)
PLAN = Plan(
    columns=(
        Column(width=_PERSON[0], side="middle"),
        *(Column(width=width) for width in _PERSON[1:]),
        *(Column(width=width, side="middle") for _ in KINDS for width in _KIND),
        *(Column(width=width, side="middle") for width in _RESULT[:-1]),
        Column(width=_RESULT[-1]),
    ),
    head=(
        *(Heading(text=text, column=place, down=2) for place, text in enumerate(PERSON)),
        *(Heading(text=text, column=len(PERSON) + 2 * place, across=2) for place, text in enumerate(KINDS)),
        *(Heading(text=text, column=_FIRST_RESULT + place, down=2) for place, text in enumerate(RESULT)),
        *(
            Heading(text=text, column=len(PERSON) + 2 * place + at, row=1)
            for place in range(len(KINDS))
            for at, text in enumerate(AMOUNTS)
        ),
    ),
    size=8,
    line=9.8,
)


def rows_of(content: RecapContent) -> list[Row]:
    """At least one, since a table without rows is none."""
    return [_row(place, row, content) for place, row in enumerate(content.rows, 1)] or [_nobody()]


def _row(place: int, row: RecapRow, content: RecapContent) -> Row:
    return (
        Cell(text=str(place)),
        Cell(text=row.name),
        Cell(text=spaced_nip(row.nip)),
        Cell(text=row.grade),
        Cell(text=row.position),
        *_amounts((row.coaching, row.mentoring, row.self_study)),
        Cell(text=comma(row.total), bold=True),
        Cell(text=comma(content.target)),
        Cell(text=comma(content.shortfall(row))),
        Cell(text=remark_of(content, row)),
    )


def _nobody() -> Row:
    return (Cell(text="Tidak ada pegawai pada unit ini dalam triwulan ini.", across=len(PLAN.columns), side="left"),)


def sum_of(content: RecapContent) -> Row:
    sums = sums_of(content)
    return (
        Cell(text=SUM, across=len(PERSON), bold=True, side="middle"),
        *_amounts(sums, bold=True),
        Cell(text=comma(total_of(content)), bold=True),
        Cell(),
        Cell(text=comma(lacking(content)), bold=True),
        Cell(text=summary_of(content)),
    )


def _amounts(sums: tuple[KindSum, ...], *, bold: bool = False) -> Iterator[Cell]:
    for each in sums:
        yield Cell(text=str(each.count), bold=bold)
        yield Cell(text=comma(each.jp), bold=bold)
