"""The public is told what the sealed bytes prove: a row, a file or a digest changed by hand is never called valid."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from service.certificates import proof
from service.certificates.check import (
    PublicAnswer,
    State,
    confirm_file,
    confirm_number,
    log_unconfirmed,
    public_json,
    unconfirmed_numbers,
)
from service.certificates.issue import Issued, issue
from service.certificates.lifecycle import revoke
from service.certificates.proof import SealedReadings
from signing.demo_authority import open_authority
from support.office import CAHYA, EKO, FOUNDED, NOW, Office


@pytest.fixture
def issued(office: Office) -> Issued:
    office.approved("coaching")
    return office.issue()


def change(office: Office, statement: str, *values: object) -> None:
    """Change the database as somebody with the connection would."""
    path = office.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


def answers(office: Office, issued: Issued, readings: SealedReadings | None = None) -> list[PublicAnswer]:
    return [
        confirm_number(issued.certificate.number, store=office.store, readings=readings),
        confirm_file(issued.content, store=office.store, readings=readings),
        confirm_file(issued.content + b"\n%", store=office.store, readings=readings),
    ]


def stored(office: Office, digest: str | None) -> Path:
    (path,) = office.settings.home.rglob(str(digest))
    return path


def require_unconfirmed(office: Office, issued: Issued, readings: SealedReadings) -> None:
    for answer in answers(office, issued, readings):
        assert answer.state is State.UNCONFIRMED
        assert answer.certificate is None
        shown = public_json(answer)
        assert (shown["number"], shown["jp"], shown["holder"]) == (issued.certificate.number, None, None)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("jp", "19"),
        ("year", 2024),
        ("nip", EKO),
        ("issued_at", "2025-01-01 00:00:00.000000"),
        ("ended_at", "2025-01-01 00:00:00.000000"),
        ("end_reason", "Lain."),
        ("state", "revoked"),
        ("state", "superseded"),
        ("digest", "0" * 64),
    ],
)
def test_a_row_changed_by_hand_is_not_confirmed(office: Office, issued: Issued, column: str, value: object) -> None:
    readings = SealedReadings()
    assert [answer.state for answer in answers(office, issued, readings)] == [State.VALID, State.VALID, State.ALTERED]
    change(office, f"UPDATE certificates SET {column} = ?", value)  # noqa: S608 - of the table above
    require_unconfirmed(office, issued, readings)


@pytest.mark.parametrize("name", ["name", "total_jp", "issued_on", "nip", "unit", "official_name"])
def test_kept_content_changed_by_hand_is_not_confirmed(office: Office, issued: Issued, name: str) -> None:
    content = dict(issued.certificate.content) | {name: "Lain"}
    change(office, "UPDATE certificates SET content = ?", json.dumps(content))
    require_unconfirmed(office, issued, SealedReadings())


def test_a_row_that_is_gone_or_has_another_number_is_not_confirmed(office: Office, issued: Issued) -> None:
    other = issued.certificate.number[:-8] + "AAAAAAAA"
    change(office, "UPDATE certificates SET number = ?", other)
    assert confirm_number(issued.certificate.number, store=office.store).state is State.UNCONFIRMED
    assert confirm_number(other, store=office.store).state is State.UNCONFIRMED
    change(office, "DELETE FROM certificates")
    assert confirm_file(issued.content, store=office.store).state is State.UNCONFIRMED


def test_a_revocation_taken_back_by_hand_is_not_confirmed(office: Office, issued: Issued) -> None:
    number = issued.certificate.number
    revoke(number, "Nama keliru.", store=office.store, now=NOW, actor="biro")
    assert confirm_number(number, store=office.store).state is State.REVOKED
    change(office, "UPDATE certificates SET end_reason = 'Lain.'")
    assert confirm_number(number, store=office.store).state is State.UNCONFIRMED
    change(office, "UPDATE certificates SET state = 'issued', ended_at = NULL, end_reason = NULL")
    require_unconfirmed(office, issued, SealedReadings())


def test_a_file_that_is_damaged_or_gone_is_not_confirmed(office: Office, issued: Issued) -> None:
    readings, path = SealedReadings(), stored(office, issued.certificate.digest)
    assert answers(office, issued, readings)[0].state is State.VALID
    path.write_bytes(issued.content + b" ")
    require_unconfirmed(office, issued, readings)
    path.unlink()
    require_unconfirmed(office, issued, readings)
    assert confirm_number(issued.certificate.number, store=office.store).differs == ("document_missing",)
    path.write_bytes(issued.content)
    assert answers(office, issued, readings)[0].state is State.VALID


def test_the_digest_of_another_file_of_ours_is_not_confirmed(office: Office, issued: Issued) -> None:
    office.approved("mentoring", tanggal="20 Mei 2025")
    newer = office.issue()
    change(office, "UPDATE certificates SET digest = 'x' WHERE number = ?", issued.certificate.number)
    change(
        office,
        "UPDATE certificates SET digest = ? WHERE number = ?",
        issued.certificate.digest,
        newer.certificate.number,
    )
    for number in (issued.certificate.number, newer.certificate.number):
        assert confirm_number(number, store=office.store).state is State.UNCONFIRMED
    assert confirm_file(issued.content, store=office.store).state is State.UNCONFIRMED


def test_a_superseded_one_stays_confirmed_and_its_end_is_compared(office: Office, issued: Issued) -> None:
    office.approved("mentoring", tanggal="20 Mei 2025")
    office.issue()
    number = issued.certificate.number
    assert confirm_number(number, store=office.store).state is State.SUPERSEDED
    change(office, "UPDATE certificates SET ended_at = '2025-01-01 00:00:00.000000' WHERE number = ?", number)
    assert confirm_number(number, store=office.store).state is State.UNCONFIRMED


def test_what_a_replaced_key_of_another_authority_sealed_stays_confirmed(office: Office, issued: Issued) -> None:
    authority = open_authority("Akar Baru", now=FOUNDED, randomness=secrets.token_bytes, curve=ec.SECP256R1())
    renewed = authority.seal("Segel Baru", ends=NOW + dt.timedelta(days=730)).holder()
    office.approved("mentoring", tanggal="20 Mei 2025")
    newer = issue(
        CAHYA,
        2025,
        store=office.store,
        issue_context=replace(office.issue_context(), holder=renewed),
        now=NOW,
        randomness=secrets.token_bytes,
        actor="biro",
    )
    with office.store.reading() as tx:
        assert len(tx.certificates.seals()) == 2
    assert confirm_file(newer.content, store=office.store).state is State.VALID
    assert confirm_file(issued.content, store=office.store).state is State.SUPERSEDED


def test_a_seal_of_a_key_we_never_used_is_not_confirmed_but_what_was_sealed_before_keys_were_kept_is(
    office: Office, issued: Issued
) -> None:
    number = issued.certificate.number
    change(office, "UPDATE seals SET fingerprint = 'other'")
    assert confirm_number(number, store=office.store).differs == ("seal",)
    change(office, "UPDATE seals SET first_used_at = '2027-01-01 00:00:00.000000'")
    assert confirm_number(number, store=office.store).state is State.VALID
    change(office, "DELETE FROM seals")
    assert confirm_number(number, store=office.store).state is State.VALID


def test_the_same_bytes_are_inspected_once(office: Office, issued: Issued, monkeypatch: pytest.MonkeyPatch) -> None:
    read, readings, times = proof.read_sealed, SealedReadings(), []

    def counted(content: bytes, **named: object) -> proof.Sealed:
        times.append(len(content))
        return read(content, **named)  # type: ignore[arg-type] # handed on as they came

    monkeypatch.setattr(proof, "read_sealed", counted)
    for _ in range(3):
        assert confirm_number(issued.certificate.number, store=office.store, readings=readings).state is State.VALID
    assert len(times) == 1


def test_operations_are_told_once_a_day_and_number(office: Office, issued: Issued) -> None:
    number, store = issued.certificate.number, office.store
    assert unconfirmed_numbers(store=store, since=NOW, newest=20) == []
    change(office, "UPDATE certificates SET jp = '19'")
    for hours in (0, 1, 2, 24):
        answer = confirm_number(number, store=store)
        now = NOW + dt.timedelta(hours=hours)
        log_unconfirmed(answer, store=store, settings=office.settings, now=now, actor="cmb:check")
    with store.reading() as tx:
        logged = tx.events.of_actions(number, ("certificate.unconfirmed",))
    assert [dict(event.detail) for event in logged] == [{"differs": ["total_jp"]}] * 2
    assert unconfirmed_numbers(store=store, since=NOW, newest=20) == [number]
