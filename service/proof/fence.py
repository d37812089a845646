"""The fence around the readers of strangers' bytes: what they stumble over is said of the file, and nothing else is."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeVar

from parsers.errors import ParsersError
from service.errors import BadInput
from service.limits import GaveUp
from service.problems import problem_of

T = TypeVar("T")

_STUMBLES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    ParsersError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)


class Stumbled(BadInput):
    """A reader fell over what is in the file: a finding about the file."""


def fenced(reader: Callable[[], T]) -> T:
    """What a reader makes of a stranger's bytes. Stumbled, or GaveUp for an error nobody foresaw.

    The machine's own errors (memory, disk) go on. Only readers belong in here: in our own steps the same error is a
    defect, which must not be dressed up as the file's.
    """
    try:
        return reader()
    except MemoryError:
        raise
    except _STUMBLES as error:
        raise Stumbled("Pembaca tersandung pada berkas ini.") from error
    except Exception as error:
        if problem_of(error) is not None:
            raise
        raise GaveUp("stumble", type(error).__name__) from error
