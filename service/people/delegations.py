"""Delegations: a Plt. or Plh. signs for an official between two days; a delegate cannot delegate further."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from forms.schema import Role
from service.errors import BadInput, NotGranted
from service.identifiers import as_typed, nip_as_typed, short_id
from service.language import Message
from service.names import cleaned_paragraphs
from service.notifications.messages import notify_delegated, notify_represented
from service.records import EmployeeEntry, Event
from service.store import Store, Transaction, WriteTransaction
from service.store.delegations import Delegation
from service.verification.reasons import DELEGATION_LABELS

# An employee's own signature cannot be delegated.
# Longer ones hold only once the official agrees: a quarter, the time between two recaps.
LONGEST_DAYS = 92
DELEGABLE = (Role.PEMBIMBING.value, Role.ATASAN.value)


def delegate(
    from_nip: str,
    to_nip: str,
    *,
    kind: str,
    scope: tuple[str, ...],
    starts: dt.date,
    ends: dt.date,
    reason: str,
    store: Store,
    now: dt.datetime,
    zone: ZoneInfo,
    randomness: Callable[[int], bytes],
    actor: str,
    by: EmployeeEntry | None,
) -> Delegation:
    """Make a delegation. `by` is who asks: the official, their head of unit, Biro SDM, or (None) the operator.

    Only Biro SDM and the operator may enter one that began on an earlier day (a decree that reached them late).
    BadInput for impossible values, NotGranted for a person without that authority.
    """
    today = now.astimezone(zone).date()
    made = Delegation(
        id=short_id("D", randomness),
        from_nip=nip_as_typed(from_nip),
        to_nip=nip_as_typed(to_nip),
        kind=kind,
        scope=tuple(role for role in DELEGABLE if role in scope),
        starts=starts,
        ends=ends,
        reason=cleaned_paragraphs(reason),
        made_at=now,
        made_by=actor,
    )
    if kind not in DELEGATION_LABELS or not made.scope or set(scope) - set(DELEGABLE):
        raise BadInput("delegation_kind_unknown", scopes=[Message(f"delegation_scope.{name}") for name in DELEGABLE])
    if not made.reason:
        raise BadInput("delegation_without_reason")
    if made.from_nip == made.to_nip:
        raise BadInput("delegation_to_oneself")
    if ends < starts or ends < today:
        raise BadInput("delegation_dates")
    with store.transaction() as tx:
        official = _known(tx, made.from_nip)
        _require_present(tx, _known(tx, made.to_nip), today)
        _require_authority(by, official)
        if starts < today and not _is_central(by):
            raise NotGranted("delegation_begins_in_past")
        himself = by is not None and by.nip == official.nip
        if (ends - starts).days + 1 > LONGEST_DAYS and not himself and _is_present(tx, official, today):
            made = replace(made, needs_consent=True)
        tx.delegations.add(made)
        action = "delegation.asked" if made.needs_consent else "delegation.made"
        tx.events.append(Event(at=now, actor=actor, action=action, subject=made.id, detail=_detail(made)))
        _tell(tx, made, by_official=himself, now=now)
    return made


def agree_to_delegation(
    delegation_id: str, *, store: Store, now: dt.datetime, actor: str, by: EmployeeEntry
) -> Delegation:
    """Let a long delegation hold from now on; only the official whom it represents may agree.

    BadInput for an unknown delegation, NotGranted for anybody else, or when nothing waits.
    """
    with store.transaction() as tx:
        known = tx.delegations.get(as_typed(delegation_id))
        if known is None:
            raise BadInput("consent_delegation_unknown", delegation=as_typed(delegation_id))
        if by.nip != known.from_nip:
            raise NotGranted("consent_only_official", name=_known(tx, known.from_nip).name)
        if not tx.delegations.agree(known.id, now):
            raise NotGranted("consent_not_asked", delegation=known.id)
        tx.events.append(Event(at=now, actor=actor, action="delegation.agreed", subject=known.id))
        agreed = replace(known, agreed_at=now)
        _tell(tx, agreed, by_official=True, now=now)
    return agreed


def _tell(tx: WriteTransaction, made: Delegation, *, by_official: bool, now: dt.datetime) -> None:
    """Tell the delegate once it holds, and the official of what others made in their name."""
    days = {"starts": made.starts, "ends": made.ends}
    if not by_official:
        notify_represented(
            tx, nip=made.from_nip, to_nip=made.to_nip, delegation=made.id, waits=made.waits, now=now, **days
        )
    if not made.waits:
        notify_delegated(tx, to_nip=made.to_nip, from_nip=made.from_nip, delegation=made.id, now=now, **days)


def end_delegation(
    delegation_id: str, *, store: Store, now: dt.datetime, actor: str, by: EmployeeEntry | None
) -> Delegation:
    """End a delegation from now on; what the delegate signed before stays. Those who may make one may end it."""
    with store.transaction() as tx:
        known = tx.delegations.get(as_typed(delegation_id))
        if known is None:
            raise BadInput("delegation_unknown", delegation=delegation_id)
        _require_authority(by, _known(tx, known.from_nip))
        tx.delegations.end(known.id, now)
        ended = tx.delegations.get(known.id) or known
        if known.ended_at is None:
            tx.events.append(Event(at=now, actor=actor, action="delegation.ended", subject=known.id))
    return ended


def _require_authority(by: EmployeeEntry | None, official: EmployeeEntry) -> None:
    heads = by is not None and "pimpinan" in by.roles and by.unit == official.unit
    if not (_is_central(by) or heads or (by is not None and by.nip == official.nip)):
        raise NotGranted("delegation_not_yours", name=official.name)


def _is_central(by: EmployeeEntry | None) -> bool:
    return by is None or "biro_sdm" in by.roles


def _known(tx: Transaction, nip: str) -> EmployeeEntry:
    entry = tx.employees.get(nip)
    if entry is None:
        raise BadInput("nip_unknown.to_check", nip=nip)
    return entry


def _is_present(tx: Transaction, entry: EmployeeEntry, day: dt.date) -> bool:
    tenure = tx.employees.as_of(entry.nip, day)
    return tenure is None or tenure.present


def _require_present(tx: Transaction, delegate: EmployeeEntry, today: dt.date) -> None:
    """BadInput when the delegate has left; the official may have left, they may well need a Plt."""
    tenure = tx.employees.as_of(delegate.nip, today)
    if tenure is not None and not tenure.present:
        raise BadInput(
            "delegate_left", name=delegate.name, since=tenure.since, departure=Message(f"departure.{tenure.departure}")
        )


def _detail(made: Delegation) -> dict[str, object]:
    days = {"starts": made.starts.isoformat(), "ends": made.ends.isoformat()}
    return {"from": made.from_nip, "to": made.to_nip, "kind": made.kind, "scope": list(made.scope), **days}
