"""Accept a control card signed with another program; runs in the sandbox."""

from __future__ import annotations

import datetime as dt
import secrets

from service.bootstrap import store_of
from service.config import Settings
from service.monitoring.card_signing import card_signing_context, keep_signed_card
from service.sandbox.inputs import Readable
from service.store.monitoring import Card


def accept_card(settings: Settings, card_id: str, signed: Readable, now: dt.datetime, actor: str) -> Card:
    """Open a store in the sandbox, keep the signed card and return it. Raises as `keep_signed_card`."""
    with store_of(settings) as store:
        context = card_signing_context(settings, store=store, now=now, randomness=secrets.token_bytes, actor=actor)
        return keep_signed_card(card_id, signed.read(), context).card
