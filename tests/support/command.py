"""The `cmb` command under test: arguments in; exit code, JSON lines and messages out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from service.cli import main
from service.sandbox.pool import PRELOADED_MODULES, start_forkserver

Run = Callable[..., Result]
_ENVIRONMENT = {"LC_ALL": None, "LC_MESSAGES": None, "LANG": "C.UTF-8"}


def command(home: Path) -> Run:
    """Return a function that runs `cmb --home HOME ...`; `expect` is the exit code it must have, None for any."""
    start_forkserver(PRELOADED_MODULES)

    def run(*args: object, expect: int | None = 0) -> Result:
        result = CliRunner(env=_ENVIRONMENT).invoke(main, ["--home", str(home), *map(str, args)])
        assert expect is None or result.exit_code == expect, (args, result.exit_code, result.output)
        return result

    return run


def objects(result: Result) -> list[dict[str, Any]]:
    """Return the JSON objects on standard output, which holds one per line and nothing else."""
    return [json.loads(line) for line in result.stdout.splitlines()]
