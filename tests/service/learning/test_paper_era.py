"""CMB of the paper era: its JP are what the law leaves beside what was verified, and no certificate has them."""

from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal

import pytest

from service.errors import BadRows
from service.learning.other import approve as approve_learning
from service.learning.other import reject
from service.learning.paper_era import PAST, BroughtPast, bring_past
from service.monitoring.evaluation import evaluate
from service.spreadsheets.templates import template_bytes
from service.store import Store
from service.store.staff import StaffUpdate
from service.year import accumulate
from support.monitored_office import CAHYA, GITA, PEOPLE, approve, settle_in
from support.sample_rows import NOW

TODAY = dt.date(2025, 6, 1)
HEADER = ",".join(PAST.names)


@pytest.fixture
def house(store: Store) -> Store:
    settle_in(store)
    return store


def row(
    day: str,
    title: str = "Pola karier",
    *,
    nip: str = CAHYA,
    kind: str = "coaching",
    scope: str = "",
    begins: str = "",
    ends: str = "",
) -> str:
    return f"{nip},{kind},{scope},{day},{begins},{ends},{title},Heri Contohadi"


def brought(store: Store, *rows: str, preview: bool = False) -> BroughtPast:
    return bring_past(
        "\n".join([HEADER, *rows]).encode(),
        "tabel.csv",
        store=store,
        now=NOW,
        today=TODAY,
        randomness=secrets.token_bytes,
        actor="uji",
        preview=preview,
    )


def jp(store: Store) -> list[Decimal]:
    """Of Cahya's past activities, by their days."""
    with store.reading() as tx:
        return [each.jp for each in tx.other_learning.of_employee(CAHYA, 2025)]


def test_its_jp_are_the_laws(house: Store) -> None:
    told = brought(
        house,
        row("4 Februari 2025", "Naskah"),
        row("2025-02-05", "Studi", kind="mentoring", scope="internasional"),
        row("06/02/2025", "Buku", kind="Belajar Mandiri", begins="09.00", ends="10.00"),
        row("2025-02-07", "Kursus", kind="belajar_mandiri", scope="internasional", begins="09.00", ends="13.00"),
    )
    assert [each.jp for each in told.rows] == [2, 4, 1, Decimal("2.4")]
    assert jp(house) == [2, 4, 1, Decimal("2.4")]


def test_a_month_gives_no_more_than_its_limits_and_says_so(house: Store) -> None:
    told = brought(house, *(row(f"2025-02-0{day}", f"Pertemuan {day}") for day in (3, 4, 5)))
    assert [each.jp for each in told.rows] == [2, 2, 0]
    assert "5.c.1)c)" in told.rows[2].findings[0].cites_text[0]


def test_what_was_verified_comes_first_whichever_day_it_was(house: Store) -> None:
    approve(house, "coaching", "2025-02-20")
    told = brought(house, row("2025-02-03", "Satu"), row("2025-02-04", "Dua"))
    assert [each.jp for each in told.rows] == [2, 0]
    assert "yang diverifikasi layanan" in told.rows[1].findings[-1].because


def test_a_later_approval_takes_the_room_from_what_came_on_paper(house: Store) -> None:
    brought(house, row("2025-02-03", "Satu"), row("2025-02-04", "Dua"), row("2025-03-04", "Tiga"))
    assert jp(house) == [2, 2, 2]
    approve(house, "coaching", "2025-02-20")
    assert jp(house) == [2, 0, 2]
    approve(house, "coaching", "2025-02-21")
    assert jp(house) == [0, 0, 2]


def test_what_is_rejected_gives_its_room_back_and_what_is_approved_comes_first(house: Store) -> None:
    kept = brought(house, *(row(f"2025-02-0{day}", f"Pertemuan {day}") for day in (3, 4, 5))).kept
    assert approve_learning(kept[2].id, store=house, now=NOW, actor="biro").jp == 2
    assert jp(house) == [2, 0, 2]
    reject(kept[0].id, "Bukan pegawai ini", store=house, now=NOW, actor="biro")
    assert jp(house)[1:] == [2, 2]


def test_it_counts_as_other_learning_once_approved_and_in_no_year_of_cmb(house: Store) -> None:
    approve(house, "coaching", "2025-02-20")
    (kept,) = brought(house, row("2025-02-03")).kept
    approve_learning(kept.id, store=house, now=NOW, actor="biro")
    with house.reading() as tx:
        person = next(each for each in evaluate(2025, 1, tx, today=TODAY).people if each.nip == CAHYA)
        assert (person.jp, person.other_jp) == (2, 2)
        assert accumulate(CAHYA, 2025, tx).assessment.total == 2


def test_before_the_circular_it_is_kept_and_gives_nothing(house: Store) -> None:
    told = brought(house, row("2022-01-31"))
    assert told.rows[0].jp == 0
    assert "1 Februari 2022" in told.rows[0].findings[0].because


def test_a_preview_keeps_nothing(house: Store) -> None:
    told = brought(house, row("2025-02-03"), preview=True)
    assert ([each.jp for each in told.rows], told.kept, jp(house)) == ([2], (), [])


def test_every_wrong_row_is_said_at_once_and_nothing_is_kept(house: Store) -> None:
    brought(house, row("2025-02-03"))
    approve(house, "coaching", "2025-03-03")
    with pytest.raises(BadRows) as caught:
        brought(
            house,
            row("2025-02-30"),
            row("2025-06-02", "Besok"),
            row("2025-02-04", kind="seminar"),
            row("2025-02-04", "Buku", kind="belajar_mandiri"),
            row("2025-02-04", "Buku lain", kind="belajar_mandiri", begins="10.00", ends="09.00"),
            row("2025-02-04", "Setengah", begins="10.00"),
            row("2025-02-04", "", scope="antarplanet"),
            row("2025-02-04", nip="199001012020121009"),
            row("2025-02-03"),
            row("2025-02-05", "Kembar"),
            row("2025-02-05", "Kembar"),
            row("2025-03-03", "Ganda"),
            row("2025-03-03", "Pagi lain", begins="06.00", ends="07.00"),
        )
    wanted = (
        *("bukan tanggal", "belum tiba", "“seminar” tidak dikenal", "wajib untuk belajar mandiri"),
        *("tidak sesudah waktu mulai", "kosongkan keduanya", "“antarplanet” tidak dikenal"),
        *("tidak ada pada data kepegawaian", "sudah tercatat", "sama dengan baris 11", "sudah ada pada layanan"),
    )
    told = "\n".join(caught.value.problems)
    assert [each for each in wanted if each not in told] == []
    assert "kolom nama_kegiatan kosong" in told
    assert "Baris 14" not in told
    assert len(jp(house)) == 1


def test_who_had_left_by_then_has_no_activity_on_that_day(house: Store) -> None:
    gita = next(each for each in PEOPLE if each.nip == GITA)
    with house.transaction() as tx:
        tx.employees.record([StaffUpdate(entry=gita, departure="pensiun")], day=dt.date(2025, 3, 1))
    with pytest.raises(BadRows, match="1 masalah") as caught:
        brought(house, row("2025-02-03", nip=GITA), row("2025-03-03", nip=GITA))
    assert "Baris 3" in caught.value.problems[0]
    assert "bukan pegawai aktif pada 3 Maret 2025" in caught.value.problems[0]


def test_the_template_filled_in_is_what_the_import_takes(house: Store) -> None:
    told = dict(PAST.sample) | {"nip": CAHYA}
    content = template_bytes(PAST, xlsx=True, rows=[told])
    kept = bring_past(
        content, "tabel.xlsx", store=house, now=NOW, today=TODAY, randomness=secrets.token_bytes, actor="uji"
    ).kept
    assert [(each.jp, each.organiser) for each in kept] == [(2, PAST.sample["pembimbing_atau_sumber"])]


def test_a_recount_assesses_them_anew(house: Store) -> None:
    brought(house, row("2025-02-03", "Satu"), row("2025-02-04", "Dua"))
    with house.transaction() as tx:
        assert tx.past_activities.years() == {2025}
        assert tx.past_activities.rebuild(2025, 2) == 0
