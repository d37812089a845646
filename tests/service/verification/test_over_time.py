"""People who change, join and leave: forms are judged by what held on their day."""

from __future__ import annotations

import datetime as dt

import pytest

from service.verification.reasons import Verdict
from support.altered_forms import with_value
from support.office import CAHYA, DIAH, HERI, Office, person
from support.staff_changes import ACTIVITY, tell


def test_who_changed_everything_after_the_activity_passes_without_a_word(office: Office) -> None:
    content = office.signed("coaching")
    tell(office, name="Cahya Lestari Baru", unit="Biro Lain", grade="III/c", supervisor_nip=HERI)
    answer = office.prove(content)
    assert (answer.verdict, answer.reasons) == (Verdict.PASSED, ())


def test_who_changed_name_before_an_older_blank_was_used_passes_too(office: Office) -> None:
    tell(office, since=dt.date(2026, 11, 25), name="Cahya Lestari Baru")
    content = office.signed("coaching", tanggal="20 November 2026", tanggal_tanda_tangan="21 November 2026")
    assert office.prove(content).verdict is Verdict.PASSED


def test_a_supervisor_of_another_day_is_told_to_whoever_approves(office: Office) -> None:
    content = office.signed("belajar_mandiri")
    tell(office, since=dt.date(2025, 1, 1), supervisor_nip=HERI)
    answer = office.prove(content)
    assert answer.verdict is Verdict.PASSED
    assert [reason.code for reason in answer.reasons] == ["supervisor_of_another_day"]
    message = answer.reasons[0].message
    assert "Heri Contohadi, S.H." in message
    assert ".." not in message  # a title at the end of a sentence ends it


@pytest.mark.parametrize(
    ("nip", "since", "departure", "sentence"),
    [
        (CAHYA, dt.date(2025, 3, 4), "pensiun", "sudah pensiun sejak 4 Maret 2025"),
        (DIAH, dt.date(2025, 3, 1), "berhenti", "sudah berhenti sejak 1 Maret 2025"),
    ],
)
def test_somebody_who_had_left_by_the_day_goes_to_a_person(
    office: Office, nip: str, since: dt.date, departure: str, sentence: str
) -> None:
    content = office.signed("belajar_mandiri")
    tell(office, nip=nip, since=since, departure=departure)
    answer = office.prove(content)
    assert answer.verdict is Verdict.REVIEW
    assert [reason.code for reason in answer.reasons] == ["not_employed_then"]
    assert sentence in answer.reasons[0].message


def test_the_last_day_before_retirement_still_counts(office: Office) -> None:
    content = office.signed("coaching")
    tell(office, since=ACTIVITY + dt.timedelta(days=1), departure="pensiun")
    assert office.prove(content).verdict is Verdict.PASSED


def test_two_people_of_one_name_never_share_an_activity(office: Office) -> None:
    twin = person("199708212020122006", "Cahya Lestari")
    with office.store.transaction() as tx:
        tx.employees.upsert([twin])
    office.approved("coaching")
    with office.store.reading() as tx:
        assert len(tx.submissions.approved(CAHYA, 2025)) == 1
        assert tx.submissions.approved(twin.nip, 2025) == []


def test_a_form_that_names_somebody_the_register_does_not_know_is_judged_to_its_end(office: Office) -> None:
    stranger = with_value(office.filled("mentoring"), "nip_pembimbing", "197001012000011001", incremental=False)
    answer = office.prove(stranger)
    assert answer.record is not None
    assert "broken_pdf" not in {reason.code for reason in answer.reasons}
