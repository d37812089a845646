"""The seal key of the settings: from a file or from a token, up to an issued certificate; what is missing is said."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from service.bootstrap import seal_key_of
from service.certificates.check import State, confirm_file
from service.certificates.issue import issue, open_issue_context
from service.config import FILE_NAME, SealToken, Settings, read_settings
from service.errors import BadInput, MissingResource
from service.language import Reader, words
from signing.errors import BadToken
from support.office import CAHYA, NOW, Office
from support.sealing_token import PIN, Token, open_token


@pytest.fixture(scope="module")
def token() -> Token:
    return open_token()


@pytest.fixture
def settings(office: Office, token: Token, tmp_path: Path) -> Settings:
    (tmp_path / "segel.pin").write_text(f"{PIN}\n", encoding="ascii")
    (tmp_path / "segel.pin").chmod(0o600)
    (tmp_path / "segel.pem").write_bytes(token.chain)
    seal_token = SealToken(
        module=Path(token.module),
        token="segel",
        label="p256",
        pin_file=tmp_path / "segel.pin",
        certificate=tmp_path / "segel.pem",
    )
    return replace(office.settings, seal_token=seal_token)


def test_a_certificate_is_sealed_by_the_token_of_the_settings(office: Office, settings: Settings, token: Token) -> None:
    office.approved("coaching")
    context = open_issue_context(settings, store=office.store, clock=lambda: NOW)
    issued = issue(
        CAHYA,
        2025,
        store=office.store,
        issue_context=context,
        now=NOW,
        randomness=secrets.token_bytes,
        actor="biro",
    )
    assert context.holder.certificate == token.keys["p256"].der
    assert confirm_file(issued.content, store=office.store).state is State.VALID


def test_what_is_missing_of_a_token_is_said(settings: Settings, tmp_path: Path) -> None:
    seal_token = settings.seal_token
    assert seal_token is not None
    (tmp_path / "offen").write_text(PIN, encoding="ascii")
    (tmp_path / "offen").chmod(0o644)
    for changes, code in (
        ({"pin_file": None}, "seal_pin_missing"),
        ({"pin_file": tmp_path / "tidak-ada"}, "seal_pin_missing"),
        ({"pin_file": tmp_path / "offen"}, "seal_pin_readable"),
        ({"certificate": tmp_path / "tidak-ada"}, "seal_certificate_missing"),
    ):
        with pytest.raises(MissingResource) as error:
            seal_key_of(replace(settings, seal_token=replace(seal_token, **changes)))
        assert error.value.code == code
        assert words(error.value, Reader()) != code
    with pytest.raises(BadToken):
        seal_key_of(replace(settings, seal_token=replace(seal_token, certificate=None)))


def test_without_any_key_it_is_said_how_to_set_one(office: Office) -> None:
    with pytest.raises(MissingResource) as error:
        seal_key_of(office.settings)
    assert error.value.code == "seal_key_not_set"


def test_the_token_and_the_level_are_read_from_the_settings(tmp_path: Path) -> None:
    text = '[seal]\nmodule = "m.so"\ntoken = "t"\nlabel = "l"\npin_file = "pin"\nlevel = "b-lta"\n'
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    read = read_settings(tmp_path, {"CMB_SEAL_LABEL": "lain"})
    wanted = SealToken(
        module=tmp_path / "m.so",
        token="t",
        label="lain",
        pin_file=tmp_path / "pin",
        certificate=None,
    )
    assert (read.seal_token, read.seal_level) == (wanted, "PAdES-B-LTA")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('module = "m.so"', "seal_token_incomplete"),
        ('module = "m.so"\ntoken = "t"', "seal_token_incomplete"),
        ('level = "B-XL"', "seal_level_unknown"),
    ],
)
def test_wrong_settings_of_the_seal_are_refused(line: str, code: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(f"[seal]\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_settings(tmp_path, {})
    assert error.value.code == code
    assert words(error.value, Reader()) != code
