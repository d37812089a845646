"""The wheel is built without a network and carries all the packages read: templates, fonts, blanks, migrations."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support import clone

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
OFFLINE = ["--no-deps", "--no-index"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [*PIP, "wheel", *OFFLINE, "--no-build-isolation", "--wheel-dir", str(folder), str(clone.ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_every_file_of_the_four_packages(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = {str(path.relative_to(clone.ROOT)) for path in clone.files(*clone.PACKAGES)}
    assert not ours - names


@pytest.mark.parametrize("kind", ["forms/templates/*.html", "forms/templates/fonts/*.ttf", "forms/published/*.pdf"])
def test_the_wheel_carries_what_is_not_python(wheel: Path, kind: str) -> None:
    assert [name for name in zipfile.ZipFile(wheel).namelist() if Path(name).match(kind)]


def test_the_wheel_carries_the_migrations(wheel: Path) -> None:
    assert [name for name in zipfile.ZipFile(wheel).namelist() if "/migrations/versions/" in name]


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(clone.PACKAGES)


def test_the_installed_wheel_answers_far_from_the_clone(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([*PIP, "install", *OFFLINE, "--target", tmp_path, wheel], check=True, capture_output=True)
    outcome = subprocess.run(
        [tmp_path / "bin" / "cmb", "--version"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert outcome.stdout.startswith("cmb")
