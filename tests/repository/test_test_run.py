"""Tests load only what they ask for: pure tests start at once, and a missing tool stops only its own tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("flask", "sqlalchemy", "pyhanko", "weasyprint", "hypothesis", "schemathesis", "playwright", "support.office")
# Runs pytest as if Playwright were not installed, then prints which of the heavy modules were imported.
PROGRAM = """
import sys
import pytest

sys.modules["playwright"] = None
exit_code = pytest.main(sys.argv[1].split())
print("imported", sorted(set(sys.argv[2].split()) & {name for name, module in sys.modules.items() if module}))
raise SystemExit(exit_code)
"""


def run_pytest(*args: str) -> subprocess.CompletedProcess[str]:
    """Run pytest without Playwright, pytest-cov and xdist, in a process of its own."""
    words = ["-p", "no:pytest_cov", "-p", "no:xdist", "-p", "no:cacheprovider", "-rs", *args]
    environ = {name: text for name, text in os.environ.items() if not name.startswith(("COVERAGE_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, " ".join(words), " ".join(HEAVY)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_tests_of_the_law_load_nothing_heavy() -> None:
    run = run_pytest("tests/service/law/test_duties.py")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "imported []" in run.stdout


def test_without_playwright_only_the_browser_tests_are_skipped() -> None:
    run = run_pytest("--collect-only", "tests/browser", "tests/service/law/test_duties.py")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "could not import 'playwright.sync_api'" in run.stdout
    assert "tests/service/law/test_duties.py" in run.stdout
