"""Certificates show people as last in their year; what is corrected afterwards supersedes, once."""

from __future__ import annotations

import datetime as dt

from service.records import CertificateState
from service.submissions.decisions import approve
from support.messages import tell
from support.office import NOW, Office

LATER = NOW + dt.timedelta(hours=1)


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
    tell(office, since=dt.date(2025, 1, 1), recorded_at=LATER, name="Cahya Lestari, S.Kom.")
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
    tell(office, since=dt.date(2026, 5, 1), recorded_at=LATER, unit="Biro Lain")
    assert office.issue().content == first.content


def test_an_activity_approved_after_the_issue_still_supersedes_a_corrected_certificate(office: Office) -> None:
    office.approved("coaching")
    office.issue()
    tell(office, since=dt.date(2025, 1, 1), recorded_at=LATER, name="Cahya Lestari, S.Kom.")
    corrected = office.issue()
    submission = office.submit(office.signed("coaching", tanggal="8 Mei 2025", tanggal_tanda_tangan="9 Mei 2025"))
    approve(submission.id, store=office.store, now=NOW, actor="biro")
    more = office.issue()
    assert (more.new, more.certificate.content["total_jp"]) == (True, "4")
    assert more.certificate.number != corrected.certificate.number


def test_a_pppk_employees_certificate_shows_the_grade_alone(office: Office) -> None:
    office.approved("coaching")
    tell(office, grade="IX")
    assert office.issue().certificate.content["grade"] == "IX"


def test_the_year_follows_the_person_through_a_merged_and_renamed_unit(office: Office) -> None:
    office.approved("coaching")
    with office.store.transaction() as tx:
        tx.employees.record_units({"Biro Sumber Daya Manusia": "Biro Gabungan"}, day=dt.date(2025, 4, 1))
    office.approved("coaching", tanggal="8 Mei 2025", tanggal_tanda_tangan="9 Mei 2025")
    content = office.issue().certificate.content
    assert (content["unit"], content["total_jp"]) == ("Biro Gabungan", "4")
