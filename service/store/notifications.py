"""What people are told: listed for them in the service, and sent to them by e-mail when it is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from service.store.account_tables import ACCOUNTS
from service.store.rows import insert_into
from service.store.tables import EMPLOYEES
from service.store.work_tables import NOTIFICATIONS

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
class Due:
    """A message whose e-mail is due, with how its reader wants it: `mail` is `each`, `daily` or `none`."""

    notification: Notification
    name: str
    email: str
    language: str
    mail: str


class NotificationsRead:
    """Finding messages."""

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
    """Finding and keeping messages."""

    def add(self, nip: str, kind: str, about: Mapping[str, Any], *, once: str, at: dt.datetime) -> bool:
        """Keep a message, its e-mail due at once; False when the same `once` was told before or nobody has that NIP."""
        if self._connection.scalar(select(EMPLOYEES.c.nip).where(EMPLOYEES.c.nip == nip)) is None:
            return False
        told = {"nip": nip, "kind": kind, "about": dict(about), "once": once, "created_at": at, "next_at": at}
        statement = insert_into(self._connection, NOTIFICATIONS).values(**told, attempts=0)
        statement = statement.on_conflict_do_nothing(index_elements=["once"]).returning(_N.id)
        return self._connection.scalar(statement) is not None

    def mark_read(self, nip: str, at: dt.datetime, ids: Sequence[int] | None = None) -> int:
        """The person has seen these (None: all) of the own messages; how many were new to them."""
        statement = update(NOTIFICATIONS).where(_N.nip == nip, _N.read_at.is_(None))
        if ids is not None:
            statement = statement.where(_N.id.in_(list(ids)))
        return self._connection.execute(statement.values(read_at=at)).rowcount

    def take_due(self, now: dt.datetime, limit: int, until: dt.datetime) -> Sequence[Due]:
        """Messages whose e-mail is due, oldest first, and nobody else's until `until`: whoever dies lets them go."""
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
        self._change([each.notification.id for each in found], next_at=until)
        return found

    def sent(self, ids: Sequence[int], at: dt.datetime) -> None:
        self._change(ids, sent_at=at, next_at=None, problem=None)

    def put_off(self, ids: Sequence[int], until: dt.datetime) -> None:
        """Not yet: a digest is collected, or the mail server is away."""
        self._change(ids, next_at=until)

    def not_sent(self, ids: Sequence[int], problem: str | None, until: dt.datetime | None) -> None:
        """An attempt failed, or (without a problem) is not wanted; tried again at `until`, or never (None)."""
        self._change(ids, next_at=until, problem=problem, attempts=_N.attempts + (1 if problem else 0))

    def _change(self, ids: Sequence[int], **columns: Any) -> None:
        if ids:
            self._connection.execute(update(NOTIFICATIONS).where(_N.id.in_(list(ids))).values(**columns))


def _notification(row: Row[Any]) -> Notification:
    return Notification(**{each.name: row._mapping[each.name] for each in NOTIFICATIONS.c})  # noqa: SLF001 - SQLAlchemy's public name


def _due(row: Row[Any]) -> Due:
    """Whoever has no account yet is written to in Indonesian, each message by itself."""
    return Due(
        notification=_notification(row),
        name=row.name,
        email=row.email,
        language=row.language or "id",
        mail=row.mail or "each",
    )
