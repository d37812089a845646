"""Whether a delegation holds at a moment, and who may sign for whom then."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from service.proof.spoken import parties
from service.store import Transaction
from service.store.delegations import Delegation
from service.turn import StandingIn, Turn


def holds(delegation: Delegation, moment: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether it holds at that moment: on its days where the agency is, and before it was ended."""
    if delegation.ended_at is not None and moment >= delegation.ended_at:
        return False
    return delegation.starts <= moment.astimezone(zone).date() <= delegation.ends


def acting(tx: Transaction, nip: str, *, now: dt.datetime, zone: ZoneInfo) -> tuple[Delegation, ...]:
    """For whom this person may sign now."""
    return tuple(each for each in tx.delegations.of(nip) if each.to_nip == nip and holds(each, now, zone))


def standing_in(tx: Transaction, turn: Turn, signer_nip: str, *, now: dt.datetime, zone: ZoneInfo) -> StandingIn | None:
    """As whom this person may sign the turn now without being the one it names; None when they may not.

    The rules are those of `service.proof.delegates`, which judges the signature later.
    """
    entry = tx.employees.get(signer_nip)
    if entry is None or any(party.nip == signer_nip for party in parties(turn.answers)):
        return None
    given = [each for each in tx.delegations.between(turn.nip, signer_nip) if holds(each, now, zone)]
    fitting = next((each for each in given if turn.role.value in each.scope), None)
    if fitting is None:
        return None
    roles = tuple(role for role in turn.held if role.value in fitting.scope)
    return StandingIn(nip=signer_nip, name=entry.name, kind=fitting.kind, roles=roles)
