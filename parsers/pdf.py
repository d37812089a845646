"""Opens untrusted PDF bytes with qpdf inside limits; whatever the library raises leaves here as `Unreadable`."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TypeVar

from pikepdf import PasswordError, Pdf

from parsers.errors import ParsersError
from parsers.refusals import broken, empty, encrypted, not_pdf, too_complex, too_large

LARGEST = 32 * 2**20
_HEADER_WITHIN = 1024
_LEFT_OUT = "limits error"
_T = TypeVar("_T")


def looking_into(pdf: bytes, look: Callable[[Pdf], _T]) -> _T:
    """Give the opened file to `look` and return its answer; Unreadable for whatever goes wrong in there.

    MemoryError is left to whoever set the limit. Nothing is repaired: a file that only opens by guessing where its
    objects are may read otherwise elsewhere, and people sign what they see, not what was guessed. Streams are unpacked
    by `parsers.streams`, within its limits.
    """
    refuse_at_once(pdf)
    try:
        with Pdf.open(BytesIO(pdf), attempt_recovery=False, suppress_warnings=True) as opened:
            if opened.is_encrypted:
                raise encrypted()
            found = look(opened)
            # Most warnings are habits of writers; this one says that something was left out of what was read.
            if any(_LEFT_OUT in each for each in opened.get_warnings()):
                raise too_complex()
            return found
    except (ParsersError, MemoryError):
        raise
    except PasswordError as error:
        raise encrypted() from error
    except RecursionError as error:
        raise too_complex() from error
    except Exception as error:  # qpdf has one error for every file, its Python side several for odd objects
        raise broken() from error


def refuse_at_once(pdf: bytes) -> None:
    """Unreadable for what needs no reader: nothing at all, more than 32 MiB, or no PDF header in the first KiB."""
    if not pdf:
        raise empty()
    if len(pdf) > LARGEST:
        raise too_large(len(pdf), LARGEST)
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        raise not_pdf()
