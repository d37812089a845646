"""An e-mail as it is sent: plain text and simple HTML of the same words, for one message or a day's digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from parsers.values import indonesian_date
from service.mail.words import DIGEST, ROLES, WORDS
from service.store.notifications import Due, Notification

# Where in the service a message leads: the page finds out what it is about, so that the address says nothing.
MESSAGE_PLACE, ACCOUNT_PLACE = "/pesan", "/data-saya"


def letter(
    due: Sequence[Due], *, names: Mapping[str, str], base_url: str, sender: str, now: dt.datetime
) -> EmailMessage:
    """One e-mail with these messages, all to the same person; `names` by NIP of those they mention.

    ValueError when the address cannot be written to.
    """
    first = due[0]
    language = first.language
    paragraphs = [
        {"text": told(each.notification, language, names), "link": f"{base_url}{MESSAGE_PLACE}/{each.notification.id}"}
        for each in due
    ]
    facts = {
        "language": language,
        "name": first.name,
        "paragraphs": paragraphs,
        "account": f"{base_url}{ACCOUNT_PLACE}",
    }
    message = EmailMessage()
    message["From"] = sender
    message["To"] = _address(first.email)
    message["Subject"] = f"[CMB] {_subject(due, language)}"
    message["Date"] = format_datetime(now)
    # The same for every attempt: a server or a reader that got it before can tell.
    message["Message-ID"] = f"<pesan-{first.notification.id}-{len(due)}@{urlsplit(base_url).hostname or 'cmb'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_environment().get_template("letter.txt").render(facts))
    message.add_alternative(_environment().get_template("letter.html").render(facts), subtype="html")
    return message


def mentioned(notification: Notification) -> set[str]:
    """The NIPs a message speaks of."""
    return {str(value) for key, value in notification.about.items() if key.endswith("_nip")}


def heading(notification: Notification, language: str) -> str:
    """What a message is about, in a few words."""
    return WORDS[language][notification.kind].subject


def _subject(due: Sequence[Due], language: str) -> str:
    if len(due) > 1:
        return DIGEST[language].format(count=len(due))
    return heading(due[0].notification, language)


def told(notification: Notification, language: str, names: Mapping[str, str]) -> str:
    """The sentences of a message; KeyError for a kind that another version of the service wrote."""
    facts: dict[str, Any] = {}
    for key, value in notification.about.items():
        if key.endswith("_nip"):
            facts[key.removesuffix("_nip")] = names.get(str(value), str(value))
        elif key in {"starts", "ends"}:
            facts[key] = _day(dt.date.fromisoformat(value), language)
        elif key == "role":
            facts[key] = ROLES[language].get(value, value)
        else:
            facts[key] = value
    return WORDS[language][notification.kind].text.format(**facts)


def _day(day: dt.date, language: str) -> str:
    return indonesian_date(day) if language == "id" else f"{day.day} {day:%B %Y}"


def _address(email: str) -> str:
    """The address alone: no names, no second address, nothing that starts a new header."""
    local, _, domain = email.strip().rpartition("@")
    if not local or not domain or any(each in email for each in '\r\n,;<>" \t'):
        raise ValueError("not an address")
    return email.strip()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("service.mail"),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
