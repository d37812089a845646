"""Withdrawing an approval: a second person confirms, and month, year, recap and certificate follow."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from service.access import Viewer
from service.accounts.accounts import open_account
from service.accounts.login import AccountContext
from service.certificates import issue as making
from service.certificates.issue import StillRevoked
from service.config import local_day, read_settings
from service.errors import BadInput, NotGranted
from service.records import CertificateState, Decision, Submission
from service.submissions import withdrawals
from service.submissions.decisions import approve, reject
from service.submissions.withdrawals import Withdrawing, confirm_withdrawal, decline_withdrawal, withdraw_approval
from service.year import accumulate
from support.office import CAHYA, DIAH, EKO, HERI, NOW, Office
from support.web_client import WebOffice, readable

BIRO = (HERI, EKO)
REASON = "Kegiatan itu ternyata tidak berlangsung."


def appoint(office: Office, *nips: str) -> None:
    """Make these people Biro SDM, each with an open account."""
    context = AccountContext(
        store=office.store,
        hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        clock=lambda: NOW,
        randomness=secrets.token_bytes,
    )
    for nip in nips:
        with office.store.transaction() as tx:
            entry = tx.employees.get(nip)
            assert entry is not None
            tx.employees.upsert([replace(entry, roles=("pegawai", "biro_sdm"))])
            known = tx.accounts.by_login(nip)
        if known is None:
            open_account(nip, account_context=context, actor="uji", password="kata sandi uji coba")


def acting(office: Office, nip: str | None, *, second_person: bool | None = None) -> Withdrawing:
    return Withdrawing(
        store=office.store,
        now=NOW,
        today=local_day(NOW, office.settings),
        actor=nip or "cmb:uji",
        by=Viewer(nip=nip, roles=frozenset({"pegawai", "biro_sdm"})) if nip else None,
        second_person=second_person,
        randomness=secrets.token_bytes,
    )


def state_of(office: Office, submission: Submission) -> tuple[object, ...]:
    """Return everything a withdrawal touches."""
    with office.store.reading() as tx:
        kept = tx.submissions.get(submission.id)
        assert kept is not None
        assert kept.facts is not None
        year = kept.facts.date.year
        return (
            kept.decision,
            kept.decision_reason,
            accumulate(CAHYA, year, tx).assessment.total,
            {month: found.jp for month, found in tx.assessed_months.of(CAHYA, year).items()},
            [(found.number, found.state) for found in tx.certificates.of_year(year)],
            [(asked.outcome, asked.ended_by) for asked in tx.confirmations.about(submission.id)],
            [event.action for event in tx.events.list(submission.id)],
            [(nip, len(tx.notifications.of(nip, 99))) for nip in (CAHYA, DIAH, HERI, EKO)],
        )


def kinds(office: Office, nip: str) -> list[str]:
    with office.store.reading() as tx:
        return [notification.kind for notification in tx.notifications.of(nip, 99)]


def actions(office: Office, subject: str) -> list[str]:
    with office.store.reading() as tx:
        return [event.action for event in tx.events.list(subject)]


def test_a_second_person_confirms_and_everything_that_rested_on_it_follows(office: Office) -> None:
    appoint(office, *BIRO)
    first, second = office.approved("coaching"), office.approved("coaching", tanggal="11 Maret 2025")
    number = office.issue().certificate.number
    assert withdraw_approval(second.id, REASON, acting(office, HERI)) is not None
    assert state_of(office, second)[0] is Decision.APPROVED
    assert "withdrawal_asked" in kinds(office, EKO)
    assert "withdrawal_asked" not in kinds(office, HERI)

    confirm_withdrawal(second.id, acting(office, EKO))
    decision, reason, total, months, certificates, asked, _, _ = state_of(office, second)
    assert (decision, reason) == (Decision.REJECTED, REASON)
    assert (total, months) == (2, {3: 2})
    assert certificates == [(number, CertificateState.REVOKED)]
    assert asked == [("confirmed", EKO)]
    assert actions(office, second.id)[:2] == ["approval.withdrawn", "approval.withdrawal_asked"]
    assert actions(office, number)[0] == "certificate.revoked"
    assert {"withdrawn", "revoked"} <= set(kinds(office, CAHYA))
    assert "withdrawn" in kinds(office, DIAH)
    assert "withdrawn" in kinds(office, HERI)
    assert state_of(office, first)[0] is Decision.APPROVED


def test_nothing_brings_a_withdrawn_approval_back(office: Office) -> None:
    appoint(office, *BIRO)
    office.approved("coaching")
    submission = office.approved("coaching", tanggal="11 Maret 2025")
    office.issue()
    withdraw_approval(submission.id, REASON, acting(office, HERI, second_person=False))
    with pytest.raises(NotGranted):
        approve(submission.id, store=office.store, now=NOW, actor=EKO)
    with pytest.raises(NotGranted):
        reject(submission.id, "lain", store=office.store, now=NOW, actor=EKO)
    with pytest.raises(StillRevoked):
        office.issue()
    with office.store.transaction() as tx:
        assert not tx.submissions.reopen(submission.id)
        assert tx.assessed_months.rebuild(2025, 3) == 0
    assert state_of(office, submission)[0] is Decision.REJECTED


def test_a_month_with_nothing_left_is_empty_again(office: Office) -> None:
    submission = office.approved("coaching")
    withdraw_approval(submission.id, REASON, acting(office, None))
    assert state_of(office, submission)[2:4] == (0, {})


def test_an_activity_that_counted_nothing_leaves_the_certificate_and_its_jp(office: Office) -> None:
    days = ("4 Maret 2025", "11 Maret 2025", "18 Maret 2025")
    *_, third = [office.approved("coaching", tanggal=day, tanggal_tanda_tangan=day) for day in days]
    office.issue()
    withdraw_approval(third.id, REASON, acting(office, None))
    ((_, state),) = state_of(office, third)[4]  # type: ignore[misc, attr-defined]  # the fifth of its parts are the certificates
    assert state is CertificateState.ISSUED


@pytest.mark.parametrize(
    ("appointed", "actor", "setting", "waits"),
    [
        ((), None, None, False),
        ((HERI,), HERI, None, False),
        ((HERI,), None, None, False),
        (BIRO, HERI, None, True),
        (BIRO, None, None, True),
        (BIRO, HERI, False, False),
        ((HERI,), HERI, True, True),
        ((HERI, CAHYA), HERI, None, False),  # the other one's own paper
    ],
)
def test_a_second_person_is_asked_when_there_is_one_or_the_setting_says_so(
    office: Office, appointed: tuple[str, ...], actor: str | None, setting: bool | None, waits: bool
) -> None:
    appoint(office, *appointed)
    submission = office.approved("coaching")
    asked = withdraw_approval(submission.id, REASON, acting(office, actor, second_person=setting))
    assert (asked is not None) is waits
    assert (state_of(office, submission)[0] is Decision.APPROVED) is waits


def test_nobody_confirms_what_they_asked_for_or_decides_on_their_own_paper(office: Office) -> None:
    appoint(office, *BIRO, CAHYA)
    submission = office.approved("coaching")
    with pytest.raises(NotGranted) as own:
        withdraw_approval(submission.id, REASON, acting(office, CAHYA))
    assert own.value.code == "withdrawal_not_yours"
    withdraw_approval(submission.id, REASON, acting(office, HERI))
    another, own_paper = "withdrawal_needs_another", "withdrawal_not_yours"
    for nip, code in ((HERI, another), (None, another), (CAHYA, own_paper)):
        with pytest.raises(NotGranted) as refused:
            confirm_withdrawal(submission.id, acting(office, nip))
        assert refused.value.code == code
    with pytest.raises(NotGranted) as twice:
        withdraw_approval(submission.id, REASON, acting(office, EKO))
    assert twice.value.code == "withdrawal_waits_already"
    decline_withdrawal(submission.id, acting(office, EKO))
    assert state_of(office, submission)[0] is Decision.APPROVED
    with pytest.raises(NotGranted) as over:
        confirm_withdrawal(submission.id, acting(office, EKO))
    assert over.value.code == "withdrawal_not_asked"


def test_only_an_approval_that_stands_is_withdrawn_and_only_with_a_reason(office: Office) -> None:
    waiting = office.submit(office.signed("coaching"))
    with pytest.raises(NotGranted) as refused:
        withdraw_approval(waiting.id, REASON, acting(office, None))
    assert refused.value.code == "withdrawal_not_approved"
    with pytest.raises(BadInput) as unknown:
        withdraw_approval("K-0000000000", REASON, acting(office, None))
    assert unknown.value.code == "withdrawal_unknown"
    with pytest.raises(BadInput) as empty:
        withdraw_approval(waiting.id, " \u200b ", acting(office, None))
    assert empty.value.code == "withdrawal_reason_missing"


class Killed(BaseException):
    """What ends a process wherever it is."""


@pytest.mark.parametrize("step", ["notify_revoked", "notify_withdrawn", "_tell_of_recap", "_log"])
def test_a_kill_in_between_leaves_everything_as_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    appoint(office, *BIRO)
    office.approved("coaching")
    submission = office.approved("coaching", tanggal="11 Maret 2025")
    office.issue()
    withdraw_approval(submission.id, REASON, acting(office, HERI))
    before = state_of(office, submission)

    def killed(*_arguments: object, **_named: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(withdrawals, step, killed)
        with pytest.raises(Killed):
            confirm_withdrawal(submission.id, acting(office, EKO))
    assert state_of(office, submission) == before
    confirm_withdrawal(submission.id, acting(office, EKO))
    assert state_of(office, submission)[0] is Decision.REJECTED


def test_a_certificate_made_while_its_approval_is_withdrawn_is_revoked_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.approved("coaching")
    submission = office.approved("coaching", tanggal="11 Maret 2025")
    draw = making.draw_certificate

    def withdrawn_meanwhile(*arguments: Any) -> bytes:
        withdraw_approval(submission.id, REASON, acting(office, None))
        return draw(*arguments)

    monkeypatch.setattr(making, "draw_certificate", withdrawn_meanwhile)
    assert office.issue().certificate.state is CertificateState.REVOKED
    with office.store.reading() as tx:
        assert tx.certificates.living(CAHYA, 2025) is None


def test_the_pages_ask_confirm_and_show_the_history(web: WebOffice) -> None:
    appoint(web.office, *BIRO)
    submission = web.office.approved("coaching")
    path = f"/biro/antrean/{submission.id}"
    heri, eko = web.visit(HERI), web.visit(EKO)
    assert "Cabut pengesahan" in heri.get(path)
    page = readable(heri.post(f"{path}/cabut", at=path, reason=REASON))
    assert "Pencabutan diminta" in page
    assert "Setujui pencabutan" not in page
    assert REASON in readable(eko.get("/biro/pencabutan"))
    assert "Setujui pencabutan" in eko.get(path)
    page = readable(eko.post(f"/biro/pencabutan/{submission.id}", at=path, decision="confirm"))
    assert "Pengesahan dicabut oleh Biro SDM" in page
    mine = readable(web.visit(CAHYA).get(f"/kiriman/{submission.id}"))
    assert "Pengesahan dicabut oleh Biro SDM" in mine
    assert REASON in mine
    web.visit(CAHYA).post(f"{path}/cabut", at="/beranda", reason=REASON, expect=403)


@pytest.mark.parametrize(("text", "value"), [("auto", None), ("yes", True), ("no", False)])
def test_the_setting_is_auto_yes_or_no(tmp_path: Path, text: str, value: bool | None) -> None:
    (tmp_path / "cmb.toml").write_text(f'[decisions]\nsecond_person = "{text}"\n', encoding="utf-8")
    assert read_settings(tmp_path, {}).second_person is value
    with pytest.raises(BadInput):
        read_settings(tmp_path, {"CMB_SECOND_PERSON": "mungkin"})
