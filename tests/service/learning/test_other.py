"""Other learning: entered with evidence, decided once, counted beside CMB and never in it."""

from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal
from typing import Any

import pytest

from service.errors import BadInput, BadRows, NotGranted
from service.learning.other import Evidence, LearningDraft, enter, learning_table, reject
from service.learning.other import approve as approve_learning
from service.monitoring.evaluation import evaluate
from service.records import Decision
from service.spreadsheets.imports import ImportContext, ImportResult, import_table
from service.store import Store
from service.store.learning import OtherLearning
from service.year import accumulate
from support.monitored_office import CAHYA, GITA, approve, register_people
from support.sample_rows import NOW

TODAY = dt.date(2025, 6, 1)
HEADER = "nip,jenis,judul,penyelenggara,mulai,selesai,jp"


@pytest.fixture
def staffed(store: Store) -> Store:
    register_people(store)
    return store


def entered(store: Store, evidence: Evidence | None = None, **changed: Any) -> OtherLearning:
    fields: dict[str, Any] = {
        "nip": CAHYA,
        "kind": "pelatihan",
        "title": "Analisis Jabatan",
        "organiser": "LAN",
        "starts": dt.date(2025, 3, 3),
        "ends": dt.date(2025, 3, 5),
        "jp": Decimal("24.5"),
    }
    return enter(
        LearningDraft(**fields | changed),
        store=store,
        now=NOW,
        today=TODAY,
        randomness=secrets.token_bytes,
        actor="uji",
        evidence=evidence,
    )


def import_rows(store: Store, *rows: str, preview: bool = False) -> ImportResult[LearningDraft, OtherLearning]:
    """Import a table of these rows."""
    content = "\n".join([HEADER, *rows]).encode()
    context = ImportContext(store=store, now=NOW, today=TODAY, actor="uji")
    return import_table(learning_table(secrets.token_bytes), content, "tabel.csv", context=context, preview=preview)


def test_it_counts_beside_cmb_once_approved_and_never_in_the_year_of_the_certificate(staffed: Store) -> None:
    approve(staffed, "coaching", "2025-02-03")
    learning = entered(staffed)
    with staffed.reading() as tx:
        assert evaluate(2025, 1, tx, today=TODAY).people[0].other_jp == 0
    approve_learning(learning.id, store=staffed, now=NOW, actor="biro")
    with staffed.reading() as tx:
        person = next(person for person in evaluate(2025, 1, tx, today=TODAY).people if person.nip == CAHYA)
        assert (person.jp, person.other_jp, person.with_other) == (2, Decimal("24.5"), Decimal("26.5"))
        assert accumulate(CAHYA, 2025, tx).assessment.total == 2


def test_its_evidence_is_kept_by_digest(staffed: Store) -> None:
    kept = entered(staffed, Evidence(name="sertifikat.pdf", content=b"%PDF-1.7 bukti"))
    assert kept.evidence_digest is not None
    assert staffed.document(kept.evidence_digest) == b"%PDF-1.7 bukti"
    with pytest.raises(BadInput, match="bukan PDF"):
        entered(staffed, Evidence(name="a.exe", content=b"MZ"), title="Lain")


def test_a_decision_is_made_once_and_a_rejection_says_why(staffed: Store) -> None:
    learning = entered(staffed)
    with pytest.raises(BadInput, match="Alasan"):
        reject(learning.id, "  ", store=staffed, now=NOW, actor="biro")
    assert reject(learning.id, "Bukan bukti", store=staffed, now=NOW, actor="biro").decision_reason == "Bukan bukti"
    with pytest.raises(NotGranted):
        approve_learning(learning.id, store=staffed, now=NOW, actor="biro")
    with staffed.reading() as tx:
        assert [piece.decision for piece in tx.other_learning.of_employee(CAHYA, 2025)] == [Decision.REJECTED]
        assert tx.other_learning.sums(dt.date(2025, 1, 1), dt.date(2025, 12, 31)) == {}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"nip": "199001012020121009"}, "tidak ada pada data kepegawaian"),
        ({"kind": "kursus"}, "tidak dikenal"),
        ({"title": " "}, "judul kosong"),
        ({"ends": dt.date(2025, 3, 2)}, "mendahului"),
        ({"ends": dt.date(2025, 6, 2)}, "belum tiba"),
        ({"jp": Decimal(0)}, "tidak mungkin"),
        ({"jp": Decimal("1.2345")}, "terlalu rinci"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(staffed: Store, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        entered(staffed, **changed)


def test_the_same_learning_twice_is_refused(staffed: Store) -> None:
    entered(staffed)
    with pytest.raises(BadInput, match="sudah tercatat"):
        entered(staffed, jp=Decimal(3))


def test_a_table_is_previewed_and_then_kept_whole(staffed: Store) -> None:
    rows = (f"{CAHYA},Pelatihan,Analisis,LAN,2025-03-03,,8", f"{GITA},seminar,Arsip,ANRI,3 Maret 2025,4/3/2025,2.5")
    assert [draft.jp for draft in import_rows(staffed, *rows, preview=True).entries] == [Decimal(8), Decimal("2.5")]
    assert len(import_rows(staffed, *rows).outcomes) == 2
    with staffed.reading() as tx:
        listed = tx.other_learning.list(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert [(piece.nip, piece.ends.day) for piece in listed] == [(CAHYA, 3), (GITA, 4)]


def test_a_table_with_wrong_rows_names_them_all_and_keeps_nothing(staffed: Store) -> None:
    good = f"{CAHYA},pelatihan,Analisis,LAN,2025-03-03,,8"
    with pytest.raises(BadRows) as caught:
        import_rows(
            staffed, good, good, "123,pelatihan,A,B,kapan,,banyak", f"{GITA},kursus,,LAN,2025-03-03,2025-03-01,0"
        )
    listed = "\n".join(caught.value.problems)
    for part in ("Baris 3: sama dengan baris 2", "Baris 4: kolom nip", "Baris 4: kolom mulai", "Baris 4: kolom jp"):
        assert part in listed
    for part in ("Baris 5: jenis", "Baris 5: judul kosong", "Baris 5: selesai", "Baris 5: jp"):
        assert part in listed
    with staffed.reading() as tx:
        assert tx.other_learning.known() == frozenset()
