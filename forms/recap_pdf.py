"""A recap drawn: head and facts, the table of the unit's people, what a correction changes, and who stands under it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from forms.archive import Describing, attach, describe
from forms.bound import Sheets, refuse_missing_glyphs, written
from forms.card import Printed
from forms.card_words import ACT
from forms.feet import set_feet
from forms.flow import Flow
from forms.grid import Grid
from forms.letters import Letters
from forms.paper_head import set_head
from forms.recap import ATTACHMENT, RecapContent, Standing
from forms.recap_end import Under, set_changes
from forms.recap_table import PLAN, rows_of, sum_of
from forms.recap_words import (
    LAW,
    OURS,
    QUARTERS,
    TITLE,
    facts,
)
from forms.tags import Tag


def draw(content: RecapContent, standing: Standing, letters: Letters, printed: Printed) -> bytes:
    """See `forms.recap.draw_recap`."""
    refuse_missing_glyphs(_texts(content, standing, printed), letters, what="Rekapitulasi")
    sheets = Sheets()
    flow = Flow(sheets.new)
    kids = set_head(flow, letters, law=LAW, title=TITLE, facts=facts(content, standing))
    under = Under(content, letters)
    after = 0 if standing.changes else under.height
    kids.append(Grid(PLAN, flow, letters).set(rows_of(content), (sum_of(content),), after=after))
    kids += set_changes(flow, standing, letters, after=under.height)
    kids += under.set(flow)
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
