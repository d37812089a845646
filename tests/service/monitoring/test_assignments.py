"""Assignments of the head of unit: a letter that is kept, a task that ends once."""

from __future__ import annotations

import datetime as dt
import io
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from forms.render import Renderer
from service.errors import BadInput, NotGranted
from service.learning.other import LearningDraft, enter
from service.learning.other import approve as approve_learning
from service.monitoring.assignments import Request, assign, end
from service.monitoring.evaluation import evaluate
from service.store import StaffUpdate, Store
from service.store.monitoring import Assignment, State
from support.command import Run, objects
from support.monitored_office import CAHYA, DIAH, GITA, INDRA, KANREG, approve, employee, register_people
from support.sample_rows import NOW

TODAY = dt.date(2025, 5, 10)


def assigned(store: Store, **changed: Any) -> Assignment:
    fields: dict[str, Any] = {
        "nip": CAHYA,
        "year": 2025,
        "period": 1,
        "kind": "pelatihan",
        "title": "Pelatihan Analisis Jabatan",
        "due": dt.date(2025, 8, 31),
        "reason": "Belum mencapai target masa pertama.",
        "head_nip": DIAH,
    }
    return assign(
        Request(**fields | changed),
        store=store,
        renderer=Renderer(),
        place="Jakarta",
        now=NOW,
        today=TODAY,
        randomness=secrets.token_bytes,
        actor="uji",
    )


def test_the_head_of_unit_assigns_and_the_letter_is_kept(store: Store) -> None:
    register_people(store)
    approve(store, "coaching", "2025-02-03")
    made = assigned(store)
    pages = PdfReader(io.BytesIO(store.document(made.digest))).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    assert len(pages) == 1
    for part in (made.id, "Cahya memperoleh 2 JP dari target 6,67 JP", "31 Agustus 2025", "Kepala Biro SDM"):
        assert part in text
    with store.reading() as tx:
        assert [assignment.id for assignment in tx.assignments.list(year=2025, unit=made.unit, state=State.OPEN)] == [
            made.id
        ]
        person = next(person for person in evaluate(2025, 1, tx, today=TODAY).people if person.nip == CAHYA)
        assert person.assigned == 1
        (message,) = tx.notifications.of(CAHYA, 10)
        assert (message.kind, message.about) == ("assigned", {"assignment": made.id, "ends": "2025-08-31"})


def test_an_assignment_ends_once(store: Store) -> None:
    register_people(store)
    made = assigned(store)
    assert end(made.id, State.CANCELLED, store=store, now=NOW, actor="uji").state is State.CANCELLED
    with pytest.raises(NotGranted):
        end(made.id, State.DONE, store=store, now=NOW, actor="uji")
    with pytest.raises(BadInput):
        end("T-0", State.DONE, store=store, now=NOW, actor="uji")


def test_who_changed_units_since_is_assigned_by_the_new_head(store: Store) -> None:
    register_people(store)
    with store.transaction() as tx:
        moved = employee(CAHYA, "Cahya", KANREG)
        tx.employees.upsert([moved], day=dt.date(2025, 5, 5))
    with pytest.raises(NotGranted, match="assignment_by_no_head"):
        assigned(store)
    assert assigned(store, head_nip=INDRA).unit == KANREG


def test_who_was_not_there_at_the_end_of_the_period_is_not_assigned_for_it(store: Store) -> None:
    register_people(store)
    with store.transaction() as tx:
        newcomer = employee("200001012025051001", "Baru Contoh")
        tx.employees.record([StaffUpdate(entry=newcomer, since=dt.date(2025, 5, 2))], day=dt.date(2025, 5, 2))
    with pytest.raises(NotGranted, match="assignment_not_evaluated"):
        assigned(store, nip=newcomer.nip)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"head_nip": INDRA}, NotGranted),
        ({"head_nip": GITA}, NotGranted),
        ({"nip": "199001012020121009"}, BadInput),
        ({"kind": "kursus"}, BadInput),
        ({"title": " "}, BadInput),
        ({"reason": ""}, BadInput),
        ({"due": dt.date(2025, 5, 9)}, BadInput),
    ],
)
def test_what_may_not_be_assigned_is_refused(store: Store, changed: dict[str, Any], error: type[Exception]) -> None:
    register_people(store)
    with pytest.raises(error):
        assigned(store, **changed)


def test_learning_that_fulfils_an_assignment_ends_it_when_it_is_approved(store: Store) -> None:
    register_people(store)
    made = assigned(store)
    day = dt.date(2025, 5, 2)
    draft = LearningDraft(
        nip=CAHYA, kind="pelatihan", title="Analisis", organiser="LAN", starts=day, ends=day, jp=Decimal(8)
    )
    learning = enter(
        draft, store=store, now=NOW, today=TODAY, randomness=secrets.token_bytes, actor="uji", assignment_id=made.id
    )
    approve_learning(learning.id, store=store, now=NOW, actor="biro")
    with store.reading() as tx:
        kept = tx.assignments.get(made.id)
    assert kept is not None
    assert kept.state is State.DONE


def test_the_commands_go_all_the_way(cmb: Run, tmp_path: Path) -> None:
    letter = tmp_path / "surat.pdf"
    words = ("--year", 2025, "--period", 3, "--kind", "cmb", "--title", "Coaching rutin", "--due", "2999-01-01")
    head = "197801012003122001"
    made = objects(cmb("assign", "add", CAHYA, *words, "--reason", "Tertinggal", "--by", head, "-o", letter, "--json"))[
        0
    ]
    assert letter.read_bytes().startswith(b"%PDF")
    assert objects(cmb("assign", "list", "--year", 2025, "--json"))[0]["state"] == "open"
    cmb("assign", "done", made["id"])
    cmb("assign", "cancel", made["id"], expect=1)
    evidence = tmp_path / "bukti.pdf"
    evidence.write_bytes(b"%PDF-1.7")
    options = (
        "--kind",
        "seminar",
        "--title",
        "Arsip",
        "--organiser",
        "ANRI",
        "--starts",
        "1 Maret 2025",
        "--jp",
        "2,5",
    )
    kept = objects(cmb("learning", "add", CAHYA, *options, "--evidence", evidence, "--json"))[0]
    assert (kept["jp"], kept["state"]) == ("2.5", "pending")
    cmb("learning", "approve", kept["id"])
    assert objects(cmb("learning", "list", "--year", 2025, "--json"))[0]["state"] == "approved"
    cmb("learning", "reject", kept["id"], "--reason", "Salah", expect=1)
    table = tmp_path / "tabel.csv"
    table.write_text(f"nip;jenis;judul;penyelenggara;mulai;selesai;jp\n{CAHYA};workshop;A;B;2025-01-02;;3\n")
    assert objects(cmb("learning", "import", table, "--dry-run", "--json"))[-1] == {
        "rows": 1,
        "kept": 0,
        "dry_run": True,
    }
    assert objects(cmb("learning", "import", table, "--json"))[-1] == {"rows": 1, "kept": 1}
    cmb("learning", "import", table, expect=2)
