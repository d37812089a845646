"""Renewing as long work: asked for by people and once a year by the worker; who is left out is told why."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.certificates.issue import Issued
from service.jobs.renew import YearlyRenewals
from service.records import TrustRoot
from service.store import Store
from support.lasting import Lasting, clock_of, crl, day, root
from support.office import NOW
from support.stamping_server import stamping_server
from support.worker import WorkerOffice, open_worker_office

NEXT_YEAR = day(2027)


@pytest.fixture
def shift(store: Store, database_url: str, tmp_path: Path) -> Iterator[WorkerOffice]:
    opened = open_worker_office(store, database_url, tmp_path)
    with store.transaction() as tx:
        for use in ("signing", "timestamping"):
            tx.trust.add(
                TrustRoot(fingerprint="cd" * 32, use=use, subject="CN=Akar Panjang", der=root().der, added_at=NOW)
            )
    (tmp_path / "crl").mkdir()
    (tmp_path / "crl" / "akar.crl").write_bytes(crl(NEXT_YEAR))
    with stamping_server(clock_of(NEXT_YEAR).holder(), NEXT_YEAR) as address:
        settings = replace(opened.office.settings, timestamp_url=address)
        yield WorkerOffice(office=replace(opened.office, settings=settings))


@pytest.fixture
def issued(shift: WorkerOffice) -> Issued:
    return Lasting(office=shift.office).issue()


def renewals(shift: WorkerOffice, at: dt.datetime) -> YearlyRenewals:
    return YearlyRenewals(shift.store, shift.office.settings, lambda: at, secrets.token_bytes)


def kinds(shift: WorkerOffice) -> list[str]:
    with shift.store.reading() as tx:
        return [batch.asked_by for batch in tx.batches.list(9, kind="renew")]


def test_what_waits_is_renewed_as_a_batch_once(shift: WorkerOffice, issued: Issued) -> None:
    batch_id = shift.request_batch("renew", {"numbers": [issued.certificate.number]})
    shift.run(clock=lambda: NEXT_YEAR)
    (item,) = shift.items(batch_id)
    answer = item.answer or {}
    assert (item.outcome, answer["level"]) == ("renewed", "PAdES-B-LTA")
    with shift.store.reading() as tx:
        newest = tx.certificates.copies(issued.certificate.number)[-1]
        (event,) = tx.events.of_actions(issued.certificate.number, ("certificate.renewed",))
    assert shift.store.document(newest.digest).startswith(issued.content)
    assert (answer["sha256"], event.actor, event.detail["before"]) == (
        newest.digest,
        "biro",
        issued.certificate.digest,
    )
    again = shift.request_batch("renew", {"numbers": [issued.certificate.number]})
    shift.run(clock=lambda: NEXT_YEAR)
    assert set(shift.outcomes(again).values()) == {"unchanged"}


def test_who_cannot_be_renewed_is_left_out_with_the_reason(shift: WorkerOffice, issued: Issued) -> None:
    for path in (shift.office.settings.home / "crl").iterdir():
        path.unlink()
    numbers = [issued.certificate.number, "CMB-2025-000009-AAAAAAAA"]
    batch_id = shift.request_batch("renew", {"numbers": numbers})
    shift.run(clock=lambda: NEXT_YEAR)
    wordings = [(item.answer or {})["reasons"][0]["wording"] for item in shift.items(batch_id)]
    assert set(shift.outcomes(batch_id).values()) == {"not_renewed"}
    assert wordings == ["certificate_not_renewed.no_revocation_data", "renewal_unknown"]


def test_a_new_year_is_asked_for_once_by_a_worker(shift: WorkerOffice, issued: Issued) -> None:
    assert not renewals(shift, dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC)).ask_due()
    worker = renewals(shift, NEXT_YEAR)
    assert worker.ask_due()
    assert not worker.ask_due()
    assert not renewals(shift, NEXT_YEAR + dt.timedelta(days=1)).ask_due()
    assert kinds(shift) == ["cmb:worker"]
    assert issued.new


def test_without_an_authority_nothing_is_asked_for(shift: WorkerOffice, issued: Issued) -> None:
    office = replace(shift.office, settings=replace(shift.office.settings, timestamp_url=None))
    assert not renewals(WorkerOffice(office=office), NEXT_YEAR).ask_due()
    assert kinds(shift) == []
    assert issued.new
