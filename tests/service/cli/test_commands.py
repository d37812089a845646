"""The command as other programs use it: exit codes, JSON lines, Indonesian sentences on standard error."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.demo.sample import PEOPLE
from support.command import Run, command, objects
from support.office import ANSWERS

CAHYA, DIAH, HERI = (PEOPLE[key].nip for key in ("cahya", "diah", "heri"))


@pytest.fixture(scope="module")
def work(cmb: Run, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one form on its way: blank.pdf, filled.pdf, one.pdf (employee signed), two.pdf (all signed)."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "answers.json").write_text(json.dumps(ANSWERS), encoding="utf-8")
    cmb("blank", "--kind", "coaching", "--employee", CAHYA, "-o", folder / "blank.pdf")
    cmb("fill", folder / "blank.pdf", folder / "answers.json", "-o", folder / "filled.pdf")
    key = ("--passphrase-file", home / "sample" / "passphrase", "--tsa", "sample:", "--key")
    sample = home / "sample"
    cmb("sign", folder / "filled.pdf", "--as", "pegawai", *key, sample / "cahya.p12", "-o", folder / "one.pdf")
    cmb("sign", folder / "one.pdf", "--as", "atasan", *key, sample / "diah.p12", "-o", folder / "two.pdf")
    return folder


def test_a_signature_is_appended_to_the_bytes_that_came_in(work: Path) -> None:
    filled, one, two = ((work / f"{name}.pdf").read_bytes() for name in ("filled", "one", "two"))
    assert one.startswith(filled)
    assert two.startswith(one)


def test_verify_answers_one_object_a_line_and_exit_code_1_when_not_all_passed(cmb: Run, work: Path) -> None:
    (passed,) = objects(cmb("verify", work / "two.pdf", "--json"))
    assert passed["verdict"] == "passed"
    assert passed["record"]["date"] == "2025-03-04"
    assert passed["roles"]["pembimbing"] == passed["roles"]["atasan"]
    assert passed["signatures"][0]["time_source"] == "timestamp"
    both = objects(cmb("verify", work / "two.pdf", work / "one.pdf", "--json", expect=1))
    assert [answer["verdict"] for answer in both] == ["passed", "failed"]


def test_folders_and_zip_files_are_walked(cmb: Run, work: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "kiriman.zip", "w") as archive:
        archive.write(work / "two.pdf", "unit/dua.pdf")
        archive.writestr("catatan.txt", "bukan PDF")
    (tmp_path / "satu.pdf").write_bytes((work / "two.pdf").read_bytes())
    answers = objects(cmb("verify", tmp_path, "--json"))
    assert [Path(answer["file"]).name for answer in answers] == ["dua.pdf", "satu.pdf"]


def test_two_processes_give_the_same_answers_in_the_same_order(cmb: Run, work: Path) -> None:
    files = [work / f"{name}.pdf" for name in ("blank", "filled", "one", "two")]
    alone = objects(cmb("verify", *files, "--json", expect=1))
    together = objects(cmb("verify", *files, "--jobs", "2", "--json", expect=1))
    assert together == alone


def test_inspect_needs_no_store_and_takes_its_roots_from_the_command_line(home: Path, work: Path) -> None:
    nowhere = ["--home", str(work / "nowhere"), "inspect", str(work / "two.pdf"), "--json"]
    untrusted = CliRunner().invoke(main, nowhere)
    assert untrusted.exit_code == 1
    assert {signature["indication"] for signature in objects(untrusted)[0]["signatures"]} == {"INDETERMINATE"}
    trusted = CliRunner().invoke(main, [*nowhere, "--trust", str(home / "sample" / "root.pem")])
    assert trusted.exit_code == 0, trusted.output
    assert {signature["indication"] for signature in objects(trusted)[0]["signatures"]} == {"TOTAL_PASSED"}


def test_from_submission_to_a_checked_certificate(cmb: Run, work: Path, tmp_path: Path) -> None:
    (first,) = objects(cmb("submit", work / "two.pdf", "--json"))
    (again,) = objects(cmb("submit", work / "two.pdf", "--json"))
    assert (first["status"], first["submission"]) == ("verified", again["submission"])
    assert objects(cmb("jp", CAHYA, "--year", 2025, "--json"))[0]["total"] == "0"
    assert objects(cmb("approve", "--verified", "--json"))[0]["approved"] == [first["submission"]]
    (year,) = objects(cmb("jp", CAHYA, "--year", 2025, "--json"))
    assert (year["total"], year["target"], year["items"][0]["counted"]) == ("2", "20", True)
    (new,) = objects(cmb("certificates", "issue", "--year", 2025, "-o", tmp_path, "--json"))
    (same,) = objects(cmb("certificates", "issue", "--year", 2025, "--nip", CAHYA, "-o", tmp_path, "--json"))
    assert (new["new"], same["new"], new["sha256"]) == (True, False, same["sha256"])
    assert (new["level"], same["level"], new["level_reason"]) == ("PAdES-B-LTA", "PAdES-B-LTA", None)
    (by_number,) = objects(cmb("certificates", "check", new["number"], "--json"))
    (by_file,) = objects(cmb("certificates", "check", new["file"], "--json"))
    assert by_number == by_file
    assert (by_number["state"], by_number["jp"], by_number["holder"]) == ("valid", "2", "Cahya Lestari")
    cmb("certificates", "revoke", new["number"], "--reason", "Uji pencabutan")
    (revoked,) = objects(cmb("certificates", "check", new["number"], "--json", expect=1))
    (left_out,) = objects(cmb("certificates", "issue", "--year", 2025, "--json"))
    assert (left_out["granted"], left_out["revoked"]) == (False, new["number"])
    assert "1 orang tidak diterbitkan" in cmb("certificates", "issue", "--year", 2025).stderr
    cmb("certificates", "issue", "--year", 2025, "--nip", CAHYA, expect=1)
    (again,) = objects(cmb("certificates", "issue", "--reissue", new["number"], "--reason", "Uji ulang", "--json"))
    assert again["new"]
    assert again["number"] != new["number"]
    assert (revoked["state"], revoked["reason"]) == ("revoked", "Uji pencabutan")


def test_a_certificate_issued_without_revocation_data_is_raised_when_they_are_there(
    sample_home: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(sample_home, tmp_path / "home"))
    cmb, key = command(home), ("--passphrase-file", home / "sample" / "passphrase", "--tsa", "sample:", "--key")
    (tmp_path / "answers.json").write_text(json.dumps(ANSWERS), encoding="utf-8")
    form = [tmp_path / f"{name}.pdf" for name in ("blank", "filled", "one", "two")]
    cmb("blank", "--kind", "coaching", "--employee", CAHYA, "-o", form[0])
    cmb("fill", form[0], tmp_path / "answers.json", "-o", form[1])
    cmb("sign", form[1], "--as", "pegawai", *key, home / "sample" / "cahya.p12", "-o", form[2])
    cmb("sign", form[2], "--as", "atasan", *key, home / "sample" / "diah.p12", "-o", form[3])
    cmb("submit", form[3])
    cmb("approve", "--verified")
    lists = home / "crl" / "contoh.crl"
    lists.rename(tmp_path / "contoh.crl")
    issued = cmb("certificates", "issue", "--year", 2025, "-o", tmp_path)
    assert "PAdES-B-T" in issued.stdout
    assert "Data pencabutan sertifikat segel atau penanda waktu tidak diperoleh" in issued.stderr
    (number,) = (path.stem for path in tmp_path.glob("CMB-*.pdf"))
    refused = cmb("certificates", "renew", expect=1)
    assert f"Data pencabutan untuk sertifikat {number} tidak diperoleh" in refused.stderr
    (said,) = objects(cmb("certificates", "renew", number, "--json", expect=1))
    assert (said["renewed"], said["code"]) == (False, "certificate_not_renewed.no_revocation_data")
    (tmp_path / "contoh.crl").rename(lists)
    (renewed,) = objects(cmb("certificates", "renew", "--json", "-o", tmp_path / "baru"))
    assert (renewed["renewed"], renewed["level"]) == (True, "PAdES-B-LTA")
    for file, level in ((tmp_path / f"{number}.pdf", "PAdES-B-T"), (renewed["file"], "PAdES-B-LTA")):
        (checked,) = objects(cmb("certificates", "check", file, "--json"))
        assert (checked["state"], checked["level"]) == ("valid", level)
    assert "sudah mendapat stempel waktu arsip tahun ini" in cmb("certificates", "renew").stderr
    assert f"{number}  sudah mendapat" in cmb("certificates", "renew", number).stdout


def test_jp_of_a_list_needs_no_store(tmp_path: Path) -> None:
    typed = {"activities": [{"kind": "coaching", "date": f"2024-03-{day:02}"} for day in (4, 11, 18)]}
    (tmp_path / "records.json").write_text(json.dumps(typed), encoding="utf-8")
    result = CliRunner().invoke(
        main, ["--home", str(tmp_path / "none"), "jp", "--records", str(tmp_path / "records.json"), "--json"]
    )
    (answer,) = objects(result)
    assert answer["total"] == "4"
    assert [item["jp"] for item in answer["items"]] == ["2", "2", "0"]
    assert answer["items"][2]["findings"][-1]["cites"][0].startswith("SE Kepala BKN Nomor 3 Tahun 2022")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[]", "bukan daftar kegiatan"),
        ('{"activities": [{"kind": "seminar", "date": "2024-03-04"}]}', "seminar"),
        ('{"activities": [{"kind": "coaching", "date": "4 Maret"}]}', "Kegiatan ke-1"),
        ('{"activities": [{"kind": "coaching", "date": "2024-03-04", "minutes": -5}]}', "minutes"),
        ("{", "bukan daftar kegiatan"),
    ],
)
def test_a_wrong_list_of_activities_is_bad_input(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "records.json").write_text(content, encoding="utf-8")
    result = CliRunner().invoke(main, ["jp", "--records", str(tmp_path / "records.json"), "--json"])
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stdout == ""


def test_a_wrong_passphrase_is_bad_input_and_writes_nothing(cmb: Run, home: Path, work: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("salah", encoding="utf-8")
    key = ("--key", home / "sample" / "cahya.p12", "--passphrase-file", tmp_path / "wrong")
    result = cmb("sign", work / "filled.pdf", "--as", "pegawai", *key, "-o", tmp_path / "no.pdf", expect=2)
    assert "Kata sandi kunci salah" in result.stderr
    assert not (tmp_path / "no.pdf").exists()


def test_anothers_key_is_told_whose_turn_it_is(cmb: Run, home: Path, work: Path, tmp_path: Path) -> None:
    sample = home / "sample"
    key = ("--key", sample / "heri.p12", "--passphrase-file", sample / "passphrase")
    result = cmb("sign", work / "one.pdf", "--as", "atasan", *key, "-o", tmp_path / "no.pdf", expect=1)
    assert PEOPLE["diah"].name in result.stderr
    assert not (tmp_path / "no.pdf").exists()


def test_a_home_that_was_never_prepared_says_what_to_run(tmp_path: Path, work: Path) -> None:
    result = CliRunner().invoke(main, ["--home", str(tmp_path / "leer"), "verify", str(work / "two.pdf")])
    assert result.exit_code == 3
    assert "cmb init" in result.stderr


def test_a_tsa_that_does_not_answer_is_a_missing_resource(cmb: Run, home: Path, work: Path, tmp_path: Path) -> None:
    sample = home / "sample"
    key = ("--key", sample / "cahya.p12", "--passphrase-file", sample / "passphrase", "--tsa", "http://127.0.0.1:9/")
    result = cmb("sign", work / "filled.pdf", "--as", "pegawai", *key, "-o", tmp_path / "no.pdf", expect=3)
    assert "TSA" in result.stderr


def test_long_answers_name_the_field_and_the_limit(cmb: Run, work: Path, tmp_path: Path) -> None:
    typed = ANSWERS | {"hasil_pengembangan": "panjang " * 400, "tidak_ada": "x", "jenis_kegiatan": "seminar"}
    (tmp_path / "answers.json").write_text(json.dumps(typed), encoding="utf-8")
    result = cmb("fill", work / "blank.pdf", tmp_path / "answers.json", "-o", tmp_path / "no.pdf", expect=2)
    assert "Hasil Pengembangan" in result.stderr
    assert "7 pt" in result.stderr
    assert "tidak_ada" in result.stderr
    assert "seminar" in result.stderr
    assert not (tmp_path / "no.pdf").exists()


def test_a_signed_form_is_not_filled_again(cmb: Run, work: Path, tmp_path: Path) -> None:
    result = cmb("fill", work / "two.pdf", work / "answers.json", "-o", tmp_path / "no.pdf", expect=2)
    assert "sudah ditandatangani" in result.stderr


def test_a_file_above_the_limit_is_not_read_at_all(cmb: Run, tmp_path: Path) -> None:
    large = tmp_path / "besar.pdf"
    with large.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(200 * 1024 * 1024)
    (answer,) = objects(cmb("verify", large, "--json", expect=1))
    assert [reason["code"] for reason in answer["reasons"]] == ["too_large"]
    (kept,) = objects(cmb("submit", large, "--json", expect=1))
    assert kept["status"] == "refused"


def test_blanks_for_everyone_leave_out_whom_nobody_supervises(cmb: Run, tmp_path: Path) -> None:
    made = objects(cmb("blank", "--kind", "coaching", "--all", "-o", tmp_path, "--json"))
    supervised = {person.nip for person in PEOPLE.values() if person.supervisor}
    assert {blank["nip"] for blank in made} == supervised
    assert len(list(tmp_path.glob("*.pdf"))) == len(supervised)


def test_trust_and_enrolment_are_listed_removed_and_refused(cmb: Run, home: Path) -> None:
    sample = home / "sample"
    roots = objects(cmb("trust", "list", "--json"))
    assert {root["use"] for root in roots} == {"signing", "timestamping"}
    assert objects(cmb("trust", "add", sample / "diah.pem", "--json"))[0]["use"] == "signing"
    added = objects(cmb("trust", "add", sample / "diah.pem", "--json"))[0]["fingerprint"]
    cmb("trust", "remove", added)
    cmb("trust", "remove", added, expect=2)
    assert "sudah terdaftar" in cmb("signers", "enroll", HERI, sample / "diah.pem", expect=1).stderr
    assert "penerbit" in cmb("signers", "enroll", HERI, sample / "root.pem", expect=2).stderr
    assert "tidak ada" in cmb("signers", "enroll", "199001012015031001", sample / "diah.pem", expect=2).stderr
    assert {DIAH, HERI, CAHYA} <= {signer["nip"] for signer in objects(cmb("signers", "list", "--json"))}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--kind", "mentoring", "--employee", CAHYA), "mentor"),
        (("--kind", "coaching", "--employee", "199001012015031001"), "tidak ada"),
        (("--kind", "coaching", "--employee", DIAH), "Atasan langsung"),
        (("--kind", "coaching", "--employee", CAHYA, "--pembimbing", CAHYA), "dirinya"),
        (("--kind", "belajar_mandiri", "--employee", CAHYA, "--pembimbing", HERI), "pembimbing"),
        (("--kind", "coaching"), "--employee"),
    ],
)
def test_a_blank_that_cannot_be_made_says_what_is_missing(
    cmb: Run, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in cmb("blank", *words, "-o", tmp_path / "no.pdf", expect=2).stderr
    assert not (tmp_path / "no.pdf").exists()


def test_decisions_need_a_known_submission_and_a_reason(cmb: Run, work: Path) -> None:
    cmb("approve", expect=2)
    assert "tidak ada" in cmb("approve", "K-0000000000", expect=2).stderr
    (refused,) = objects(cmb("submit", work / "one.pdf", "--json", expect=1))
    assert "tidak lulus" in cmb("approve", refused["submission"], expect=1).stderr
    assert "kosong" in cmb("reject", refused["submission"], "--reason", " ", expect=2).stderr
    cmb("reject", refused["submission"], "--reason", "Tanda tangan atasan belum ada.")
    assert "sudah diputuskan" in cmb("reject", refused["submission"], "--reason", "Lagi.", expect=1).stderr


def test_people_read_words_where_programs_read_json(cmb: Run, work: Path) -> None:
    shown = cmb("verify", work / "one.pdf", expect=1).stdout
    assert "Belum lengkap" in shown
    assert "Kirimkan formulir ini kepada" in shown
    assert "2 JP" in cmb("jp", CAHYA, "--year", 2025).stdout or "Jumlah: 0" in cmb("jp", CAHYA, "--year", 2025).stdout
    assert "Cahya Lestari" in cmb("inspect", work / "one.pdf", expect=1).stdout
    assert "coaching, 2025-03-04, 90 menit" in cmb("parse", work / "filled.pdf").stdout
    assert "Tidak dikenal" in cmb("certificates", "check", "CMB-2025-000042-AAAAAAAA", expect=1).stdout


def test_init_is_safe_to_repeat(cmb: Run, home: Path) -> None:
    before = (home / "cmb.toml").read_text(encoding="utf-8")
    cmb("init")
    cmb("init", "--sample")
    assert (home / "cmb.toml").read_text(encoding="utf-8") == before


def test_issuing_for_a_year_not_over_is_a_no(cmb: Run) -> None:
    year = dt.datetime.now(dt.UTC).year
    (answer,) = objects(cmb("certificates", "issue", "--year", year, "--nip", CAHYA, "--json", expect=1))
    assert answer["granted"] is False
    assert "belum berakhir" in answer["message"]


def test_a_certificate_number_is_checked_as_it_was_pasted(cmb: Run) -> None:
    pasted = "https://contoh.go.id/periksa/cmb-2026-000123-k7q2m9xd."
    assert objects(cmb("certificates", "check", pasted, "--json", expect=1))[0]["state"] == "unknown"
