"""Evaluation and report have a place to sign, and are signed with the key of the official they name."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from forms.dossier import SLOT
from service.demo.sample import BIRO, PEOPLE
from service.store import open_store
from support.command import Run, command, objects

EVALUATE = ("evaluate", "--year", "2025", "--period", "1")
REPORT = ("periodic", "--from", "2025-01", "--to", "2025-04")


@pytest.fixture
def cmb(home: Path) -> Run:
    return command(home)


def keys(home: Path, who: str) -> tuple[str | Path, ...]:
    sample = home / "sample"
    return ("--key", sample / f"{who}.p12", "--passphrase-file", sample / "passphrase", "--tsa", "sample:")


def field_of(path: Path) -> dict[str, object]:
    (field,) = (PdfReader(io.BytesIO(path.read_bytes())).get_fields() or {}).values()
    return dict(field)


@pytest.mark.parametrize("words", [(*EVALUATE, "--unit", BIRO), EVALUATE, REPORT], ids=["unit", "everybody", "report"])
def test_the_official_who_is_named_signs_and_the_signature_holds(
    cmb: Run, home: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    paper, unsigned = tmp_path / "dokumen.pdf", tmp_path / "kosong.pdf"
    cmb(*words, "-o", unsigned)
    assert field_of(unsigned)["/T"] == SLOT
    assert "/V" not in field_of(unsigned)
    cmb(*words, "-o", paper, *keys(home, "diah"))
    (answer,) = objects(cmb("inspect", paper, "--trust", home / "sample" / "root.pem", "--json"))
    (signature,) = answer["signatures"]
    assert (signature["intact"], signature["trusted"], signature["field"]) == (True, True, SLOT)
    text = "".join(page.extract_text() for page in PdfReader(paper).pages)
    assert PEOPLE["diah"].name in text
    with open_store(
        database_url=f"sqlite:///{home / 'cmb.sqlite3'}", storage_url=(home / "documents").as_uri()
    ) as store:
        with store.reading() as tx:
            signed = [event for event in tx.events.list(PEOPLE["diah"].nip, limit=20) if event.action == "paper.signed"]
        assert paper.read_bytes() in [store.document(event.detail["digest"]) for event in signed]


def test_nobody_else_signs_it_and_only_a_pdf_is_signed(cmb: Run, home: Path, tmp_path: Path) -> None:
    stderr = cmb(*EVALUATE, "--unit", BIRO, "-o", tmp_path / "e.pdf", *keys(home, "dewi"), expect=1).stderr
    assert "bukan milik pejabat yang tercantum (Dr. Diah Contohwati, M.Si.)." in stderr
    assert not (tmp_path / "e.pdf").exists()
    assert "PDF" in cmb(*REPORT, "-o", tmp_path / "l.xlsx", *keys(home, "diah"), expect=2).stderr
    assert "-o" in cmb(*REPORT, *keys(home, "diah"), expect=2).stderr


def test_a_paper_that_names_nobody_has_no_place_and_is_not_signed(cmb: Run, home: Path, tmp_path: Path) -> None:
    settings = home / "cmb.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('place = "Jakarta"', 'place = ""'), encoding="utf-8"
    )
    cmb(*REPORT, "-o", tmp_path / "l.pdf")
    assert not PdfReader(tmp_path / "l.pdf").get_fields()
    assert "[official]" in cmb(*REPORT, "-o", tmp_path / "m.pdf", *keys(home, "diah"), expect=2).stderr
