"""Fixtures of tests against other people's programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from interop.validator import validator_libraries


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the EU validator's libraries; only `make agree` needs them."""
    return validator_libraries(tmp_path_factory.mktemp("pustaka"))
