"""A batch as a table: what is in it, that no cell becomes a formula, and that a killed run is taken up again."""

from __future__ import annotations

import csv
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook

from service.submissions.summary import COLUMNS, Summary
from support.command import Run, objects
from support.filled_forms import filled

CMB = Path(sys.executable).with_name("cmb")


def rows(table: Path) -> list[list[str]]:
    with table.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty forms, each another file."""
    made = tmp_path / "berkas"
    made.mkdir()
    form = filled()
    for number in range(40):
        (made / f"{number:02}.pdf").write_bytes(form + b"\n" * number)
    return made


def test_every_file_is_a_row_of_both_tables(cmb: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "rusak.pdf").write_bytes(b"bukan PDF")
    table, sheet = tmp_path / "ringkasan.csv", tmp_path / "ringkasan.xlsx"
    answers = objects(cmb("verify", folder, "--csv", table, "--xlsx", sheet, "--json", expect=1))
    told = rows(table)
    assert told[0] == list(COLUMNS)
    assert [row[:3] for row in told[1:]] == [
        [answer["file"], answer["sha256"], answer["verdict"]] for answer in answers
    ]
    assert told[1][COLUMNS.index("nip")] == answers[0]["record"]["employee"]["nip"]
    assert "broken_pdf" in told[-1][COLUMNS.index("kode")]
    assert [["" if cell is None else cell for cell in row] for row in load_workbook(sheet).active.values] == told
    kept = objects(cmb("submit", folder, "--csv", table, "--json", expect=1))
    assert [row[COLUMNS.index("kiriman")] for row in rows(table)[1:]] == [answer["submission"] for answer in kept]


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1", "a\n=1\x00"])
def test_no_cell_becomes_a_formula(name: str, tmp_path: Path) -> None:
    table, sheet = tmp_path / "a.csv", tmp_path / "a.xlsx"
    answer = {"file": name, "sha256": "0" * 64, "verdict": "failed", "reasons": []}
    with Summary(table=table, sheet=sheet) as summary:
        summary.add(answer)
    assert rows(table)[1][0][0] not in "=+-@\t\r＝"
    cell = load_workbook(sheet).active["A2"]
    assert cell.data_type == "s"
    assert str(cell.value).split()[-1].endswith(name.rsplit(maxsplit=1)[-1].removesuffix("\x00"))
    with Summary(table=table, sheet=None, resume=True) as summary:
        assert summary.done(name) == ("0" * 64, "failed")
    assert len(rows(table)) == 2


def test_a_run_killed_half_way_goes_on_without_doing_anything_twice(home: Path, folder: Path, tmp_path: Path) -> None:
    table, words = tmp_path / "a.csv", [str(CMB), "--home", str(home), "verify", str(folder), "--json"]
    with subprocess.Popen([*words, "--csv", str(table)], stdout=subprocess.DEVNULL) as first:
        deadline = time.monotonic() + 60
        while not table.exists() or table.read_bytes().count(b"\n") < 8:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        first.send_signal(signal.SIGKILL)
    with table.open("ab") as file:
        file.write(b'"99.pdf,tak selesai')  # as a write that was cut short
    before = len(rows(table)) - 2
    (folder / "00.pdf").write_bytes(b"lain sekali")  # another file now: judged anew
    second = subprocess.run([*words, "--csv", str(table), "--resume"], capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert len(second.stdout.splitlines()) == 40 - (before - 1)
    assert f"{before - 1} di antaranya dari pemeriksaan sebelumnya" in second.stderr
    assert "40 berkas" in second.stderr
    assert {Path(row[0]).name for row in rows(table)[1:]} == {path.name for path in folder.iterdir()}


def test_a_submit_that_was_killed_keeps_what_it_answered_and_answers_the_same(
    home: Path, folder: Path, tmp_path: Path, cmb: Run
) -> None:
    table, words = tmp_path / "a.csv", [str(CMB), "--home", str(home), "submit", str(folder)]
    with subprocess.Popen([*words, "--csv", str(table)], stdout=subprocess.DEVNULL) as first:
        deadline = time.monotonic() + 60
        while not table.exists() or table.read_bytes().count(b"\n") < 8:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        first.send_signal(signal.SIGKILL)
    before = {row[1]: row[COLUMNS.index("kiriman")] for row in rows(table)[1:]}
    again = {answer["digest"]: answer["submission"] for answer in objects(cmb("submit", folder, "--json", expect=1))}
    assert before.items() <= again.items()
    assert len(set(again.values())) == 40


def test_what_is_no_summary_of_ours_is_not_overwritten_when_resuming(cmb: Run, folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text("nama,nilai\na,1\n", encoding="utf-8")
    assert "bukan ringkasan" in cmb("verify", folder, "--csv", table, "--resume", expect=2).stderr
    assert table.read_text(encoding="utf-8") == "nama,nilai\na,1\n"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert "--csv" in cmb("verify", folder, "--resume", expect=2).stderr


def test_someone_at_a_terminal_sees_progress_and_the_answers_stay_where_they_were_sent(
    home: Path, folder: Path, tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    with (tmp_path / "jawaban").open("wb") as answers:
        words = [str(CMB), "--home", str(home), "verify", str(folder), "--json"]
        shown = b""
        with subprocess.Popen(words, stdout=answers, stderr=theirs, env={**os.environ, "TERM": "xterm"}) as run:
            os.close(theirs)
            try:
                while piece := os.read(ours, 65536):
                    shown += piece
            except OSError:  # the other end is closed: Linux says so with EIO
                pass
        os.close(ours)
    assert run.returncode == 1
    assert b"/40" in shown
    assert "berkas per detik, sisa" in shown.decode("utf-8", "replace")
    assert (tmp_path / "jawaban").read_bytes().count(b'{"file"') == 40
