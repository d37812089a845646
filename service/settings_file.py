"""An installation's settings file beside the one of this version: what came later is told, the file stays as it is."""

from __future__ import annotations

import tomllib
from pathlib import Path

from service.config import FILE_NAME, TEMPLATE

EXAMPLE_NAME = f"{FILE_NAME}.contoh"


def unsaid(home: Path) -> tuple[str, ...]:
    """What this version's file has and the installation's has not: `[mail]`, or `trusted_proxy pada [web]`.

    Defaults hold for all of it; empty for an installation without a file. TOMLDecodeError for one that is no TOML.
    """
    path = home / FILE_NAME
    if not path.exists():
        return ()
    told, ours = (tomllib.loads(text) for text in (path.read_text(encoding="utf-8"), TEMPLATE))
    found = [f"[{name}]" if isinstance(value, dict) else name for name, value in ours.items() if name not in told]
    for name, table in ours.items():
        if isinstance(table, dict) and isinstance(told.get(name), dict):
            found += [f"{key} pada [{name}]" for key in table if key not in told[name]]
    return tuple(found)


def write_example(home: Path) -> Path:
    """Write the file of this version, each line explained, to copy from; nothing reads it."""
    path = home / EXAMPLE_NAME
    path.write_text(TEMPLATE, encoding="utf-8")
    return path
