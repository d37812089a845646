"""Messages to people and to programs in the store: told once, due, taken by one sender at a time, never lost."""

from __future__ import annotations

import datetime as dt

from service.store import Store
from service.store.accounts import Account
from service.store.notifications import Webhook
from support.sample_rows import EMPLOYEE, NOW, STRANGER, SUPERVISOR, register

LATER = NOW + dt.timedelta(minutes=5)


def account(nip: str | None = EMPLOYEE, **changed: str) -> Account:
    return Account(
        id=f"A-{nip}", login=f"u{nip}", nip=nip, password_hash=None, must_change=False, created_at=NOW, **changed
    )


def told(store: Store, once: str = "x", nip: str = EMPLOYEE) -> bool:
    with store.transaction() as tx:
        return tx.notifications.add(nip, "waiting", {"serial": "L1", "n": 1}, once=once, at=NOW)


def taken(store: Store, at: dt.datetime = NOW) -> list[int]:
    with store.transaction() as tx:
        return [due.notification.id for due in tx.notifications.take_due(at, 9, at + dt.timedelta(minutes=5))]


def test_the_same_thing_is_told_once_and_nothing_to_strangers(store: Store) -> None:
    register(store)
    assert told(store)
    assert not told(store)
    assert told(store, "y")
    assert not told(store, "z", STRANGER)
    with store.reading() as tx:
        newest, first = tx.notifications.of(EMPLOYEE, 9)
        assert [message.id for message in tx.notifications.of(EMPLOYEE, 9, newest.id)] == [first.id]
    assert (first.kind, first.about, first.created_at, first.sent_at) == (
        "waiting",
        {"serial": "L1", "n": 1},
        NOW,
        None,
    )


def test_people_mark_their_own_messages_read(store: Store) -> None:
    register(store)
    for once in "abc":
        told(store, once)
    told(store, "d", SUPERVISOR)
    with store.transaction() as tx:
        first = tx.notifications.of(EMPLOYEE, 9)[-1].id
        assert tx.notifications.mark_read(SUPERVISOR, NOW, [first]) == 0
        assert tx.notifications.mark_read(EMPLOYEE, NOW, [first]) == 1
        assert tx.notifications.unread(EMPLOYEE) == 2
        assert tx.notifications.mark_read(EMPLOYEE, LATER) == 2
        assert tx.notifications.of(EMPLOYEE, 9)[-1].read_at == NOW
        assert tx.notifications.unread(SUPERVISOR) == 1


def test_due_messages_come_with_how_their_reader_wants_them(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        tx.accounts.add(account(language="en", mail="daily"))
    told(store)
    told(store, "y", SUPERVISOR)
    with store.transaction() as tx:
        mine, other = tx.notifications.take_due(NOW, 9, LATER)
    assert (mine.email, mine.language, mine.mail) == ("contoh@example.go.id", "en", "daily")
    assert (other.language, other.mail) == ("id", "each")


def test_a_due_message_is_one_senders_until_that_one_is_late(store: Store) -> None:
    register(store)
    told(store)
    (first,) = taken(store)
    assert taken(store) == []
    assert taken(store, LATER) == [first]


def test_what_was_sent_put_off_or_given_up_is_remembered(store: Store) -> None:
    register(store)
    for once in "abcd":
        told(store, once)
    sent, off, again, never = taken(store)
    with store.transaction() as tx:
        tx.notifications.mark_sent([sent], NOW)
        tx.notifications.put_off([off], LATER)
        tx.notifications.mark_not_sent([again], "550 5.1.1", LATER)
        tx.notifications.mark_not_sent([never], None, None)
        assert tx.notifications.unsent() == 2
        kept = {message.id: message for message in tx.notifications.of(EMPLOYEE, 9)}
    assert (kept[sent].sent_at, kept[sent].next_at) == (NOW, None)
    assert (kept[off].next_at, kept[off].attempts) == (LATER, 0)
    assert (kept[again].next_at, kept[again].attempts, kept[again].problem) == (LATER, 1, "550 5.1.1")
    assert (kept[never].next_at, kept[never].sent_at) == (None, None)
    assert taken(store) == []
    assert taken(store, LATER) == [off, again]


def hooked(store: Store, webhook_id: str = "W-1", *events: str) -> None:
    with store.transaction() as tx:
        if tx.accounts.get("A-None") is None:
            tx.accounts.add(account(None))
        tx.webhooks.add(
            Webhook(
                id=webhook_id,
                account_id="A-None",
                url="https://a.example.go.id/x",
                events=events or ("certificate.issued",),
                created_at=NOW,
            )
        )


def test_an_event_goes_to_every_address_that_wants_it(store: Store) -> None:
    hooked(store)
    hooked(store, "W-2", "certificate.issued", "certificate.revoked")
    hooked(store, "W-3", "submission.verified")
    with store.transaction() as tx:
        assert tx.webhooks.announce("certificate.issued", {"number": "CMB-1"}, NOW) == 2
        assert tx.webhooks.announce("submission.rejected", {}, NOW) == 0
    with store.transaction() as tx:
        due = tx.webhooks.take_due(NOW, 9, LATER)
        assert [(hook.id, delivery.event, delivery.body) for hook, delivery in due] == [
            ("W-1", "certificate.issued", {"number": "CMB-1"}),
            ("W-2", "certificate.issued", {"number": "CMB-1"}),
        ]
        assert tx.webhooks.take_due(NOW, 9, LATER) == []
        assert len(tx.webhooks.take_due(LATER, 9, LATER + (LATER - NOW))) == 2
        assert [webhook.id for webhook in tx.webhooks.of_account("A-None")] == ["W-1", "W-2", "W-3"]


def test_deliveries_keep_what_was_last_answered(store: Store) -> None:
    hooked(store)
    with store.transaction() as tx:
        for number in range(3):
            tx.webhooks.announce("certificate.issued", {"n": number}, NOW)
        (_, first), (_, second), (_, third) = tx.webhooks.take_due(NOW, 9, LATER)
        tx.webhooks.mark_delivered(first.id, NOW, "200")
        tx.webhooks.mark_not_delivered(second.id, "503", LATER)
        tx.webhooks.mark_not_delivered(third.id, "410", None)
    with store.reading() as tx:
        kept = {delivery.id: delivery for delivery in tx.webhooks.deliveries("W-1", 9)}
        assert list(kept) == [third.id, second.id, first.id]
        assert [delivery.id for delivery in tx.webhooks.deliveries("W-1", 9, second.id)] == [first.id]
    assert (kept[first.id].delivered_at, kept[first.id].next_at, kept[first.id].last_answer) == (NOW, None, "200")
    assert (kept[second.id].next_at, kept[second.id].attempts, kept[second.id].last_answer) == (LATER, 1, "503")
    assert (kept[third.id].next_at, kept[third.id].delivered_at) == (None, None)


def test_an_address_that_was_ended_hears_nothing_more(store: Store) -> None:
    hooked(store)
    with store.transaction() as tx:
        tx.webhooks.announce("certificate.issued", {}, NOW)
        assert tx.webhooks.end("W-1", NOW)
        assert not tx.webhooks.end("W-1", LATER)
        assert tx.webhooks.announce("certificate.issued", {}, NOW) == 0
        assert tx.webhooks.take_due(LATER, 9, LATER) == []
        kept = tx.webhooks.get("W-1")
    assert kept is not None
    assert kept.ended_at == NOW
