"""`cmb approve`: overlapping activities are left out of approvals of many, and shown when one is approved by itself."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from service.demo.sample import PEOPLE
from support.command import Run, objects
from support.office import ANSWERS

CAHYA = PEOPLE["cahya"].nip


def submitted(cmb: Run, home: Path, folder: Path, **changed: str) -> str:
    """The number of a coaching form that everybody signed; it is kept."""
    sample, key = home / "sample", ("--passphrase-file", home / "sample" / "passphrase", "--tsa", "sample:", "--key")
    (folder / "answers.json").write_text(json.dumps(ANSWERS | changed), encoding="utf-8")
    cmb("blank", "--kind", "coaching", "--employee", CAHYA, "-o", folder / "blank.pdf")
    cmb("fill", folder / "blank.pdf", folder / "answers.json", "-o", folder / "filled.pdf")
    cmb("sign", folder / "filled.pdf", "--as", "pegawai", *key, sample / "cahya.p12", "-o", folder / "one.pdf")
    cmb("sign", folder / "one.pdf", "--as", "atasan", *key, sample / "diah.p12", "-o", folder / "two.pdf")
    (answer,) = objects(cmb("submit", folder / "two.pdf", "--json"))
    assert answer["status"] == "verified"
    return str(answer["submission"])


def test_approvals_of_many_leave_out_what_overlaps_and_one_is_approved_beside_the_other(
    cmb: Run, home: Path, tmp_path: Path
) -> None:
    night = submitted(cmb, home, tmp_path, waktu_mulai="22.30", waktu_selesai="00.30")
    morning = submitted(cmb, home, tmp_path, tanggal="5 Maret 2025", waktu_mulai="00.10", waktu_selesai="01.00")
    alone = submitted(cmb, home, tmp_path)

    result = cmb("approve", "--verified", "--json")
    (answer,) = objects(result)
    assert answer["approved"] == [alone]
    assert {overlap["submission"]: overlap["code"] for overlap in answer["left_out"]} == dict.fromkeys(
        (night, morning), "overlap_needs_look"
    )
    (other,) = next(overlap for overlap in answer["left_out"] if overlap["submission"] == morning)["others"]
    assert other == {
        "submission": night,
        "kind": "coaching",
        "title": ANSWERS["nama_kegiatan"],
        "date": "2025-03-04",
        "begins": "22:30",
        "ends": "00:30",
        "decision": "pending",
    }
    assert "2 kiriman tidak ikut disahkan karena waktunya bertumpuk (overlap_needs_look)" in result.stderr
    assert night in result.stderr
    assert morning in result.stderr
    assert "1 kiriman disahkan dengan catatan “Ditandatangani lama sesudah kegiatan”" in result.stderr

    # Named together they are left out as well, and the answer is no.
    (again,) = objects(cmb("approve", night, morning, "--json", expect=1))
    assert (again["approved"], len(again["left_out"])) == ([], 2)

    result = cmb("approve", morning, "--json")
    (answer,) = objects(result)
    assert (answer["approved"], answer["left_out"]) == ([morning], [])
    assert [other["submission"] for other in answer["overlapping"][0]["others"]] == [night]
    assert f"22.30–00.30 hari berikutnya (kiriman {night}, belum diputuskan)" in result.stderr

    # The other one still needs its own look.
    (answer,) = objects(cmb("approve", "--verified", "--json"))
    assert (answer["approved"], [overlap["submission"] for overlap in answer["left_out"]]) == ([], [night])
    assert f"kiriman {morning}, sudah disahkan" in cmb("approve", night.lower()).stderr


def test_a_table_of_decisions_says_what_it_left_out(cmb: Run, home: Path, tmp_path: Path) -> None:
    one = submitted(cmb, home, tmp_path, tanggal="10 Maret 2025", tanggal_tanda_tangan="10 Maret 2025")
    two = submitted(cmb, home, tmp_path, tanggal="10 Maret 2025", waktu_mulai="10.00", waktu_selesai="11.00")
    (tmp_path / "table.csv").write_text(f"kiriman,keputusan,alasan\n{one},sah,\n{two},sah,\n", encoding="utf-8")
    for words in (["--dry-run"], []):
        (answer,) = objects(cmb("approvals", "import", tmp_path / "table.csv", *words, "--json"))
        assert (answer["approved"], answer["rejected"], answer["left_out"]) == ([], [], [one, two])
    assert (
        f"2 dilewati karena waktunya bertumpuk dengan kegiatan lain ({one}, {two})"
        in cmb("approvals", "import", tmp_path / "table.csv").stdout
    )


def test_the_jp_of_a_list_knows_a_night(cmb: Run, tmp_path: Path) -> None:
    night = {"kind": "belajar_mandiri", "date": "2024-03-31", "begins": "22.30", "minutes": 120}
    morning = {"kind": "coaching", "date": "2024-04-01", "begins": "00:10", "minutes": 60}
    (tmp_path / "list.json").write_text(json.dumps({"activities": [night, morning]}), encoding="utf-8")
    (answer,) = objects(cmb("jp", "--records", tmp_path / "list.json", "--json"))
    assert [item["jp"] for item in answer["items"]] == ["2", "2"]
    assert [{found["outcome"] for found in item["findings"]} >= {"review"} for item in answer["items"]] == [True, True]
    for begins in ("24.00", "24:00"):
        (tmp_path / "list.json").write_text(json.dumps({"activities": [night | {"begins": begins}]}), encoding="utf-8")
        assert "begins tidak terbaca" in cmb("jp", "--records", tmp_path / "list.json", expect=2).stderr


def test_an_approval_is_withdrawn_with_a_reason_and_the_year_is_counted_anew(
    cmb: Run, home: Path, tmp_path: Path
) -> None:
    number = submitted(cmb, home, tmp_path, tanggal="6 Mei 2025", tanggal_tanda_tangan="7 Mei 2025")
    cmb("approve", number)
    (before,) = objects(cmb("jp", CAHYA, "--year", "2025", "--json"))
    (answer,) = objects(cmb("approvals", "withdraw", number.lower(), "--reason", "Tidak berlangsung.", "--json"))
    assert answer == {"submission": number, "withdrawn": True, "waits": None}
    (after,) = objects(cmb("jp", CAHYA, "--year", "2025", "--json"))
    assert Decimal(before["total"]) - Decimal(after["total"]) == 2
    assert objects(cmb("approvals", "withdrawals", "--json")) == []
    assert "tidak sedang disahkan" in cmb("approvals", "withdraw", number, "--reason", "x", expect=None).stderr
    assert "tidak ada" in cmb("approvals", "withdraw", "K-0000000000", "--reason", "x", expect=2).stderr


def test_where_two_people_decide_a_withdrawal_of_the_operator_waits_for_one_of_them(
    cmb: Run, home: Path, tmp_path: Path
) -> None:
    number = submitted(cmb, home, tmp_path, tanggal="8 Juli 2025", tanggal_tanda_tangan="9 Juli 2025")
    cmb("approve", number)
    settings = home / "cmb.toml"
    text = settings.read_text(encoding="utf-8").replace('second_person = "auto"', 'second_person = "yes"')
    settings.write_text(text, encoding="utf-8")
    assert "seorang dari Biro SDM menyetujuinya" in cmb("approvals", "withdraw", number, "--reason", "Keliru.").stdout
    (waits,) = objects(cmb("approvals", "withdrawals", "--json"))
    assert (waits["submission"], waits["reason"]) == (number, "Keliru.")
