"""What the README tells a reader to type works, line by line, as it stands there.

Blocks opened with ```sh test are run in order in one empty folder, after every block whose opening names a file
(```json answers.json) was written there. In other ```sh blocks, each `make` line must name a target.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from support import clone
from support.untraced import untraced

README = (clone.ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\S+)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A reader's own machine has none of ours; coverage needs its variables to see the command run.
OURS = ("CMB_", "PYTHONPATH")


def blocks(language: str | None = None) -> list[tuple[str, str]]:
    return [(mark, body) for kind, mark, body in BLOCK.findall(README) if language in {None, kind}]


def commands(body: str) -> list[str]:
    """Return a block's command lines, continued lines joined."""
    return [line for line in body.replace("\\\n", "").splitlines() if line.strip() and not line.startswith("#")]


def test_every_make_line_names_a_target() -> None:
    lines = [
        line for mark, body in blocks("sh") if mark != "test" for line in commands(body) if line.startswith("make ")
    ]
    targets = {line.split("#")[0].split()[1] for line in lines}
    assert {"demo", "test"} <= targets
    for target in sorted(targets):
        subprocess.run(["make", "--dry-run", target], cwd=clone.ROOT, check=True, capture_output=True)


def test_every_command_of_the_readme_works_in_an_empty_folder(tmp_path: Path) -> None:
    for mark, body in blocks():
        if "." in mark:
            (tmp_path / mark).write_text(body, encoding="utf-8")
    environ = {name: value for name, value in untraced().items() if not name.startswith(OURS)}
    environ |= {"CMB_HOME": str(tmp_path / "var"), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    lines = [line for mark, body in blocks("sh") if mark == "test" for line in commands(body)]
    assert any(line.startswith("cmb ") for line in lines)
    for line in lines:
        outcome = subprocess.run(
            ["sh", "-euc", line], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )
        assert outcome.returncode == 0, f"{line}\n{outcome.stdout}{outcome.stderr}"


def test_every_file_the_readme_points_to_exists() -> None:
    links = re.findall(r"\]\(((?!https?://)[^)#]+)", README)
    paths = re.findall(r"`((?:forms|parsers|signing|service|tests|bench)/[\w./-]*)`", README)
    assert not [name for name in links + paths if not (clone.ROOT / name).exists()]
