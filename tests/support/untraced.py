"""What a child process needs to run without the tracer of coverage, which doubles its time."""

from __future__ import annotations

import os


def untraced() -> dict[str, str]:
    """Our environment without coverage's part: for what is measured, or whose lines are told by other tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
