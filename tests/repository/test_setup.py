"""Set-up names what is missing instead of half working, and does nothing when nothing changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import clone

NEEDS_OWNER = 3


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A bare machine: a clone with its set-up script, and a PATH with a handful of programs, used by a plain user."""
    (tmp_path / ".ci").mkdir()
    for name in (".ci/setup", "pyproject.toml", "requirements-dev.lock"):
        shutil.copy(clone.ROOT / name, tmp_path / name)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "dirname", "cat"):
        (programs / name).symlink_to(shutil.which(name) or name)
    program(tmp_path, "id", "echo 1000")
    return tmp_path


def program(machine: Path, name: str, script: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def python(machine: Path, *, before: str = "") -> None:
    program(machine, "python3", f'{before}\nexec {sys.executable} "$@"')


def run(machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": str(machine / "bin"), "HOME": str(machine)}
    return subprocess.run(
        [machine / ".ci" / "setup", *arguments], env=environ, capture_output=True, text=True, check=False
    )


def test_a_machine_without_python_is_told_which_python_to_get(machine: Path) -> None:
    outcome = run(machine)
    assert outcome.returncode == NEEDS_OWNER
    assert "Python 3.11 or later" in outcome.stderr


def test_a_name_on_the_path_that_does_not_run_is_not_taken_for_python(machine: Path) -> None:
    program(machine, "python3", "echo 'version not installed' >&2; exit 127")
    assert run(machine).returncode == NEEDS_OWNER


def test_a_plain_user_is_told_the_names_of_missing_libraries(machine: Path) -> None:
    python(machine, before='case "$*" in *libpango-1.0*|*harfbuzz-subset*) exit 1 ;; esac')
    outcome = run(machine)
    assert outcome.returncode == NEEDS_OWNER
    assert "sudo apt-get install --no-install-recommends libpango-1.0-0 libharfbuzz-subset0\n" in outcome.stderr
    assert not (machine / ".venv").exists()


def test_a_plain_user_is_told_that_python_lacks_venv(machine: Path) -> None:
    python(machine, before='case "$*" in *ensurepip*) exit 1 ;; esac')
    assert f"python3.{sys.version_info.minor}-venv" in run(machine).stderr


def test_programs_of_the_tests_are_asked_for_only_by_the_tests(machine: Path) -> None:
    python(machine, before='case "$*" in *libpango-1.0*) exit 1 ;; esac')
    assert "poppler-utils" not in run(machine).stderr
    assert "poppler-utils" in run(machine, "test").stderr


def test_a_changed_lock_is_noticed_and_a_failed_installation_is_not_kept(machine: Path) -> None:
    python(machine)
    program(machine, "rm", f'exec {shutil.which("rm")} "$@"')
    (machine / ".venv").mkdir()
    (machine / "requirements-dev.lock").write_text("not a requirement at all\n", encoding="utf-8")
    (machine / ".venv" / "made-from").write_text("an earlier lock\n", encoding="utf-8")
    outcome = run(machine)
    assert outcome.returncode == NEEDS_OWNER
    assert "run this again" in outcome.stderr
    assert not (machine / ".venv" / "made-from").exists()


def test_the_lock_names_everything_its_libraries_ask_for() -> None:
    """It is installed as it stands, without looking for anything beside it."""
    outcome = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout


def test_the_build_server_runs_what_a_person_runs() -> None:
    script = (clone.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.rstrip().endswith("exec make test")
    assert os.access(clone.ROOT / ".ci" / "run", os.X_OK)
    assert os.access(clone.ROOT / ".ci" / "setup", os.X_OK)
