"""A kept file judged again later: a new judgement beside the old one, never instead of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from service.errors import BadInput
from service.records import Status
from service.store import Store
from service.submissions.intake import reverify
from service.verification.policy import CURRENT, POLICIES, policy_of
from service.verification.prove import Moment
from signing.certificates import read_certificate
from support.office import CAHYA, NOW, Office, keys, open_office, plain_settings

LATER = NOW + dt.timedelta(days=800)


@pytest.fixture
def office(store: Store) -> Office:
    return open_office(store, plain_settings("/tidak/ada"))


def later(office: Office) -> Moment:
    moment = office.moment
    return replace(moment, now=LATER, trust=replace(moment.trust, moment=LATER))


def test_the_first_judgement_is_kept_with_the_submission(office: Office) -> None:
    submission = office.submit(office.signed())
    office.submit(office.store.document(submission.digest))
    with office.store.reading() as tx:
        (first,) = tx.verifications.of(submission.id)
    assert (first.at, first.policy, first.verdict) == (NOW, CURRENT.id, "passed")
    assert first.answer == submission.answer
    assert first.answer["policy"]["id"] == CURRENT.id


def test_a_later_judgement_stands_beside_the_first_and_changes_nothing_else(office: Office) -> None:
    submission = office.submit(office.signed())
    with office.store.transaction() as tx:
        tx.signers.end(read_certificate(keys().people[CAHYA].pem).fingerprint, NOW - dt.timedelta(days=1))
    made = reverify(submission.id, store=office.store, moment=office.moment, actor="biro")
    with office.store.reading() as tx:
        first, second = tx.verifications.of(submission.id)
        assert tx.submissions.get(submission.id) == submission
        assert tx.events.list(submission.id)[0].detail == {
            "verdict": second.verdict,
            "before": "passed",
            "policy": CURRENT.id,
        }
    assert first.answer == submission.answer
    assert submission.status is Status.VERIFIED
    assert second == made.verification
    assert (made.number, made.before, second.verdict) == (2, first, "review")
    assert [reason["code"] for reason in second.answer["reasons"]] == ["unknown_signer"]


def test_a_file_is_not_its_own_duplicate(office: Office) -> None:
    signed = office.signed()
    submission = office.submit(signed)
    assert office.codes(signed) == []
    assert (
        reverify(submission.id, store=office.store, moment=office.moment, actor="biro").verification.verdict == "passed"
    )


def test_signatures_without_a_time_stamp_are_not_sound_for_ever(office: Office) -> None:
    submission = office.submit(office.signed())
    made = reverify(submission.id, store=office.store, moment=later(office), actor="biro")
    assert made.verification.at == LATER
    assert {reason["code"] for reason in made.verification.answer["reasons"]} == {"expired"}


def test_what_was_never_sent_is_not_judged_again(office: Office) -> None:
    with pytest.raises(BadInput, match="submission_unknown"):
        reverify("K-0000000000", store=office.store, moment=office.moment, actor="biro")
    with office.store.transaction() as tx:
        tx.submissions.receive(office.store.keep_document(b"%PDF-1.7"), "a.pdf", NOW, "K-1")
    with pytest.raises(BadInput, match="submission_unfinished"):
        reverify("K-1", store=office.store, moment=office.moment, actor="biro")


def test_policies_are_told_apart_by_name_and_version() -> None:
    assert len({policy.id for policy in POLICIES}) == len(POLICIES)
    assert policy_of(CURRENT.id) is CURRENT
    assert all(policy.text.endswith(".") for policy in POLICIES)
