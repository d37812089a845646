"""Old homes, old installations and leftovers of old versions: one clear message, and never a trace."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from support.command import Run, command

ROOT = Path(__file__).parents[3]
# What the installed `cmb` script does.
SCRIPT = "import sys; from service.cli import main; sys.argv[0] = 'cmb'; sys.exit(main())"


@pytest.fixture
def prepared(sample_home: Path, tmp_path: Path) -> Path:
    """A sample office's home that a test may spoil."""
    return Path(shutil.copytree(sample_home, tmp_path / "home"))


def set_revision(home: Path, revision: str) -> None:
    with closing(sqlite3.connect(home / "cmb.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", [revision])


def refused(cmb: Run, *words: str) -> str:
    """Return what `cmb` says on standard error when something needed is missing."""
    result = cmb(*words, expect=3)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


def test_a_home_of_an_older_version_is_told_to_migrate(prepared: Path) -> None:
    set_revision(prepared, "0008")
    assert "`cmb init`" in refused(command(prepared), "employees", "list")


@pytest.mark.parametrize("words", [("employees", "list"), ("init",), ("worker", "--once")])
def test_a_home_of_a_newer_version_is_left_as_it_is(prepared: Path, words: tuple[str, ...]) -> None:
    set_revision(prepared, "9999")
    assert "versi layanan yang lebih baru" in refused(command(prepared), *words)


def test_settings_this_version_does_not_know_or_misses_do_no_harm(prepared: Path) -> None:
    settings = prepared / "cmb.toml"
    text = settings.read_text(encoding="utf-8")
    old = text[: text.index("[revocation]")] + '\n[dahulu]\nkunci = "tidak dipakai lagi"\n'
    settings.write_text(old.replace("[web]", 'server_lama = "x"\n\n[web]'), encoding="utf-8")
    cmb = command(prepared)
    assert "cmb.toml.contoh" in cmb("init").output
    cmb("employees", "list")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages, as an installation has them."""
    folder = tmp_path_factory.mktemp("installed")
    for package in ("service", "forms", "signing", "parsers"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run_script(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the `cmb` script over an installation."""
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, *words],
        env=environment,
        cwd=installed,
        capture_output=True,
        text=True,
        check=False,
    )


def test_compiled_files_of_removed_modules_are_not_run(installed: Path, tmp_path: Path) -> None:
    tag = sys.implementation.cache_tag
    left = ("service/works/__pycache__/worker", "service/store/migrations/versions/__pycache__/r9999_later")
    for name in left:
        stale = installed / f"{name}.{tag}.pyc"
        stale.parent.mkdir(parents=True, exist_ok=True)
        stale.write_bytes(b"stale")
    result = run_script(installed, "--home", str(tmp_path / "home"), "init")
    assert (result.returncode, "Traceback" in result.stderr) == (0, False), result.stderr


def test_an_installation_whose_modules_moved_says_so(installed: Path, tmp_path: Path) -> None:
    older = Path(shutil.copytree(installed, tmp_path / "older"))
    (older / "service/cli/forms.py").rename(older / "service/cli/papers.py")
    result = run_script(older, "--version")
    assert (result.returncode, result.stdout) == (3, "")
    assert "Pasang ulang" in result.stderr
    assert "service.cli.forms" in result.stderr
    assert "Traceback" not in result.stderr
