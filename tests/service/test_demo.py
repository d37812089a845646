"""The demo's office plays its year and ends as its story says."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from service.demo.__main__ import run, show
from service.demo.command import Command
from service.demo.office import Office, play
from service.demo.sample import PEOPLE


def test_the_year_of_the_sample_office_ends_as_its_story_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    year = dt.datetime.now(dt.UTC).year - 1
    home = tmp_path / "home"
    outcome = play(Office(folder=tmp_path, home=home, year=year, cmb=Command(home=home)))
    states = Counter(submission["status"] for submission in outcome.submissions)
    assert states == {"verified": 17, "refused": 2, "duplicate": 1}
    reasons = {
        Path(submission["file"]).stem: {reason["code"] for reason in submission["reasons"]}
        for submission in outcome.submissions
    }
    # All of the last year is signed today.
    assert reasons["11-eko-coaching"] == {"missing_signature", "signed_long_after_activity"}
    assert "changed_after_signature" in reasons["13-fajar-coaching"]
    totals = {year["nip"]: year["total"] for year in outcome.years}
    assert totals[PEOPLE["cahya"].nip] == "7"
    assert totals[PEOPLE["bagus"].nip] == "6.4"
    assert {certificate["nip"]: certificate["jp"] for certificate in outcome.certificates} == totals
    assert [check["state"] for check in outcome.checks] == ["valid", "valid", "altered", "unknown"]
    papers = Counter(path.stem.split("-")[0] for path in outcome.papers if path.parent.name == "monitoring")
    expected = {"kartu": 2, "rekapitulasi": 4, "evaluasi": 4, "penugasan": 1, "laporan": 3, "siasn": 2, "tabel": 3}
    expected |= {"cmb": 1}  # what was known from paper
    assert papers == expected
    sent = [json.loads(line)["request"] for line in (tmp_path / "monitoring" / "siasn.jsonl").read_text().splitlines()]
    assert {course["nomorSertipikat"]: course["jumlahJam"] for course in sent} == {
        certificate["number"]: int(Decimal(certificate["jp"])) for certificate in outcome.certificates
    }
    assert len([path for path in outcome.papers if path.parent.name == "kartu" and path.suffix == ".pdf"]) == 12
    show(outcome, tmp_path)
    assert "6,4" in capsys.readouterr().out


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "penting.txt").write_text("bukan milik demo", encoding="utf-8")
    with pytest.raises(SystemExit, match="berisi berkas lain"):
        run(tmp_path)
    assert (tmp_path / "penting.txt").exists()
