"""From raw answers to the record, or to everything that is wrong with them."""

from __future__ import annotations

import datetime as dt

import pytest

from parsers.build import BuildResult, build
from parsers.records import Person
from support.hand_made_forms import QUESTIONS, answers
from support.said import advice, said


def codes(result: BuildResult) -> list[tuple[str | None, str]]:
    assert result.record is None
    return [(problem.field, problem.code) for problem in result.problems]


def test_a_complete_coaching_becomes_a_record() -> None:
    result = build(answers(), QUESTIONS)
    assert result.problems == ()
    record = result.record
    assert record is not None
    assert (record.kind, record.scope, record.meeting) == ("coaching", "nasional", 1)
    assert (record.date, record.begins, record.ends) == (dt.date(2026, 4, 7), dt.time(9), dt.time(10, 30))
    assert record.minutes == 90
    assert record.source is None
    assert record.employee.grade == "III/b"
    assert record.pembimbing == record.supervisor == Person(nip="197503152000031002", name="Contoh Atasan")
    assert record.sections[3] == "Naskah selesai."
    assert record.signed_on == dt.date(2026, 4, 8)


def test_self_study_names_its_source_and_nobody() -> None:
    raw = answers(jenis_kegiatan="belajar_mandiri", sumber_pembelajaran="Buku", nama_pembimbing="", nip_pembimbing="")
    record = build(raw, QUESTIONS).record
    assert record is not None
    assert (record.source, record.pembimbing) == ("Buku", None)


def test_self_study_without_source_but_with_a_guide_is_told_all_three() -> None:
    assert codes(build(answers(jenis_kegiatan="belajar_mandiri"), QUESTIONS)) == [
        ("sumber_pembelajaran", "missing_value"),
        ("nama_pembimbing", "invalid_value"),
        ("nip_pembimbing", "invalid_value"),
    ]


@pytest.mark.parametrize("kind", ["coaching", "mentoring"])
def test_guided_learning_without_its_guide_is_incomplete(kind: str) -> None:
    result = build(answers(jenis_kegiatan=kind, nama_pembimbing=" ", nip_pembimbing=""), QUESTIONS)
    assert codes(result) == [("nama_pembimbing", "missing_value"), ("nip_pembimbing", "missing_value")]
    assert all(kind in said(problem) for problem in result.problems)


def test_all_problems_of_a_form_are_told_at_once_in_the_order_of_the_form() -> None:
    raw = answers(tanggal="31 April 2026", waktu_selesai="08.00", tempat="", nip_pegawai="123", pangkat_gol="V/a")
    result = build(raw, QUESTIONS)
    assert codes(result) == [
        ("tanggal", "invalid_value"),
        ("waktu_selesai", "invalid_value"),
        ("tempat", "missing_value"),
        ("nip_pegawai", "invalid_value"),
        ("pangkat_gol", "invalid_value"),
    ]
    assert all(f"“{QUESTIONS.field(problem.field or '').label}”" in said(problem) for problem in result.problems)
    assert all(advice(problem) for problem in result.problems)


def test_an_empty_form_asks_for_every_required_answer() -> None:
    required = [(field.name, "missing_value") for field in QUESTIONS.fields if field.required]
    assert codes(build({}, QUESTIONS)) == required


@pytest.mark.parametrize("end", ["09.00", "08.59"])
def test_an_activity_does_not_end_before_it_began(end: str) -> None:
    assert codes(build(answers(waktu_selesai=end), QUESTIONS)) == [("waktu_selesai", "invalid_value")]


def test_two_time_zones_in_one_activity_are_not_subtracted() -> None:
    raw = answers(waktu_mulai="09.00 WIB", waktu_selesai="10.30 WITA")
    assert codes(build(raw, QUESTIONS)) == [("waktu_selesai", "invalid_value")]
    assert build(answers(waktu_mulai="09.00 WIB", waktu_selesai="10.30 WIB"), QUESTIONS).record is not None


def test_nobody_guides_or_supervises_themselves() -> None:
    own = answers()["nip_pegawai"]
    spaced = f"{own[:8]} {own[8:14]} {own[14]} {own[15:]}"
    assert codes(build(answers(nip_pembimbing=spaced), QUESTIONS)) == [("nip_pembimbing", "invalid_value")]
    assert codes(build(answers(nip_atasan=own), QUESTIONS)) == [("nip_atasan", "invalid_value")]


def test_a_coach_who_is_not_the_supervisor_is_left_to_the_policy() -> None:
    assert build(answers(nip_pembimbing="198001012005011001"), QUESTIONS).record is not None
