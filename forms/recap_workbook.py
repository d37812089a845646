"""A recap as XLSX: the same table with real numbers, its totals and what is lacking as formulas; changes on a sheet."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from forms.card import Officer, Printed
from forms.recap import RecapContent, RecapRow, Standing
from forms.recap_words import (
    AMOUNTS,
    CHANGES,
    HEAD,
    KINDS,
    LAW,
    OFFICER,
    OURS,
    PERSON,
    RESULT,
    SUM,
    TITLE,
    changes_title,
    facts,
    remark_of,
    summary_of,
)
from forms.workbook import Paper, Value, span

_WIDTHS = (5, 34, 22, 7, 30, *((9, 7) * len(KINDS)), 9, 8, 12, 40)
_FIRST_KIND = len(PERSON) + 1
_TOTAL = _FIRST_KIND + 2 * len(KINDS)
_TARGET, _LACK, _REMARK = _TOTAL + 1, _TOTAL + 2, _TOTAL + 3
_JP = tuple(_FIRST_KIND + 2 * place + 1 for place in range(len(KINDS)))


def recap_workbook(content: RecapContent, standing: Standing, printed: Printed) -> bytes:
    """The recap as a workbook; the changes, if any, on a second sheet."""
    paper = Paper(f"Triwulan {content.quarter}", _WIDTHS)
    for place, text in enumerate(LAW, 1):
        paper.put(place, _TARGET, text)
    paper.put(len(LAW) + 1, 1, TITLE, bold=True)
    row = len(LAW) + 3
    for label, value in facts(content, standing):
        paper.put(row, 1, label)
        paper.put(row, 3, value)
        row += 1
    head = row + 1
    _write_head(paper, head)
    row = first = head + 2
    for place, each in enumerate(content.rows, 1):
        _write_row(paper, row, place, each, content)
        row += 1
    if not content.rows:
        row += 1
    _write_sums(paper, row, first, summary_of(content))
    for column, above, who in ((2, HEAD, content.head), (_TARGET, OFFICER, content.officer)):
        _write_person(paper, row + 2, column, above, who)
    for place, text in enumerate((OURS, f"Dicetak {printed.moment} dari kegiatan yang sudah disahkan Biro SDM.")):
        paper.put(row + 10 + place, 1, text)
    paper.repeat(head, head + 1)
    if standing.changes:
        _write_changes(paper.another("Perubahan", (22, 34, 24, 40, 40)), standing)
    return paper.content()


def _write_head(paper: Paper, row: int) -> None:
    for place, text in enumerate(PERSON, 1):
        paper.heading(row, place, text, down=2)
    for place, text in enumerate(KINDS):
        paper.heading(row, _FIRST_KIND + 2 * place, text, across=2)
        for at, amount in enumerate(AMOUNTS):
            paper.heading(row + 1, _FIRST_KIND + 2 * place + at, amount)
    for place, text in enumerate(RESULT):
        paper.heading(row, _TOTAL + place, text, down=2)


def _write_row(paper: Paper, row: int, place: int, each: RecapRow, content: RecapContent) -> None:
    cells: list[Value] = [place, each.name, each.nip, each.grade, each.position]
    for kind in (each.coaching, each.mentoring, each.self_study):
        cells += [kind.count, kind.jp]
    for column, value in enumerate(cells, 1):
        paper.put(row, column, value, boxed=True)
    paper.formula(row, _TOTAL, "=" + "+".join(_at(column, row) for column in _JP), bold=True)
    paper.put(row, _TARGET, content.target, boxed=True)
    paper.formula(row, _LACK, f"=MAX(0,{_at(_TARGET, row)}-{_at(_TOTAL, row)})")
    paper.put(row, _REMARK, remark_of(content, each), boxed=True)


def _write_sums(paper: Paper, row: int, first: int, summary: str) -> None:
    paper.heading(row, 1, SUM, across=len(PERSON))
    for column in (*range(_FIRST_KIND, _TARGET), _LACK):
        paper.formula(row, column, f"=SUM({span(column, first, row - 1)})", bold=True)
    paper.put(row, _TARGET, None, boxed=True)
    paper.put(row, _REMARK, summary, boxed=True)


def _write_person(paper: Paper, row: int, column: int, above: tuple[str, ...], who: Officer | None) -> None:
    for place, text in enumerate(above):
        paper.put(row + place, column, text)
    paper.put(row + 5, column, who.name if who else "Nama", bold=True)
    paper.put(row + 6, column, f"NIP {who.nip}" if who else "NIP")


def _write_changes(paper: Paper, standing: Standing) -> None:
    paper.put(1, 1, changes_title(standing), bold=True)
    for place, text in enumerate(CHANGES, 1):
        paper.heading(3, place, text)
    for row, each in enumerate(standing.changes, 4):
        for column, value in enumerate((each.nip, each.name, each.column, each.before, each.after), 1):
            paper.put(row, column, value, boxed=True)
    paper.repeat(3, 3)


def _at(column: int, row: int) -> str:
    return f"{get_column_letter(column)}{row}"
