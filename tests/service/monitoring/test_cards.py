"""Control cards out of what was approved: the circular's own sample, limits, months' ends, PPPK, namesakes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from forms.card_pdf import group_of
from service.errors import BadInput
from service.monitoring.cards import card_of, card_pdf, card_xlsx, cards_of, everybody, printed_at
from service.store import StaffUpdate, Store
from service.year import accumulate
from support.monitored_office import (
    BIRO,
    CAHYA,
    DEWI,
    GITA,
    KANREG,
    LESTARI,
    NAMESAKE,
    approve,
    employee,
    sample_card,
    settle_in,
)
from support.office import ZONE, letters
from support.sample_rows import NOW


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def test_the_sample_card_of_the_circular_comes_out_of_the_store(store: Store) -> None:
    settle_in(store)
    sample_card(store)
    with store.reading() as tx:
        content = card_of(CAHYA, 2022, tx)
    cells = [(group_of(each), each.title, each.date, each.guide, each.jp) for each in content.activities]
    diah, heri = "Diah Kusuma Ismuwardanni, S.Psi., M.Si.", "Heri Purwanto, S.H."
    sources = "Buku..., video..., online journal ..., online class ..."
    assert cells == [
        (0, "Coaching tentang pemahaman pola karier 1", dt.date(2022, 4, 7), diah, 2),
        (0, "Coaching tentang pemahaman pola karier 2", dt.date(2022, 4, 14), diah, 2),
        (1, "Mentoring tentang penyusunan gap kompetensi", dt.date(2022, 5, 29), heri, 2),
        (2, "Belajar Mandiri tentang komunikasi efektif", dt.date(2022, 6, 1), sources, 1),
    ]
    assert [content.of_kind(kind) for kind in ("coaching", "mentoring", "belajar_mandiri")] == [4, 2, 1]
    assert content.total == 7
    page = words(card_pdf(content, letters(), printed_at(NOW, ZONE)))
    for text in (
        "NAMA PEGAWAI : Cahya NIP : 199708212020122005 GOL RUANG : III/b JABATAN : Analis SDM Aparatur",
        "1 Coaching tentang pemahaman pola karier 1 7 April 2022 Diah Kusuma Ismuwardanni, S.Psi., M.Si. 2",
        "4 Belajar Mandiri tentang komunikasi efektif 1 Juni 2022 Buku..., video..., online journal ..., online class",
        "JUMLAH JAM PELAJARAN 4 2 1 PEROLEHAN JAM PELAJARAN DALAM SETAHUN 7 JP",
    ):
        assert text in page


def test_what_is_above_a_limit_stands_there_with_nothing_and_the_rule(store: Store) -> None:
    settle_in(store)
    for day in ("2026-03-04", "2026-03-11", "2026-03-18"):
        approve(store, "coaching", day)
    with store.reading() as tx:
        content = card_of(CAHYA, 2026, tx)
    assert [each.jp for each in content.activities] == [2, 2, 0]
    assert [each.notes for each in content.activities] == [(), (), (1,)]
    (note,) = content.notes
    assert note.because.endswith("Pada Maret 2026 sudah 2, yaitu tanggal 4 dan 11.")
    assert note.cites[0] == "SE Kepala BKN Nomor 3 Tahun 2022 angka 5.c.1)c)"


def test_what_counts_in_part_says_so(store: Store) -> None:
    settle_in(store)
    approve(store, "belajar_mandiri", "2026-06-05", minutes=180)
    with store.reading() as tx:
        content = card_of(CAHYA, 2026, tx)
    assert content.activities[0].jp == 2
    assert "dihitung 2 JP dari 4 JP" in content.notes[0].because


def test_activities_exactly_on_limits_and_months_ends_all_count(store: Store) -> None:
    settle_in(store)
    for day in ("2026-01-01", "2026-01-31", "2026-02-01", "2026-02-28", "2026-12-01", "2026-12-31"):
        approve(store, "coaching", day)
    for day in ("2025-12-31", "2027-01-01"):
        approve(store, "coaching", day)
    with store.reading() as tx:
        content = card_of(CAHYA, 2026, tx)
    assert [each.jp for each in content.activities] == [2] * 6
    assert not content.notes


def test_an_activity_before_the_circular_counts_nothing_and_says_why(store: Store) -> None:
    settle_in(store)
    approve(store, "coaching", "2022-01-31")
    approve(store, "coaching", "2022-02-01")
    with store.reading() as tx:
        content = card_of(CAHYA, 2022, tx)
    assert [each.jp for each in content.activities] == [0, 2]
    assert content.notes[0].because == (
        "Surat edaran berlaku sejak 1 Februari 2022; kegiatan pada 31 Januari 2022 tidak dihitung."
    )


def test_a_contract_employee_has_a_grade_without_rank_and_a_year_may_be_empty(store: Store) -> None:
    settle_in(store)
    with store.reading() as tx:
        content = card_of(LESTARI, 2026, tx)
    assert content.grade == "IX"
    assert content.total == 0
    assert "GOL RUANG : IX" in words(card_pdf(content, letters(), printed_at(NOW, ZONE)))
    assert card_xlsx(content, printed_at(NOW, ZONE)).startswith(b"PK")


def test_two_employees_of_one_name_keep_their_own_activities(store: Store) -> None:
    settle_in(store)
    approve(store, "coaching", "2026-03-04")
    approve(store, "mentoring", "2026-03-04", nip=NAMESAKE, scope="internasional")
    with store.reading() as tx:
        both = list(cards_of(everybody(2026, tx, unit=None), 2026, tx))
    told = {each.nip: (each.name, each.unit, each.total) for each in both if each.name == "Cahya"}
    assert told == {CAHYA: ("Cahya", BIRO, Decimal(2)), NAMESAKE: ("Cahya", KANREG, Decimal(4))}


def test_many_cards_say_what_each_one_says_and_what_the_law_sums(store: Store) -> None:
    settle_in(store)
    sample_card(store)
    approve(store, "coaching", "2022-04-21", nip=GITA)
    with store.reading() as tx:
        people = everybody(2022, tx, unit=None)
        many = list(cards_of(people, 2022, tx))
        assert many == [card_of(each.nip, 2022, tx) for each in people]
        assert [each.total for each in many] == [accumulate(each.nip, 2022, tx).assessment.total for each in many]


def test_nobody_we_know_has_no_card_and_a_unit_without_anybody_none_either(store: Store) -> None:
    settle_in(store)
    with store.reading() as tx:
        with pytest.raises(BadInput, match="198001012005011001"):
            card_of("198001012005011001", 2026, tx)
        with pytest.raises(BadInput, match="Unit kerja “Biro Lain”"):
            everybody(2026, tx, unit="Biro Lain")


def told_later(store: Store, day: str, nip: str = CAHYA, departure: str | None = None, **changed: str) -> None:
    """What became of somebody from a day on."""
    with store.transaction() as tx:
        entry = tx.employees.get(nip)
        assert entry is not None
        since = dt.date.fromisoformat(day)
        tx.employees.record([StaffUpdate(entry=replace(entry, **changed), departure=departure)], day=since)


def test_a_card_shows_the_person_as_last_in_the_year_and_what_held_before(store: Store) -> None:
    settle_in(store)
    told_later(store, "2025-07-01", unit=KANREG, position="Analis Kepegawaian", grade="III/c")
    told_later(store, "2026-02-01", name="Cahya, S.Psi.")
    with store.reading() as tx:
        before, year, after = (card_of(CAHYA, each, tx) for each in (2024, 2025, 2026))
    assert (before.unit, before.grade, before.remarks) == (BIRO, "III/b", ())
    assert (year.name, year.unit, year.grade) == ("Cahya", KANREG, "III/c")
    assert year.officer is not None
    assert year.officer.nip == GITA
    assert year.remarks == (
        "Unit kerja sampai 30 Juni 2025: Biro Sumber Daya Manusia.",
        "Jabatan sampai 30 Juni 2025: Analis SDM Aparatur.",
        "Golongan sampai 30 Juni 2025: III/b.",
    )
    assert (after.name, after.remarks) == ("Cahya, S.Psi.", ("Nama sampai 31 Januari 2026: Cahya.",))


def test_who_moves_takes_the_whole_year_along_and_has_one_card(store: Store) -> None:
    settle_in(store)
    approve(store, "coaching", "2025-03-04")
    approve(store, "coaching", "2025-08-04")
    told_later(store, "2025-07-01", unit=KANREG)
    with store.reading() as tx:
        there = {each.nip for each in everybody(2025, tx, unit=BIRO)}
        (card,) = [each for each in cards_of(everybody(2025, tx, unit=None), 2025, tx) if each.nip == CAHYA]
    assert CAHYA not in there
    assert (card.unit, card.total) == (KANREG, 4)


def test_the_period_ends_when_somebody_leaves_and_there_is_no_card_after(store: Store) -> None:
    settle_in(store)
    approve(store, "coaching", "2025-03-04")
    told_later(store, "2025-10-01", departure="pensiun")
    with store.reading() as tx:
        content = card_of(CAHYA, 2025, tx)
        with pytest.raises(BadInput, match="tahun 2026"):
            card_of(CAHYA, 2026, tx)
    assert (content.ends, content.total) == (dt.date(2025, 9, 30), 2)
    assert content.remarks == ("Pensiun sejak 1 Oktober 2025.",)


def test_the_period_begins_when_somebody_joins(store: Store) -> None:
    settle_in(store)
    with store.transaction() as tx:
        told = StaffUpdate(entry=employee("200001012025031001", "Baru Contoh"), since=dt.date(2025, 3, 1))
        tx.employees.record([told], day=told.since or NOW.date())
    with store.reading() as tx:
        assert card_of("200001012025031001", 2025, tx).starts == dt.date(2025, 3, 1)
        assert card_of("200001012025031001", 2026, tx).starts == dt.date(2026, 1, 1)


def test_an_officer_who_left_is_not_named(store: Store) -> None:
    settle_in(store)
    told_later(store, "2025-10-01", nip=DEWI, departure="berhenti")
    with store.reading() as tx:
        assert card_of(CAHYA, 2025, tx).officer is None
