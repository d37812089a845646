"""Tables to take away: whole, in order, harmless in a spreadsheet, and for employees ready to be brought in again."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from service.people.staff import import_staff
from service.spreadsheets.exports import EXPORTS, Span, export
from service.store import Store
from service.store.learning import OtherLearning
from support.command import Run, objects
from support.office import CAHYA, EKO, NOW, ZONE, Office, person
from support.staff_changes import tell

SPAN = Span(year=2025, zone=ZONE)


def rows(store: Store, subject: str, folder: Path, *, span: Span = SPAN) -> list[dict[str, str]]:
    path = folder / f"{subject}.csv"
    count = export(subject, path, store=store, span=span)
    with path.open(encoding="utf-8-sig", newline="") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) == count
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    return listed


def cells(store: Store, subject: str, folder: Path) -> list[dict[str, Any]]:
    export(subject, folder / "t.xlsx", store=store, span=SPAN)
    first, *others = load_workbook(folder / "t.xlsx").worksheets[0].iter_rows()
    return [dict(zip([cell.value for cell in first], row, strict=True)) for row in others]


def test_employees_taken_out_and_brought_in_change_nothing(office: Office, tmp_path: Path) -> None:
    tell(office, unit="=cmd|' /C calc'!A0", name="'Aisyah +Contoh")
    tell(office, nip=EKO, departure="pensiun")
    employees = {row["nip"]: row for row in rows(office.store, "employees", tmp_path)}
    assert employees[CAHYA]["unit_kerja"] == "'=cmd|' /C calc'!A0"
    assert employees[CAHYA]["berlaku_sejak"] == "2025-06-01"
    assert employees[EKO]["status"] == "pensiun"
    assert {row["unit_kerja"].data_type for row in cells(office.store, "employees", tmp_path)} == {"s"}
    for path in (tmp_path / "employees.csv", tmp_path / "t.xlsx"):
        again = import_staff(
            path.read_bytes(), path.name, store=office.store, now=NOW, today=NOW.date(), actor="uji", preview=True
        )
        assert again.counts == {"new": 0, "changed": 0, "same": 4}


def test_activities_say_what_each_of_them_counts(office: Office, tmp_path: Path) -> None:
    for day in (4, 5, 6):
        office.approved("coaching", tanggal=f"{day} Maret 2025", tanggal_tanda_tangan="30 Maret 2025")
    office.submit(office.signed("belajar_mandiri", tanggal="7 Maret 2025", tanggal_tanda_tangan="8 Maret 2025"))
    activities = rows(office.store, "activities", tmp_path)
    assert [(row["tanggal"], row["keputusan"], row["jp"]) for row in activities] == [
        ("2025-03-04", "approved", "2"),
        ("2025-03-05", "approved", "2"),
        ("2025-03-06", "approved", "0"),
        ("2025-03-07", "pending", ""),
    ]
    assert rows(office.store, "activities", tmp_path, span=Span(year=2024, zone=ZONE)) == []
    first = cells(office.store, "activities", tmp_path)[0]
    assert (first["tanggal"].value.date(), first["tanggal"].is_date) == (dt.date(2025, 3, 4), True)
    assert (first["jp"].value, first["menit"].value, first["nip"].value) == (2, 90, CAHYA)


def test_certificates_learning_and_events_are_taken_out_too(office: Office, tmp_path: Path) -> None:
    office.approved("coaching")
    number = office.issue().certificate.number
    (certificate,) = rows(office.store, "certificates", tmp_path)
    assert (certificate["nomor"], certificate["jp"], certificate["keadaan"]) == (number, "2", "issued")
    assert certificate["terbit"].startswith("2026-11-24T10:00:00+07:00")
    with office.store.transaction() as tx:
        tx.other_learning.add(
            OtherLearning(
                id="P-1",
                nip=CAHYA,
                kind="pelatihan",
                title="@Pelatihan",
                organiser="LAN",
                starts=dt.date(2025, 5, 1),
                ends=dt.date(2025, 5, 2),
                jp=Decimal("2.5"),
                entered_at=NOW,
                entered_by="uji",
            )
        )
    (learning,) = rows(office.store, "learning", tmp_path)
    assert (learning["judul"], learning["jp"], learning["keputusan"]) == ("'@Pelatihan", "2.5", "pending")
    events = rows(office.store, "events", tmp_path, span=Span(year=2026, zone=ZONE))
    assert [event["perihal"] for event in events if event["tindakan"] == "certificate.issued"] == [number]


def test_a_failing_export_leaves_no_half_file(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "employees.csv").write_text("yang lama")
    with office.store.transaction() as tx:
        tx.employees.upsert([person("199901012025061001", "Baru")])
    broken = EXPORTS["employees"].rows

    def failing_rows(*arguments: Any) -> Any:
        yield next(broken(*arguments))
        raise ZeroDivisionError

    from dataclasses import replace

    monkeypatch.setitem(EXPORTS, "employees", replace(EXPORTS["employees"], rows=failing_rows))  # type: ignore[arg-type] # a dict, promised as a mapping
    with pytest.raises(ZeroDivisionError):
        export("employees", tmp_path / "employees.csv", store=office.store, span=SPAN)
    assert [path.name for path in tmp_path.glob("*employees*")] == ["employees.csv"]
    assert (tmp_path / "employees.csv").read_text() == "yang lama"


def test_the_command_takes_every_subject_out(cmb: Run, tmp_path: Path) -> None:
    for subject in EXPORTS:
        for kind in ("csv", "xlsx"):
            path = tmp_path / f"{subject}.{kind}"
            (answer,) = objects(cmb("export", subject, "-o", path, "--json"))
            assert answer["file"] == str(path)
            assert path.exists()
    assert objects(cmb("export", "employees", "-o", tmp_path / "e.csv", "--json"))[0]["rows"] == 12
    cmb("export", "employees", "-o", tmp_path / "e.pdf", expect=2)
