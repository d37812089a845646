"""The rooms of the house keep to themselves: who may import whom, and which library stays in which room."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

from support import clone

STRAYS = {
    "forms/schema.py": ("import parsers", "forms and signing know nobody"),
    "signing/report.py": ("import forms", "forms and signing do not know each other"),
    "parsers/records.py": ("import signing", "parsers knows forms only"),
    "service/records.py": ("import service.store.store", "service lies in five bands"),
    "service/learning/other.py": ("import service.siasn.client", "features do not know each other"),
    "service/blanks.py": ("import service.web.app", "service lies in five bands"),
    "service/identifiers.py": ("import asn1crypto", "pyHanko and ASN.1 stay in signing"),
    "forms/fill.py": ("import weasyprint", "WeasyPrint stays in forms.render"),
    "parsers/values.py": ("import pdfplumber", "pdfplumber stays in parsers.layout"),
    "service/certificates/check.py": ("import sqlalchemy", "SQL stays in service.store"),
    "service/errors.py": ("import babel", "Babel stays in service.language and the pages"),
    "service/submissions/intake.py": ("import flask", "Flask stays in service.web"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module or "")
    return names


def test_every_import_respects_the_contracts() -> None:
    outcome = lint(clone.ROOT)
    assert outcome.returncode == 0, outcome.stdout


def test_every_contract_notices_a_stray_import(tmp_path: Path) -> None:
    for path in [clone.ROOT / "pyproject.toml", *clone.files(*(f"{package}/*.py" for package in clone.PACKAGES))]:
        copy = tmp_path / path.relative_to(clone.ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    for name, (line, _) in STRAYS.items():
        with (tmp_path / name).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    broken = set(re.findall(r"^(.+) BROKEN", lint(tmp_path).stdout, re.MULTILINE))
    assert broken >= {contract for _, contract in STRAYS.values()}


def test_the_law_needs_nothing_but_the_standard_library() -> None:
    strangers = {
        f"{path.name}: {name}"
        for path in clone.files("service/law/*.py")
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("service.law")
    }
    assert not strangers


def test_the_command_starts_without_the_heavy_libraries() -> None:
    heavy = {"pyhanko", "weasyprint", "pdfplumber", "sqlalchemy", "alembic", "flask", "openpyxl"}
    program = "import sys, service.cli; print(*sys.modules)"
    outcome = subprocess.run(
        [sys.executable, "-c", program], cwd=clone.ROOT, capture_output=True, text=True, check=True
    )
    assert not heavy & set(outcome.stdout.split())
