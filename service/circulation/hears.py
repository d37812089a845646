"""Whom it concerns that a form waits."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from service.circulation.who import signs
from service.store import Transaction
from service.store.circulations import Circulation


def hears(tx: Transaction, kept: Circulation, *, now: dt.datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Whose turn it is, and whoever may sign for them now."""
    if kept.awaits_nip is None:
        return ()
    others = [each.to_nip for each in tx.delegations.of(kept.awaits_nip) if each.from_nip == kept.awaits_nip]
    return (kept.awaits_nip, *(nip for nip in dict.fromkeys(others) if signs(tx, kept, nip, now=now, zone=zone)))
