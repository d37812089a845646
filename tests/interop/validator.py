"""Ask the EU's validator (DSS): files in, the verdict on each signature out."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "agreement"
LEVELS = {f"PAdES-B-{level}": f"PAdES-BASELINE-{level}" for level in ("B", "T", "LT", "LTA")}
Verdicts = dict[str, tuple[str, str]]  # field -> sub-indication or indication, level


def validator_libraries(folder: Path) -> Path:
    """Return a folder with the validator and its dependencies, from Maven's own store if possible; else skip."""
    if not os.environ.get("CMB_AGREE"):
        pytest.skip("takes half a minute of Java: `make agree`")
    if not shutil.which("mvn") or not shutil.which("javac"):
        pytest.skip("not compared: no Maven or no JDK here")
    copy = [
        "mvn",
        "-q",
        "-B",
        "-f",
        str(HERE / "pom.xml"),
        "dependency:copy-dependencies",
        f"-DoutputDirectory={folder}",
    ]
    for offline in (["-o"], []):
        if subprocess.run([*copy, *offline], capture_output=True, check=False).returncode == 0:
            return folder
    pytest.skip("not compared: Maven reaches no repository that has the validator")


def dss_verdicts(
    files: Mapping[str, bytes],
    libraries: Path,
    folder: Path,
    *,
    anchor: bytes,
    moment: dt.datetime,
    crl: bytes | None = None,
    alone: bool = False,
) -> dict[str, Verdicts]:
    """Return its verdict on every signature of every file; only with a `crl` does it demand revocation data.

    `alone`: it demands them, and has nothing but what is in the file.
    """
    for name, content in files.items():
        (folder / f"{name}.pdf").write_bytes(content)
    (folder / "anchor.cer").write_bytes(anchor)
    program = [
        "java",
        "-cp",
        f"{libraries}/*",
        str(HERE / "Agree.java"),
        str(folder / "anchor.cer"),
        moment.isoformat().replace("+00:00", "Z"),
        str(folder),
    ]
    if crl is not None:
        (folder / "list.crl").write_bytes(crl)
        program.append(str(folder / "list.crl"))
    elif alone:
        program.append("alone")
    output = subprocess.run(program, capture_output=True, check=True, text=True, timeout=900).stdout
    judged: dict[str, Verdicts] = {}
    for line in output.splitlines():
        name, *signatures = line.split("\t")
        judged[name] = {}
        for signature in signatures:
            field, _, verdict = signature.partition("=")
            indication, sub, level = [*verdict.split("/"), "null", ""][:3]
            judged[name][field] = (indication if sub == "null" else sub, level)
    return judged
