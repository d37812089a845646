"""The command as another program meets it: arguments in, exit code and JSON lines out."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.cli import main
from service.sandbox.pool import PRELOADED_MODULES, start_forkserver


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one run of the command gave."""

    exit_code: int
    lines: tuple[str, ...]

    def objects(self) -> list[dict[str, Any]]:
        """The JSON objects, one a line."""
        return [json.loads(line) for line in self.lines if line.startswith("{")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`cmb --home HOME ...`, run by its own entry point in this process (starting Python each time costs a second)."""

    home: Path

    def __post_init__(self) -> None:
        """Let the readers of all commands to come start with everything loaded, which takes each a second otherwise."""
        start_forkserver(PRELOADED_MODULES)

    def __call__(self, *words: str | Path, expect: Sequence[int] = (0,)) -> Answered:
        """Run it; RuntimeError with everything it said when the exit code is not one of `expect`."""
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main.main(["--home", str(self.home), *map(str, words)], prog_name="cmb", standalone_mode=True)
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else 1
        if code not in expect:
            raise RuntimeError(f"cmb {' '.join(map(str, words))}: exit {code}\n{out.getvalue()}{err.getvalue()}")
        return Answered(exit_code=code, lines=tuple(out.getvalue().splitlines()))
