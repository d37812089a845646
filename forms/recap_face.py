"""A recap drawn: head and facts, the table of the unit's people, what a correction changes, and who stands under it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from forms.archive import Describing, attach, describe
from forms.bound import Sheets, refuse_missing_glyphs, written
from forms.card import Officer, Printed
from forms.card_words import ACT
from forms.feet import set_feet
from forms.flow import Flow
from forms.grid import Cell, Column, Grid, Heading, Plan, Row
from forms.guilloche import MM
from forms.indonesian import comma, spaced_nip
from forms.letters import Letters
from forms.lines import Line, baseline, line, with_blank
from forms.paper_head import set_head
from forms.recap import ATTACHMENT, KindSum, RecapContent, RecapRow, Standing
from forms.recap_words import (
    AMOUNTS,
    CHANGES,
    HEAD,
    KINDS,
    LAW,
    OFFICER,
    OURS,
    PERSON,
    QUARTERS,
    RESULT,
    SUM,
    TITLE,
    changes_title,
    facts,
    lacking,
    remark_of,
    summary_of,
    sums_of,
    total_of,
)
from forms.setting import set_text
from forms.sheet import Ink, Placed
from forms.tags import Tag

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
_CHANGES = Plan(
    columns=tuple(Column(width=width * MM) for width in (34, 62, 45, 60, 60)),
    head=tuple(Heading(text=text, column=place) for place, text in enumerate(CHANGES)),
    size=8,
    line=9.8,
)
_LINE, _SIZE, _ROOM = 12.0, 9.5, 80 * MM
_LEFTS = (40 * MM, 188 * MM)
_SPACE = 20 * MM


def draw(content: RecapContent, standing: Standing, letters: Letters, printed: Printed) -> bytes:
    """See `forms.recap.draw_recap`."""
    refuse_missing_glyphs(_texts(content, standing, printed), letters, what="Rekapitulasi")
    sheets = Sheets()
    flow = Flow(sheets.new)
    kids = set_head(flow, letters, law=LAW, title=TITLE, facts=facts(content, standing))
    under = [_person(HEAD, content.head, letters), _person(OFFICER, content.officer, letters)]
    height = max(map(len, under)) * _LINE + _SPACE
    rows = [_row(place, row, content) for place, row in enumerate(content.rows, 1)] or [_nobody()]
    kids.append(Grid(PLAN, flow, letters).set(rows, (_sum(content),), after=0 if standing.changes else height))
    kids += _changes(flow, standing, letters, after=height)
    flow.make_room(height)
    kids += [_write_person(flow, lines, left) for lines, left in zip(under, _LEFTS, strict=True)]
    whose = f"{content.unit}, triwulan {QUARTERS[content.quarter - 1]} {content.year}"
    set_feet(flow.sheets, letters, (ACT, OURS, _printed(printed)), whose)
    pdf = sheets.bound(Tag(role="Document", kids=tuple(kids)))
    describe(pdf, Describing(title=f"Rekapitulasi {whose}", author="BADAN KEPEGAWAIAN NEGARA", day=printed.day))
    attach(pdf, ATTACHMENT, content.canonical(), printed.day)
    return written(pdf)


def _printed(printed: Printed) -> str:
    return f"Dicetak {printed.moment} dari kegiatan yang sudah disahkan Biro SDM."


def _texts(content: RecapContent, standing: Standing, printed: Printed) -> Iterator[str]:
    """All that is not our own wording."""
    yield from chain.from_iterable(facts(content, standing))
    for row in content.rows:
        yield from (row.name, row.grade, row.position, *row.moves)
    for change in standing.changes:
        yield from (change.name, change.before, change.after)
    yield from (each.name for each in (content.officer, content.head) if each)
    yield printed.moment


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


def _sum(content: RecapContent) -> Row:
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


def _changes(flow: Flow, standing: Standing, letters: Letters, *, after: float) -> list[Tag]:
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
