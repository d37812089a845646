"""The periodic report: every unit over whole months, compared, with charts, tables behind them, and a workbook."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from forms.render import Renderer
from service.errors import BadInput
from service.monitoring.periodic import Periodic, periodic, span_of
from service.monitoring.periodic_document import periodic_paper
from service.monitoring.workbook import tables_of, workbook
from service.records import Decision, Status
from service.store import StaffUpdate, Store
from service.store.totals import kinds_of
from support.command import Run, objects
from support.monitored_office import BIRO, CAHYA, GITA, KANREG, approve, employee, settle_in
from support.sample_rows import NOW, facts

ZONE = ZoneInfo("Asia/Jakarta")


def reported(store: Store, first: tuple[int, int], last: tuple[int, int]) -> Periodic:
    with store.reading() as tx:
        return periodic(span_of(first, last), tx, zone=ZONE)


def settled(store: Store) -> None:
    settle_in(store)
    for day in ("2026-03-02", "2026-03-09", "2026-03-16", "2026-05-04"):
        approve(store, "coaching", day)
    approve(store, "belajar_mandiri", "2026-04-07", nip=GITA, minutes=90, scope="internasional")
    approve(store, "mentoring", "2025-12-30", nip=GITA)
    with store.transaction() as tx:
        for number, codes in enumerate((["Belum lengkap"], ["Belum lengkap", "Sertifikat dicabut"])):
            tx.submissions.receive(f"r{number}", "a.pdf", NOW, f"R-{number}")
            reasons = [{"code": "x", "title": title} for title in codes]
            tx.submissions.complete(f"R-{number}", Status.REFUSED, None, {"verdict": "failed", "reasons": reasons})
        tx.submissions.receive("j", "a.pdf", NOW, "J-1")
        tx.submissions.complete("J-1", Status.VERIFIED, facts(), {"verdict": "passed", "reasons": []})
        assert tx.submissions.decide("J-1", Decision.REJECTED, NOW, "biro", "Isi tidak jelas")


def test_a_span_over_the_turn_of_the_year_adds_both_and_looks_at_the_last_year_for_twenty_jp(store: Store) -> None:
    settled(store)
    with store.reading() as tx:
        told = tx.totals.span_totals((2025, 12), (2026, 4))
        only_march = tx.totals.span_totals((2026, 3), (2026, 3))
        idle = tx.totals.span_totals((2026, 5), (2026, 6))
    assert kinds_of(told[GITA].tallies or ())["mentoring"].jp == 2
    assert kinds_of(told[GITA].tallies or ())["belajar_mandiri"].jp == Decimal("2.4")
    assert (told[GITA].year_jp, told[CAHYA].year_jp) == (2400, 4000)
    assert kinds_of(only_march[CAHYA].tallies or ())["coaching"].counted == 2
    assert GITA not in only_march
    assert (idle[GITA].tallies, idle[GITA].year_jp) == (None, 2400)


def test_totals_months_and_kinds_are_what_was_approved(store: Store) -> None:
    settled(store)
    report = reported(store, (2026, 1), (2026, 4))
    assert (report.whole.jp, report.jp_before) == (Decimal("6.4"), Decimal(2))
    assert [each.jp for each in report.months] == [0, 0, 4, Decimal("2.4")]
    coaching = report.whole.by_kind["coaching"]
    assert (coaching.activities, coaching.counted, coaching.jp) == (3, 2, 4)
    assert {each.unit: (each.people, each.active, each.jp) for each in report.units} == {
        BIRO: (4, 1, 4),
        KANREG: (3, 1, Decimal("2.4")),
    }


def test_what_verification_said_and_why_is_counted(store: Store) -> None:
    settled(store)
    outcomes = reported(store, (2026, 4), (2026, 4)).outcomes
    assert outcomes.received == 9
    assert outcomes.of(decision=Decision.APPROVED) == 6
    assert outcomes.refusals.most_common() == [("Belum lengkap", 2), ("Sertifikat dicabut", 1)]
    assert outcomes.rejections == {"Isi tidak jelas": 1}
    assert reported(store, (2026, 5), (2026, 5)).outcomes.received == 0


def test_who_changed_the_unit_counts_where_they_stood_last_and_who_left_still_counts(store: Store) -> None:
    settled(store)
    day = dt.date(2026, 4, 1)
    with store.transaction() as tx:
        tx.employees.record([StaffUpdate(entry=employee(CAHYA, "Cahya", KANREG), since=day)], day=day)
        gone = StaffUpdate(entry=employee(GITA, "Gita", KANREG), since=dt.date(2026, 4, 20), departure="berhenti")
        tx.employees.record([gone], day=day)
    report = reported(store, (2026, 1), (2026, 4))
    assert {each.unit: each.jp for each in report.units} == {BIRO: 0, KANREG: Decimal("6.4")}
    assert reported(store, (2026, 5), (2026, 5)).whole.people == 6


def test_a_run_over_two_years_and_a_single_month_have_their_names(store: Store) -> None:
    settled(store)
    report = reported(store, (2025, 12), (2026, 1))
    assert (report.span.text, report.whole.jp) == ("Desember 2025–Januari 2026", 2)
    assert span_of((2026, 3), (2026, 3)).text == "Maret 2026"
    with pytest.raises(BadInput):
        span_of((2026, 3), (2026, 2))


def test_the_paper_says_it_and_the_workbook_has_the_same_numbers(store: Store) -> None:
    settled(store)
    paper = periodic_paper(reported(store, (2026, 1), (2026, 4)), made="Dibuat 1 Mei 2026 pukul 09.00 WIB.")
    reader = PdfReader(io.BytesIO(Renderer().dossier(paper)))
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert "2 dari 7 pegawai (29 %) memiliki kegiatan yang disahkan pada masa ini, seluruhnya 6,4 JP" in text
    assert "4,4 JP lebih banyak dari masa September–Desember 2025 (2 JP)" in text
    assert "Belum lengkap" in text
    assert "Isi tidak jelas" in text
    book = load_workbook(io.BytesIO(workbook(tables_of(paper))))
    months = book["JP menurut bulan dan jenis"]
    assert [cell.value for cell in months["F"]][1:5] == [0, 0, 4, 2.4]
    assert months["F6"].value == "=SUM(F2:F5)"


def test_the_command_takes_months_and_refuses_days(cmb: Run, tmp_path: Path) -> None:
    told = objects(cmb("periodic", "--from", "2026-01", "--to", "2026-06", "--json", "-o", tmp_path / "l.xlsx"))[0]
    assert (told["from"], told["to"], told["total"], len(told["months"])) == ("2026-01-01", "2026-06-30", "0", 6)
    assert (tmp_path / "l.xlsx").read_bytes().startswith(b"PK")
    assert "bulan penuh" in cmb("periodic", "--from", "2026-01-15", "--to", "2026-06", expect=2).output
    cmb("periodic", "--from", "2026-02", "--to", "2026-01", expect=2)
