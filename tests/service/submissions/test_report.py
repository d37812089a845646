"""A report says what was found to a person, shows what changed, and needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pikepdf import Pdf

from forgeries.after_signing import page_added, stamp_annotation_over_an_answer
from service.verification.policy import CURRENT
from support.altered_forms import with_value
from support.command import Run, command

VR = "{http://uri.etsi.org/19102/v1.2.1#}"
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


def green(text: str) -> set[str]:
    """The titles of what the report calls good."""
    return set(re.findall(r'class="good"><p class="head"><span class="mark">✓</span> <strong>([^<]+)', text))


def page(run: Run, path: Path) -> str:
    run("report", path, "-o", path.with_suffix(".html"))
    return path.with_suffix(".html").read_text(encoding="utf-8")


def test_an_honest_form_is_reported_with_its_people_its_page_and_its_policy(run: Run, signed: Path) -> None:
    text = page(run, signed)
    for words in ("Lulus pemeriksaan", "Cahya Lestari – Pegawai", "– Coach atau mentor dan atasan langsung"):
        assert words in text
    for words in (CURRENT.id, "7 Maret 2024", "tidak ada yang berubah selain", "<dd>2.pdf</dd>"):
        assert words in text
    assert str(signed.parent) not in text
    assert text.count("<img") == 1
    assert "✗" not in text


def test_a_report_is_one_file_without_script_or_anything_from_elsewhere(run: Run, signed: Path) -> None:
    text = page(run, signed)
    style = re.search(r"<style>(.*)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'" in text
    assert "style=" not in text
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


def test_a_change_nobody_sees_is_said_to_be_one_and_what_is_stored_is_told(
    run: Run, signed: Path, folder: Path
) -> None:
    forged = folder / "tak-tampak.pdf"
    forged.write_bytes(with_value(signed.read_bytes(), "tempat", "Bandung"))
    text = page(run, forged)
    assert "halamannya tampak sama" in text
    assert text.count("<img") == 1
    assert '<th scope="row">Tempat</th><td data-of="Ketika ditandatangani">Jakarta</td>' in text
    assert '<td data-of="Pada berkas yang diterima">Bandung</td>' in text


def test_a_page_that_was_not_there_is_shown_as_new(run: Run, signed: Path, folder: Path) -> None:
    forged = folder / "halaman.pdf"
    forged.write_bytes(page_added(signed.read_bytes()))
    text = page(run, forged)
    assert "halaman ini belum ada" in text
    assert "tampak sama" not in text
    assert "Ditampilkan 1 dari 2 halaman" in text


@pytest.mark.usefixtures("signed")
def test_a_later_signature_is_no_mark_on_the_page(run: Run, folder: Path) -> None:
    # The value is changed between the two signatures: the second signer's stamp came later, but is none of the change.
    sample = folder / "home" / "sample"
    between = folder / "di-antara.pdf"
    between.write_bytes(with_value((folder / "1.pdf").read_bytes(), "tempat", "Bandung"))
    words = ("--key", sample / "diah.p12", "--passphrase-file", sample / "passphrase")
    run("sign", between, "--as", "atasan", *words, "-o", folder / "di-antara-2.pdf")
    text = page(run, folder / "di-antara-2.pdf")
    assert "halamannya tampak sama" in text
    assert "Bandung" in text


def test_nothing_is_shown_as_signed_that_the_signature_does_not_cover_whole(
    run: Run, signed: Path, folder: Path
) -> None:
    content = bytearray(signed.read_bytes())
    content[content.rfind(b"endstream", 0, content.find(b"/ByteRange")) - 20] ^= 1
    broken = folder / "ditimpa.pdf"
    broken.write_bytes(stamp_annotation_over_an_answer(bytes(content)))
    text = page(run, broken)
    assert "Tanda tangan tidak cocok dengan isi berkas" in text
    assert "ketika ditandatangani" not in text.replace("seperti apa ketika ditandatangani, tidak dapat dipastikan", "")
    assert green(text) & {"Lengkap ditandatangani", "Tanda tangan utuh", "Orangnya tepat", "Waktunya wajar"} == set()


@pytest.mark.usefixtures("signed")
def test_a_missing_signature_is_named_with_who_should_give_it(run: Run, folder: Path) -> None:
    text = page(run, folder / "1.pdf")
    assert "Belum lengkap" in text
    assert "<strong>Belum ada</strong>" in text
    assert {"Lengkap ditandatangani", "Waktunya wajar"} & green(text) == set()
    assert "Tanda tangan utuh" in green(text)


def test_signers_nobody_here_knows_leave_nothing_green_about_them(run: Run, signed: Path, folder: Path) -> None:
    stranger = command(folder / "elsewhere")
    stranger("init", "--sample")
    text = page(stranger, signed)
    assert "Sertifikat tidak dapat dipercaya" in text
    about = {
        "Lengkap ditandatangani",
        "Sertifikat dapat dipercaya",
        "Orangnya tepat",
        "Waktunya wajar",
        "Formulir asli",
    }
    assert green(text) & about == set()
    page(run, signed)


@pytest.mark.usefixtures("signed")
def test_a_form_nobody_signed_is_not_said_to_be_unchanged_since(run: Run, folder: Path) -> None:
    text = page(run, folder / "0.pdf")
    assert "tidak memuat tanda tangan elektronik" in text
    signatures = {"Tanda tangan utuh", "Tidak ada yang berubah sesudahnya", "Sertifikat dapat dipercaya"}
    assert green(text) & (signatures | {"Lengkap ditandatangani", "Orangnya tepat", "Isi sama bagi semua"}) == set()


def test_a_file_too_large_to_be_read_still_gets_a_report(run: Run, folder: Path) -> None:
    large = folder / "besar.pdf"
    with large.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(40 * 2**20)
    text = page(run, large)
    assert "Belum dapat diterima" in text
    assert "25 MB" in text
    assert green(text) == set()


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
        CURRENT.id,
    )
    for number in (1, 2):
        run("report", submission, "--number", number, "-o", folder / f"{number}.json")
        told = json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
        assert (told["verdict"], told["policy"]["id"]) == ("passed", CURRENT.id)
    run("report", submission, "--number", 3, "-o", folder / "3.json", expect=2)
    told = json.loads(run("report", submission, "--number", 1, "--json").stdout)
    assert (told["submission"], told["number"], told["of"]) == (submission, 1, 2)
    run("report", submission, "-o", folder / "2.html")
    text = (folder / "2.html").read_text(encoding="utf-8")
    assert "ke-2 dari 2" in text
    assert "ke-1: lulus pemeriksaan" in text


def test_machines_get_the_report_of_etsi_with_our_verdicts(run: Run, signed: Path, folder: Path) -> None:
    forged = folder / "untuk-mesin.pdf"
    forged.write_bytes(with_value(signed.read_bytes(), "tempat", "Bandung"))
    for path, verdict, count in (
        (signed, "total-passed", 2),
        (forged, "total-failed", 2),
        (folder / "1.pdf", "indeterminate", 1),  # the one signature is sound, the form is not complete
    ):
        target = path.with_suffix(".xml")
        run("report", path, "-o", target)
        told = ET.fromstring(target.read_bytes())  # noqa: S314 - our own file
        found = [element.text for element in told.findall(f"*/{VR}SignatureValidationStatus/{VR}MainIndication")]
        assert found == [f"urn:etsi:019102:mainindication:{verdict}"] * count
    result = run("report", folder / "0.pdf", "-o", folder / "0.xml", expect=2)
    assert "tidak memuat tanda tangan" in result.stderr


@pytest.mark.parametrize(("subject", "target"), [("tidak-ada", "x.html"), ("2.pdf", "x.docx")])
def test_what_cannot_be_reported_is_said_in_words(subject: str, target: str, run: Run, signed: Path) -> None:
    result = run("report", signed.parent / subject, "-o", signed.parent / target, expect=2)
    assert "bukan berkas" in result.stderr or "jenis laporan" in result.stderr
