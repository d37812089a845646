"""Where the gateway is: told in the settings, its password only pointed at and readable by nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.bootstrap import gateway_of
from service.config import FILE_NAME, TEMPLATE, GatewaySettings, read_settings
from service.errors import BadInput, MissingResource

TOLD = '[gateway]\nurl = "https://esign.example.go.id/"\nuser = "esign"\npassword_file = "sandi"\n'


def told(home: Path, text: str) -> Path:
    (home / FILE_NAME).write_text(text, encoding="utf-8")
    return home


def test_the_file_tells_and_the_environment_wins(tmp_path: Path) -> None:
    settings = read_settings(told(tmp_path, TOLD), {})
    assert settings.gateway == GatewaySettings(
        url="https://esign.example.go.id", user="esign", password_file=tmp_path / "sandi", version="auto"
    )
    environ = {"CMB_GATEWAY_URL": "https://10.0.0.1", "CMB_GATEWAY_USER": "lain", "CMB_GATEWAY_VERSION": "v1"}
    environ["CMB_GATEWAY_PASSWORD_FILE"] = "/run/sandi"
    assert read_settings(tmp_path, environ).gateway == GatewaySettings(
        url="https://10.0.0.1", user="lain", password_file=Path("/run/sandi"), version="v1"
    )


def test_a_new_installation_has_none(tmp_path: Path) -> None:
    settings = read_settings(told(tmp_path, TEMPLATE), {})
    assert settings.gateway is None
    with pytest.raises(MissingResource, match="gateway_not_set_up"):
        gateway_of(settings)


@pytest.mark.parametrize(
    "environ", [{"CMB_GATEWAY_URL": "ftp://x"}, {"CMB_GATEWAY_URL": "http://"}, {"CMB_GATEWAY_VERSION": "v3"}]
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="gateway"):
        read_settings(told(tmp_path, TOLD), environ)


@pytest.mark.parametrize(
    "url", ["http://esign.example.go.id", "http://10.0.0.1:8080", "http://127.0.0.1.example.go.id"]
)
def test_passphrases_do_not_travel_in_the_open(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadInput, match="settings_gateway_http"):
        read_settings(told(tmp_path, TOLD), {"CMB_GATEWAY_URL": url})


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080"])
def test_within_this_machine_they_may(tmp_path: Path, url: str) -> None:
    gateway = read_settings(told(tmp_path, TOLD), {"CMB_GATEWAY_URL": url}).gateway
    assert gateway is not None
    assert gateway.url == url


def test_a_password_others_can_read_is_not_used(tmp_path: Path) -> None:
    settings = read_settings(told(tmp_path, TOLD), {})
    with pytest.raises(MissingResource, match="gateway_password_missing"):
        gateway_of(settings)
    secret = tmp_path / "sandi"
    secret.write_text("rahasia-instalasi\n", encoding="utf-8")
    secret.chmod(0o640)
    with pytest.raises(MissingResource, match="gateway_password_open"):
        gateway_of(settings)
    secret.chmod(0o600)
    assert "rahasia" not in repr(gateway_of(settings))
