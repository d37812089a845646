"""A control card drawn: the circular's head and facts, its table, why something does not count, and who signs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from forms.archive import Describing, attach, describe
from forms.bound import Sheets, refuse_missing_glyphs, written
from forms.card import ATTACHMENT, CardContent, DrawnCard, Printed
from forms.card_end import End
from forms.card_words import (
    ACT,
    ACTIVITY,
    GROUPS,
    LAW,
    NUMBER,
    SIGNING,
    SUM,
    TITLE,
    TOTAL,
    facts,
    group_of,
    mark_of,
    nothing,
    title_of,
    total_of,
)
from forms.feet import set_feet
from forms.flow import ACROSS, LEFT, Flow
from forms.grid import Cell, Column, Grid, Heading, Plan, Row
from forms.guilloche import MM
from forms.indonesian import comma, long_date, spaced_nip
from forms.letters import Letters
from forms.lines import line, wrapped
from forms.setting import set_text
from forms.sheet import Ink, Placed, centred
from forms.tags import Tag

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
_LAW_LEFT, _LAW_LINE = 222 * MM, 10.2
_FACT_SIZE, _FACT_LINE, _COLON, _VALUE = 9.5, 11.8, 34 * MM, 37 * MM
_LINE = 12.0
_TOTAL_HEIGHT = _LINE + 1.6 * MM


def draw(content: CardContent, letters: Letters, printed: Printed) -> DrawnCard:
    """See `forms.card.draw_card`."""
    refuse_missing_glyphs(_texts(content, printed), letters, what="Kartu")
    sheets = Sheets()
    flow = Flow(sheets.new)
    kids = [*_head(flow, letters), _facts(flow, content, letters)]
    end = End(content, letters)
    kids.append(Grid(PLAN, flow, letters).set(_rows(content), (_sum(content),), after=_TOTAL_HEIGHT + end.kept))
    kids.append(_total(flow, content, letters))
    kids += end.set(flow)
    whose = f"{content.name}, NIP {spaced_nip(content.nip)}, {content.year}"
    set_feet(flow.sheets, letters, (ACT, SIGNING, _printed(printed)), whose)
    pdf = sheets.bound(Tag(role="Document", kids=tuple(kids)))
    title = f"Kartu Pengendali {content.year}, {content.name}"
    describe(pdf, Describing(title=title, author="BADAN KEPEGAWAIAN NEGARA", day=printed.day))
    attach(pdf, ATTACHMENT, content.canonical(), printed.day)
    return DrawnCard(pdf=written(pdf), page=end.page, box=end.box)


def _printed(printed: Printed) -> str:
    return f"Dicetak {printed.moment} dari kegiatan yang sudah disahkan Biro SDM."


def _texts(content: CardContent, printed: Printed) -> Sequence[str]:
    """All that is not our own wording."""
    officer = content.officer
    rows = chain.from_iterable((each.title, each.guide) for each in content.activities)
    notes = chain.from_iterable((each.because, *each.cites) for each in content.notes)
    people = (officer.name, officer.nip) if officer else ()
    return [*(value for _, value in facts(content)), *rows, *notes, *content.remarks, *people, printed.moment]


def _head(flow: Flow, letters: Letters) -> list[Tag]:
    law = [
        Placed(line=line(text, letters.regular, 8), left=_LAW_LEFT, base=flow.top + place * _LAW_LINE)
        for place, text in enumerate(LAW)
    ]
    flow.top += len(law) * _LAW_LINE
    kids = [flow.sheet.write("P", *law, ink=Ink.BLACK)]
    title = set_text(TITLE, letters.semibold, room=ACROSS, sizes=(12,))
    middle = LEFT + ACROSS / 2
    placed = [centred(each, at=middle, base=flow.top + (place + 1) * 14) for place, each in enumerate(title)]
    flow.top += len(title) * 14 + 3 * MM
    return [*kids, flow.sheet.write("H1", *placed, ink=Ink.BLACK)]


def _facts(flow: Flow, content: CardContent, letters: Letters) -> Tag:
    """Label, colon, value; a value too long for its line goes on below its beginning."""
    items = []
    for label, value in facts(content):
        lines = wrapped(value, letters.regular, _FACT_SIZE, room=ACROSS - _VALUE)
        base = flow.top + _FACT_SIZE
        placed = [
            Placed(line=line(f"{label} ", letters.regular, _FACT_SIZE), left=LEFT, base=base),
            Placed(line=line(": ", letters.regular, _FACT_SIZE), left=LEFT + _COLON, base=base),
            *(
                Placed(line=each, left=LEFT + _VALUE, base=base + place * _FACT_LINE)
                for place, each in enumerate(lines)
            ),
        ]
        items.append(flow.sheet.write("P", *placed, ink=Ink.BLACK))
        flow.top += len(lines) * _FACT_LINE
    flow.top += 2 * MM
    return Tag(role="Div", kids=tuple(items))


def _rows(content: CardContent) -> list[Row]:
    if not content.activities:
        return [(Cell(text=nothing(content), across=len(PLAN.columns), side="left"),)]
    rows = []
    for place, each in enumerate(content.activities, 1):
        groups: list[tuple[Cell, ...]] = [(Cell(), Cell(), Cell())] * len(GROUPS)
        amount = Cell(text=comma(each.jp), mark=mark_of(each))
        groups[group_of(each)] = (Cell(text=long_date(each.date)), Cell(text=each.guide), amount)
        rows.append((Cell(text=str(place)), Cell(text=title_of(each)), *chain.from_iterable(groups)))
    return rows


def _sum(content: CardContent) -> Row:
    amounts = [comma(content.of_kind(kind)) for kind in ("coaching", "mentoring", "belajar_mandiri")]
    groups = chain.from_iterable((Cell(across=2), Cell(text=amount, bold=True)) for amount in amounts)
    return (Cell(text=SUM, across=2, bold=True, side="middle"), *groups)


def _total(flow: Flow, content: CardContent, letters: Letters) -> Tag:
    flow.top += _TOTAL_HEIGHT - _LINE
    total = line(f"{TOTAL}  {total_of(content)}", letters.semibold, 10)
    return flow.paragraph("P", (total,), _LINE, ink=Ink.BLACK)
