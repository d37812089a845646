"""The command's door: `cmb`. It reads arguments, calls the jobs, prints their answers; no rule lives here.

Rules of this door: answers go to standard output (with `--json` one object a line and nothing else), progress and
messages to standard error; exit codes are 0 yes, 1 no, 2 bad usage or input, 3 something needed is missing.
"""

from __future__ import annotations

from service.cli.main import main

__all__ = ["main"]
