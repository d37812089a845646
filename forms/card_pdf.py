"""A control card drawn: the circular's head and facts, its table, why something does not count, and who signs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from forms.archive import Describing, attach, describe
from forms.bound import Sheets, refuse_missing_glyphs, written
from forms.card import ATTACHMENT, CardContent, DrawnCard, Printed
from forms.card_end import End
from forms.card_table import PLAN, rows_of, sum_of
from forms.card_words import (
    ACT,
    LAW,
    SIGNING,
    TITLE,
    TOTAL,
    facts,
    total_of,
)
from forms.feet import set_feet
from forms.flow import Flow
from forms.grid import Grid
from forms.guilloche import MM
from forms.indonesian import spaced_nip
from forms.letters import Letters
from forms.lines import line
from forms.paper_head import set_head
from forms.sheet import Ink
from forms.tags import Tag

_LINE = 12.0
_TOTAL_HEIGHT = _LINE + 1.6 * MM


def draw(content: CardContent, letters: Letters, printed: Printed) -> DrawnCard:
    """See `forms.card.draw_card`."""
    refuse_missing_glyphs(_texts(content, printed), letters, what="Kartu")
    sheets = Sheets()
    flow = Flow(sheets.new)
    kids = set_head(flow, letters, law=LAW, title=TITLE, facts=facts(content))
    end = End(content, letters)
    kids.append(Grid(PLAN, flow, letters).set(rows_of(content), (sum_of(content),), after=_TOTAL_HEIGHT + end.kept))
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


def _total(flow: Flow, content: CardContent, letters: Letters) -> Tag:
    flow.top += _TOTAL_HEIGHT - _LINE
    total = line(f"{TOTAL}  {total_of(content)}", letters.semibold, 10)
    return flow.paragraph("P", (total,), _LINE, ink=Ink.BLACK)
