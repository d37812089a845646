"""Files made to hang a reader or to fill its memory are answered by the command in time and within memory."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from forgeries.resource_exhaustion import (
    WEIGHTS,
    an_array_of_ten_million_strings,
    forms_that_draw_each_other_thirty_deep,
)
from signing.fields import SlotPlace, reserve
from support.hand_made_forms import saved
from support.measured import Measured, measured
from support.pki import open_office, sign_slot

# Twenty seconds is the promise, kept by the limits of `service.sandbox.limits`; a busy machine takes longer to start a
# command.
SECONDS, MEBIBYTES = 60, 512
CMB = Path(sys.executable).with_name("cmb")


def ran(home: Path, *words: object) -> Measured:
    took = measured(CMB, "--home", home, *words, "--json")
    assert "Traceback" not in took.out + took.err
    assert took.mebibytes < MEBIBYTES
    return took


@pytest.fixture(scope="module")
def answers(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Answers to all of them in one run, by name: no file affects the next."""
    folder = tmp_path_factory.mktemp("berat")
    for make in WEIGHTS:
        (folder / f"{make.__name__}.pdf").write_bytes(make())
    took = ran(home, "verify", folder)
    assert took.seconds < SECONDS * 2
    assert took.code == 1
    return {Path(answer["file"]).stem: answer for answer in map(json.loads, took.out.splitlines())}


@pytest.mark.parametrize("make", WEIGHTS, ids=lambda make: make.__name__)
def test_a_file_made_to_break_its_reader_is_answered(
    make: Callable[[], bytes], answers: dict[str, dict[str, Any]]
) -> None:
    answer = answers[make.__name__]
    assert answer["reasons"]
    assert answer["verdict"] == ("review" if answer["reasons"][0]["code"] == "reader_gave_up" else "failed")
    assert all(reason["message"] and reason["hint"] for reason in answer["reasons"])


def test_what_costs_most_time_is_answered_alone_in_time(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "berat.pdf"
    path.write_bytes(forms_that_draw_each_other_thirty_deep())
    took = ran(home, "verify", path)
    assert (took.code, took.seconds < SECONDS) == (1, True)
    assert json.loads(took.out)["reasons"][0]["code"] == "reader_gave_up"


def test_what_fills_a_readers_memory_is_answered_by_every_command_that_reads_a_file(home: Path, tmp_path: Path) -> None:
    path, answers = tmp_path / "berat.pdf", tmp_path / "jawaban.json"
    path.write_bytes(an_array_of_ten_million_strings())
    answers.write_text("{}", encoding="utf-8")
    key = ("--key", home / "sample" / "cahya.p12", "--passphrase-file", home / "sample" / "passphrase")
    for words, expected in (
        (("inspect", path), "isinya belum dinilai"),
        (("parse", path), "isinya belum dinilai"),
        (("submit", path), "isinya belum dinilai"),
        (("certificates", "check", path), "unknown"),
    ):
        took = ran(home, *words)
        assert (took.code, took.seconds < SECONDS) == (1, True)
        assert expected in took.out
    for words in (("fill", path, answers), ("sign", path, "--as", "pegawai", *key)):
        took = measured(CMB, "--home", home, *words, "-o", tmp_path / "hasil.pdf")
        assert (took.code, took.seconds < SECONDS, took.mebibytes < MEBIBYTES) == (2, True, True)
        # Which reader notices first, and with which words, depends on the machine.
        assert took.err.strip()
        assert "Traceback" not in took.err
        assert not (tmp_path / "hasil.pdf").exists()


def test_an_honest_file_just_below_the_size_limit_is_read_within_the_limits(home: Path, tmp_path: Path) -> None:
    office, path = open_office(), tmp_path / "besar.pdf"
    signed = reserve(_scan(23 * 2**20), [SlotPlace(name="a", page=0, box=(10, 10, 200, 80), locks=(), label="a")])
    path.write_bytes(sign_slot(signed, "a", office.people[0]))
    answer = json.loads(ran(home, "inspect", path).out)
    assert [(signature["intact"], signature["covers_whole_file"]) for signature in answer["signatures"]] == [
        (True, True)
    ]
    assert "reader_gave_up" not in ran(home, "verify", path).out


def _scan(size: int) -> bytes:
    """A page with one picture of so many bytes that cannot be packed any smaller."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    picture = pdf.make_stream(os.urandom(size), Type=Name.XObject, Subtype=Name.Image, Width=1024, Height=size // 1024)
    picture.ColorSpace, picture.BitsPerComponent = Name.DeviceGray, 8
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(a=picture))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"q 500 0 0 700 0 0 cm /a Do Q")
    return saved(pdf, compress_streams=False)
