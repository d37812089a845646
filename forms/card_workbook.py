"""A control card as XLSX: the same table with real dates and numbers, its sums as formulas."""

from __future__ import annotations

from forms.card import KINDS, CardContent, Printed
from forms.card_words import (
    ACTIVITY,
    GROUPS,
    LAW,
    NOTES,
    NUMBER,
    SIGNED,
    SUM,
    TITLE,
    TOTAL,
    facts,
    group_of,
    mark_of,
    note_text,
    nothing,
    title_of,
)
from forms.workbook import Paper, Value, span

_WIDTHS = (5, 40, *((17, 30, 9, 5) * len(GROUPS)))
# Each group has a column of its own for the letters that lead to the notes: an amount is a number, nothing else.
_COLUMNS = 4
_MARK = "Ket."
_FIRST = 3


def card_workbook(content: CardContent, printed: Printed) -> bytes:
    """The card as a workbook of one sheet."""
    paper = Paper(f"Kartu {content.year}", _WIDTHS)
    last = _FIRST + _COLUMNS * len(GROUPS) - 1
    for place, text in enumerate(LAW, 1):
        paper.put(place, last - _COLUMNS + 1, text)
    paper.put(len(LAW) + 1, 1, TITLE, bold=True)
    row = len(LAW) + 3
    for label, value in facts(content):
        paper.put(row, 1, label)
        paper.put(row, _FIRST, value)
        row += 1
    head = row + 1
    _write_head(paper, head)
    row = first = head + 2
    for place, activity in enumerate(content.activities, 1):
        for column in range(1, last + 1):
            paper.put(row, column, None, boxed=True)
        paper.put(row, 1, place, boxed=True)
        paper.put(row, 2, title_of(activity), boxed=True)
        start = _FIRST + _COLUMNS * group_of(activity)
        cells: tuple[Value, ...] = (activity.date, activity.guide, activity.jp, mark_of(activity))
        for at, cell in enumerate(cells):
            paper.put(row, start + at, cell, boxed=True)
        row += 1
    if not content.activities:
        paper.put(row, 1, nothing(content))
        row += 1
    _write_sums(paper, row, first)
    row = _write_notes(paper, row + 3, content)
    _write_signature(paper, row, content)
    paper.put(row + 6, 1, f"Dicetak {printed.moment} dari kegiatan yang sudah disahkan Biro SDM.")
    paper.repeat(head, head + 1)
    return paper.content()


def _write_head(paper: Paper, row: int) -> None:
    paper.heading(row, 1, NUMBER, down=2)
    paper.heading(row, 2, ACTIVITY, down=2)
    for place, (name, texts) in enumerate(GROUPS):
        start = _FIRST + _COLUMNS * place
        paper.heading(row, start, name, across=_COLUMNS)
        for at, text in enumerate((*texts, _MARK)):
            paper.heading(row + 1, start + at, text)


def _write_sums(paper: Paper, row: int, first: int) -> None:
    """The sum of each kind, and the year's as the sum of these."""
    paper.heading(row, 1, SUM, across=2)
    amounts = []
    for place in range(len(KINDS)):
        start = _FIRST + _COLUMNS * place
        for column in range(start, start + _COLUMNS):
            paper.put(row, column, None, boxed=True)
        cell = paper.formula(row, start + 2, f"=SUM({span(start + 2, first, row - 1)})", bold=True)
        amounts.append(cell.coordinate)
    paper.put(row + 1, 1, TOTAL, bold=True)
    paper.formula(row + 1, _FIRST, f"={'+'.join(amounts)}", bold=True, boxed=False)
    paper.put(row + 1, _FIRST + 1, "JP", bold=True)


def _write_notes(paper: Paper, row: int, content: CardContent) -> int:
    texts = [note_text(place, note) for place, note in enumerate(content.notes, 1)]
    texts += content.remarks
    if texts:
        paper.put(row, 1, NOTES, bold=True)
        row += 1
    for text in texts:
        paper.put(row, 1, text)
        row += 1
    return row + 1


def _write_signature(paper: Paper, row: int, content: CardContent) -> None:
    officer = content.officer
    column = _FIRST + _COLUMNS * (len(GROUPS) - 1)
    for place, text in enumerate(SIGNED):
        paper.put(row + place, column, text)
    paper.put(row + 5, column, officer.name if officer else "Nama", bold=True)
    paper.put(row + 6, column, f"NIP {officer.nip}" if officer else "NIP")
