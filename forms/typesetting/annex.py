"""What cards and recaps (Lampiran II and III) share: the head, the place to sign, and the foot of every sheet."""

from __future__ import annotations

from collections.abc import Sequence

from forms.card import Officer
from forms.indonesian import spaced_nip
from forms.typesetting.fonts import FontFamily
from forms.typesetting.page import (
    Flow,
    Ink,
    Line,
    PlacedLine,
    Sheet,
    Tag,
    centred,
    flush_right,
    line,
    set_text,
    with_blank,
    wrapped,
)
from forms.typesetting.paper import ACROSS, LEFT, MM

_LAW_LEFT, _LAW_SIZE, _LAW_LINE = 222 * MM, 8, 10.2
_TITLE_SIZE, _TITLE_LINE = 12, 14
_SIZE, _LINE, _COLON, _VALUE = 9.5, 11.8, 34 * MM, 37 * MM


def set_head(
    flow: Flow, fonts: FontFamily, *, law: Sequence[str], title: str, facts: Sequence[tuple[str, str]]
) -> list[Tag]:
    """Write annex, title and facts (label, value) at the top of the first sheet; return their elements."""
    placed = [
        PlacedLine(line=line(f"{text} ", fonts.regular, _LAW_SIZE), left=_LAW_LEFT, base=flow.top + place * _LAW_LINE)
        for place, text in enumerate(law)
    ]
    kids = [flow.sheet.write("P", *placed, ink=Ink.BLACK)]
    flow.top += len(law) * _LAW_LINE
    lines = set_text(title, fonts.semibold, room=ACROSS, sizes=(_TITLE_SIZE, 11))
    middle = LEFT + ACROSS / 2
    heading = [
        centred(set_line, at=middle, base=flow.top + (place + 1) * _TITLE_LINE) for place, set_line in enumerate(lines)
    ]
    kids.append(flow.sheet.write("H1", *heading, ink=Ink.BLACK))
    flow.top += len(lines) * _TITLE_LINE + 3 * MM
    kids.append(Tag(role="Div", kids=tuple(_fact(flow, fonts, label, value) for label, value in facts)))
    flow.top += 2 * MM
    return kids


def _fact(flow: Flow, fonts: FontFamily, label: str, value: str) -> Tag:
    lines = wrapped(value, fonts.regular, _SIZE, room=ACROSS - _VALUE)
    base = flow.top + _SIZE
    flow.top += len(lines) * _LINE
    return flow.sheet.write(
        "P",
        PlacedLine(line=line(f"{label} ", fonts.regular, _SIZE), left=LEFT, base=base),
        PlacedLine(line=line(": ", fonts.regular, _SIZE), left=LEFT + _COLON, base=base),
        *(
            PlacedLine(line=set_line, left=LEFT + _VALUE, base=base + place * _LINE)
            for place, set_line in enumerate(lines)
        ),
        ink=Ink.BLACK,
    )


# --- Place to sign

SIGNER_SIZE, SIGNER_LINE = 9.5, 12.0


def signer_lines(above: Sequence[str], officer: Officer | None, fonts: FontFamily, *, room: float) -> list[Line]:
    """Return the lines above the place to sign, then name and NIP below it; placeholders when there is no officer."""
    name = set_text(officer.name if officer else "Nama", fonts.semibold, room=room, sizes=(SIGNER_SIZE, 9, 8.5))
    nip = f"NIP {spaced_nip(officer.nip)}" if officer else "NIP"
    heads = [line(f"{text} " if text else " ", fonts.regular, SIGNER_SIZE) for text in above]
    return [*heads, *name[:-1], with_blank(name[-1]), line(nip, fonts.regular, SIGNER_SIZE)]


# --- Feet

_FOOT_BASE, _FOOT_LINE, _FOOT_SIZE, _PAGE_SIZE = 537.0, 9.18, 6.8, 7.5


def set_feet(sheets: Sequence[Sheet], fonts: FontFamily, texts: Sequence[str], subject: str) -> None:
    """Write the foot of every sheet: texts, whose paper it is, page number. Called last, when all sheets are known."""
    for sheet in sheets:
        feet = [
            PlacedLine(line=line(text, fonts.regular, _FOOT_SIZE), left=LEFT, base=_FOOT_BASE + place * _FOOT_LINE)
            for place, text in enumerate(texts)
        ]
        edge = LEFT + ACROSS
        number = line(f"Halaman {sheet.number + 1} dari {len(sheets)}", fonts.regular, _PAGE_SIZE)
        name = line(subject, fonts.regular, _PAGE_SIZE)
        last = _FOOT_BASE + _FOOT_LINE * (len(texts) - 1)
        sheet.repeat(
            *feet,
            flush_right(name, edge=edge, base=last - _FOOT_LINE),
            flush_right(number, edge=edge, base=last),
            ink=Ink.GREY,
        )
