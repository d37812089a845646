"""A report says what was found to a person, shows what changed, and needs nothing but itself."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from command import Run, command
from forgeries import stamp_annotation_over_an_answer
from pikepdf import Pdf
from test_service_ingest import with_value

EMPLOYEE = "199708212020122005"
HOSTILE = "Coaching <script>alert(1)</script> & “pola” karier"
ANSWERS = {
    "tanggal": "7 Maret 2024",
    "waktu_mulai": "09.00",
    "waktu_selesai": "10.30",
    "tempat": "Jakarta",
    "nama_kegiatan": HOSTILE,
    "identifikasi_kebutuhan": "Memahami pola karier.",
    "hubungan_tanggung_jawab": "Tugas analis.",
    "kegiatan_pengembangan": "Diskusi dan latihan.",
    "hasil_pengembangan": "Rencana karier tersusun.",
    "tempat_tanda_tangan": "Jakarta",
    "tanggal_tanda_tangan": "7 Maret 2024",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laporan")


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    ready = command(folder / "home")
    ready("init", "--sample")
    return ready


@pytest.fixture(scope="module")
def signed(folder: Path, run: Run) -> Path:
    (folder / "answers.json").write_text(json.dumps(ANSWERS), encoding="utf-8")
    run("blank", "--kind", "coaching", "--employee", EMPLOYEE, "-o", folder / "blank.pdf")
    run("fill", folder / "blank.pdf", folder / "answers.json", "-o", folder / "0.pdf")
    sample = folder / "home" / "sample"
    for number, (role, key) in enumerate((("pegawai", "cahya"), ("atasan", "diah"))):
        words = ("--key", sample / f"{key}.p12", "--passphrase-file", sample / "passphrase")
        run("sign", folder / f"{number}.pdf", "--as", role, *words, "-o", folder / f"{number + 1}.pdf")
    return folder / "2.pdf"


def page(run: Run, path: Path) -> str:
    run("report", path, "-o", path.with_suffix(".html"))
    return path.with_suffix(".html").read_text(encoding="utf-8")


def test_an_honest_form_is_reported_with_its_people_its_page_and_its_policy(run: Run, signed: Path) -> None:
    text = page(run, signed)
    for words in ("Lulus pemeriksaan", "Cahya Lestari – Pegawai", "Atasan langsung", "cmb-verify-1", "7 Maret 2024"):
        assert words in text
    assert text.count("<img") == 1
    assert "✗" not in text


def test_a_report_is_one_file_without_script_or_anything_from_elsewhere(run: Run, signed: Path) -> None:
    text = page(run, signed)
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in text
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert not re.search(r"(?:src|href)=\"(?!data:image/png;base64,)|url\(", text)


def test_what_changed_is_shown_beside_the_page_as_it_was_signed(run: Run, signed: Path, folder: Path) -> None:
    forged = folder / "berubah.pdf"
    forged.write_bytes(stamp_annotation_over_an_answer(signed.read_bytes()))
    text = page(run, forged)
    assert text.count("<img") == 2
    assert "ketika ditandatangani" in text
    assert "Isi berubah setelah ditandatangani" in text
    assert "Belum dapat diterima" in text


def test_a_change_nobody_sees_is_said_to_be_one(run: Run, signed: Path, folder: Path) -> None:
    forged = folder / "tak-tampak.pdf"
    forged.write_bytes(with_value(signed.read_bytes(), "tempat", "Bandung"))
    assert "berubah" in page(run, forged)


def test_a_file_nobody_can_read_still_gets_a_report(run: Run, signed: Path, folder: Path) -> None:
    broken = folder / "rusak.pdf"
    broken.write_bytes(signed.read_bytes()[:3000])
    text = page(run, broken)
    assert "tidak terbaca" in text
    assert "<img" not in text


def test_the_pdf_is_tagged_and_says_the_same(run: Run, signed: Path, folder: Path) -> None:
    target = folder / "laporan.pdf"
    run("report", signed, "-o", target)
    with Pdf.open(target) as opened:
        assert bool(opened.Root.MarkInfo.Marked)
        assert str(opened.Root.Lang) == "id"
    told = subprocess.run(["pdftotext", "-layout", str(target), "-"], capture_output=True, text=True, check=True).stdout
    assert "Lulus pemeriksaan" in told
    assert "alert(1)" in told


def test_a_kept_file_is_judged_again_beside_its_first_judgement(run: Run, signed: Path, folder: Path) -> None:
    submission = json.loads(run("submit", signed, "--json").stdout)["submission"]
    again = json.loads(run("reverify", submission, "--json").stdout)
    assert (again["number"], again["verdict"], again["before"], again["policy"]) == (
        2,
        "passed",
        "passed",
        "cmb-verify-1",
    )
    for number in (1, 2):
        run("report", submission, "--number", number, "-o", folder / f"{number}.json")
        told = json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
        assert (told["verdict"], told["policy"]["id"]) == ("passed", "cmb-verify-1")
    run("report", submission, "--number", 3, "-o", folder / "3.json", expect=2)


def test_machines_get_the_report_of_etsi_with_our_verdicts(run: Run, signed: Path, folder: Path) -> None:
    forged = folder / "untuk-mesin.pdf"
    forged.write_bytes(with_value(signed.read_bytes(), "tempat", "Bandung"))
    for path, verdict in ((signed, "total-passed"), (forged, "total-failed")):
        target = path.with_suffix(".xml")
        run("report", path, "-o", target)
        told = ET.fromstring(target.read_bytes())  # noqa: S314 - our own file
        found = [each.text for each in told.iter("{http://uri.etsi.org/19102/v1.2.1#}MainIndication")]
        assert found == [f"urn:etsi:019102:mainindication:{verdict}"] * 2


@pytest.mark.parametrize(("subject", "target"), [("tidak-ada", "x.html"), ("2.pdf", "x.docx")])
def test_what_cannot_be_reported_is_said_in_words(subject: str, target: str, run: Run, signed: Path) -> None:
    result = run("report", signed.parent / subject, "-o", signed.parent / target, expect=2)
    assert "bukan berkas" in result.stderr or "jenis laporan" in result.stderr
