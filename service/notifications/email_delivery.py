"""Delivery of e-mails as their readers chose: each at once, a daily digest, or none."""

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
from service.notifications.email_text import compose_email, mentioned
from service.store import Store
from service.store.notifications import DueEmail

_PORTION = 100
_LEASE = dt.timedelta(minutes=10)
_DIGEST_AT = dt.time(7, 0)
# A message that could not be sent for so long is not sent any more; it stays readable in the service.
_STALE = dt.timedelta(days=7)
# Minutes until a temporarily refused e-mail is tried again, attempt by attempt; then it is given up.
_RETRY_MINUTES = (1, 5, 15, 60, 240, 720, 1440)
_SERVER_PAUSE = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Sends the e-mails that are due."""

    store: Store
    settings: Settings
    clock: Callable[[], dt.datetime]

    def send_due(self) -> bool:
        """Send one batch of what is due and return whether there was any.

        MailServerUnavailable when the server is away; nothing is lost then.
        """
        mail, now = self.settings.mail, self.clock()
        if mail is None:
            return False
        with self.store.transaction() as tx:
            due = tx.notifications.take_due(now, _PORTION, now + _LEASE)
            batch = self._sort(due, now)
            for ids, until in batch.put_off:
                tx.notifications.put_off(ids, until)
            tx.notifications.mark_not_sent(batch.unwanted, None, None)
        if batch.ready:
            self._send(batch.ready, mail)
        return bool(due)

    def _sort(self, due: Sequence[DueEmail], now: dt.datetime) -> _Batch:
        """Return what is sent now, what waits for its digest, and what is not to be sent by e-mail at all."""
        ready: list[tuple[DueEmail, ...]] = []
        digests: dict[str, list[DueEmail]] = {}
        put_off: list[tuple[list[int], dt.datetime]] = []
        unwanted: list[int] = []
        for item in due:
            notification = item.notification
            digest_at = next_digest(notification.created_at, self.settings.timezone)
            if item.mail == "none" or now - notification.created_at > _STALE:
                unwanted.append(notification.id)
            elif item.mail != "daily":
                ready.append((item,))
            elif digest_at <= now:
                digests.setdefault(notification.nip, []).append(item)
            else:
                put_off.append(([notification.id], digest_at))
        ready.extend(tuple(digest) for digest in digests.values())
        return _Batch(ready=ready, put_off=put_off, unwanted=unwanted)

    def _send(self, emails: Sequence[tuple[DueEmail, ...]], mail: Mail) -> None:
        waiting = list(emails)
        try:
            with mail_session(mail) as server:
                while waiting:
                    self._send_one(waiting[0], server, mail)
                    waiting.pop(0)
        except MailServerUnavailable:
            with self.store.transaction() as tx:
                tx.notifications.put_off(
                    [item.notification.id for email in waiting for item in email], self.clock() + _SERVER_PAUSE
                )
            raise

    def _send_one(self, due: tuple[DueEmail, ...], server: MailSession, mail: Mail) -> None:
        now, ids = self.clock(), [item.notification.id for item in due]
        with self.store.reading() as tx:
            nips = {nip for item in due for nip in mentioned(item.notification)}
            names = {entry.nip: entry.name for entry in map(tx.employees.get, nips) if entry is not None}
        try:
            message = compose_email(due, names=names, base_url=self.settings.base_url, sender=mail.sender, now=now)
            refused = server.send(message)
        except (ValueError, KeyError) as error:
            # An invalid address, or a kind of message another version of the service wrote.
            refused = Refused(problem=type(error).__name__, final=True)
        with self.store.transaction() as tx:
            if refused is None:
                tx.notifications.mark_sent(ids, now)
            else:
                attempts = max(item.notification.attempts for item in due)
                until = None if refused.final else _retry_at(attempts, now)
                tx.notifications.mark_not_sent(ids, refused.problem, until)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    ready: list[tuple[DueEmail, ...]]
    put_off: list[tuple[list[int], dt.datetime]]
    unwanted: list[int]


def next_digest(created_at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the first seven o'clock, in the agency's time zone, after a message was written."""
    here = created_at.astimezone(zone)
    at = dt.datetime.combine(here.date(), _DIGEST_AT, tzinfo=zone)
    return at if at > here else at + dt.timedelta(days=1)


def _retry_at(attempts: int, now: dt.datetime) -> dt.datetime | None:
    return now + dt.timedelta(minutes=_RETRY_MINUTES[attempts]) if attempts < len(_RETRY_MINUTES) else None


# --- The mail server

_TIMEOUT_SECONDS = 20
_PERMANENT = 500
_ADDRESS = re.compile(r"\S+@\S+")
_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The server's refusal of one e-mail: its code and text (addresses left out), and whether it is final."""

    problem: str
    final: bool


class MailServerUnavailable(MissingResource):
    """The mail server cannot be reached or refuses the sign-in; nothing is wrong with any e-mail."""


class MailSession:
    """A signed-in connection to the mail server."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def send(self, message: EmailMessage) -> Refused | None:
        """Hand over one e-mail; return the refusal, or None when the server accepted it.

        Raises MailServerUnavailable when the connection is lost.
        """
        try:
            self._server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(*next(iter(error.recipients.values())))
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            return _refused(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            return Refused(problem=str(error), final=True)
        except (smtplib.SMTPException, OSError) as error:
            raise _unavailable(error) from error
        return None


@contextmanager
def mail_session(mail: Mail) -> Iterator[MailSession]:
    """Connect to the server and sign in; MailServerUnavailable when that fails."""
    try:
        server = _server(mail)
    except (smtplib.SMTPException, OSError) as error:
        raise _unavailable(error) from error
    try:
        yield MailSession(server)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def _server(mail: Mail) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=str(mail.ca_file) if mail.ca_file else None)
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=_TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=_TIMEOUT_SECONDS)
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
        raise MailServerUnavailable("Kata sandi surel belum diatur.", "Lengkapi password_file pada [mail].")
    return (mail.password_file.read_text(encoding="utf-8").splitlines() or [""])[0]


def _refused(code: int, words: bytes | str) -> Refused:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Refused(problem=_ADDRESS.sub("…", f"{code} {text}")[:_LONGEST], final=code >= _PERMANENT)


def _unavailable(error: Exception) -> MailServerUnavailable:
    code = getattr(error, "smtp_code", None)
    cause = f"{type(error).__name__} {code}" if code else type(error).__name__
    return MailServerUnavailable(
        f"Server surel tidak dapat dipakai ({cause}).", "Periksa bagian [mail] pada cmb.toml dan jaringannya."
    )
