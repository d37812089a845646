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
    """A program that is not there and could not be fetched; the message says why."""


def command(name: str) -> str:
    """Return the path of an installed program."""
    found = shutil.which(name)
    if found is None:
        raise NotInstalled(f"{name} is not installed")
    return found


def run(
    arguments: Sequence[str | Path], *, environ: Mapping[str, str] | None = None, folder: Path | None = None
) -> str:
    """Return what a program prints. AssertionError with the end of its output when it fails."""
    outcome = subprocess.run(
        arguments,
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_PATIENCE,
        check=False,
    )
    output = f"{outcome.stdout}\n{outcome.stderr}".strip()
    assert outcome.returncode == 0, f"{Path(arguments[0]).name} ended with {outcome.returncode}: {output[-2000:]}"
    return output


def versions() -> str:
    """Return the versions of what comes from the system; the other programs are pinned."""
    commands = {"poppler": "pdfsig -v", "pdftk": "pdftk --version", "Chromium": "chromium --version"}
    commands |= {"LibreOffice": "soffice --version", "Java": "java --version", "Node.js": "node --version"}
    found = []
    for name, line in commands.items():
        if shutil.which(line.split()[0]):
            outcome = subprocess.run(line.split(), capture_output=True, text=True, timeout=_PATIENCE, check=False)
            number = re.search(r"\d+(?:\.\d+)+", outcome.stdout + outcome.stderr)
            found += [f"{name} {number.group()}"] if number else []
    return ", ".join(found)


def node_modules(name: str = "npm", home: Path = INTEROP) -> Path:
    """Return a folder with the JavaScript programs and the locked packages; `npm ci` checks their digests."""
    sources = [*sorted(home.glob("*.mjs")), home / "package.json", home / "package-lock.json"]

    def fill(folder: Path) -> None:
        for source in sources:
            shutil.copy(source, folder)
        options = ("ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund")
        _fetch([command("npm"), *options], folder=folder)

    command("node")
    return _filled_once(name, sources, fill)


def jars() -> Path:
    """Return the folder of Apache PDFBox and its dependencies, every jar checked against its digest."""
    sources = [INTEROP / "pom.xml", INTEROP / "jars.sha256"]

    def fill(folder: Path) -> None:
        _fetch([command("mvn"), "-q", "-B", "-f", sources[0], _COPY_JARS, f"-DoutputDirectory={folder}"])
        pinned = {name: digest for digest, name in (line.split() for line in sources[1].read_text().splitlines())}
        found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}
        assert found == pinned, f"other jars than pinned: {sorted(set(found.items()) ^ set(pinned.items()))}"

    command("javac")
    return _filled_once("jars", sources, fill)


def pymupdf() -> Path:
    """Return the folder of PyMuPDF, for the path of another interpreter."""
    lock = INTEROP / "pymupdf.lock"

    def fill(folder: Path) -> None:
        options = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
        _fetch([sys.executable, *options, "--target", folder, "-r", lock])

    return _filled_once("pymupdf", [lock], fill)


@functools.cache
def libreoffice_python() -> str:
    """Return the Python interpreter that has LibreOffice's library."""
    command("soffice")
    for interpreter in ("/usr/bin/python3", "python3"):
        if (
            shutil.which(interpreter)
            and not subprocess.run([interpreter, "-c", "import uno"], capture_output=True, check=False).returncode
        ):
            return interpreter
    raise NotInstalled("LibreOffice's Python library (python3-uno) is not installed")


def _filled_once(name: str, sources: Sequence[Path], fill: Callable[[Path], None]) -> Path:
    """Return a folder that is filled once for these sources; a half-filled folder is never used."""
    digest = hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    place = _TOOLS / f"{name}-{digest}"
    if not place.exists():
        part = _TOOLS / f"{place.name}.{os.getpid()}"
        part.mkdir(parents=True)
        try:
            fill(part)
            part.rename(place)
        except OSError:
            if not place.exists():  # another process may have been quicker
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return place


def _fetch(arguments: Sequence[str | Path], *, folder: Path | None = None) -> None:
    """Fetch packages; NotInstalled when the registry does not answer."""
    try:
        run(arguments, folder=folder)
    except (AssertionError, subprocess.TimeoutExpired) as error:
        name = Path(arguments[0]).name
        raise NotInstalled(f"{'pip' if 'pip' in arguments else name} could not fetch it just now") from error
