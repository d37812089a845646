"""A wrong command line is answered in a sentence of the reader's language, with the way to the help; never a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from service.cli import main

ENGLISH = ("Error", "Usage", "Invalid", "Missing", "Try ", "No such", "does not", "Traceback", "is not")


def commands(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    for name, each in group.commands.items():
        if isinstance(each, click.Group):
            yield from commands(each, *before, name)
        else:
            yield (*before, name)


EVERY = tuple(commands(main))


def told(home: Path, *words: str) -> Result:
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
    result = told(tmp_path, *words.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert "--help" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_no_command_answers_a_strange_option_or_an_empty_house_in_english_or_with_a_trace(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    for more in (("--tidak-ada",), ()):
        result = told(tmp_path, *words, *more)
        if "Usage:" in result.stdout or words in {("init",), ("calendar",)}:
            continue
        assert result.exit_code in {2, 3}, result.output
        assert not [each for each in ENGLISH if each in result.stderr], result.stderr
