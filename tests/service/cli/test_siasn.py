"""`cmb siasn` by the command: exports without a network, codes and tokens that are missing, sending and listing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from service.store import open_store
from support.command import Run, command, objects
from support.siasn import CODES, PEOPLE, certify, running_simulator
from support.siasn_simulator import GATEWAY, SSO

YEAR = ("--year", "2025")


@pytest.fixture
def cmb(tmp_path: Path) -> Iterator[Run]:
    """The command over two certificates of 2.4 and 20 JP, with codes chosen."""
    home = tmp_path / "home"
    run = command(home)
    run("init")
    folder = (home / "documents").as_uri()
    with open_store(database_url=f"sqlite:///{home / 'cmb.sqlite3'}", storage_url=folder) as store:
        for nip, jp in zip(PEOPLE, ("2.4", "20"), strict=False):
            certify(store, nip, jp)
    settings_text = (home / "cmb.toml").read_text(encoding="utf-8").partition("[siasn]")[0]
    (home / "cmb.toml").write_text(settings_text + CODES, encoding="utf-8")
    return run


def test_a_year_is_exported_as_requests_rounded_down_and_said_so(cmb: Run, tmp_path: Path) -> None:
    output = objects(cmb("siasn", "export", *YEAR, "-o", tmp_path / "k.jsonl", "--json"))
    assert output == [{"file": str(tmp_path / "k.jsonl"), "certificates": 2, "rounded_off": "0.4"}]
    first, second = [json.loads(line) for line in (tmp_path / "k.jsonl").read_text(encoding="utf-8").splitlines()]
    assert first["request"] == {
        "instansiId": "A5EB03E23BFBF6A0E040640A040252AD",
        "institusiPenyelenggara": "Badan Kepegawaian Negara",
        "jenisDiklatId": "3",
        "jenisKursus": "F",
        "jenisKursusSertipikat": "S",
        "jumlahJam": 2,
        "lokasiId": "A5EB03E21E6DF6A0E040640A040252AD",
        "namaKursus": "Coaching, Mentoring, dan Belajar Mandiri Tahun 2025",
        "nomorSertipikat": "CMB-2025-000001",
        "path": [],
        "tahunKursus": 2025,
        "tanggalKursus": "04-03-2025",
        "tanggalSelesaiKursus": "20-11-2025",
    }
    assert first["note"] == "2,4 JP dikirim sebagai 2 jam (dibulatkan ke bawah)"
    assert (second["request"]["jumlahJam"], second["note"]) == (20, "")
    assert "0,4 JP tidak ikut" in cmb("siasn", "export", *YEAR, "-o", tmp_path / "k.csv").stderr


def test_the_spreadsheet_has_real_numbers_and_the_rounding_beside_them(cmb: Run, tmp_path: Path) -> None:
    cmb("siasn", "export", *YEAR, "-o", tmp_path / "k.xlsx")
    sheet = load_workbook(tmp_path / "k.xlsx").worksheets[0]
    names = [cell.value for cell in sheet[1]]
    row = dict(zip(names, [cell.value for cell in sheet[2]], strict=True))
    assert (row["JP"], row["jumlahJam"], row["nip"]) == (2.4, 2, PEOPLE[0])
    assert "dibulatkan ke bawah" in row["pembulatan"]


def test_codes_nobody_chose_are_all_named(cmb: Run, tmp_path: Path) -> None:
    settings = tmp_path / "home" / "cmb.toml"
    settings_text = settings.read_text(encoding="utf-8")
    settings.write_text(settings_text.replace('jenis_diklat_id = "3"', "").replace('lokasi_id = "', 'lokasi = "'))
    for words in (("export", *YEAR, "-o", tmp_path / "k.jsonl"), ("send", *YEAR)):
        shown = cmb("siasn", *words, expect=3).stderr
        assert "jenis_diklat_id, lokasi_id" in shown
        assert "[siasn]" in shown


def test_sending_needs_both_tokens_and_an_address_that_hides_them(cmb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMB_SIASN_URL", "http://siasn.example/api")
    assert "tidak dapat dipakai" in cmb("siasn", "send", *YEAR, expect=2).stderr
    monkeypatch.setenv("CMB_SIASN_URL", "https://siasn.example/api")
    assert "CMB_SIASN_TOKEN" in cmb("siasn", "send", *YEAR, expect=3).stderr
    monkeypatch.setenv("CMB_SIASN_TOKEN", GATEWAY)
    assert "CMB_SIASN_SSO_TOKEN" in cmb("siasn", "send", *YEAR, expect=3).stderr


def test_sending_is_shown_first_done_once_and_listed(cmb: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home" / "token").write_text(f"Bearer {GATEWAY}\n")
    (tmp_path / "home" / "sso").write_text(SSO)
    with (tmp_path / "home" / "cmb.toml").open("a", encoding="utf-8") as settings:
        settings.write('token_file = "token"\ntoken_sso_file = "sso"\n')
    with running_simulator() as simulator:
        monkeypatch.setenv("CMB_SIASN_URL", simulator.url)
        assert len(objects(cmb("siasn", "send", *YEAR, "--dry-run", "--json"))) == 2
        assert simulator.state()["calls"] == []
        simulator.goes_wrong("refuse")
        first, second = objects(cmb("siasn", "send", *YEAR, "--json", expect=1))
        assert (first["outcome"], second["outcome"], second["register_id"]) == ("refused", "accepted", "rw-1")
        assert "dibulatkan ke bawah" in first["message"]
        assert "diterima" in cmb("siasn", "send", *YEAR).stdout
        assert objects(cmb("siasn", "send", *YEAR, "--json")) == []
    listed = objects(cmb("siasn", "list", *YEAR, "--json"))
    assert [(sending["outcome"], sending["register_id"]) for sending in listed] == [
        ("accepted", "rw-2"),
        ("accepted", "rw-1"),
    ]
