"""Messages to people and events for programs, written in the transaction of what they report."""

from __future__ import annotations

import datetime as dt
import secrets
from contextlib import suppress

import pytest

from forms.schema import Role
from service.certificates.lifecycle import revoke
from service.notifications.messages import (
    EVENTS,
    notify_behind,
    notify_delegated,
    notify_recap_due,
    notify_reminder,
    notify_returned,
    notify_waiting,
)
from service.store import Store
from service.store.accounts import Account
from service.store.notifications import Webhook
from service.submissions.decisions import approve, reject
from support.office import CAHYA, DIAH, HERI, NOW, Office, open_office, plain_settings


@pytest.fixture
def office(store: Store) -> Office:
    """An office with a program that wants to hear everything."""
    opened = open_office(store, plain_settings("/tidak/ada"))
    with store.transaction() as tx:
        account = Account(id="A-1", login="program", nip=None, password_hash=None, must_change=False, created_at=NOW)
        tx.accounts.add(account)
        tx.webhooks.add(
            Webhook(id="W-1", account_id="A-1", url="https://a.example.go.id", events=EVENTS, created_at=NOW)
        )
    return opened


def messages_of(office: Office, nip: str = CAHYA) -> list[tuple[str, dict[str, object]]]:
    with office.store.reading() as tx:
        return [(message.kind, dict(message.about)) for message in reversed(tx.notifications.of(nip, 99))]


def announced(office: Office) -> list[tuple[str, dict[str, object]]]:
    with office.store.reading() as tx:
        return [(delivery.event, dict(delivery.body)) for delivery in reversed(tx.webhooks.deliveries("W-1", 99))]


def test_the_way_of_a_form_to_its_certificate_is_told_step_by_step(office: Office) -> None:
    submission = office.approved()
    office.submit(office.store.document(submission.digest))
    certificate = office.issue().certificate
    office.issue()
    revoke(certificate.number, "Salah data.", store=office.store, now=NOW, actor="biro")
    ours, its = {"submission": submission.id}, {"number": certificate.number, "year": 2025}
    assert messages_of(office) == [("verified", ours), ("approved", ours), ("certificate", its), ("revoked", its)]
    at = {"at": NOW.isoformat()}
    assert announced(office) == [
        (event, {"event": event, **at, **about})
        for event, about in [
            ("submission.verified", ours),
            ("submission.approved", ours),
            ("certificate.issued", its),
            ("certificate.revoked", its),
        ]
    ]


def test_a_refusal_and_a_rejection_are_told_and_a_review_only_to_programs(office: Office) -> None:
    refused = office.submit(office.signed(signers=[(Role.PEGAWAI, CAHYA)], tanggal="3 Maret 2025"))
    rejected = office.submit(office.signed())
    reject(rejected.id, "Kegiatan ini tidak ada.", store=office.store, now=NOW, actor="biro")
    assert [kind for kind, _ in messages_of(office)] == ["refused", "verified", "rejected"]
    assert messages_of(office)[0][1] == {"submission": refused.id}
    assert [event for event, _ in announced(office)][-1] == "submission.rejected"


def test_what_is_rolled_back_is_not_messages_of(office: Office) -> None:
    submission = office.submit(office.signed())
    with suppress(ZeroDivisionError), office.store.transaction() as tx:
        notify_returned(tx, employee_nip=CAHYA, serial="L1", by_nip=DIAH, revision=1, now=NOW)
        _ = 1 / 0
    approve(submission.id, store=office.store, now=NOW, actor="biro")
    approve(submission.id, store=office.store, now=NOW, actor="biro")
    assert [kind for kind, _ in messages_of(office)] == ["verified", "approved"]


def test_whose_turn_it_is_is_told_once_for_each_way_of_the_form_and_reminded_once_a_day(office: Office) -> None:
    day = dt.date(2026, 11, 24)
    with office.store.transaction() as tx:
        for revision in (1, 1, 2):
            notify_waiting(tx, nip=DIAH, serial="L1", role="atasan", employee_nip=CAHYA, revision=revision, now=NOW)
        for passed in (0, 0, 1):
            today = day + dt.timedelta(days=passed)
            notify_reminder(tx, nip=DIAH, serial="L1", role="atasan", employee_nip=CAHYA, day=today, now=NOW)
    assert [kind for kind, _ in messages_of(office, DIAH)] == ["waiting"] * 2 + ["reminder"] * 2
    assert messages_of(office, DIAH)[0][1] == {"serial": "L1", "role": "atasan", "employee_nip": CAHYA}


def test_the_other_occasions_are_told_once_each(office: Office) -> None:
    day = dt.date(2026, 12, 1)
    delegation = secrets.token_hex(4)
    with office.store.transaction() as tx:
        for _ in range(2):
            notify_behind(tx, nip=CAHYA, year=2026, period="2026-2", now=NOW)
            notify_recap_due(tx, nip=CAHYA, unit="Biro", quarter="2026-Q3", now=NOW)
            notify_delegated(tx, to_nip=CAHYA, from_nip=HERI, delegation=delegation, starts=day, ends=day, now=NOW)
    assert messages_of(office) == [
        ("behind", {"year": 2026, "period": "2026-2"}),
        ("recap_due", {"unit": "Biro", "quarter": "2026-Q3"}),
        ("delegated", {"from_nip": HERI, "starts": "2026-12-01", "ends": "2026-12-01"}),
    ]
