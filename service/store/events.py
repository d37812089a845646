"""Who did what when, to what; only ever added to (triggers in the database refuse everything else)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, or_, select, union_all

from service.records import Event
from service.store.queries import columns_of
from service.store.schema import ACCOUNTS, BLANKS, CERTIFICATES, EVENTS, SUBMISSIONS

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """What to look for; what is empty does not narrow. `action` is a beginning: `account.` finds all about accounts."""

    subject: str = ""
    actor: str = ""
    action: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """An event and its place in the log."""

    place: int
    event: Event


class EventsRead:
    """Read the log."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, subject: str | None = None, limit: int = 100) -> Sequence[Event]:
        """The last `limit` events, newest first; of one subject when given."""
        columns = [column for column in EVENTS.c if column is not EVENTS.c.id]
        query = select(*columns).order_by(EVENTS.c.id.desc()).limit(limit)
        if subject is not None:
            query = query.where(EVENTS.c.subject == subject)
        return [Event(**row._asdict()) for row in self._connection.execute(query)]

    def of_actions(self, subject: str, actions: Sequence[str]) -> Sequence[Event]:
        """Those of one subject and these actions, oldest first."""
        columns = [column for column in EVENTS.c if column is not EVENTS.c.id]
        wanted = (EVENTS.c.subject == subject) & EVENTS.c.action.in_(actions)
        return [
            Event(**row._asdict())
            for row in self._connection.execute(select(*columns).where(wanted).order_by(EVENTS.c.id))
        ]

    def search(self, wanted: EventFilter, *, before: int | None = None, limit: int = 50) -> Sequence[LoggedEvent]:
        """Newest first, `limit` at most; `before` is the place of the last one of the page before."""
        c = EVENTS.c
        query = select(EVENTS).order_by(c.id.desc()).limit(limit)
        if wanted.subject:
            query = query.where(c.subject == wanted.subject)
        if wanted.actor:
            query = query.where(c.actor == wanted.actor)
        if wanted.action:
            query = query.where(c.action.startswith(wanted.action, autoescape=True))
            if self._connection.dialect.name == "sqlite":  # whose LIKE knows no index, but whose order is that of bytes
                query = query.where(c.action.between(wanted.action, f"{wanted.action}{_LAST}"))
        if wanted.since is not None:
            query = query.where(c.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(c.at < wanted.until)
        if before is not None:
            query = query.where(c.id < before)
        return [
            LoggedEvent(
                place=row.id, event=Event(**{name: value for name, value in row._asdict().items() if name != "id"})
            )
            for row in self._connection.execute(query)
        ]

    def concerning(self, nip: str, *, limit: int) -> Sequence[Event]:
        """What this person did, and what was done to what is theirs; newest first."""
        columns = [column for column in EVENTS.c if column is not EVENTS.c.id]
        theirs = union_all(
            select(BLANKS.c.serial).where(BLANKS.c.employee_nip == nip),
            select(SUBMISSIONS.c.id).where(SUBMISSIONS.c.employee_nip == nip),
            select(CERTIFICATES.c.number).where(CERTIFICATES.c.nip == nip),
            select(ACCOUNTS.c.id).where(ACCOUNTS.c.nip == nip),
        )
        whose = or_(EVENTS.c.actor == nip, EVENTS.c.subject == nip, EVENTS.c.subject.in_(theirs))
        query = select(*columns).where(whose).order_by(EVENTS.c.id.desc()).limit(limit)
        return [Event(**row._asdict()) for row in self._connection.execute(query)]


class Events(EventsRead):
    """Read the log and add to it."""

    def one_at_a_time(self, subject: str) -> None:
        """Wait until nobody else, having called this for the same subject, may still add an event."""
        if self._connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(subject, 1))))

    def append_once(self, event: Event) -> bool:
        """As `append`, unless the same was logged of the same subject before; False then. Who comes second waits."""
        if self._connection.dialect.name == "postgresql":
            lock = func.pg_advisory_xact_lock(func.hashtextextended(f"{event.action} {event.subject}", 0))
            self._connection.execute(select(lock))
        same = select(EVENTS.c.detail).where(EVENTS.c.subject == event.subject, EVENTS.c.action == event.action)
        if dict(event.detail) in [dict(detail) for detail in self._connection.scalars(same)]:
            return False
        self.append(event)
        return True

    def append(self, event: Event) -> None:
        self._connection.execute(insert(EVENTS).values(columns_of(event) | {"detail": dict(event.detail)}))
