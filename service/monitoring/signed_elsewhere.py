"""A control card somebody signed with another program, taken in where strangers' files are read."""

from __future__ import annotations

import datetime as dt
import secrets

from forms.letters import Letters
from service.config import Settings
from service.monitoring.signed_cards import Desk, keep_signed_card
from service.opening import store_of, trust_of


def take_card(settings: Settings, card_id: str, signed: bytes, now: dt.datetime, actor: str) -> str:
    """For a confined child, with a store of its own; the digest it is kept under. Raises as `keep_signed_card`."""
    with store_of(settings) as store:
        means = Desk(
            store=store,
            letters=Letters(),
            trust=trust_of(store, settings, now),
            now=now,
            zone=settings.timezone,
            randomness=secrets.token_bytes,
            actor=actor,
        )
        return keep_signed_card(card_id, signed, means).card.signed_digest or ""
