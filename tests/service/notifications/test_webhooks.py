"""Events to programs, delivered to a real web server: signed, tried again, and never to where they must not go."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from service.accounts.secrets import make_secret
from service.config import Settings
from service.errors import BadInput
from service.notifications.messages import EVENTS
from service.notifications.webhooks import Courier, require_address, require_events, secret_of
from service.store import Store
from service.store.accounts import Account
from service.store.notifications import Delivery, Webhook
from support.office import HERI, NOW, person, plain_settings


@dataclass(slots=True)
class Receiver:
    """What came in, and what is answered; `slow` seconds later."""

    url: str = ""
    answer: int = 200
    slow: float = 0.0
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    there = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            there.came.append((self.path, dict(self.headers), body))
            time.sleep(there.slow)
            self.send_response(there.answer)
            if there.answer == 302:
                self.send_header("Location", f"{there.url}/lain")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield there
        finally:
            server.shutdown()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    make_secret(tmp_path, secrets.token_bytes)
    return replace(plain_settings(str(tmp_path)), sample=True)


def hook(store: Store, url: str) -> None:
    with store.transaction() as tx:
        tx.employees.upsert([replace(person(HERI, "Heri Contohadi, S.H.", None), roles=("pegawai", "biro_sdm"))])
        account = Account(id="A-1", login="p", nip=HERI, password_hash=None, must_change=False, created_at=NOW)
        tx.accounts.add(account)
        tx.webhooks.add(Webhook(id="W-1", account_id="A-1", url=url, events=EVENTS, created_at=NOW))


def announce(store: Store, number: str = "CMB-1") -> None:
    with store.transaction() as tx:
        tx.webhooks.announce("certificate.issued", {"event": "certificate.issued", "number": number}, NOW)


def deliver(store: Store, settings: Settings, at: dt.datetime = NOW) -> bool:
    return Courier(store=store, settings=settings, clock=lambda: at).deliver_due()


def kept(store: Store) -> list[Delivery]:
    with store.reading() as tx:
        return list(reversed(tx.webhooks.deliveries("W-1", 99)))


def test_an_event_is_posted_once_and_its_signature_can_be_checked(store: Store, settings: Settings) -> None:
    with receiving() as there:
        hook(store, f"{there.url}/terima?a=1")
        announce(store)
        assert deliver(store, settings)
        assert not deliver(store, settings)
        ((path, headers, body),) = there.came
    assert path == "/terima?a=1"
    assert json.loads(body) == {"event": "certificate.issued", "number": "CMB-1"}
    assert (headers["X-CMB-Event"], headers["Content-Type"]) == ("certificate.issued", "application/json")
    assert int(headers["X-CMB-Timestamp"]) == int(NOW.timestamp())
    signed = f"{headers['X-CMB-Timestamp']}.".encode() + body
    secret = secret_of(settings, "W-1")
    assert headers["X-CMB-Signature"] == "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    (delivery,) = kept(store)
    assert (delivery.delivered_at, delivery.next_at, delivery.last_answer, delivery.attempts) == (NOW, None, "200", 1)
    assert headers["X-CMB-Delivery"] == str(delivery.id)


def test_every_webhook_has_a_secret_of_its_own_and_none_is_in_the_database(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    hook(store, "https://a.example.go.id")
    first = secret_of(settings, "W-1")
    assert first == secret_of(settings, "W-1")
    assert len({first, secret_of(settings, "W-2")}) == 2
    assert first.startswith("whsec_")
    assert len(first) == 49
    assert first[6:].encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite3*"))


def test_what_is_not_taken_is_tried_again_later_each_time_and_then_given_up(store: Store, settings: Settings) -> None:
    with receiving() as there:
        there.answer = 503
        hook(store, there.url)
        announce(store)
        at: dt.datetime | None = NOW
        waits = []
        while at is not None:
            deliver(store, settings, at)
            (delivery,) = kept(store)
            waits.append(delivery.next_at and (delivery.next_at - at).total_seconds() / 60)
            at = delivery.next_at
    assert waits == [1, 5, 30, 120, 360, 720, 1440, None]
    assert (delivery.last_answer, delivery.attempts, delivery.delivered_at) == ("503", 8, None)
    assert len(there.came) == 8


def test_redirects_are_not_followed_and_one_bad_address_does_not_keep_the_others(
    store: Store, settings: Settings
) -> None:
    with receiving() as there:
        there.answer = 302
        hook(store, there.url)
        with store.transaction() as tx:
            tx.webhooks.add(
                Webhook(id="W-2", account_id="A-1", url="http://127.0.0.1:1/", events=EVENTS, created_at=NOW)
            )
        announce(store)
        deliver(store, settings)
        assert [path for path, _, _ in there.came] == ["/"]
    with store.reading() as tx:
        (other,) = tx.webhooks.deliveries("W-2", 9)
    assert [kept(store)[0].last_answer, other.last_answer] == ["302", "ConnectionRefusedError"]


def test_a_receiver_that_does_not_answer_in_time_is_cut_off(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.notifications.webhooks._SECONDS", 0.3)
    with receiving() as there:
        there.slow = 1.5
        hook(store, there.url)
        announce(store)
        deliver(store, settings)
        assert kept(store)[0].last_answer == "timeout"


def test_addresses_inside_are_not_told_unless_the_operator_names_them(store: Store, settings: Settings) -> None:
    hook(store, "https://localhost:1/")
    announce(store)
    outside = replace(settings, sample=False)
    deliver(store, outside)
    assert kept(store)[0].last_answer == "address_not_allowed"
    deliver(store, replace(outside, webhook_hosts=frozenset({"localhost"})), NOW + dt.timedelta(minutes=1))
    assert kept(store)[0].last_answer == "ConnectionRefusedError"


@pytest.mark.parametrize("ended", ["account closed", "role taken"])
def test_whoever_may_not_hear_any_more_is_told_nothing_not_even_what_waits(
    store: Store, settings: Settings, ended: str
) -> None:
    with receiving() as there:
        hook(store, there.url)
        announce(store)
        with store.transaction() as tx:
            if ended == "account closed":
                tx.accounts.change("A-1", active=False)
            else:
                tx.employees.set_roles(HERI, ("pegawai",))
        deliver(store, settings)
    assert there.came == []
    (delivery,) = kept(store)
    assert (delivery.last_answer, delivery.next_at) == ("account_not_allowed", None)


def test_only_https_is_taken_but_within_a_sample_office(settings: Settings) -> None:
    real = replace(settings, sample=False)
    require_address("https://a.example.go.id/x", real)
    require_address("http://127.0.0.1:9/x", settings)
    odd = ("https://[a", "https://a]b.example.go.id", "https://a.example.go.id:x", "https://a.example.go.id:70000")
    others = ("http://a.example.go.id", "http://127.0.0.1", "ftp://a", "https://u:p@a.example.go.id", "https://", "")
    for url in odd + others:
        with pytest.raises(BadInput):
            require_address(url, real)
    with pytest.raises(BadInput):
        require_address("http://a.example.go.id", settings)


def test_only_events_there_are_can_be_asked_for() -> None:
    require_events(("certificate.issued",))
    for wrong in ((), ("certificate.lost",)):
        with pytest.raises(BadInput):
            require_events(wrong)
