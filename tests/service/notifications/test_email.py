"""E-mails to a real SMTP server: what they say, when they go, what happens when they are refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from service.config import FILE_NAME, Mail, Settings, read_settings
from service.errors import BadInput
from service.notifications.email_delivery import MailServerUnavailable, Sender, next_digest
from service.notifications.email_text import ENGLISH, INDONESIAN
from service.notifications.messages import Message
from service.store import Store
from service.store.accounts import Account
from service.store.notifications import Notification
from support.message_subjects import ABOUT
from support.office import CAHYA, DIAH, HERI, NOW, PEOPLE, plain_settings
from support.smtp_server import PASSWORD, USER, Mailbox, mailbox


@pytest.fixture
def staffed(store: Store) -> Store:
    with store.transaction() as tx:
        tx.employees.upsert(PEOPLE)
    return store


def settings(box: Mailbox, **changed: Any) -> Settings:
    fields: dict[str, Any] = {
        "host": box.host,
        "port": box.port,
        "security": "none",
        "user": "",
        "password_file": None,
        "sender": "CMB <cmb@contoh.go.id>",
        "ca_file": box.ca_file,
    }
    return replace(plain_settings("/tidak/ada"), base_url="https://cmb.example.go.id", mail=Mail(**fields | changed))


def sent(store: Store, configured: Settings, at: dt.datetime = NOW) -> None:
    Sender(store=store, settings=configured, clock=lambda: at).send_due()


def tell(store: Store, nip: str = DIAH, *messages: Message, at: dt.datetime = NOW) -> None:
    with store.transaction() as tx:
        for message in messages or (Message.WAITING,):
            assert tx.notifications.add(nip, message, ABOUT[message], once=f"{message}:{nip}:{at}", at=at)


def wants(store: Store, nip: str, *, mail: str = "each", language: str = "id") -> None:
    account = Account(
        id=f"A-{nip}",
        login=nip,
        nip=nip,
        password_hash=None,
        must_change=False,
        created_at=NOW,
        mail=mail,
        language=language,
    )
    with store.transaction() as tx:
        tx.accounts.add(account)


def kept(store: Store, nip: str = DIAH) -> list[Notification]:
    with store.reading() as tx:
        return list(reversed(tx.notifications.of(nip, 99)))


def said(letter: EmailMessage, kind: str = "plain") -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_letter_says_what_is_and_leads_into_the_service(staffed: Store, tmp_path: Path) -> None:
    with mailbox(tmp_path) as box:
        tell(staffed)
        sent(staffed, settings(box))
        sent(staffed, settings(box))
        (letter,) = box.letters
    (message,) = kept(staffed)
    assert (message.sent_at, message.next_at, message.problem) == (NOW, None, None)
    assert (letter["To"], letter["From"]) == (f"{DIAH}@contoh.go.id", "CMB <cmb@contoh.go.id>")
    assert letter["Subject"] == "[CMB] Formulir menunggu tanda tangan Anda"
    assert said(letter).startswith(
        "Yth. Diah Contohwati, M.Si.,\n\n"
        "Formulir dari Cahya Lestari menunggu tanda tangan Anda sebagai atasan langsung.\n"
        f"https://cmb.example.go.id/pesan/{message.id}\n\n-- \n"
    )
    assert f'<a href="https://cmb.example.go.id/pesan/{message.id}">Buka di layanan</a>' in said(letter, "html")
    assert letter["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_of_message_has_words_in_both_languages_and_no_particulars(
    staffed: Store, tmp_path: Path, language: str
) -> None:
    assert set(INDONESIAN) == set(ENGLISH) == set(Message) == set(ABOUT)
    wants(staffed, DIAH, language=language)
    with mailbox(tmp_path) as box:
        tell(staffed, DIAH, *Message)
        sent(staffed, settings(box))
        letters = box.letters
    words = {"id": INDONESIAN, "en": ENGLISH}[language]
    assert [letter["Subject"] for letter in letters] == [f"[CMB] {words[letter].subject}" for letter in Message]
    greeting = "Yth. " if language == "id" else "Dear "
    for letter in letters:
        assert said(letter).startswith(greeting)
        whole = said(letter) + said(letter, "html")
        assert "{" not in whole
        assert not {CAHYA, DIAH, HERI, "L1-ABC"} & set(whole.replace("@", " ").split())
    last = said(letters[-1])
    assert ("1 Desember 2026 sampai 5 Desember 2026" if language == "id" else "1 December 2026 to 5 December") in last


def test_names_cannot_break_the_page(staffed: Store, tmp_path: Path) -> None:
    with staffed.transaction() as tx:
        tx.employees.upsert([replace(PEOPLE[2], name="<b>Cahya</b>\r\nBcc: x@y.z")])
    with mailbox(tmp_path) as box:
        tell(staffed)
        sent(staffed, settings(box))
        (letter,) = box.letters
    assert "&lt;b&gt;Cahya" in said(letter, "html")
    assert letter["Bcc"] is None


def test_a_digest_is_one_letter_at_seven_and_none_is_none(staffed: Store, tmp_path: Path) -> None:
    wants(staffed, DIAH, mail="daily")
    wants(staffed, HERI, mail="none")
    morning = next_digest(NOW, plain_settings("/x").timezone)
    assert morning.isoformat() == "2026-11-25T07:00:00+07:00"
    with mailbox(tmp_path) as box:
        tell(staffed, DIAH, Message.WAITING, Message.REMINDER)
        tell(staffed, HERI)
        sent(staffed, settings(box))
        assert box.letters == []
        assert [piece.next_at for piece in kept(staffed)] == [morning, morning]
        assert [(piece.next_at, piece.sent_at) for piece in kept(staffed, HERI)] == [(None, None)]
        sent(staffed, settings(box), morning - dt.timedelta(seconds=1))
        sent(staffed, settings(box), morning)
        (letter,) = box.letters
    assert letter["Subject"] == "[CMB] 2 pesan untuk Anda"
    assert said(letter).count("https://cmb.example.go.id/pesan/") == 2
    assert [piece.sent_at for piece in kept(staffed)] == [morning, morning]


def test_a_refusal_for_now_is_tried_again_later_each_time_and_then_given_up(staffed: Store, tmp_path: Path) -> None:
    with mailbox(tmp_path) as box:
        box.refusals[f"{DIAH}@contoh.go.id"] = f"451 try later <{DIAH}@contoh.go.id>"
        tell(staffed)
        tell(staffed, HERI)
        sent(staffed, settings(box))
        (message,) = kept(staffed)
        assert (message.attempts, message.problem) == (1, "451 try later …")
        assert message.next_at == NOW + dt.timedelta(minutes=1)
        assert [letter["To"] for letter in box.letters] == [f"{HERI}@contoh.go.id"]
        waits = []
        while message.next_at is not None:
            at = message.next_at
            sent(staffed, settings(box), at)
            (message,) = kept(staffed)
            waits.append(message.next_at and (message.next_at - at).total_seconds() / 60)
        assert waits == [5, 15, 60, 240, 720, 1440, None]
        assert message.sent_at is None


def test_a_final_refusal_or_an_address_that_is_none_is_not_repeated(staffed: Store, tmp_path: Path) -> None:
    with staffed.transaction() as tx:
        tx.employees.upsert([replace(PEOPLE[1], email="tidak ada")])
    with mailbox(tmp_path) as box:
        box.refusals[f"{DIAH}@contoh.go.id"] = "550 5.1.1 no such user"
        tell(staffed)
        tell(staffed, HERI)
        sent(staffed, settings(box))
    assert [(piece.next_at, piece.problem) for piece in kept(staffed)] == [(None, "550 5.1.1 no such user")]
    assert [(piece.next_at, piece.problem) for piece in kept(staffed, HERI)] == [(None, "ValueError")]


# The server does not count encryption from the first byte as such.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_letters_go_encrypted_and_signed_in(staffed: Store, tmp_path: Path, security: str) -> None:
    (tmp_path / "sandi").write_text(f"{PASSWORD}\n")
    how = {"security": security, "user": USER, "password_file": tmp_path / "sandi"}
    with mailbox(tmp_path, security=security, password=True) as box:
        tell(staffed)
        sent(staffed, settings(box, **how))
        assert len(box.letters) == 1
        tell(staffed, HERI)
        (tmp_path / "sandi").write_text("salah\n")
        with pytest.raises(MailServerUnavailable, match="SMTPAuthenticationError 535"):
            sent(staffed, settings(box, **how))
        with pytest.raises(MailServerUnavailable, match="SSLCertVerificationError"):
            sent(staffed, settings(box, **how | {"ca_file": None}), NOW + dt.timedelta(minutes=5))
    (message,) = kept(staffed, HERI)
    assert (message.attempts, message.next_at) == (0, NOW + dt.timedelta(minutes=10))


def test_a_server_that_is_away_costs_no_letter_an_attempt(staffed: Store, tmp_path: Path) -> None:
    with mailbox(tmp_path) as box:
        configured = settings(box)
    tell(staffed)
    with pytest.raises(MailServerUnavailable):
        sent(staffed, configured)
    (message,) = kept(staffed)
    assert (message.attempts, message.next_at, message.problem) == (0, NOW + dt.timedelta(minutes=5), None)


def test_without_a_mail_server_messages_wait_in_the_service_and_old_ones_are_not_sent_later(
    staffed: Store, tmp_path: Path
) -> None:
    tell(staffed)
    assert not Sender(store=staffed, settings=plain_settings("/x"), clock=lambda: NOW).send_due()
    with mailbox(tmp_path) as box:
        sent(staffed, settings(box), NOW + dt.timedelta(days=8))
        assert box.letters == []
    assert [piece.next_at for piece in kept(staffed)] == [None]


def test_settings_of_mail_are_whole_or_told(tmp_path: Path) -> None:
    environ = {
        "CMB_MAIL_HOST": "surel.example.go.id",
        "CMB_MAIL_FROM": "cmb@example.go.id",
        "CMB_BASE_URL": "https://a/",
    }
    read = read_settings(tmp_path, environ)
    assert read.mail == Mail(
        host="surel.example.go.id",
        port=587,
        security="starttls",
        user="",
        password_file=None,
        sender="cmb@example.go.id",
        ca_file=None,
    )
    assert read.base_url == "https://a"
    (tmp_path / FILE_NAME).write_text(
        '[mail]\nhost = "a"\nport = 25\nfrom = "a@b"\npassword_file = "p"\n[webhooks]\nhosts = ["A"]'
    )
    read = read_settings(tmp_path, {})
    assert read.mail is not None
    assert (read.mail.port, read.mail.password_file) == (25, tmp_path / "p")
    assert (read.base_url, read.webhook_hosts) == ("http://127.0.0.1:8000", {"a"})
    for wrong in ({"CMB_MAIL_SECURITY": "x"}, {"CMB_MAIL_PORT": "x"}, {"CMB_MAIL_FROM": "x"}):
        with pytest.raises(BadInput):
            read_settings(tmp_path, environ | wrong)
    with pytest.raises(BadInput, match="settings_mail_unencrypted"):
        read_settings(tmp_path, environ | {"CMB_MAIL_SECURITY": "none", "CMB_MAIL_USER": "u"})
