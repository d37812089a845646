"""CMB of the paper era: its JP are what the law leaves beside what was verified, and no certificate has them."""

from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal

import pytest

from service.errors import BadRows
from service.learning.other import approve as approve_learning
from service.learning.other import reject
from service.learning.paper_era import PastRow, past_table
from service.monitoring.evaluation import evaluate
from service.spreadsheets.imports import ImportContext, ImportResult, import_table
from service.spreadsheets.templates import PAST, template_bytes
from service.store import Store
from service.store.learning import OtherLearning
from service.store.staff import StaffUpdate
from service.year import accumulate
from support.monitored_office import CAHYA, GITA, PEOPLE, approve, register_people
from support.sample_rows import NOW

TODAY = dt.date(2025, 6, 1)
HEADER = ",".join(PAST.names)


@pytest.fixture
def staffed(store: Store) -> Store:
    register_people(store)
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


def import_rows(store: Store, *rows: str, preview: bool = False) -> ImportResult[PastRow, OtherLearning]:
    """Import a table of these rows."""
    return import_file(store, "\n".join([HEADER, *rows]).encode(), "tabel.csv", preview=preview)


def import_file(
    store: Store, content: bytes, file_name: str, *, preview: bool = False
) -> ImportResult[PastRow, OtherLearning]:
    context = ImportContext(store=store, now=NOW, today=TODAY, actor="uji")
    return import_table(past_table(secrets.token_bytes), content, file_name, context=context, preview=preview)


def jp(store: Store) -> list[Decimal]:
    """Of Cahya's past activities, by their days."""
    with store.reading() as tx:
        return [piece.jp for piece in tx.other_learning.of_employee(CAHYA, 2025)]


def test_its_jp_are_the_laws(staffed: Store) -> None:
    result = import_rows(
        staffed,
        row("4 Februari 2025", "Naskah"),
        row("2025-02-05", "Studi", kind="mentoring", scope="internasional"),
        row("06/02/2025", "Buku", kind="Belajar Mandiri", begins="09.00", ends="10.00"),
        row("2025-02-07", "Kursus", kind="belajar_mandiri", scope="internasional", begins="09.00", ends="13.00"),
    )
    assert [entry.jp for entry in result.entries] == [2, 4, 1, Decimal("2.4")]
    assert jp(staffed) == [2, 4, 1, Decimal("2.4")]


def test_a_month_gives_no_more_than_its_limits_and_says_so(staffed: Store) -> None:
    result = import_rows(staffed, *(row(f"2025-02-0{day}", f"Pertemuan {day}") for day in (3, 4, 5)))
    assert [entry.jp for entry in result.entries] == [2, 2, 0]
    assert "5.c.1)c)" in result.entries[2].findings[0].cites_text[0]


def test_what_was_verified_comes_first_whichever_day_it_was(staffed: Store) -> None:
    approve(staffed, "coaching", "2025-02-20")
    result = import_rows(staffed, row("2025-02-03", "Satu"), row("2025-02-04", "Dua"))
    assert [entry.jp for entry in result.entries] == [2, 0]
    assert "yang diverifikasi layanan" in result.entries[1].findings[-1].because


def test_a_later_approval_takes_the_room_from_what_came_on_paper(staffed: Store) -> None:
    import_rows(staffed, row("2025-02-03", "Satu"), row("2025-02-04", "Dua"), row("2025-03-04", "Tiga"))
    assert jp(staffed) == [2, 2, 2]
    approve(staffed, "coaching", "2025-02-20")
    assert jp(staffed) == [2, 0, 2]
    approve(staffed, "coaching", "2025-02-21")
    assert jp(staffed) == [0, 0, 2]


def test_what_is_rejected_gives_its_room_back_and_what_is_approved_comes_first(staffed: Store) -> None:
    kept = import_rows(staffed, *(row(f"2025-02-0{day}", f"Pertemuan {day}") for day in (3, 4, 5))).outcomes
    assert approve_learning(kept[2].id, store=staffed, now=NOW, actor="biro").jp == 2
    assert jp(staffed) == [2, 0, 2]
    reject(kept[0].id, "Bukan pegawai ini", store=staffed, now=NOW, actor="biro")
    assert jp(staffed)[1:] == [2, 2]


def test_it_counts_as_other_learning_once_approved_and_in_no_year_of_cmb(staffed: Store) -> None:
    approve(staffed, "coaching", "2025-02-20")
    (kept,) = import_rows(staffed, row("2025-02-03")).outcomes
    approve_learning(kept.id, store=staffed, now=NOW, actor="biro")
    with staffed.reading() as tx:
        person = next(person for person in evaluate(2025, 1, tx, today=TODAY).people if person.nip == CAHYA)
        assert (person.jp, person.other_jp) == (2, 2)
        assert accumulate(CAHYA, 2025, tx).assessment.total == 2


def test_before_the_circular_it_is_kept_and_gives_nothing(staffed: Store) -> None:
    result = import_rows(staffed, row("2022-01-31"))
    assert result.entries[0].jp == 0
    assert "1 Februari 2022" in result.entries[0].findings[0].because


def test_a_preview_keeps_nothing(staffed: Store) -> None:
    result = import_rows(staffed, row("2025-02-03"), preview=True)
    assert ([entry.jp for entry in result.entries], result.outcomes, jp(staffed)) == ([2], (), [])


def test_every_wrong_row_is_said_at_once_and_nothing_is_kept(staffed: Store) -> None:
    import_rows(staffed, row("2025-02-03"))
    approve(staffed, "coaching", "2025-03-03")
    with pytest.raises(BadRows) as caught:
        import_rows(
            staffed,
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
    listed = "\n".join(caught.value.problems)
    assert [part for part in wanted if part not in listed] == []
    assert "kolom nama_kegiatan kosong" in listed
    assert "Baris 14" not in listed
    assert len(jp(staffed)) == 1


def test_who_had_left_by_then_has_no_activity_on_that_day(staffed: Store) -> None:
    gita = next(person for person in PEOPLE if person.nip == GITA)
    with staffed.transaction() as tx:
        tx.employees.record([StaffUpdate(entry=gita, departure="pensiun")], day=dt.date(2025, 3, 1))
    with pytest.raises(BadRows, match="1 masalah") as caught:
        import_rows(staffed, row("2025-02-03", nip=GITA), row("2025-03-03", nip=GITA))
    assert "Baris 3" in caught.value.problems[0]
    assert "bukan pegawai aktif pada 3 Maret 2025" in caught.value.problems[0]


def test_the_template_filled_in_is_what_the_import_takes(staffed: Store) -> None:
    cells = dict(PAST.sample) | {"nip": CAHYA}
    content = template_bytes(PAST, xlsx=True, rows=[cells])
    kept = import_file(staffed, content, "tabel.xlsx").outcomes
    assert [(piece.jp, piece.organiser) for piece in kept] == [(2, PAST.sample["pembimbing_atau_sumber"])]


def test_a_recount_assesses_them_anew(staffed: Store) -> None:
    import_rows(staffed, row("2025-02-03", "Satu"), row("2025-02-04", "Dua"))
    with staffed.transaction() as tx:
        assert tx.past_activities.years() == {2025}
        assert tx.past_activities.rebuild(2025, 2) == 0
