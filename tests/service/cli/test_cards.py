"""`cmb card`: one card, a unit's cards, everybody's; cut short and gone on with; signed with the officer's key."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from service.config import read_settings
from service.monitoring.cards import CardFolder, draw_many, people_with_cards, printed_at
from service.store import Store, open_store
from signing.keys.pkcs12 import open_pkcs12
from signing.sign import sign
from support.card_contents import card, cell_value, sheet
from support.command import Run, objects
from support.monitored_office import BIRO, CAHYA, DEWI, approve, employee
from support.sample_rows import NOW

YEAR = ("--year", "2025")


@pytest.fixture(scope="module")
def kept(home: Path) -> Iterator[Store]:
    settings = read_settings(home, {})
    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        for day in ("2025-03-04", "2025-03-11", "2025-03-18"):
            approve(store, "coaching", day)
        yield store


@pytest.mark.usefixtures("kept")
def test_a_card_says_in_json_what_is_in_its_file(cmb: Run, tmp_path: Path) -> None:
    (payload,) = objects(cmb("card", CAHYA, *YEAR, "-o", tmp_path / "kartu.pdf", "--json"))
    written = (tmp_path / "kartu.pdf").read_bytes()
    assert payload["sha256"] == hashlib.sha256(written).hexdigest()
    assert (payload["nip"], payload["jp"], payload["activities"], payload["uncounted"]) == (CAHYA, "4", 3, 1)
    assert "PEROLEHAN JAM PELAJARAN DALAM SETAHUN 4 JP" in " ".join(
        PdfReader(BytesIO(written)).pages[0].extract_text().split()
    )


@pytest.mark.usefixtures("kept")
def test_the_name_of_the_file_chooses_the_kind(cmb: Run, tmp_path: Path) -> None:
    cmb("card", CAHYA, *YEAR, "-o", tmp_path / "kartu.XLSX")
    page = sheet((tmp_path / "kartu.XLSX").read_bytes())
    total = next(cell for line in page.iter_rows() for cell in line if cell.value == "JP")
    assert cell_value(page, page.cell(total.row, total.column - 1).coordinate) == 4
    assert "jenis kartu tidak dikenal" in cmb("card", CAHYA, *YEAR, "-o", tmp_path / "kartu.doc", expect=2).stderr


def test_the_command_says_what_is_missing(cmb: Run, tmp_path: Path) -> None:
    assert "salah satu" in cmb("card", *YEAR, "-o", tmp_path, expect=2).stderr
    assert "salah satu" in cmb("card", CAHYA, "--all", *YEAR, "-o", tmp_path, expect=2).stderr
    assert "tidak ada" in cmb("card", "198001012005011001", *YEAR, "-o", tmp_path / "a.pdf", expect=2).stderr
    assert "tidak ada" in cmb("card", "--unit", "Biro Lain", *YEAR, "-o", tmp_path, expect=2).stderr


def test_a_run_of_many_goes_on_where_it_ended_and_draws_anew_what_changed(
    cmb: Run, kept: Store, tmp_path: Path
) -> None:
    first = objects(cmb("card", "--unit", BIRO, *YEAR, "-o", tmp_path, "--json"))
    assert len(first) == 7
    assert {card["nip"]: card["jp"] for card in first}[CAHYA] == "4"
    assert all(Path(card["file"]).exists() for card in first)
    everyone = cmb("card", "--all", *YEAR, "-o", tmp_path)
    assert "5 kartu dibuat, 7 sudah ada dan tetap sama" in everyone.stdout
    approve(kept, "mentoring", "2025-04-01")
    Path(first[0]["file"]).unlink()
    again = objects(cmb("card", "--all", *YEAR, "-o", tmp_path, "--json"))
    assert sorted(card["nip"] for card in again) == sorted([CAHYA, first[0]["nip"]])


def test_a_list_cut_short_in_a_row_is_gone_on_with(cmb: Run, tmp_path: Path) -> None:
    cmb("card", "--unit", BIRO, *YEAR, "-o", tmp_path)
    rows = tmp_path / "kartu-2025-pdf.csv"
    rows.write_bytes(rows.read_bytes()[:-30])
    assert "1 kartu dibuat, 6 sudah ada" in cmb("card", "--unit", BIRO, *YEAR, "-o", tmp_path).stdout
    assert rows.read_text(encoding="utf-8-sig").count("\n") == 8


def test_one_card_that_cannot_be_printed_does_not_keep_the_others(store: Store, tmp_path: Path) -> None:
    with store.transaction() as tx:
        tx.employees.upsert([employee(CAHYA, "語"), employee(DEWI, "Dewi", BIRO, "pengelola")])
    with store.reading() as tx:
        people = people_with_cards(2025, tx, unit=BIRO)
    payload = {}
    for jobs in (1, 2):
        printed = printed_at(NOW, read_settings(tmp_path, {}).timezone)
        drawn = list(draw_many(people, 2025, store=store, printed=printed, kind="pdf", jobs=jobs))
        payload[jobs] = [(card.content.nip, card.file, card.problem) for card in drawn]
    assert payload[1] == payload[2]
    assert [(nip, bool(file)) for nip, file, _ in payload[1]] == [(DEWI, True), (CAHYA, False)]
    assert "U+8A9E" in payload[1][1][2]


def test_names_that_look_like_formulas_stay_text_in_the_list(tmp_path: Path) -> None:
    def write(path: Path, file: bytes) -> None:
        path.write_bytes(file)

    content = card(name="=1+1")
    with CardFolder(tmp_path, 2026, "pdf", write) as folder:
        folder.keep(content, b"%PDF")
    assert ",'=1+1," in folder.list.read_text(encoding="utf-8-sig")
    with CardFolder(tmp_path, 2026, "pdf", write) as folder:
        assert folder.has(content)
        assert not folder.has(card(5))


def test_the_officer_signs_one_card_or_the_units_and_nobody_else_does(cmb: Run, home: Path, tmp_path: Path) -> None:
    def key(who: str) -> tuple[object, ...]:
        return ("--key", home / "sample" / f"{who}.p12", "--passphrase-file", home / "sample" / "passphrase")

    (payload,) = objects(
        cmb("card", CAHYA, *YEAR, "-o", tmp_path / "a.pdf", *key("dewi"), "--tsa", "sample:", "--json")
    )
    assert payload["signed_by"] == DEWI
    looked = cmb("inspect", tmp_path / "a.pdf", "--trust", home / "sample" / "root.pem", "--json")
    (signature,) = objects(looked)[0]["signatures"]
    assert (signature["field"], signature["profile"]) == ("ttd_pengelola", "PAdES-B-T")
    many = objects(cmb("card", "--unit", BIRO, *YEAR, "-o", tmp_path / "unit", *key("dewi"), "--json"))
    assert len(many) == 7
    assert {card["nip"]: card["card"] for card in many}[CAHYA] == payload["card"]
    refused = cmb("card", CAHYA, *YEAR, "-o", tmp_path / "b.pdf", *key("gita"), expect=1)
    assert "bukan pengelola kepegawaian" in refused.stderr
    assert "sebutkan --unit" in cmb("card", "--all", *YEAR, "-o", tmp_path, *key("dewi"), expect=2).stderr


def test_a_card_signed_with_another_program_is_taken_in_once_it_is_the_officers(
    cmb: Run, home: Path, tmp_path: Path
) -> None:
    target = tmp_path / "kartu.pdf"
    asked = ("cards", "make", CAHYA, "--year", "2024", "--officer", DEWI, "-o", target, "--json")
    (made,) = objects(cmb(*asked))
    assert made["signed_by"] is None
    assert objects(cmb(*asked))[0]["card"] == made["card"]
    passphrase = (home / "sample" / "passphrase").read_bytes().strip()
    for who, code in (("gita", 1), ("dewi", 0)):
        holder = open_pkcs12((home / "sample" / f"{who}.p12").read_bytes(), passphrase)
        signed = sign(target.read_bytes(), holder=holder, at=dt.datetime.now(dt.UTC), field=None)
        (tmp_path / f"{who}.pdf").write_bytes(signed)
        payload = cmb("cards", "take", made["card"], tmp_path / f"{who}.pdf", "--json", expect=code)
    (taken,) = objects(payload)
    assert taken["signed_by"] == DEWI
    assert taken["sha256"] == hashlib.sha256((tmp_path / "dewi.pdf").read_bytes()).hexdigest()
    again = cmb("cards", "take", made["card"], tmp_path / "dewi.pdf", expect=1)
    assert "sudah ditandatangani" in again.stderr
