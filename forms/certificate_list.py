"""A certificate's second page and those after: the activities counted, then the norms they rest on."""

from __future__ import annotations

from collections.abc import Callable

from forms.certificate_table import ActivityTable
from forms.certificate_words import DOT, FOOT, Texts
from forms.flow import ACROSS, LEFT, Flow
from forms.guilloche import MM
from forms.letters import Letters
from forms.lines import line, wrapped
from forms.sheet import Ink, Placed, Sheet, flush_right
from forms.tags import Tag

_TEXT_LINE, _HEADING_LINE = 11.25, 11.875
_NORM_SIZE, _NORM_LINE, _HANGING = 8.4, 11.76, 4.5 * MM
_FOOT_BASE, _FOOT_LINE, _PAGE_BASE = 539.89, 9.18, 540.61


def set_list(said: Texts, letters: Letters, new_sheet: Callable[[], Sheet]) -> Tag:
    """Write the list on as many sheets as it takes: its section of the structure tree."""
    flow, regular, semibold = Flow(new_sheet), letters.regular, letters.semibold
    kids = [flow.paragraph("H2", wrapped(said["list"][0], semibold, 13, room=ACROSS), 16.25)]
    flow.top += 0.6 * MM
    kids.append(flow.paragraph("P", wrapped(DOT.join(said["holder"]), regular, 9.5, room=ACROSS), 11.875))
    flow.top += 4 * MM
    kids.append(ActivityTable(flow, letters).set(said))
    flow.top += 2 * MM
    kids.append(flow.paragraph("P", wrapped(said["target"][0], regular, 9, room=ACROSS), _TEXT_LINE))
    flow.top += 5 * MM
    norms = [
        wrapped(" ".join(texts), regular, _NORM_SIZE, room=ACROSS - _HANGING)
        for name, texts in said.items()
        if name.startswith("norms[")
    ]
    # A heading stays with what follows it.
    flow.make_room(_HEADING_LINE + 1.5 * MM + (len(norms[0]) * _NORM_LINE if norms else 0))
    kids.append(flow.paragraph("H3", wrapped(said["norms"][0], semibold, 9.5, room=ACROSS), _HEADING_LINE))
    flow.top += 1.5 * MM
    items = [flow.paragraph("LBody", norm, _NORM_LINE, hanging=_HANGING, ink=Ink.BLACK) for norm in norms]
    if items:
        kids.append(Tag(role="L", kids=tuple(Tag(role="LI", kids=(item,)) for item in items)))
    _set_feet(flow.sheets, letters)
    return Tag(role="Sect", kids=tuple(kids))


def _set_feet(sheets: list[Sheet], letters: Letters) -> None:
    """The law and the page's number, below the list only: the first page is no place for small print."""
    for sheet in sheets:
        feet = [
            Placed(line=line(text, letters.regular, 6.8), left=LEFT, base=_FOOT_BASE + place * _FOOT_LINE)
            for place, text in enumerate(FOOT)
        ]
        number = line(f"Halaman {sheet.number + 1} dari {len(sheets) + 1}", letters.regular, 7.5)
        sheet.repeat(*feet, flush_right(number, edge=LEFT + ACROSS, base=_PAGE_BASE), ink=Ink.GREY)
