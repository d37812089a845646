"""Decisions as a table: waiting submissions handed out, decided, taken back; every wrong row at once."""

from __future__ import annotations

import csv
import io

import pytest

from service.errors import BadInput, BadRows
from service.language import Reader, words
from service.records import Decision, Submission
from service.spreadsheets.templates import APPROVALS, template_bytes
from service.submissions.decisions import approve, decide_table, waiting_rows
from support.office import CAHYA, NOW, Office


def submitted(office: Office, day: int) -> Submission:
    words = {"tanggal": f"{day} Maret 2025", "tanggal_tanda_tangan": "30 Maret 2025"}
    return office.submit(office.signed("coaching", **words))


def table(*rows: tuple[str, str, str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([("kiriman", "keputusan", "alasan"), *rows])
    return out.getvalue().encode()


def decide(office: Office, content: bytes, *, preview: bool = False) -> list[str]:
    wishes = decide_table(content, "k.csv", store=office.store, now=NOW, actor="biro", preview=preview)
    return [wish.decision.value for wish in wishes]


def decision(office: Office, submission: Submission) -> tuple[Decision, str | None]:
    with office.store.reading() as tx:
        kept = tx.submissions.get(submission.id)
    assert kept is not None
    return kept.decision, kept.decision_reason


def test_what_waits_is_handed_out_decided_and_taken_back(office: Office) -> None:
    one, two, three = (submitted(office, day) for day in (4, 5, 6))
    with office.store.reading() as tx:
        rows = sorted((dict(row) for row in waiting_rows(tx)), key=lambda row: row["tanggal"])
    assert [row["kiriman"] for row in rows] == [one.id, two.id, three.id]
    assert (rows[0]["nip"], rows[0]["nama"], rows[0]["tanggal"]) == (CAHYA, "Cahya Lestari", "4 Maret 2025")
    rows[0]["keputusan"] = "SAH"
    rows[1] |= {"keputusan": "tolak", "alasan": "=1+1 belum lengkap"}
    content = template_bytes(APPROVALS, xlsx=False, rows=rows)
    assert decide(office, content, preview=True) == ["approved", "rejected"]
    assert decision(office, one) == (Decision.PENDING, None)
    assert decide(office, content) == ["approved", "rejected"]
    assert decision(office, one) == (Decision.APPROVED, None)
    assert decision(office, two) == (Decision.REJECTED, "=1+1 belum lengkap")
    assert decision(office, three) == (Decision.PENDING, None)
    xlsx = template_bytes(APPROVALS, xlsx=True, rows=[{"kiriman": three.id, "keputusan": "sah"}])
    decide_table(xlsx, "k.xlsx", store=office.store, now=NOW, actor="biro")
    assert decision(office, three) == (Decision.APPROVED, None)


def test_every_wrong_row_is_named_at_once_and_nothing_is_decided(office: Office) -> None:
    good, done = submitted(office, 4), submitted(office, 7)
    approve(done.id, store=office.store, now=NOW, actor="biro")
    refused = office.submit(b"bukan pdf")
    content = table(
        (good.id, "sah", ""),
        ("K-TIDAKADA", "sah", ""),
        (done.id, "tolak", "terlambat"),
        (refused.id, "sah", ""),
        (good.id, "mungkin", ""),
        (good.id, "tolak", ""),
    )
    with pytest.raises(BadRows) as caught:
        decide(office, content)
    told = "\n".join(words(problem, Reader()) for problem in caught.value.problems)
    for sentence in (
        "Baris 3: kiriman “K-TIDAKADA” tidak ada",
        f"Baris 4: kiriman {done.id} sudah disahkan",
        "Baris 5: kiriman",
        "Baris 6: kolom keputusan: “mungkin”",
        "Baris 7: kolom alasan kosong",
        f"Baris 7: kiriman {good.id} sudah ada pada baris 2",
    ):
        assert sentence in told
    assert decision(office, good) == (Decision.PENDING, None)


def test_the_same_table_twice_is_no_mistake_and_an_undecided_one_is_empty(office: Office) -> None:
    one = submitted(office, 4)
    assert (
        decide(office, table((one.id, "sah", ""))) == decide(office, table((one.id.lower(), "sah", ""))) == ["approved"]
    )
    with pytest.raises(BadInput, match="approvals_empty"):
        decide(office, table((one.id, "", "")))
