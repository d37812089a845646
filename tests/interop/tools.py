"""Other people's programs, for the interoperability matrix: found on the machine, or fetched once into `.tools`.

Everything fetched is pinned by digest in `tests/interop/`. What cannot be had (not installed, no registry just now) is
`NotInstalled` with its reason: the matrix then says "not run". A program that is there and fails is an error.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from support import clone

INTEROP = clone.ROOT / "tests" / "interop"
_TOOLS = clone.ROOT / ".tools"
_COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_PATIENCE = 300  # seconds; the first start of a program on a busy machine


class NotInstalled(Exception):
    """A program that is not there and could not be fetched; the message says why, in a few words."""


def command(name: str) -> str:
    """Path of an installed program."""
    found = shutil.which(name)
    if found is None:
        raise NotInstalled(f"{name} is not installed")
    return found


def run(words: Sequence[str | Path], *, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> str:
    """What a program says. AssertionError with its last words when it fails."""
    outcome = subprocess.run(
        words, cwd=folder, env=environ, capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False
    )
    said = f"{outcome.stdout}\n{outcome.stderr}".strip()
    assert outcome.returncode == 0, f"{Path(words[0]).name} ended with {outcome.returncode}: {said[-2000:]}"
    return said


def versions() -> str:
    """The versions of what comes from the system; the others are pinned."""
    asked = {"poppler": "pdfsig -v", "pdftk": "pdftk --version", "Chromium": "chromium --version"}
    asked |= {"LibreOffice": "soffice --version", "Java": "java --version", "Node.js": "node --version"}
    told = []
    for name, words in asked.items():
        if shutil.which(words.split()[0]):
            outcome = subprocess.run(words.split(), capture_output=True, text=True, timeout=_PATIENCE, check=False)
            number = re.search(r"\d+(?:\.\d+)+", outcome.stdout + outcome.stderr)
            told += [f"{name} {number.group()}"] if number else []
    return ", ".join(told)


def node_modules(name: str = "npm", home: Path = INTEROP) -> Path:
    """The JavaScript programs of a folder, beside copies of the locked packages: `npm ci` checks their digests."""
    sources = [*sorted(home.glob("*.mjs")), home / "package.json", home / "package-lock.json"]

    def fill(folder: Path) -> None:
        for each in sources:
            shutil.copy(each, folder)
        words = ("ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund")
        _fetch([command("npm"), *words], folder=folder)

    command("node")
    return _made(name, sources, fill)


def jars() -> Path:
    """Apache PDFBox and what it needs, each jar as its digest says."""
    sources = [INTEROP / "pom.xml", INTEROP / "jars.sha256"]

    def fill(folder: Path) -> None:
        _fetch([command("mvn"), "-q", "-B", "-f", sources[0], _COPY_JARS, f"-DoutputDirectory={folder}"])
        told = {name: digest for digest, name in (line.split() for line in sources[1].read_text().splitlines())}
        found = {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.glob("*.jar")}
        assert found == told, f"other jars than pinned: {sorted(set(found.items()) ^ set(told.items()))}"

    command("javac")
    return _made("jars", sources, fill)


def pymupdf() -> Path:
    """PyMuPDF, to be put on the path of another interpreter."""
    lock = INTEROP / "pymupdf.lock"

    def fill(folder: Path) -> None:
        words = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
        _fetch([sys.executable, *words, "--target", folder, "-r", lock])

    return _made("pymupdf", [lock], fill)


@functools.cache
def libreoffice_python() -> str:
    """The interpreter that LibreOffice's own library belongs to."""
    command("soffice")
    for each in ("/usr/bin/python3", "python3"):
        if (
            shutil.which(each)
            and not subprocess.run([each, "-c", "import uno"], capture_output=True, check=False).returncode
        ):
            return each
    raise NotInstalled("LibreOffice's Python library (python3-uno) is not installed")


def _made(name: str, sources: Sequence[Path], fill: Callable[[Path], None]) -> Path:
    """A folder filled once for these sources; half a folder is never used."""
    digest = hashlib.sha256(b"\0".join(each.read_bytes() for each in sources)).hexdigest()[:16]
    place = _TOOLS / f"{name}-{digest}"
    if not place.exists():
        part = _TOOLS / f"{place.name}.{os.getpid()}"
        part.mkdir(parents=True)
        try:
            fill(part)
            part.rename(place)
        except OSError:
            if not place.exists():  # else somebody was quicker
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return place


def _fetch(words: Sequence[str | Path], *, folder: Path | None = None) -> None:
    """Bring packages. A registry that does not answer is no fault of ours."""
    try:
        run(words, folder=folder)
    except (AssertionError, subprocess.TimeoutExpired) as error:
        name = Path(words[0]).name
        raise NotInstalled(f"{'pip' if 'pip' in words else name} could not fetch it just now") from error
