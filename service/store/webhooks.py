"""Where programs want to be told, what they were told, and what they last answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from service.store.account_tables import DELIVERIES, WEBHOOKS
from service.store.rows import columns_of

_W, _D = WEBHOOKS.c, DELIVERIES.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address of somebody's program and the events it wants; ended ones are kept for their record."""

    id: str
    account_id: str
    url: str
    events: tuple[str, ...]
    created_at: dt.datetime
    ended_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event for one address. `next_at`: when it is tried (again); None: delivered or given up."""

    id: int
    webhook_id: str
    event: str
    body: Mapping[str, Any]
    created_at: dt.datetime
    next_at: dt.datetime | None
    attempts: int
    delivered_at: dt.datetime | None
    last_answer: str | None


class WebhooksRead:
    """Finding addresses and deliveries."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, webhook_id: str) -> Webhook | None:
        row = self._connection.execute(select(WEBHOOKS).where(_W.id == webhook_id)).one_or_none()
        return _webhook(row._asdict()) if row else None

    def of_account(self, account_id: str) -> Sequence[Webhook]:
        """The account's addresses, newest first, ended ones included."""
        query = select(WEBHOOKS).where(_W.account_id == account_id).order_by(_W.created_at.desc(), _W.id)
        return [_webhook(row._asdict()) for row in self._connection.execute(query)]

    def deliveries(self, webhook_id: str, limit: int, before_id: int | None = None) -> Sequence[Delivery]:
        """The newest `limit` deliveries to an address, or those before `before_id` (the next page)."""
        query = select(DELIVERIES).where(_D.webhook_id == webhook_id).order_by(_D.id.desc()).limit(limit)
        if before_id is not None:
            query = query.where(_D.id < before_id)
        return [Delivery(**row._asdict()) for row in self._connection.execute(query)]


class Webhooks(WebhooksRead):
    """Finding and keeping them."""

    def add(self, webhook: Webhook) -> None:
        self._connection.execute(insert(WEBHOOKS).values(columns_of(webhook) | {"events": list(webhook.events)}))

    def end(self, webhook_id: str, at: dt.datetime) -> bool:
        """Tell that address nothing any more, not even what waits; False when it had ended before."""
        statement = update(WEBHOOKS).where(_W.id == webhook_id, _W.ended_at.is_(None)).values(ended_at=at)
        if self._connection.execute(statement).rowcount != 1:
            return False
        self._connection.execute(update(DELIVERIES).where(_D.webhook_id == webhook_id).values(next_at=None))
        return True

    def announce(self, event: str, body: Mapping[str, Any], at: dt.datetime) -> int:
        """A delivery, due at once, for every address that wants this event; how many."""
        hooks = self._connection.execute(select(WEBHOOKS).where(_W.ended_at.is_(None))).all()
        wanted = [row.id for row in hooks if event in row.events]
        told = {"event": event, "body": dict(body), "created_at": at, "next_at": at, "attempts": 0}
        for webhook_id in wanted:
            self._connection.execute(insert(DELIVERIES).values(webhook_id=webhook_id, **told))
        return len(wanted)

    def take_due(self, now: dt.datetime, limit: int, until: dt.datetime) -> Sequence[tuple[Webhook, Delivery]]:
        """Deliveries that are due, oldest first, and nobody else's until `until`: whoever dies lets them go."""
        query = select(DELIVERIES).where(_D.next_at <= now).order_by(_D.next_at, _D.id).limit(limit)
        found = [Delivery(**row._asdict()) for row in self._connection.execute(query.with_for_update(skip_locked=True))]
        ids = [each.id for each in found]
        self._connection.execute(update(DELIVERIES).where(_D.id.in_(ids)).values(next_at=until))
        hooks = select(WEBHOOKS).where(_W.id.in_({each.webhook_id for each in found}))
        by_id = {row.id: _webhook(row._asdict()) for row in self._connection.execute(hooks)}
        return [(by_id[each.webhook_id], each) for each in found]

    def delivered(self, delivery_id: int, at: dt.datetime, answer: str) -> None:
        self._change(delivery_id, delivered_at=at, next_at=None, last_answer=answer, attempts=_D.attempts + 1)

    def not_delivered(self, delivery_id: int, answer: str, until: dt.datetime | None) -> None:
        """What came back instead; tried again at `until`, or never (None)."""
        self._change(delivery_id, next_at=until, last_answer=answer, attempts=_D.attempts + 1)

    def _change(self, delivery_id: int, **columns: Any) -> None:
        self._connection.execute(update(DELIVERIES).where(_D.id == delivery_id).values(**columns))


def _webhook(columns: dict[str, Any]) -> Webhook:
    return Webhook(**columns | {"events": tuple(columns["events"])})
