"""People who change, join and leave: forms and certificates say and are judged by what held on their day."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace

import pytest
from office import CAHYA, DIAH, EKO, HERI, NOW, PEOPLE, Office, person, press
from pypdf import PdfReader

from service.decisions import approve
from service.errors import BadInput
from service.prepare import Request, prepare
from service.proof.reasons import Verdict
from service.records import CertificateState
from service.store import Statement

ACTIVITY, AFTER = dt.date(2025, 3, 4), dt.date(2025, 6, 1)
CAHYA_NOW = next(each for each in PEOPLE if each.nip == CAHYA)


def tell(
    office: Office, *, since: dt.date = AFTER, departure: str | None = None, nip: str = CAHYA, **changed: str
) -> None:
    told = replace(next(each for each in PEOPLE if each.nip == nip), **changed)  # type: ignore[arg-type] # names of columns
    with office.store.transaction() as tx:
        tx.employees.tell([Statement(entry=told, since=since, departure=departure)], day=since, recorded_at=NOW)


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
    assert [each.code for each in answer.reasons] == ["supervisor_of_another_day"]
    assert "Heri Contohadi" in answer.reasons[0].message


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
    assert [each.code for each in answer.reasons] == ["not_employed_then"]
    assert sentence in answer.reasons[0].message


def test_the_last_day_before_retirement_still_counts(office: Office) -> None:
    content = office.signed("coaching")
    tell(office, since=ACTIVITY + dt.timedelta(days=1), departure="pensiun")
    assert office.prove(content).verdict is Verdict.PASSED


def test_a_blank_for_a_day_says_what_held_then(office: Office) -> None:
    tell(office, unit="Biro Lain", grade="III/c", supervisor_nip=HERI)

    def fields(day: dt.date | None) -> tuple[str, ...]:
        request = Request(kind="coaching", scope="nasional", meeting=1, employee_nip=CAHYA, day=day)
        made = prepare(request, store=office.store, press=press(), now=NOW, randomness=secrets.token_bytes, actor="uji")
        import io

        told = PdfReader(io.BytesIO(made.content)).get_form_text_fields()
        return tuple(told[name] for name in ("unit_kerja", "pangkat_gol", "nip_atasan", "nip_pembimbing"))

    then = ("Biro Sumber Daya Manusia", "Penata Muda Tingkat I, III/b", DIAH, DIAH)
    assert [each.replace(" ", "") for each in fields(ACTIVITY)] == [each.replace(" ", "") for each in then]
    assert fields(None)[0] == "Biro Lain"
    assert fields(None)[2].replace(" ", "") == HERI


def test_no_blank_is_made_for_who_left_or_has_not_come_or_whose_supervisor_left(office: Office) -> None:
    tell(office, departure="pensiun")
    with pytest.raises(BadInput, match="sudah pensiun sejak 1 Juni 2025"):
        office.blank("coaching")
    newcomer = person("199901012025061001", "Baru Contoh")
    with office.store.transaction() as tx:
        tx.employees.tell([Statement(entry=newcomer, since=AFTER)], day=AFTER)
    request = Request(kind="coaching", scope="nasional", meeting=1, employee_nip=newcomer.nip, day=ACTIVITY)
    with pytest.raises(BadInput, match="belum bertugas pada 4 Maret 2025"):
        prepare(request, store=office.store, press=press(), now=NOW, randomness=secrets.token_bytes, actor="uji")
    tell(office, nip=DIAH, departure="pensiun", since=AFTER)
    with pytest.raises(BadInput, match="Atasan langsung Eko Nugroho"):
        office.blank("coaching", employee=EKO)


def test_a_certificate_shows_the_person_as_last_in_its_year(office: Office) -> None:
    office.approved("coaching")
    tell(office, unit="Biro Tengah Tahun")
    tell(office, since=dt.date(2026, 2, 1), unit="Biro Tahun Depan", name="Nama Tahun Depan")
    content = office.issue().certificate.content
    assert (content["unit"], content["name"]) == ("Biro Tengah Tahun", "Cahya Lestari")


def test_who_left_during_the_year_gets_the_certificate_of_what_was_done(office: Office) -> None:
    office.approved("coaching")
    tell(office, departure="pensiun", unit="Purna Tugas")
    content = office.issue().certificate.content
    assert (content["unit"], content["total_jp"]) == ("Biro Sumber Daya Manusia", "2")


def test_a_correction_told_after_the_issue_supersedes_once(office: Office) -> None:
    office.approved("coaching")
    first = office.issue()
    told = replace(CAHYA_NOW, name="Cahya Lestari, S.Kom.")
    later = NOW + dt.timedelta(hours=1)
    with office.store.transaction() as tx:
        tx.employees.tell([Statement(entry=told, since=dt.date(2025, 1, 1))], day=AFTER, recorded_at=later)
    second, third = office.issue(), office.issue()
    assert second.certificate.content["name"] == "Cahya Lestari, S.Kom."
    assert second.certificate.number != first.certificate.number
    assert (second.new, third.new, third.content) == (True, False, second.content)
    with office.store.reading() as tx:
        ended = tx.certificates.find(first.certificate.number)
    assert ended is not None
    assert (ended.state, ended.superseded_by) == (CertificateState.SUPERSEDED, second.certificate.number)


def test_a_change_after_the_year_supersedes_nothing(office: Office) -> None:
    office.approved("coaching")
    first = office.issue()
    with office.store.transaction() as tx:
        tx.employees.tell(
            [Statement(entry=replace(CAHYA_NOW, unit="Biro Lain"), since=dt.date(2026, 5, 1))],
            day=AFTER,
            recorded_at=NOW + dt.timedelta(hours=1),
        )
    assert office.issue().content == first.content


def test_an_activity_approved_after_the_issue_still_supersedes_a_corrected_certificate(office: Office) -> None:
    office.approved("coaching")
    office.issue()
    told = replace(CAHYA_NOW, name="Cahya Lestari, S.Kom.")
    with office.store.transaction() as tx:
        later = NOW + dt.timedelta(hours=1)
        tx.employees.tell([Statement(entry=told, since=dt.date(2025, 1, 1))], day=AFTER, recorded_at=later)
    corrected = office.issue()
    submission = office.submit(office.signed("coaching", tanggal="8 Mei 2025", tanggal_tanda_tangan="9 Mei 2025"))
    approve(submission.id, store=office.store, now=NOW, actor="biro")
    more = office.issue()
    assert (more.new, more.certificate.content["total_jp"]) == (True, "4")
    assert more.certificate.number != corrected.certificate.number


def test_two_people_of_one_name_never_share_an_activity(office: Office) -> None:
    twin = person("199708212020122006", "Cahya Lestari")
    with office.store.transaction() as tx:
        tx.employees.upsert([twin])
    office.approved("coaching")
    with office.store.reading() as tx:
        assert len(tx.submissions.approved(CAHYA, 2025)) == 1
        assert tx.submissions.approved(twin.nip, 2025) == []


def test_a_pppk_employee_gets_a_blank_and_keeps_a_grade_without_pangkat(office: Office) -> None:
    contract = replace(person("199205172022212003", "Sri Lestari Contohningrum"), grade="IX")
    with office.store.transaction() as tx:
        tx.employees.upsert([contract])
    import io

    told = PdfReader(io.BytesIO(office.blank("coaching", employee=contract.nip).content)).get_form_text_fields()
    assert told["pangkat_gol"] == "IX"
