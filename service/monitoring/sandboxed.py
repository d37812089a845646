"""A control card somebody signed with another program, taken in where strangers' files are read."""

from __future__ import annotations

import datetime as dt
import secrets

from service.bootstrap import store_of
from service.config import Settings
from service.monitoring.card_signing import card_signing_context, keep_signed_card
from service.sandbox.inputs import Readable
from service.store.monitoring import Card


def accept_card(settings: Settings, card_id: str, signed: Readable, now: dt.datetime, actor: str) -> Card:
    """For a confined child, with a store of its own; the card as it is kept. Raises as `keep_signed_card`."""
    with store_of(settings) as store:
        desk = card_signing_context(settings, store=store, now=now, randomness=secrets.token_bytes, actor=actor)
        return keep_signed_card(card_id, signed.read(), desk).card
