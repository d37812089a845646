"""Plt. and Plh.: who may make a delegation, what a delegate's signature counts for, and how the answer says so."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from forms.schema import Role
from service.errors import BadInput, NotGranted
from service.form_signing import acting_signer, active_delegations, reason_for, sign_form, signature_slot, stamp_for
from service.language import Reader, words
from service.people.delegations import end_delegation
from service.records import EmployeeEntry, Status
from service.store import StaffUpdate
from service.store.delegations import Delegation
from service.submissions.decisions import approve_verified
from service.submissions.intake import reverify
from service.verification.explanation import account_of
from service.verification.prove import prove
from service.verification.reasons import Verdict
from service.verification.result import Answer, answer_json
from service.verification.wording import shown_reason
from support.command import Run, objects
from support.delegates import DAY, TODAY, add_delegate, key_of, signed_for, store_delegation
from support.office import CAHYA, DIAH, EKO, HERI, NOW, ZONE, Office, keys, person


def later(office: Office, content: bytes, days: int) -> Answer:
    """The proof made some days later."""
    now = NOW + days * DAY
    moment = replace(office.moment, now=now, trust=replace(office.moment.trust, moment=now))
    with office.store.reading() as tx:
        return prove(content, "formulir.pdf", tx=tx, moment=moment)


def codes(answer: Answer) -> list[str]:
    return [reason.code for reason in answer.reasons]


@pytest.mark.parametrize("field", ["ttd_atasan", "ttd_pembimbing", None])
def test_a_delegate_signs_in_the_official_s_roles_and_the_answer_says_for_whom(
    office: Office, field: str | None
) -> None:
    issued, delegation = key_of(office), add_delegate(office)
    answer = office.prove(signed_for(office, issued, field=field))
    assert (answer.verdict, set(codes(answer))) == (Verdict.PASSED, {"delegated_signer"})
    payload = answer_json(answer)
    for role in ("pembimbing", "atasan"):
        assert (payload["roles"][role]["nip"], payload["roles"][role]["on_behalf_of"]) == (EKO, DIAH)
        assert payload["roles"][role]["delegation"] == {"id": delegation.id, "kind": "plh"}
    assert "on_behalf_of" not in payload["roles"]["pegawai"]
    assert "Eko Nugroho sebagai Plh. Diah Contohwati" in shown_reason(payload["reasons"][0], Reader())["message"]
    account = account_of(payload, at=NOW, zone=ZONE)
    assert "Eko Nugroho – Plh. coach atau mentor dan plh. atasan langsung" in [
        person.title for person in account.people
    ]


def test_whoever_approves_sees_that_a_delegate_signed(office: Office) -> None:
    issued = key_of(office)
    add_delegate(office)
    submission = office.submit(signed_for(office, issued))
    assert submission.status is Status.VERIFIED
    came = approve_verified(store=office.store, now=NOW, actor="biro")
    assert (came.approved, came.left_out) == ((submission.id,), ())
    assert came.noticed == {"delegated_signer": [submission.id]}


def test_the_official_who_signs_too_needs_nobody_standing_in(office: Office) -> None:
    issued = key_of(office)
    add_delegate(office)
    content = office.sign(signed_for(office, issued, field=None), Role.ATASAN, DIAH)
    answer = office.prove(content)
    assert (answer.verdict, codes(answer)) == (Verdict.PASSED, [])
    assert answer_json(answer)["roles"]["atasan"]["nip"] == DIAH


def test_who_stands_in_for_two_officials_signs_for_one_of_them_in_each_form(office: Office) -> None:
    issued = key_of(office)
    for official in (HERI, DIAH):
        add_delegate(office, from_nip=official)
    answer = office.prove(signed_for(office, issued, kind="mentoring", field=None))
    assert (answer.verdict, codes(answer)) == (Verdict.PASSED, ["delegated_signer"])
    assert answer_json(answer)["roles"]["atasan"]["on_behalf_of"] == DIAH
    assert answer_json(answer)["roles"]["pembimbing"]["nip"] == HERI


def test_a_time_stamp_proves_the_day_long_after_the_delegation_ended(office: Office) -> None:
    issued = key_of(office)
    add_delegate(office)
    assert later(office, signed_for(office, issued, stamped=True), 30).verdict is Verdict.PASSED


def test_a_claimed_day_of_a_delegation_that_is_over_goes_to_a_person(office: Office) -> None:
    issued = key_of(office)
    add_delegate(office)
    answer = later(office, signed_for(office, issued), 1)
    assert (answer.verdict, codes(answer)) == (Verdict.REVIEW, ["delegation_unproven"])
    assert answer_json(answer)["roles"]["atasan"] is None


def test_what_was_received_while_the_delegation_held_keeps_its_answer(office: Office) -> None:
    issued = key_of(office)
    add_delegate(office)
    submission = office.submit(signed_for(office, issued))
    now = NOW + 300 * DAY
    moment = replace(office.moment, now=now, trust=replace(office.moment.trust, moment=now))
    assert reverify(submission.id, store=office.store, moment=moment, actor="biro").verification.verdict == "passed"


def test_ended_early_it_holds_for_what_is_proven_to_be_older(office: Office) -> None:
    issued, delegation = key_of(office), add_delegate(office, ends=TODAY + 9 * DAY)
    stamped, claimed = signed_for(office, issued, stamped=True), signed_for(office, issued)
    for minutes in (9, 5):
        end_delegation(
            delegation.id, store=office.store, now=NOW + dt.timedelta(minutes=minutes), actor="biro", by=None
        )
    assert later(office, stamped, 1).verdict is Verdict.PASSED
    assert codes(later(office, claimed, 1)) == ["delegation_unproven"]
    with office.store.reading() as tx:
        assert active_delegations(tx, EKO, now=NOW, zone=ZONE) != ()
        assert active_delegations(tx, EKO, now=NOW + dt.timedelta(minutes=5), zone=ZONE) == ()


def employee(nip: str, *roles: str, unit: str = "Biro Sumber Daya Manusia") -> EmployeeEntry:
    return replace(person(nip, "Contoh"), roles=roles, unit=unit)


@pytest.mark.parametrize(
    "by",
    [
        employee(DIAH, "pegawai"),
        employee(HERI, "pegawai", "pimpinan"),
        employee(EKO, "biro_sdm", unit="Biro Lain"),
        None,
    ],
)
def test_the_official_the_head_of_unit_and_the_bureau_make_and_end_a_delegation(
    office: Office, by: EmployeeEntry | None
) -> None:
    made = add_delegate(office, by=by)
    assert end_delegation(made.id, store=office.store, now=NOW, actor="uji", by=by).ended_at == NOW
    with office.store.reading() as tx:
        assert [event.action for event in tx.events.list(made.id)] == ["delegation.ended", "delegation.made"]


@pytest.mark.parametrize(
    "by",
    [
        employee(EKO, "pegawai", "pengelola"),
        employee(HERI, "pimpinan", unit="Kantor Lain"),
        employee(CAHYA, "admin"),
    ],
)
def test_nobody_else_does(office: Office, by: EmployeeEntry) -> None:
    with pytest.raises(NotGranted, match="delegation_not_yours"):
        add_delegate(office, by=by)
    made = add_delegate(office)
    with pytest.raises(NotGranted):
        end_delegation(made.id, store=office.store, now=NOW, actor="uji", by=by)


@pytest.mark.parametrize(
    "changed",
    [
        {"to_nip": DIAH},
        {"to_nip": "199001012015031001"},
        {"scope": ()},
        {"scope": ("pegawai",)},
        {"scope": ("atasan", "pegawai")},
        {"kind": "pjs"},
        {"reason": " "},
        {"ends": TODAY - DAY},
        {"starts": TODAY - 9 * DAY, "ends": TODAY - DAY},
    ],
)
def test_a_delegation_that_makes_no_sense_is_refused(office: Office, changed: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        add_delegate(office, **changed)  # type: ignore[arg-type] # whatever somebody may ask for


def test_who_has_left_stands_in_for_nobody_and_is_stood_in_for(office: Office) -> None:
    with office.store.transaction() as tx:
        for nip in (EKO, DIAH):
            entry = tx.employees.get(nip)
            assert entry is not None
            left = StaffUpdate(entry=entry, since=TODAY, departure="pensiun")
            tx.employees.record([left], day=TODAY, recorded_at=NOW)
    with pytest.raises(BadInput, match="delegate_left") as refused:
        add_delegate(office, starts=TODAY + DAY, ends=TODAY + DAY)
    assert words(refused.value, Reader()).startswith("Eko Nugroho sudah tidak bekerja di sini sejak ")
    assert words(refused.value, Reader()).endswith(" (pensiun).")
    assert add_delegate(office, to_nip=HERI).from_nip == DIAH


def test_only_the_bureau_enters_one_that_has_begun(office: Office) -> None:
    begun = {"starts": TODAY - 3 * DAY}
    with pytest.raises(NotGranted, match="delegation_begins_in_past"):
        add_delegate(office, by=employee(DIAH, "pegawai"), **begun)
    assert add_delegate(office, **begun).starts == TODAY - 3 * DAY
    with pytest.raises(BadInput, match="delegation_unknown"):
        end_delegation("D-X", store=office.store, now=NOW, actor="uji", by=None)


def test_a_delegate_signs_with_a_stamp_that_says_so(office: Office) -> None:
    issued = key_of(office)
    add_delegate(office, scope=("atasan",))
    content = office.sign(office.filled("mentoring"), Role.PEGAWAI, CAHYA)
    content = office.sign(content, Role.PEMBIMBING, HERI)
    with office.store.reading() as tx:
        turn = signature_slot(content, Role.ATASAN)
        instead = acting_signer(tx, turn, EKO, now=NOW, zone=ZONE)
        for nip in (CAHYA, HERI, "199001012015031001"):
            assert acting_signer(tx, turn, nip, now=NOW, zone=ZONE) is None
        assert acting_signer(tx, turn, EKO, now=NOW + DAY, zone=ZONE) is None
        assert acting_signer(tx, signature_slot(content, Role.PEMBIMBING), EKO, now=NOW, zone=ZONE) is None
    assert instead is not None
    assert stamp_for(turn, content, at=NOW, zone=ZONE, instead=instead).lines[:2] == (
        f"NIP {EKO}",
        "Plh. atasan langsung",
    )
    signed = sign_form(
        content,
        role=Role.ATASAN,
        holder=issued.holder(),
        at=NOW,
        zone=ZONE,
        timestamper=None,
        enrolled_nip=EKO,
        instead=instead,
    ).content
    assert office.prove(signed).verdict is Verdict.PASSED
    assert reason_for(turn, instead).startswith("Plh. atasan langsung, formulir ")


def test_nobody_named_in_the_form_stands_in_even_with_a_delegation(office: Office) -> None:
    for nip in (CAHYA, HERI):
        store_delegation(office, nip)
        answer = office.prove(signed_for(office, keys().people[nip], kind="mentoring"))
        assert (answer.verdict, codes(answer)) == (Verdict.FAILED, ["wrong_signer", "missing_signature"])


def test_the_command_adds_lists_and_ends(cmb: Run) -> None:
    words = ("--kind", "plt", "--role", "atasan", "--from", "2026-01-01", "--until", "2099-01-01", "--reason", "SP-1")
    (made,) = objects(cmb("delegations", "add", DIAH, HERI, *words, "--json"))
    assert (made["scope"], made["ended_at"]) == (["atasan"], None)
    assert objects(cmb("delegations", "list", "--nip", HERI, "--json")) == [made]
    assert re.search("plt .* → ", cmb("delegations", "list").stdout)
    assert objects(cmb("delegations", "list", "--nip", EKO, "--json")) == []
    (ended,) = objects(cmb("delegations", "end", made["id"], "--json"))
    assert ended["ended_at"] is not None
    cmb("delegations", "end", "D-TIDAKADA", expect=2)
    cmb("delegations", "add", DIAH, DIAH, *words, expect=2)


def test_delegations_are_kept_found_and_ended_once(office: Office) -> None:
    first, second = add_delegate(office), add_delegate(office, starts=TODAY + DAY, ends=TODAY + DAY, kind="plt")
    with office.store.reading() as tx:
        assert tx.delegations.between(DIAH, EKO) == [first, second]
        assert tx.delegations.between(EKO, DIAH) == []
        assert (tx.delegations.of(EKO), tx.delegations.all()) == ([first, second], [first, second])
        found: Delegation | None = tx.delegations.get(first.id)
    assert found == first
