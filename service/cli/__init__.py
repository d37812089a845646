"""The command `cmb`: it reads arguments, calls the features and prints their answers; no rule is decided here.

Answers go to standard output (with `--json` one object a line and nothing else), progress and
messages to standard error; exit codes are 0 yes, 1 no, 2 bad usage or input, 3 something needed is missing.
"""

from __future__ import annotations

import sys

try:
    from service.cli.main import main
except ImportError as error:
    # The script of an older installation arrives here: libraries are missing, or modules have moved since.
    sys.stderr.write(
        f"Pemasangan layanan ini tidak lengkap atau bercampur dengan versi lain ({error}).\n"
        "Pasang ulang beserta pustakanya (`.ci/setup`, atau `pip install` dari folder yang sama).\n"
    )
    raise SystemExit(3) from error

__all__ = ["main"]
