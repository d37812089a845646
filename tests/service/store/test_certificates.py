"""Certificates: numbers without gaps, one living one per employee and year, ends that are final."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest

from service.records import CertificateState
from service.store import Store, open_store
from service.store.certificates import Copy
from service.store.errors import RowEnded, UnknownRow
from support.sample_rows import (
    EMPLOYEE,
    NOW,
    STRANGER,
    SUPERVISOR,
    intended,
    issue,
    register,
    reserve,
    reserves,
    reserves_for_one,
    side_by_side,
)

LATER = NOW + dt.timedelta(days=1)


def test_an_intention_is_kept_word_for_word(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        reserved = reserve(tx)
    with store.reading() as tx:
        kept = tx.certificates.find(reserved.number)
        assert kept == intended(1)
        assert kept is not None
        assert str(kept.jp) == "2.40"
        assert list(kept.content) == ["z", "a"]
        assert tx.certificates.intention(EMPLOYEE, 2026) == kept
        assert tx.certificates.living(EMPLOYEE, 2026) is None
        assert list(tx.certificates.intended()) == [kept]


def test_numbers_reserved_by_many_processes_have_no_gaps(database_url: str, tmp_path: Path) -> None:
    urls = (database_url, str(tmp_path / "documents"))
    assert sorted(side_by_side(urls, reserves, times=16)) == list(range(1, 17))


def test_one_person_reserved_by_many_processes_gets_one_certificate(database_url: str, tmp_path: Path) -> None:
    urls = (database_url, str(tmp_path / "documents"))
    with open_store(database_url=urls[0], storage_url=urls[1]) as store:
        register(store)
        assert len(set(side_by_side(urls, reserves_for_one, times=8))) == 1
        with store.reading() as tx:
            assert [certificate.sequence for certificate in tx.certificates.of_year(2026)] == [1]


def test_every_year_has_its_own_series(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        numbers = [reserve(tx, year=2026), reserve(tx, year=2027), reserve(tx, SUPERVISOR, year=2026)]
    assert [(certificate.year, certificate.sequence) for certificate in numbers] == [(2026, 1), (2027, 1), (2026, 2)]


def test_a_number_taken_back_is_given_out_again(store: Store) -> None:
    register(store)
    with suppress(ZeroDivisionError), store.transaction() as tx:
        assert reserve(tx).sequence == 1
        _ = 1 / 0
    with store.transaction() as tx:
        assert reserve(tx).sequence == 1


def test_an_intention_already_there_is_returned_and_uses_no_number(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        first = reserve(tx)
    with store.transaction() as tx:
        assert reserve(tx, basis="b2") == first
        assert reserve(tx, SUPERVISOR).sequence == 2


def test_a_living_certificate_on_the_same_basis_is_returned(store: Store) -> None:
    register(store)
    issued = issue(store)
    with store.transaction() as tx:
        assert reserve(tx, basis="b1") == issued
        assert tx.certificates.intention(EMPLOYEE, 2026) is None


def test_an_issued_certificate_is_found_by_everything_known_of_it(store: Store) -> None:
    register(store)
    issued = issue(store, digest="aa")
    assert (issued.state, issued.digest, issued.issued_at, issued.jp) == (
        CertificateState.ISSUED,
        "aa",
        NOW,
        Decimal("2.40"),
    )
    with store.reading() as tx:
        assert tx.certificates.living(EMPLOYEE, 2026) == issued
        assert tx.certificates.find(issued.number) == issued
        assert tx.certificates.find_by_digest("aa") == issued
        assert list(tx.certificates.of_year(2026)) == [issued]
        assert tx.certificates.intention(EMPLOYEE, 2026) is None
        assert tx.certificates.find_by_digest("bb") is None


def test_issuing_twice_keeps_the_first_bytes(store: Store) -> None:
    register(store)
    issued = issue(store, digest="aa")
    with store.transaction() as tx:
        assert tx.certificates.keep_issued(issued.number, "bb", LATER) == issued


def test_the_old_certificate_lives_until_the_new_one_is_issued(store: Store) -> None:
    register(store)
    old = issue(store, basis="b1", digest="aa")
    with store.transaction() as tx:
        new = reserve(tx, basis="b2")
    with store.reading() as tx:
        assert tx.certificates.living(EMPLOYEE, 2026) == old
        assert tx.certificates.intention(EMPLOYEE, 2026) == new
    with store.transaction() as tx:
        issued = tx.certificates.keep_issued(new.number, "bb", LATER)
    with store.reading() as tx:
        assert tx.certificates.living(EMPLOYEE, 2026) == issued
        ended = tx.certificates.find(old.number)
    assert ended is not None
    assert (ended.state, ended.ended_at, ended.superseded_by) == (CertificateState.SUPERSEDED, LATER, new.number)
    assert ended.digest == "aa"
    assert ended.end_reason == f"Digantikan oleh sertifikat {new.number}."


def test_a_revoked_certificate_stays_revoked_and_its_number_taken(store: Store) -> None:
    register(store)
    issued = issue(store)
    with store.transaction() as tx:
        tx.certificates.end(issued.number, CertificateState.REVOKED, LATER, "Salah hitung.", None)
    with pytest.raises(RowEnded), store.transaction() as tx:
        tx.certificates.end(issued.number, CertificateState.REVOKED, LATER, "Lagi.", None)
    with pytest.raises(RowEnded), store.transaction() as tx:
        tx.certificates.keep_issued(issued.number, "bb", LATER)
    with store.reading() as tx:
        kept = tx.certificates.find(issued.number)
    assert kept is not None
    assert (kept.state, kept.end_reason, kept.ended_at) == (CertificateState.REVOKED, "Salah hitung.", LATER)
    with store.transaction() as tx:
        assert reserve(tx).sequence == 2


def test_an_unknown_number_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.certificates.keep_issued("CMB-0", "aa", NOW)
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.certificates.end("CMB-0", CertificateState.REVOKED, NOW, "x", None)


def test_nobody_unknown_gets_a_certificate_and_no_number_is_used(store: Store) -> None:
    register(store)
    with pytest.raises(UnknownRow), store.transaction() as tx:
        reserve(tx, STRANGER)
    with store.transaction() as tx:
        assert reserve(tx).sequence == 1


def test_an_intention_for_somebody_else_is_not_kept(store: Store) -> None:
    register(store)
    with pytest.raises(ValueError, match="not the one"), store.transaction() as tx:
        tx.certificates.reserve(EMPLOYEE, 2026, lambda sequence: intended(sequence, nip=SUPERVISOR))


def test_copies_follow_each_other_and_only_on_the_newest(store: Store) -> None:
    register(store)
    first = issue(store)
    with store.transaction() as tx:
        other = tx.certificates.keep_issued(reserve(tx, SUPERVISOR).number, "d2", NOW)
    with store.transaction() as tx:
        copies = [Copy(digest=f"{n}" * 64, number=first.number, level="PAdES-B-LTA", made_at=NOW) for n in "cde"]
        assert tx.certificates.keep_copy(copies[0], after=None)
        assert not tx.certificates.keep_copy(copies[1], after=None)
        assert tx.certificates.keep_copy(copies[1], after=copies[0])
        assert not tx.certificates.keep_copy(copies[2], after=copies[0])
    with store.transaction() as tx:
        assert tx.certificates.copies(first.number) == copies[:2]
        assert tx.certificates.copy_of_digest(copies[0].digest) == copies[0]
        assert tx.certificates.copy_of_digest("f" * 64) is None
        assert tx.certificates.newest_copies([first.number, other.number]) == {first.number: copies[1]}
        assert tx.certificates.newest_copies([]) == {}
        living = [(certificate.number, copy.digest) for certificate, copy in tx.certificates.living_copies()]
        assert living == [(first.number, copies[1].digest), (other.number, other.digest)]
        tx.certificates.end(first.number, CertificateState.REVOKED, LATER, "Keliru.", None)
        assert not tx.certificates.keep_copy(copies[2], after=copies[1])
        assert [certificate.number for certificate, _ in tx.certificates.living_copies()] == [other.number]
