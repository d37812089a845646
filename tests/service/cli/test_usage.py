"""A wrong command line is answered in a sentence of the reader's language, with the way to the help; never a trace."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from service.cli import main
from support import clone

ENGLISH = ("Error", "Usage", "Invalid", "Missing", "Try ", "No such", "does not", "Traceback", "is not")


def commands(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
        else:
            yield (*before, name)


EVERY = tuple(commands(main))


def run_cmb(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *words])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("tidak-ada", "Perintah “tidak-ada” tidak ada."),
        ("jpp", "Mungkin maksudnya jp."),
        ("blank", "--kind belum disebutkan. Pilihannya: coaching, mentoring, belajar_mandiri."),
        ("blank --kind lari", "--kind: “lari” bukan salah satu dari 'coaching', 'mentoring', 'belajar_mandiri'."),
        ("jp 1 --year 0", "--year: 0 tidak di antara 2000 dan 2999."),
        ("jp 1 --year kini", "--year: “kini” bukan bilangan."),
        ("jp 1 --tahun 2025", "Pilihan --tahun tidak ada."),
        ("jp 1 2 --year 2025", "Tidak dikenal: 2."),
        ("jp 1 --year", "Pilihan --year memerlukan isi."),
        ("parse", "FILE belum disebutkan."),
        ("verify hilang.pdf", "hilang.pdf tidak ada."),
        ("parse .", ". adalah folder, bukan berkas."),
        ("signers revoke 1 ab --reason x --from kemarin", "--from: “kemarin” bukan tanggal seperti 2026-03-31."),
    ],
)
def test_what_is_wrong_is_said_and_where_the_right_way_is_described(tmp_path: Path, words: str, sentence: str) -> None:
    result = run_cmb(tmp_path, *words.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert "--help" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("tidak-ada", "There is no command “tidak-ada”."),
        ("jpp", "Did you mean jp?"),
        ("blank", "--kind is missing. Choose one of: coaching, mentoring, belajar_mandiri."),
        ("jp 1 --year 0", "--year: 0 is not between 2000 and 2999."),
        ("jp 1 --year kini", "--year: “kini” is not a number."),
        ("jp 1 2 --year 2025", "Not understood: 2."),
        ("verify hilang.pdf", "hilang.pdf does not exist."),
        ("jp 1 --year 2025 --home x", "--home is written before the command's name"),
    ],
)
def test_a_wrong_command_line_is_told_in_the_language_asked_for(tmp_path: Path, words: str, sentence: str) -> None:
    result = run_cmb(tmp_path, "--lang", "en", *words.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert result.stderr.splitlines()[-1].startswith("How to use it: `")


def test_the_first_help_names_every_command_in_a_group_on_a_whole_line() -> None:
    for language, title in (("id", "Formulir:"), ("en", "Forms:")):
        shown = CliRunner().invoke(main, ["--lang", language, "--help"]).stdout
        lines = shown[shown.index(title) :].splitlines()
        named = [line.split()[0] for line in lines if line.startswith("  ")]
        assert sorted(named) == sorted(main.commands)
        assert not [line for line in lines if line.endswith("...")]


def test_the_language_of_one_run_does_not_stay_for_the_next() -> None:
    frames = [CliRunner().invoke(main, ["--lang", each, "jp", "--help"]).stdout for each in ("en", "id", "en")]
    assert [frame.split()[0] for frame in frames] == ["Usage:", "Pemakaian:", "Usage:"]
    assert "Tampilkan penjelasan ini." in frames[1]
    assert "Show this message." in frames[2]


def test_who_reads_only_the_beginning_of_an_answer_gets_no_message(tmp_path: Path) -> None:
    assert run_cmb(tmp_path, "init", "--sample").exit_code == 0
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", "from service.cli import main; main()", "--home", str(tmp_path)]
    ended = subprocess.run(
        [*command, "employees", "list"], stdout=writing, stderr=subprocess.PIPE, cwd=clone.ROOT, check=False
    )
    os.close(writing)
    assert ended.stderr == b""


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_no_command_answers_a_strange_option_or_an_empty_house_in_english_or_with_a_trace(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    for more in (("--tidak-ada",), ()):
        result = run_cmb(tmp_path, *words, *more)
        if "Pemakaian:" in result.stdout or words in {("init",), ("calendar",)}:
            continue
        assert result.exit_code in {2, 3}, result.output
        assert not [words for words in ENGLISH if words in result.stderr], result.stderr


def test_what_cannot_be_read_or_written_is_told_without_the_machines_english(tmp_path: Path) -> None:
    (tmp_path / "rusak.json").write_text('{\n"activities": ?}')
    (tmp_path / "hari.json").write_text('{"activities": [{"kind": "coaching", "date": "kemarin"}]}')
    assert run_cmb(tmp_path / "rumah", "init", "--sample").exit_code == 0
    blank = ("blank", "--kind", "coaching", "--employee", "199708212020122005", "-o")
    for words, sentence in (
        (("jp", "--records", str(tmp_path / "rusak.json")), "bukan daftar kegiatan, baris ke-2."),
        (("jp", "--records", str(tmp_path / "hari.json")), "Kegiatan ke-1: kind, date, atau begins tidak terbaca."),
        ((*blank, str(tmp_path)), "adalah folder, bukan berkas."),
        ((*blank, str(tmp_path / "rusak.json" / "x.pdf")), "rusak.json: sudah ada."),
        (("certificates", "check", str(tmp_path)), "adalah folder, bukan berkas."),
    ):
        result = run_cmb(tmp_path / "rumah", *words)
        assert result.exit_code in {2, 3}, result.output
        assert sentence in result.stderr
    nothing = run_cmb(tmp_path / "rumah", "certificates", "issue", "--year", "2024")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "tidak ada sertifikat yang terbit" in nothing.stderr


def test_a_taken_port_is_told_and_nothing_is_said_to_be_running(tmp_path: Path) -> None:
    assert run_cmb(tmp_path, "init", "--sample").exit_code == 0
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        result = run_cmb(tmp_path, "serve", "--port", str(port))
    assert result.exit_code == 3
    assert f"Alamat 127.0.0.1:{port} sudah dipakai program lain." in result.stderr
    assert f"menyebut alamat 127.0.0.1:8000, bukan 127.0.0.1:{port}. Jalankan dengan --port 8000" in result.stderr
    assert "Layanan berjalan" not in result.stderr
