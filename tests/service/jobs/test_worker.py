"""Long work done by the runner: forms received, certificates issued, submissions judged again; stopped and taken up."""

from __future__ import annotations

import csv
import os
import threading
from pathlib import Path

import pytest

from forms.schema import Role
from service.certificates.lifecycle import revoke
from service.jobs.requests import write_table
from service.language import Message, Reader
from service.store import Store
from service.store.jobs import BatchState, ItemState
from service.verification.wording import shown_reasons
from support.filled_forms import filled
from support.office import CAHYA, EKO, NOW
from support.worker import WorkerOffice, later, open_worker_office, zipped


@pytest.fixture
def shift(store: Store, database_url: str, tmp_path: Path) -> WorkerOffice:
    return open_worker_office(store, database_url, tmp_path)


def test_many_files_are_received_and_each_tells_its_cause(shift: WorkerOffice) -> None:
    good = shift.office.signed()
    unsigned = shift.office.signed(signers=[(Role.PEGAWAI, CAHYA)], tanggal="3 Maret 2025")
    batch_id = shift.submit({"baik.pdf": good, "kurang.pdf": unsigned, "sama.pdf": good, "rusak.pdf": b"bukan PDF"})
    shift.run()
    assert shift.outcomes(batch_id) == {
        "baik.pdf": "verified",
        "kurang.pdf": "refused",
        "sama.pdf": "verified",
        "rusak.pdf": "refused",
    }
    batch = shift.batch(batch_id)
    assert (batch.state, batch.given, batch.worker) == (BatchState.DONE, 4, None)
    answers = [item.answer or {} for item in shift.items(batch_id)]
    assert {reason["code"] for reason in answers[1]["reasons"]} == {"missing_signature"}
    assert answers[0]["record"]["employee"]["nip"] == CAHYA
    assert answers[0]["submission"] == answers[2]["submission"]
    assert "signatures" not in answers[0]
    with shift.store.reading() as tx:
        kept = tx.submissions.get(answers[0]["submission"])
        received = [event for event in tx.events.list() if event.action == "submission.received"]
    assert kept is not None
    assert kept.file_name in {"baik.pdf", "sama.pdf"}  # the same bytes: whichever came first
    assert kept.received_at == NOW
    assert {event.actor for event in received} == {"biro"}
    assert len(received) == 3


def test_a_zip_file_is_kept_first_and_its_members_become_items_or_refusals(shift: WorkerOffice) -> None:
    inner = zipped({"a.pdf": b"x"})
    members = {
        "unit/baik.pdf": shift.office.signed(),
        "../luar.pdf": b"%PDF-1.7",
        "dalam.zip": inner,
        "bom.pdf": bytes(20 * 2**20),
        "catatan.txt": os.urandom(2**18),
        "__MACOSX/._baik.pdf": b"x",
    }
    archive = zipped(members)
    batch_id = shift.submit({"Maret.zip": archive, "lepas.pdf": filled(), "rusak.zip": b"PK\x03\x04 bukan"})
    digest = shift.batch(batch_id).asked["archives"][0]["digest"]
    assert shift.store.document(digest) == archive
    shift.run()
    assert shift.outcomes(batch_id) == {
        "lepas.pdf": "refused",
        "Maret.zip!unit/baik.pdf": "verified",
        "Maret.zip!../luar.pdf": "refused",
        "Maret.zip!dalam.zip": "refused",
        "Maret.zip!bom.pdf": "refused",
        "Maret.zip!catatan.txt": "skipped",
        "Maret.zip": "skipped",
        "rusak.zip": "refused",
    }
    codes = {item.name: (item.answer or {})["reasons"][0]["code"] for item in shift.items(batch_id)[2:]}
    assert list(codes.values()) == [
        "unsafe_name",
        "nested_archive",
        "archive_bomb",
        "skipped",
        "skipped",
        "cannot_open",
    ]
    assert all(str(shift.office.settings.home) not in str(item.answer) for item in shift.items(batch_id))


def test_certificates_are_issued_as_a_batch_and_who_gets_none_is_told_why(shift: WorkerOffice) -> None:
    shift.office.approved()
    batch_id = shift.request_batch("issue", {"year": 2025, "nips": [CAHYA, EKO]})
    shift.run()
    assert shift.outcomes(batch_id) == {CAHYA: "issued", EKO: "not_granted"}
    issued, refused = (item.answer or {} for item in shift.items(batch_id))
    assert (issued["jp"], issued["new"]) == ("2", True)
    assert "Belum ada JP" in shown_reasons(refused["reasons"], Reader())[0]["message"]
    with shift.store.reading() as tx:
        living = tx.certificates.living(CAHYA, 2025)
    assert living is not None
    assert (living.number, living.digest) == (issued["number"], issued["sha256"])
    again = shift.request_batch("issue", {"year": 2025})
    shift.run()
    assert shift.outcomes(again) == {CAHYA: "unchanged"}


def test_a_batch_leaves_out_what_was_revoked_and_issues_it_again_on_a_decision(shift: WorkerOffice) -> None:
    shift.office.approved()
    number = shift.office.issue().certificate.number
    revoke(number, "Nama keliru.", store=shift.store, now=NOW, actor="biro")
    bulk = shift.request_batch("issue", {"year": 2025})
    shift.run()
    assert shift.outcomes(bulk) == {CAHYA: "stays_revoked"}
    (item,) = shift.items(bulk)
    assert number in shown_reasons((item.answer or {})["reasons"], Reader())[0]["message"]
    decided = {"year": 2025, "nips": [CAHYA], "reissue": {CAHYA: number}, "reason": "Nama sudah benar."}
    again = shift.request_batch("issue", decided)
    shift.run()
    assert shift.outcomes(again) == {CAHYA: "issued"}


def test_submissions_are_judged_again_as_a_batch(shift: WorkerOffice) -> None:
    first = shift.office.submit(shift.office.signed())
    named = shift.request_batch("reverify", {"submissions": [first.id, "K-0000000000"]})
    every = shift.request_batch("reverify", {"status": "verified"})
    shift.run()
    assert shift.outcomes(named) == {first.id: "passed", "K-0000000000": "not_done"}
    assert shift.outcomes(every) == {first.id: "passed"}
    assert shift.items(named)[1].state is ItemState.FAILED
    with shift.store.reading() as tx:
        assert len(tx.verifications.of(first.id)) == 3


def test_a_cancelled_batch_stops_between_items_and_goes_on_when_resumed(shift: WorkerOffice) -> None:
    batch_id = shift.submit({f"{number}.pdf": filled() + b"\n%" + b"x" * number for number in range(60)})
    done = threading.Event()

    def cancel() -> None:
        while not done.wait(0.005):
            with shift.store.reading() as tx:
                begun = tx.batches.progress(batch_id, NOW).done >= 2
            if begun:
                with shift.store.transaction() as tx:
                    assert tx.batches.cancel(batch_id, NOW)
                return

    person = threading.Thread(target=cancel)
    person.start()
    shift.run(lease=later(0.4) - NOW)
    done.set()
    person.join()
    with shift.store.transaction() as tx:
        before = tx.batches.progress(batch_id, NOW)
        assert tx.batches.resume(batch_id)
    assert shift.batch(batch_id).state is BatchState.WAITING
    assert before.done >= 2
    shift.run()
    with shift.store.reading() as tx:
        after = tx.batches.progress(batch_id, NOW)
    assert (after.done, after.waiting, after.outcomes) == (60, 0, {"refused": 60})


def test_who_is_told_to_stop_finishes_what_is_under_way_and_gives_the_rest_back(shift: WorkerOffice) -> None:
    batch_id = shift.submit({f"{number}.pdf": filled() + b"\n%" + b"x" * number for number in range(8)})
    said = shift.log

    def stop_early(event: str, /, **facts: object) -> None:
        said(event, **facts)
        if event == "batch.laid_out":
            shift.stopping.set()

    shift.run(log=stop_early)
    batch = shift.batch(batch_id)
    assert (batch.state, batch.worker, batch.laid_out_at) == (BatchState.WAITING, None, NOW)
    shift.stopping.clear()
    shift.run(name="w2")
    assert shift.batch(batch_id).state is BatchState.DONE


def test_trouble_of_the_house_is_the_batchs_and_not_the_items(shift: WorkerOffice) -> None:
    shift.office.approved()
    (shift.office.settings.home / "segel.p12").unlink()
    batch_id = shift.request_batch("issue", {"year": 2025})
    shift.run()
    batch = shift.batch(batch_id)
    assert batch.state is BatchState.FAILED
    assert batch.said == Message("seal_key_not_set")
    assert [item.state for item in shift.items(batch_id)] == [ItemState.WAITING]


def test_work_of_a_kind_nobody_knows_fails_with_a_sentence(shift: WorkerOffice) -> None:
    batch_id = shift.request_batch("terbang", {})
    shift.run()
    assert shift.batch(batch_id).state is BatchState.FAILED
    assert "terbang" in (shift.batch(batch_id).problem or "")


def test_an_empty_batch_is_done(shift: WorkerOffice) -> None:
    batch_id = shift.request_batch("submit", {})
    shift.run()
    assert shift.batch(batch_id).state is BatchState.DONE
    assert [event for event, _ in shift.said] == ["batch.started", "batch.laid_out", "batch.done"]


def test_a_batch_becomes_a_table_also_while_it_waits(shift: WorkerOffice, tmp_path: Path) -> None:
    batch_id = shift.submit({"a.pdf": b"bukan PDF", "=b.pdf": shift.office.signed()})
    write_table(batch_id, store=shift.store, table=tmp_path / "sebelum.csv")
    shift.run()
    write_table(batch_id, store=shift.store, table=tmp_path / "a.csv", sheet=tmp_path / "a.xlsx")

    def rows(name: str) -> list[dict[str, str]]:
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    assert [row["hasil"] for row in rows("sebelum.csv")] == ["waiting", "waiting"]
    refused, verified = rows("a.csv")
    assert (refused["berkas"], refused["hasil"], refused["kode"]) == ("a.pdf", "refused", "broken_pdf")
    assert (verified["berkas"], verified["hasil"], verified["nip"]) == ("'=b.pdf", "verified", CAHYA)
    assert verified["kiriman"].startswith("K-")
    assert (tmp_path / "a.xlsx").read_bytes()[:2] == b"PK"
    issued = shift.request_batch("issue", {"year": 2025, "nips": [EKO]})
    shift.run()
    write_table(issued, store=shift.store, table=tmp_path / "b.csv")
    assert [(row["berkas"], row["hasil"], row["kode"]) for row in rows("b.csv")] == [
        (EKO, "not_granted", "not_granted")
    ]
