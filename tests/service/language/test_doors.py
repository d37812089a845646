"""The doors say one error in the language of whoever asks: Accept-Language, --lang or LANG, the session's language."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.cli.context import language_of
from support.api_client import program
from support.office import CAHYA
from support.pseudo import PSEUDO, accented, pseudo_catalogues, use_catalogues
from support.web_client import WebOffice

NOT_FOUND = {
    "id": ("Yang diminta tidak ada, atau bukan untuk akun ini.", "Periksa alamatnya."),
    "en": ("What was asked for does not exist, or is not for this account.", "Check the address."),
}


@pytest.mark.parametrize(
    ("asked", "language"),
    [(None, "id"), ("id", "id"), ("en", "en"), ("en-GB,en;q=0.9,id;q=0.1", "en"), ("fr", "id"), ("*", "id")],
)
def test_a_program_chooses_with_accept_language(web: WebOffice, asked: str | None, language: str) -> None:
    headers = {"Accept-Language": asked} if asked else {}
    answer = program(web, CAHYA).call("GET", "/submissions/none", headers=headers)
    body = answer.get_json()
    assert (body["detail"], body["hint"]) == NOT_FOUND[language]
    assert (body["code"], body["params"], body["status"]) == ("not_found", {}, 404)
    assert (answer.headers["Content-Language"], answer.headers["Vary"]) == (language, "Accept-Language")


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "id"),
        ({"LANG": "C.UTF-8"}, "id"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "id_ID.UTF-8"}, "id"),
        ({"LANG": "id_ID", "LC_MESSAGES": "en_GB@euro"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "id"),
    ],
)
def test_a_command_speaks_the_language_of_the_environment(variables: dict[str, str], language: str) -> None:
    assert language_of(variables) == language


def in_a_file(tmp_path: Path) -> Path:
    (tmp_path / "file").touch()
    return tmp_path / "file" / "home"


@pytest.mark.parametrize(
    ("language", "cause"),
    [("id", "bagian dari letaknya bukan folder"), ("en", "part of its path is not a folder")],
)
def test_a_command_speaks_the_language_of_its_option(tmp_path: Path, language: str, cause: str) -> None:
    home = in_a_file(tmp_path)
    told = CliRunner(env={"LC_ALL": "C"}).invoke(main, ["--home", str(home), "--lang", language, "init"])
    assert (told.exit_code, told.stderr.splitlines()[0]) == (3, f"{home}: {cause}.")


def test_a_third_language_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_catalogues(pseudo_catalogues(tmp_path), monkeypatch)
    told = CliRunner(env={"LC_ALL": PSEUDO}).invoke(main, ["--home", str(in_a_file(tmp_path)), "init"])
    assert accented("part of its path is not a folder") in told.stderr
