"""Notifications of people, with their e-mails, and webhooks of programs, with their deliveries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from service.store.queries import columns_of, insert_into
from service.store.schema import ACCOUNTS, DELIVERIES, EMPLOYEES, NOTIFICATIONS, WEBHOOKS

_N = NOTIFICATIONS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message to one person. `about` names what it is about by numbers, not by people's particulars.

    `next_at`: when its e-mail is to be tried (again); None: sent, given up, or not wanted.
    """

    id: int
    nip: str
    kind: str
    about: Mapping[str, Any]
    once: str
    created_at: dt.datetime
    read_at: dt.datetime | None
    next_at: dt.datetime | None
    attempts: int
    sent_at: dt.datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueEmail:
    """A message whose e-mail is due, with how its reader wants it: `mail` is `each`, `daily` or `none`."""

    notification: Notification
    name: str
    email: str
    language: str
    mail: str


class NotificationsRead:
    """Read notifications."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, nip: str, limit: int, before_id: int | None = None) -> Sequence[Notification]:
        """The newest `limit` messages of a person, or those before `before_id` (the next page)."""
        query = select(NOTIFICATIONS).where(_N.nip == nip).order_by(_N.id.desc()).limit(limit)
        if before_id is not None:
            query = query.where(_N.id < before_id)
        return [_notification(row) for row in self._connection.execute(query)]

    def get(self, notification_id: int) -> Notification | None:
        row = self._connection.execute(select(NOTIFICATIONS).where(_N.id == notification_id)).one_or_none()
        return _notification(row) if row else None

    def unread(self, nip: str) -> int:
        """How many messages the person has not opened."""
        query = select(func.count()).where(_N.nip == nip, _N.read_at.is_(None))
        return self._connection.scalar(query) or 0

    def unsent(self) -> int:
        """How many e-mails wait to be sent, of everybody."""
        return self._connection.scalar(select(func.count()).where(_N.next_at.is_not(None))) or 0


class Notifications(NotificationsRead):
    """Read and write notifications."""

    def add(self, nip: str, kind: str, about: Mapping[str, Any], *, once: str, at: dt.datetime) -> bool:
        """Keep a message, its e-mail due at once; False when the same `once` exists or nobody has that NIP."""
        if self._connection.scalar(select(EMPLOYEES.c.nip).where(EMPLOYEES.c.nip == nip)) is None:
            return False
        values = {"nip": nip, "kind": kind, "about": dict(about), "once": once, "created_at": at, "next_at": at}
        statement = insert_into(self._connection, NOTIFICATIONS).values(**values, attempts=0)
        statement = statement.on_conflict_do_nothing(index_elements=["once"]).returning(_N.id)
        return self._connection.scalar(statement) is not None

    def mark_read(self, nip: str, at: dt.datetime, ids: Sequence[int] | None = None) -> int:
        """The person has seen these (None: all) of the own messages; how many were new to them."""
        statement = update(NOTIFICATIONS).where(_N.nip == nip, _N.read_at.is_(None))
        if ids is not None:
            statement = statement.where(_N.id.in_(list(ids)))
        return self._connection.execute(statement.values(read_at=at)).rowcount

    def take_due(self, now: dt.datetime, limit: int, until: dt.datetime) -> Sequence[DueEmail]:
        """Messages whose e-mail is due, oldest first, reserved for the caller until `until`, should it die."""
        query = (
            select(NOTIFICATIONS, EMPLOYEES.c.name, EMPLOYEES.c.email, ACCOUNTS.c.language, ACCOUNTS.c.mail)
            .join(EMPLOYEES, EMPLOYEES.c.nip == _N.nip)
            .outerjoin(ACCOUNTS, ACCOUNTS.c.nip == _N.nip)
            .where(_N.next_at <= now)
            .order_by(_N.next_at, _N.id)
            .limit(limit)
            .with_for_update(of=NOTIFICATIONS, skip_locked=True)
        )
        found = [_due(row) for row in self._connection.execute(query)]
        self._change([due.notification.id for due in found], next_at=until)
        return found

    def mark_sent(self, ids: Sequence[int], at: dt.datetime) -> None:
        self._change(ids, sent_at=at, next_at=None, problem=None)

    def put_off(self, ids: Sequence[int], until: dt.datetime) -> None:
        """Not yet: a digest is collected, or the mail server is away."""
        self._change(ids, next_at=until)

    def mark_not_sent(self, ids: Sequence[int], problem: str | None, until: dt.datetime | None) -> None:
        """An attempt failed, or (without a problem) is not wanted; tried again at `until`, or never (None)."""
        self._change(ids, next_at=until, problem=problem, attempts=_N.attempts + (1 if problem else 0))

    def _change(self, ids: Sequence[int], **columns: Any) -> None:
        if ids:
            self._connection.execute(update(NOTIFICATIONS).where(_N.id.in_(list(ids))).values(**columns))


def _notification(row: Row[Any]) -> Notification:
    return Notification(**{column.name: row._mapping[column.name] for column in NOTIFICATIONS.c})  # noqa: SLF001 - SQLAlchemy's public name


def _due(row: Row[Any]) -> DueEmail:
    """A reader without an account gets Indonesian, and each message by itself."""
    return DueEmail(
        notification=_notification(row),
        name=row.name,
        email=row.email,
        language=row.language or "id",
        mail=row.mail or "each",
    )


# --- Webhooks and deliveries

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
    """Read webhooks and deliveries."""

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
    """Read and write webhooks and deliveries."""

    def add(self, webhook: Webhook) -> None:
        self._connection.execute(insert(WEBHOOKS).values(columns_of(webhook) | {"events": list(webhook.events)}))

    def end(self, webhook_id: str, at: dt.datetime) -> bool:
        """Stop deliveries to that address, waiting ones too; False when it had ended before."""
        statement = update(WEBHOOKS).where(_W.id == webhook_id, _W.ended_at.is_(None)).values(ended_at=at)
        if self._connection.execute(statement).rowcount != 1:
            return False
        self._connection.execute(update(DELIVERIES).where(_D.webhook_id == webhook_id).values(next_at=None))
        return True

    def announce(self, event: str, body: Mapping[str, Any], at: dt.datetime) -> int:
        """A delivery, due at once, for every address that wants this event; how many."""
        hooks = self._connection.execute(select(WEBHOOKS).where(_W.ended_at.is_(None))).all()
        wanted = [row.id for row in hooks if event in row.events]
        values = {"event": event, "body": dict(body), "created_at": at, "next_at": at, "attempts": 0}
        for webhook_id in wanted:
            self._connection.execute(insert(DELIVERIES).values(webhook_id=webhook_id, **values))
        return len(wanted)

    def take_due(self, now: dt.datetime, limit: int, until: dt.datetime) -> Sequence[tuple[Webhook, Delivery]]:
        """Deliveries that are due, oldest first, reserved for the caller until `until`, should it die."""
        query = select(DELIVERIES).where(_D.next_at <= now).order_by(_D.next_at, _D.id).limit(limit)
        found = [Delivery(**row._asdict()) for row in self._connection.execute(query.with_for_update(skip_locked=True))]
        ids = [delivery.id for delivery in found]
        self._connection.execute(update(DELIVERIES).where(_D.id.in_(ids)).values(next_at=until))
        hooks = select(WEBHOOKS).where(_W.id.in_({delivery.webhook_id for delivery in found}))
        by_id = {row.id: _webhook(row._asdict()) for row in self._connection.execute(hooks)}
        return [(by_id[delivery.webhook_id], delivery) for delivery in found]

    def mark_delivered(self, delivery_id: int, at: dt.datetime, answer: str) -> None:
        self._change(delivery_id, delivered_at=at, next_at=None, last_answer=answer, attempts=_D.attempts + 1)

    def mark_not_delivered(self, delivery_id: int, answer: str, until: dt.datetime | None) -> None:
        """What came back instead; tried again at `until`, or never (None)."""
        self._change(delivery_id, next_at=until, last_answer=answer, attempts=_D.attempts + 1)

    def _change(self, delivery_id: int, **columns: Any) -> None:
        self._connection.execute(update(DELIVERIES).where(_D.id == delivery_id).values(**columns))


def _webhook(columns: dict[str, Any]) -> Webhook:
    return Webhook(**columns | {"events": tuple(columns["events"])})
