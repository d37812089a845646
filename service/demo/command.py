"""The command as a function: arguments in, exit code and JSON lines out."""

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
class CommandResult:
    """The exit code and output of one run of the command."""

    exit_code: int
    lines: tuple[str, ...]

    def objects(self) -> list[dict[str, Any]]:
        """Return the JSON objects of the output, one per line."""
        return [json.loads(line) for line in self.lines if line.startswith("{")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`cmb --home HOME ...`, run by its own entry point in this process (starting Python each time costs a second)."""

    home: Path

    def __post_init__(self) -> None:
        """Load what sandboxed readers need once, instead of a second in each of them."""
        start_forkserver(PRELOADED_MODULES)

    def __call__(self, *args: str | Path, expect: Sequence[int] = (0,)) -> CommandResult:
        """Run the command; RuntimeError with its output if the exit code is not one of `expect`."""
        out, err = io.StringIO(), io.StringIO()
        code = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main.main(["--home", str(self.home), *map(str, args)], prog_name="cmb", standalone_mode=True)
            except SystemExit as stop:
                code = stop.code if isinstance(stop.code, int) else 1
        if code not in expect:
            raise RuntimeError(f"cmb {' '.join(map(str, args))}: exit {code}\n{out.getvalue()}{err.getvalue()}")
        return CommandResult(exit_code=code, lines=tuple(out.getvalue().splitlines()))
