"""E-mails that are due, sent as their readers want them: each at once, once a day together, or not at all."""

from __future__ import annotations

import datetime as dt
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from service.config import Mail, Settings
from service.errors import MissingResource
from service.notifications.email_text import letter, mentioned
from service.store import Store
from service.store.notifications import DueEmail

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
            tx.notifications.mark_not_sent(letters.unwanted, None, None)
        if letters.ready:
            self._send(letters.ready, mail)
        return bool(due)

    def _sorted(self, due: Sequence[DueEmail], now: dt.datetime) -> _Letters:
        """What is sent now, what waits for its digest, and what nobody wants by e-mail any more."""
        ready: list[tuple[DueEmail, ...]] = []
        digests: dict[str, list[DueEmail]] = {}
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

    def _send(self, letters: Sequence[tuple[DueEmail, ...]], mail: Mail) -> None:
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

    def _send_one(self, due: tuple[DueEmail, ...], post: Post, mail: Mail) -> None:
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
                tx.notifications.mark_sent(ids, now)
            else:
                attempts = max(each.notification.attempts for each in due)
                until = None if refused.final else _again_at(attempts, now)
                tx.notifications.mark_not_sent(ids, refused.problem, until)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letters:
    ready: list[tuple[DueEmail, ...]]
    put_off: list[tuple[list[int], dt.datetime]]
    unwanted: list[int]


def next_digest(created_at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first seven o'clock, where the agency is, after a message was written."""
    here = created_at.astimezone(zone)
    at = dt.datetime.combine(here.date(), _DIGEST_AT, tzinfo=zone)
    return at if at > here else at + dt.timedelta(days=1)


def _again_at(attempts: int, now: dt.datetime) -> dt.datetime | None:
    return now + dt.timedelta(minutes=_AGAIN[attempts]) if attempts < len(_AGAIN) else None


# --- One visit to the mail server: signed in once, letters handed over one by one, each answer told apart

_SECONDS = 20
_PERMANENT = 500
_ADDRESS = re.compile(r"\S+@\S+")
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server's no to one letter: its code and words (addresses left out), and whether it is final."""

    problem: str
    final: bool


class Away(MissingResource):
    """The mail server cannot be reached, or does not let us in; nothing is wrong with any letter."""


class Post:
    """An open visit."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def hand_over(self, message: EmailMessage) -> Refused | None:
        """None when the server took it. Raises Away when it is gone."""
        try:
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(*next(iter(error.recipients.values())))
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            return _refused(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            return Refused(problem=str(error), final=True)
        except (smtplib.SMTPException, OSError) as error:
            raise _away(error) from error
        return None


@contextmanager
def visiting(mail: Mail) -> Iterator[Post]:
    """Reach the server and sign in; Away when that fails."""
    try:
        server = _server(mail)
    except (smtplib.SMTPException, OSError) as error:
        raise _away(error) from error
    try:
        yield Post(server)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def _server(mail: Mail) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=str(mail.ca_file) if mail.ca_file else None)
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=_SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=_SECONDS)
    try:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, _password(mail))
    except BaseException:
        server.close()
        raise
    return server


def _password(mail: Mail) -> str:
    if mail.password_file is None:
        raise Away("Kata sandi surel belum diatur.", "Lengkapi password_file pada [mail].")
    return (mail.password_file.read_text(encoding="utf-8").splitlines() or [""])[0]


def _refused(code: int, words: bytes | str) -> Refused:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Refused(problem=_ADDRESS.sub("…", f"{code} {said}")[:_LONGEST], final=code >= _PERMANENT)


def _away(error: Exception) -> Away:
    code = getattr(error, "smtp_code", None)
    cause = f"{type(error).__name__} {code}" if code else type(error).__name__
    return Away(f"Server surel tidak dapat dipakai ({cause}).", "Periksa bagian [mail] pada cmb.toml dan jaringannya.")
