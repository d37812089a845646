"""One run of the reminders: the transaction, the day, and who is there to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from service.store import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One message that was told (or would be): to whom, of which kind, about what."""

    nip: str
    kind: str
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`days` is the patience with what waits for somebody; `roles` are those of everybody who is with us today."""

    tx: Writing
    now: dt.datetime
    today: dt.date
    zone: ZoneInfo
    days: int
    roles: Mapping[str, tuple[str, ...]]

    def holders(self, *roles: str) -> Iterator[str]:
        """Who holds one of these roles, by NIP."""
        return (nip for nip, held in self.roles.items() if set(roles) & set(held))


def open_round(tx: Writing, *, now: dt.datetime, zone: ZoneInfo, days: int) -> Round:
    today = now.astimezone(zone).date()
    here = {each.nip for each in tx.employees.present_on(today)}
    roles = {each.nip: each.roles for each in tx.employees.all() if each.nip in here}
    return Round(tx=tx, now=now, today=today, zone=zone, days=days, roles=roles)
