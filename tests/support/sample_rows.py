"""Values to keep, and people who keep them at the same time from other processes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from decimal import Decimal
from typing import Any, TypeVar

import pytest
import sqlalchemy
from sqlalchemy.exc import DBAPIError

from service.records import ActivityFacts, BlankEntry, Certificate, CertificateState, EmployeeEntry, Enrolment
from service.sandbox.pool import READERS, ready
from service.store import Store, WriteTransaction, migrate, open_store
from service.store.store import for_writing, open_engine

_T = TypeVar("_T")

NOW = dt.datetime(2026, 4, 8, 3, 4, 5, 678901, tzinfo=dt.UTC)
CONTENT = b"%PDF-1.7 sample " * 5000
EMPLOYEE, SUPERVISOR, STRANGER = "199708212020122005", "197503152000031002", "198001012005011001"


def entry(nip: str = EMPLOYEE, **changed: Any) -> EmployeeEntry:
    told: dict[str, Any] = {
        "nip": nip,
        "name": "Contoh Pegawai",
        "position": "Analis",
        "grade": "III/b",
        "unit": "Biro Contoh",
        "supervisor_nip": SUPERVISOR if nip == EMPLOYEE else None,
        "email": "contoh@example.go.id",
    }
    return EmployeeEntry(**told | changed)


def register(store: Store) -> None:
    """An employee and the supervisor, in the awkward order."""
    with store.transaction() as tx:
        tx.employees.upsert([entry(), entry(SUPERVISOR)])


def facts(**changed: Any) -> ActivityFacts:
    told: dict[str, Any] = {
        "employee_nip": EMPLOYEE,
        "kind": "coaching",
        "scope": "nasional",
        "date": dt.date(2026, 4, 7),
        "begins": dt.time(9, 0),
        "ends": dt.time(10, 30),
        "minutes": 90,
        "title": "Menyusun naskah",
        "source": None,
        "pembimbing_name": "Contoh Atasan",
        "serial": "L1-CONTOH",
    }
    return ActivityFacts(**told | changed)


def enrolment(fingerprint: str = "ab" * 32, nip: str = EMPLOYEE) -> Enrolment:
    return Enrolment(fingerprint=fingerprint, nip=nip, subject="CN=Contoh", der=b"\x30\x00\xff", enrolled_at=NOW)


def blank(serial: str = "L1-CONTOH", **changed: Any) -> BlankEntry:
    told: dict[str, Any] = {
        "serial": serial,
        "form_id": "lampiran-i",
        "form_version": 1,
        "kind": "coaching",
        "scope": "nasional",
        "meeting": 1,
        "employee_nip": EMPLOYEE,
        "pembimbing_nip": SUPERVISOR,
        "supervisor_nip": SUPERVISOR,
        "digest": "cd" * 32,
        "prepared_at": NOW,
    }
    return BlankEntry(**told | changed)


def intended(sequence: int, *, nip: str = EMPLOYEE, year: int = 2026, basis: str = "b1") -> Certificate:
    return Certificate(
        number=f"CMB-{year}-{sequence:06d}",
        nip=nip,
        year=year,
        sequence=sequence,
        jp=Decimal("2.40"),
        state=CertificateState.INTENDED,
        content={"z": "kata demi kata", "a": [1, "2.40", None, True]},
        basis=basis,
        digest=None,
        intended_at=NOW,
    )


def reserve(tx: WriteTransaction, nip: str = EMPLOYEE, *, year: int = 2026, basis: str = "b1") -> Certificate:
    def build(sequence: int) -> Certificate:
        return intended(sequence, nip=nip, year=year, basis=basis)

    return tx.certificates.reserve(nip, year, build)


def issue(store: Store, *, basis: str = "b1", digest: str = "d1", at: dt.datetime = NOW) -> Certificate:
    """Reserve and keep as issued, in two transactions as the job does it."""
    with store.transaction() as tx:
        reserved = reserve(tx, basis=basis)
    with store.transaction() as tx:
        return tx.certificates.keep_issued(reserved.number, digest, at)


def refused_by_database(database_url: str, statement: str) -> None:
    """Somebody with a connection of his own tries to change what may only be added to."""
    engine = open_engine(database_url)
    try:
        with pytest.raises(DBAPIError, match="append-only"), for_writing(engine).begin() as connection:
            connection.execute(sqlalchemy.text(statement))
    finally:
        engine.dispose()


def side_by_side(urls: tuple[str, str], act: Callable[[tuple[str, str], int], _T], *, times: int) -> list[_T]:
    """Results of `act(urls, place)` for every place, in four processes that share no connection, lock or thread."""
    with ProcessPoolExecutor(max_workers=4, mp_context=ready(READERS)) as people:
        return list(people.map(act, [urls] * times, range(times)))


def receives(urls: tuple[str, str], place: int) -> tuple[str, bool]:
    """Send the same bytes as everybody else."""
    with open_store(database_url=urls[0], storage_url=urls[1]) as store:
        digest = store.keep_document(b"the same bytes" * 1000)
        with store.transaction() as tx:
            submission, new = tx.submissions.receive(digest, f"{place}.pdf", NOW, f"K-{place}")
    return submission.id, new


def reserves(urls: tuple[str, str], place: int) -> int:
    """Reserve a certificate for another person; every third gives up before the commit and tries again."""
    nip = f"{197001012000011000 + place}"
    with open_store(database_url=urls[0], storage_url=urls[1]) as store:
        with store.transaction() as tx:
            tx.employees.upsert([entry(nip)])
        if place % 3 == 0:
            with suppress(ZeroDivisionError), store.transaction() as tx:
                reserve(tx, nip)
                _ = 1 / 0
        with store.transaction() as tx:
            return reserve(tx, nip).sequence


def reserves_for_one(urls: tuple[str, str], place: int) -> str:
    """Reserve a certificate for the same person as everybody else, and keep it as issued."""
    with open_store(database_url=urls[0], storage_url=urls[1]) as store:
        with store.transaction() as tx:
            reserved = reserve(tx)
        with store.transaction() as tx:
            return tx.certificates.keep_issued(reserved.number, f"d{place}", NOW).digest or ""


def migrates(urls: tuple[str, str], _place: int) -> None:
    migrate(urls[0])
