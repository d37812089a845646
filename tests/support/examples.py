"""How many examples a property is tried with: a few in `make test`, all of them in `make fuzz`."""

from __future__ import annotations

import os

_FEWEST, _SHARE = 40, 5


def examples(number: int) -> int:
    """Return how many of these examples to try; CMB_ALL_EXAMPLES in the environment asks for all."""
    return number if os.environ.get("CMB_ALL_EXAMPLES") else max(_FEWEST, number // _SHARE)
