"""What a person revoked stays revoked, until a person decides with a reason to issue it again."""

from __future__ import annotations

import datetime as dt

import pytest

from service.certificates.issue import Reissue, StillRevoked
from service.certificates.lifecycle import Prospect, preview_issue, reissues_of, revoke
from service.errors import BadInput, NotGranted
from service.language import Reader, words
from service.records import CertificateState
from support.office import CAHYA, NOW, Office


def revoked(office: Office) -> str:
    number = office.issue().certificate.number
    revoke(number, "Nama keliru.", store=office.store, now=NOW, actor="biro")
    return number


def states(office: Office) -> list[CertificateState]:
    with office.store.reading() as tx:
        return [certificate.state for certificate in tx.certificates.of_year(2025)]


def decide(number: str) -> Reissue:
    return Reissue(number=number, reason="Nama sudah diperbaiki.")


@pytest.fixture(autouse=True)
def _approved(office: Office) -> None:
    office.approved("coaching")


def test_the_refusal_names_number_day_and_reason(office: Office) -> None:
    number = revoked(office)
    with pytest.raises(StillRevoked) as refused:
        office.issue()
    said = f"Sertifikat {number} dicabut pada 24 November 2026, dengan alasan: Nama keliru."
    assert words(refused.value, Reader()) == said
    assert states(office) == [CertificateState.REVOKED]


def test_other_activities_since_need_a_persons_word_too(office: Office) -> None:
    number = revoked(office)
    office.approved("mentoring", tanggal="20 Mei 2025")
    with pytest.raises(StillRevoked):
        office.issue()
    again = office.issue(reissue=decide(number))
    assert (again.certificate.jp, again.certificate.reissues) == (4, number)


def test_a_decision_is_carried_out_once_and_logged_with_number_and_reason(office: Office) -> None:
    number = revoked(office)
    again, same = office.issue(reissue=decide(number)), office.issue(reissue=decide(number))
    assert (again.new, same.new) == (True, False)
    assert again.content == same.content == office.issue().content
    with office.store.reading() as tx:
        logged = [event for event in tx.events.list(again.certificate.number) if event.action == "certificate.reissued"]
    assert [dict(event.detail) for event in logged] == [{"reissues": number, "reason": "Nama sudah diperbaiki."}]


def test_a_second_revocation_needs_a_decision_about_the_second_number(office: Office) -> None:
    first = revoked(office)
    second = office.issue(reissue=decide(first)).certificate.number
    revoke(second, "Lagi.", store=office.store, now=NOW, actor="biro")
    for decision in (None, decide(first)):
        with pytest.raises(StillRevoked, match=second):
            office.issue(reissue=decision)
    assert office.issue(reissue=decide(second)).new


def test_a_run_killed_after_the_decision_is_finished_without_repeating_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = revoked(office)
    with monkeypatch.context() as patch:
        patch.setattr("service.certificates.issue.seal", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            office.issue(reissue=decide(number))
    assert office.issue().certificate.reissues == number
    assert states(office) == [CertificateState.REVOKED, CertificateState.ISSUED]


def test_an_intention_of_before_the_revocation_is_not_finished_without_a_word(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.issue().certificate.number
    office.approved("mentoring", tanggal="20 Mei 2025")
    with monkeypatch.context() as patch:
        patch.setattr("service.certificates.issue.seal", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            office.issue()
    revoke(number, "Nama keliru.", store=office.store, now=NOW, actor="biro")
    with pytest.raises(StillRevoked):
        office.issue()
    assert states(office) == [CertificateState.REVOKED, CertificateState.INTENDED]
    assert office.issue(reissue=decide(number)).certificate.sequence == 2


def test_a_revocation_while_the_successor_is_drawn_wins(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from service.certificates import issue as issuing

    number = office.issue().certificate.number
    office.approved("mentoring", tanggal="20 Mei 2025")
    seal = issuing.seal

    def slow(*arguments: object, **named: object) -> bytes:
        revoke(number, "Nama keliru.", store=office.store, now=NOW, actor="biro")
        return seal(*arguments, **named)  # type: ignore[arg-type] # handed on as they came

    monkeypatch.setattr(issuing, "seal", slow)
    with pytest.raises(NotGranted, match=number):
        office.issue()
    assert states(office) == [CertificateState.REVOKED, CertificateState.INTENDED]


def test_foresight_shows_whose_certificate_stays_revoked(office: Office) -> None:
    number = revoked(office)
    with office.store.reading() as tx:
        (preview,) = preview_issue(2025, today=dt.date(2026, 11, 24), settings=office.settings, tx=tx)
    assert (preview.nip, preview.prospect, preview.number) == (CAHYA, Prospect.REVOKED, number)
    assert preview.because is not None
    assert preview.because.params["reason"] == "Nama keliru."


def test_only_the_last_revoked_number_can_be_decided_on_with_a_reason(office: Office) -> None:
    first = office.issue().certificate.number
    with office.store.reading() as tx, pytest.raises(NotGranted, match="reissue_not_revoked"):
        reissues_of([first], "Perlu.", tx)
    revoke(first, "Nama keliru.", store=office.store, now=NOW, actor="biro")
    with office.store.reading() as tx:
        assert list(reissues_of([first.lower()], "Perlu.", tx)) == [CAHYA]
        with pytest.raises(BadInput, match="reissue_without_reason"):
            reissues_of([first], " ", tx)
        with pytest.raises(BadInput, match="certificate_unknown"):
            reissues_of(["CMB-2025-000009-AAAAAAAA"], "Perlu.", tx)


def _power_cut(*_: object, **__: object) -> bytes:
    raise KeyboardInterrupt
