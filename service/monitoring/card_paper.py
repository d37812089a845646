"""A control card on paper: drawn, with one place to sign for the unit's HR officer."""

from __future__ import annotations

from forms.card import SLOT, CardContent, Printed, draw_card
from forms.letters import Letters
from signing.slots import SlotPlace, reserve


def card_pdf(content: CardContent, letters: Letters, printed: Printed) -> bytes:
    """The card with its empty signature field. Raises Undrawable (see `forms.card.draw_card`)."""
    drawn = draw_card(content, letters, printed)
    label = f"Tanda tangan pengelola kepegawaian{f' {content.officer.name}' if content.officer else ''}"
    return reserve(drawn.pdf, [SlotPlace(name=SLOT, page=drawn.page, box=drawn.box, locks=(), label=label)])


def card_xlsx(content: CardContent, printed: Printed) -> bytes:
    """The card as a table to go on working with."""
    from forms.card_workbook import card_workbook

    return card_workbook(content, printed)
