"""The command `cmb`: it reads arguments, calls the features and prints their answers; no rule is decided here.

Answers go to standard output (with `--json` one object a line and nothing else), progress and
messages to standard error; exit codes are 0 yes, 1 no, 2 bad usage or input, 3 something needed is missing.
"""

from __future__ import annotations

from service.cli.main import main

__all__ = ["main"]
