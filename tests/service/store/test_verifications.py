"""Judgements of kept files: beside each other, in order, and impossible to change through the database."""

from __future__ import annotations

import datetime as dt

import pytest

from service.records import Verification
from service.store import Store
from service.store.errors import UnknownRow
from support.sample_rows import NOW, refused_by_database


def judged(number: int = 0, submission: str = "K-1") -> Verification:
    at = NOW + dt.timedelta(days=number)
    answer = {"verdict": "review", "n": number}
    return Verification(submission_id=submission, at=at, policy="cmb-verify-1", verdict="review", answer=answer)


def kept(store: Store) -> None:
    with store.transaction() as tx:
        tx.submissions.receive("ab" * 32, "a.pdf", NOW, "K-1")
        tx.verifications.append(judged())


def test_judgements_stand_beside_each_other_oldest_first(store: Store) -> None:
    kept(store)
    with store.transaction() as tx:
        tx.verifications.append(judged(2))
        tx.verifications.append(judged(1))
    with store.reading() as tx:
        assert tx.verifications.of("K-1") == [judged(), judged(2), judged(1)]
        assert tx.verifications.of("K-2") == []


def test_a_judgement_is_of_a_submission_we_have(store: Store) -> None:
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.verifications.append(judged(submission="K-9"))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE verifications SET verdict = 'passed'", "DELETE FROM verifications WHERE submission_id = 'K-1'"],
)
def test_nobody_changes_or_deletes_a_judgement(store: Store, database_url: str, statement: str) -> None:
    kept(store)
    refused_by_database(database_url, statement)
    with store.reading() as tx:
        assert tx.verifications.of("K-1") == [judged()]


def test_nobody_replaces_or_empties_the_judgements(store: Store, database_url: str) -> None:
    kept(store)
    if database_url.startswith("sqlite"):
        refused_by_database(
            database_url,
            "INSERT OR REPLACE INTO verifications (id, submission_id, at, policy, verdict, answer) "
            "SELECT id, submission_id, at, policy, 'passed', answer FROM verifications",
        )
    else:
        refused_by_database(database_url, "TRUNCATE verifications")
    with store.reading() as tx:
        assert tx.verifications.of("K-1") == [judged()]


def test_what_a_judgement_rested_on_is_kept_in_order(store: Store) -> None:
    kept(store)
    with store.transaction() as tx:
        tx.verifications.keep_material("K-1", NOW, {"crl": ["cd" * 32], "ocsp": ["ef" * 32]})
        tx.verifications.keep_material("K-1", NOW + dt.timedelta(days=1), {"crl": [], "ocsp": []})
    with store.reading() as tx:
        assert [(one.kind, one.digest, one.judged_at) for one in tx.verifications.material("K-1")] == [
            ("crl", "cd" * 32, NOW),
            ("ocsp", "ef" * 32, NOW),
        ]
        assert tx.verifications.material("K-2") == []
