"""The examples for operations hold together: what they name exists, passwords stay in files, figures stay inside."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
INNER = ("healthz", "readyz", "metrics")
UNITS = ("cmb-web.service", "cmb-worker.service")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


def test_every_service_of_the_compose_file_names_what_exists(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", ())) <= set(compose["services"]), name
        assert set(service.get("networks", ())) <= set(compose["networks"]), name
        assert set(service.get("secrets", ())) <= set(compose["secrets"]), name
        sources = {volume.split(":")[0] for volume in service.get("volumes", ())}
        for source in sources:
            assert source in compose["volumes"] or (DEPLOY / source).exists(), (name, source)


def test_no_password_is_written_into_the_compose_file(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for variable in service.get("environment", {}):
            assert not any(word in variable for word in ("PASSWORD", "SECRET")) or variable.endswith("_FILE"), name


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    trusted = compose["services"]["web"]["environment"]["CMB_TRUSTED_PROXY"]
    assert compose["services"]["proxy"]["networks"]["front"]["ipv4_address"] == trusted


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_keeps_the_pages_of_the_operations_team_inside(name: str) -> None:
    written = (DEPLOY / name).read_text()
    rule = next(line for line in written.splitlines() if "healthz" in line)
    assert all(page in rule for page in INNER)
    assert "404" in written


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_one_that_systemd_takes(name: str) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", DEPLOY / name], capture_output=True, text=True, check=False
    )
    complaints = [line for line in said.stderr.splitlines() if name in line and "is not executable" not in line]
    assert complaints == []


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_gives_its_program_no_right_it_does_not_need(name: str) -> None:
    unit = (DEPLOY / name).read_text().splitlines()
    for line in ("NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "UMask=0077", "User=cmb"):
        assert line in unit
