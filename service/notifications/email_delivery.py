"""E-mails that are due, sent as their readers want them: each at once, once a day together, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from service.config import Settings
from service.mail.letter import letter, mentioned
from service.mail.post import Away, Post, Refused, visiting
from service.mail.settings import Mail
from service.store import Store
from service.store.notifications import Due

_PORTION = 100
_LEASE = dt.timedelta(minutes=10)
_DIGEST_AT = dt.time(7, 0)
# Nobody wants to be told in spring what waited in autumn: what could not be sent for so long stays in the service.
_STALE = dt.timedelta(days=7)
# After so many minutes a letter that was refused for now is tried again; then it is given up.
_AGAIN = (1, 5, 15, 60, 240, 720, 1440)
_AWAY = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends: the open store, the settings, the clock."""

    store: Store
    settings: Settings
    clock: Callable[[], dt.datetime]

    def send_due(self) -> bool:
        """One round of what is due; whether there was anything. Away (and nothing lost) without a mail server."""
        mail, now = self.settings.mail, self.clock()
        if mail is None:
            return False
        with self.store.transaction() as tx:
            due = tx.notifications.take_due(now, _PORTION, now + _LEASE)
            letters = self._sorted(due, now)
            for ids, until in letters.put_off:
                tx.notifications.put_off(ids, until)
            tx.notifications.not_sent(letters.unwanted, None, None)
        if letters.ready:
            self._send(letters.ready, mail)
        return bool(due)

    def _sorted(self, due: Sequence[Due], now: dt.datetime) -> _Letters:
        """What is sent now, what waits for its digest, and what nobody wants by e-mail any more."""
        ready: list[tuple[Due, ...]] = []
        digests: dict[str, list[Due]] = {}
        put_off: list[tuple[list[int], dt.datetime]] = []
        unwanted: list[int] = []
        for each in due:
            kept = each.notification
            digest_at = next_digest(kept.created_at, self.settings.timezone)
            if each.mail == "none" or now - kept.created_at > _STALE:
                unwanted.append(kept.id)
            elif each.mail != "daily":
                ready.append((each,))
            elif digest_at <= now:
                digests.setdefault(kept.nip, []).append(each)
            else:
                put_off.append(([kept.id], digest_at))
        ready.extend(tuple(each) for each in digests.values())
        return _Letters(ready=ready, put_off=put_off, unwanted=unwanted)

    def _send(self, letters: Sequence[tuple[Due, ...]], mail: Mail) -> None:
        waiting = list(letters)
        try:
            with visiting(mail) as post:
                while waiting:
                    self._send_one(waiting[0], post, mail)
                    waiting.pop(0)
        except Away:
            with self.store.transaction() as tx:
                tx.notifications.put_off(
                    [each.notification.id for one in waiting for each in one], self.clock() + _AWAY
                )
            raise

    def _send_one(self, due: tuple[Due, ...], post: Post, mail: Mail) -> None:
        now, ids = self.clock(), [each.notification.id for each in due]
        with self.store.reading() as tx:
            nips = {nip for each in due for nip in mentioned(each.notification)}
            names = {entry.nip: entry.name for entry in map(tx.employees.get, nips) if entry is not None}
        try:
            message = letter(due, names=names, base_url=self.settings.base_url, sender=mail.sender, now=now)
            refused = post.hand_over(message)
        except (ValueError, KeyError) as error:
            # An address that is none, or a kind of message another version of the service wrote.
            refused = Refused(problem=type(error).__name__, final=True)
        with self.store.transaction() as tx:
            if refused is None:
                tx.notifications.sent(ids, now)
            else:
                attempts = max(each.notification.attempts for each in due)
                until = None if refused.final else _again_at(attempts, now)
                tx.notifications.not_sent(ids, refused.problem, until)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letters:
    ready: list[tuple[Due, ...]]
    put_off: list[tuple[list[int], dt.datetime]]
    unwanted: list[int]


def next_digest(created_at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first seven o'clock, where the agency is, after a message was written."""
    here = created_at.astimezone(zone)
    at = dt.datetime.combine(here.date(), _DIGEST_AT, tzinfo=zone)
    return at if at > here else at + dt.timedelta(days=1)


def _again_at(attempts: int, now: dt.datetime) -> dt.datetime | None:
    return now + dt.timedelta(minutes=_AGAIN[attempts]) if attempts < len(_AGAIN) else None
