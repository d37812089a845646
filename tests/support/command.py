"""The command under test: arguments in; exit code, JSON lines and messages out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from service.cli import main
from service.sandbox.pool import PRELOADED_MODULES, start_forkserver

Run = Callable[..., Result]


def command(home: Path) -> Run:
    """`cmb --home HOME ...`; `expect` is the exit code it must have, None for any."""
    start_forkserver(PRELOADED_MODULES)

    def run(*words: object, expect: int | None = 0) -> Result:
        result = CliRunner().invoke(main, ["--home", str(home), *map(str, words)])
        assert expect is None or result.exit_code == expect, (words, result.exit_code, result.output)
        return result

    return run


def objects(result: Result) -> list[dict[str, Any]]:
    """The JSON objects on standard output, one a line and nothing else there."""
    return [json.loads(line) for line in result.stdout.splitlines()]
