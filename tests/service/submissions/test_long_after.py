"""A form of 2026, judged again in 2028, 2031, 2036 and 2046: what it was judged by is kept, and what proves its age.

Certificates of its signers end in 2028, the list that said they were not revoked after a week.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from service.identifiers import submission_id
from service.people.enrolment import enrol
from service.records import Existence, Status, Submission, Verification
from service.submissions.intake import Reverified, ingest, reverify
from service.verification.prove import Moment
from signing.demo_authority import IssuedKey
from signing.trust import Trust
from support.lasting import SOURCE, crl, day, root
from support.office import CAHYA, DIAH, FOUNDED, NOW, SIGNERS, ZONE, Office

LATER = (day(2028, 10), day(2031), day(2036), day(2046))
SEALED = Existence(at=NOW + dt.timedelta(hours=20), by="log:2026-11-24")


def signers(*, rsa: bool = False) -> dict[str, IssuedKey]:
    return _signers(rsa)


@cache
def _signers(rsa: bool) -> dict[str, IssuedKey]:
    curve = None if rsa else ec.SECP256R1()
    span = {"begins": FOUNDED, "ends": day(2028, 6), "crl_url": SOURCE, "curve": curve}
    return {nip: root().person(name, **span) for nip, name in ((CAHYA, "Cahya Lestari"), (DIAH, "Diah Contohwati"))}


def moment(at: dt.datetime, *crls: bytes) -> Moment:
    trust = Trust(roots=(root().der,), timestamp_roots=(root().der,), moment=at, crls=crls)
    return Moment(now=at, zone=ZONE, trust=trust)


def handed_in(office: Office, *crls: bytes, rsa: bool = False) -> Submission:
    """A form that was signed and handed in in 2026, judged with these lists."""
    for nip, issued in signers(rsa=rsa).items():
        enrol(nip, issued.pem, store=office.store, now=NOW, actor="uji")
    form = office.filled("coaching")
    for role, nip in SIGNERS["coaching"]:
        form = office.sign(form, role, nip, holder=signers(rsa=rsa)[nip].holder())
    return ingest(
        form,
        "formulir.pdf",
        store=office.store,
        moment=moment(NOW, *crls),
        actor="uji",
        new_id=lambda: submission_id(secrets.token_bytes),
    )


def again(office: Office, sent: Submission, at: dt.datetime, *crls: bytes, existence: Existence | None) -> Reverified:
    return reverify(
        sent.id,
        store=office.store,
        moment=moment(at, *crls),
        actor="uji",
        existence_of=None if existence is None else lambda _submission, _tx: existence,
    )


def codes(verification: Verification) -> set[str]:
    return {reason["code"] for reason in verification.answer["reasons"]}


def indications(verification: Verification) -> list[str]:
    return [str(found["indication"]) for found in verification.answer["signatures"]]


@pytest.fixture
def sent(office: Office) -> Submission:
    return handed_in(office, crl(NOW))


def test_what_a_judgement_rested_on_is_kept_with_it_once(office: Office, sent: Submission) -> None:
    assert sent.status is Status.VERIFIED
    with office.store.reading() as tx:
        (kept,) = tx.verifications.material(sent.id)
        (first,) = tx.verifications.of(sent.id)
    assert (kept.kind, kept.judged_at) == ("crl", first.at)
    assert office.store.document(kept.digest)


@pytest.mark.parametrize("at", LATER, ids=lambda at: str(at.year))
def test_with_a_proof_of_its_age_it_says_what_it_said_and_why(
    office: Office, sent: Submission, at: dt.datetime
) -> None:
    result = again(office, sent, at, existence=SEALED)
    new, before = result.verification, result.before
    assert (new.verdict, codes(new)) == (before.verdict, codes(before)) == ("passed", set())
    assert new.answer["signatures"] == before.answer["signatures"]
    assert new.answer["existence"] == {
        "at": SEALED.at.isoformat(),
        "by": "log:2026-11-24",
        "judged_at": NOW.isoformat(),
    }


@pytest.mark.parametrize("at", LATER, ids=lambda at: str(at.year))
def test_without_one_nobody_can_tell_any_more(office: Office, sent: Submission, at: dt.datetime) -> None:
    new = again(office, sent, at, existence=None).verification
    assert new.verdict != "passed"
    assert set(indications(new)) == {"INDETERMINATE"}
    assert "existence" not in new.answer


def test_a_proof_of_tomorrow_proves_nothing_today(office: Office, sent: Submission) -> None:
    tomorrow = Existence(at=day(2047), by="log:2047-06-01")
    assert again(office, sent, day(2046), existence=tomorrow).verification.verdict != "passed"


def test_a_proof_that_is_younger_than_the_judgement_counts_from_its_own_day_only(
    office: Office, sent: Submission
) -> None:
    """Sealed weeks later: the kept list had ended by then, and nothing shows that the judgement was made before."""
    for at, verdict in ((NOW + dt.timedelta(days=40), {"INDETERMINATE"}), (day(2029), {"INDETERMINATE"})):
        late = Existence(at=at, by="log")
        assert set(indications(again(office, sent, day(2036), existence=late).verification)) == verdict
    current = crl(NOW + dt.timedelta(days=40))
    in_time = Existence(at=NOW + dt.timedelta(days=40), by="log")
    assert again(office, sent, day(2036), current, existence=in_time).verification.verdict == "passed"


def test_what_was_revoked_afterwards_still_counts_and_what_was_revoked_before_does_not(
    office: Office, sent: Submission
) -> None:
    for revoked, passed in ((day(2027), True), (FOUNDED + dt.timedelta(days=1), False)):
        listed = root().revocation_list([(signers()[DIAH], revoked)], at=day(2027, 7))
        new = again(office, sent, day(2036), listed, existence=SEALED).verification
        assert (new.verdict == "passed") is passed
        assert ("revoked" in codes(new)) is not passed


def test_without_the_kept_list_revocation_is_open_not_passed(office: Office, sent: Submission) -> None:
    with office.store.reading() as tx:
        (kept,) = tx.verifications.material(sent.id)
    (path,) = office.settings.home.rglob(kept.digest)
    path.unlink()
    new = again(office, sent, day(2036), existence=SEALED).verification
    assert "revocation_unknown" in codes(new)
    assert new.verdict != "passed"


def test_a_form_judged_without_lists_stays_as_open_as_it_was(office: Office) -> None:
    sent = handed_in(office)
    result = again(office, sent, day(2036), existence=SEALED)
    assert result.verification.verdict == result.before.verdict == "review"
    assert codes(result.verification) == codes(result.before) == {"revocation_unknown"}


def test_changed_bytes_are_not_saved_by_their_age(office: Office) -> None:
    for nip, issued in signers().items():
        enrol(nip, issued.pem, store=office.store, now=NOW, actor="uji")
    form = office.filled("coaching")
    for role, nip in SIGNERS["coaching"]:
        form = office.sign(form, role, nip, holder=signers()[nip].holder())
    place = form.index(b"stream") + 20
    changed = form[:place] + bytes([form[place] ^ 1]) + form[place + 1 :]
    sent = ingest(
        changed,
        "formulir.pdf",
        store=office.store,
        moment=moment(NOW, crl(NOW)),
        actor="uji",
        new_id=lambda: submission_id(secrets.token_bytes),
    )
    assert sent.status is Status.REFUSED
    assert again(office, sent, day(2036), existence=SEALED).verification.verdict == "failed"


@pytest.fixture
def retire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """RSA of 2048 bits and SHA-256 end in 2035."""
    from signing.validation import algorithms, chain

    def ended() -> None:
        monkeypatch.setattr(algorithms, "_RSA", (*algorithms._RSA, (3071, day(2035, 1))))
        monkeypatch.setattr(algorithms, "_DIGESTS", algorithms._DIGESTS | {"sha256": day(2035, 1)})
        monkeypatch.setattr(chain, "ENDS", (*algorithms.ENDS, day(2035, 1)))
        chain._find_chain.cache_clear()

    yield ended
    chain._find_chain.cache_clear()


def test_algorithms_that_were_strong_when_it_provably_existed_still_count(
    office: Office, retire: Callable[[], None]
) -> None:
    sent = handed_in(office, crl(NOW), rsa=True)
    retire()
    new = again(office, sent, day(2046), existence=SEALED).verification
    assert (new.verdict, codes(new)) == ("passed", set())
    alone = again(office, sent, day(2046), existence=None).verification
    assert (alone.verdict, "weak_algorithm" in codes(alone)) == ("failed", True)
    younger = replace(SEALED, at=day(2036))
    assert "weak_algorithm" in codes(again(office, sent, day(2046), existence=younger).verification)
