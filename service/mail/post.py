"""One visit to the mail server: signed in once, letters handed over one by one, each answer told apart."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage

from service.errors import MissingResource
from service.mail.settings import Mail

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
