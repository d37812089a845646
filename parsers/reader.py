"""Opens untrusted PDF bytes with pypdf inside limits; whatever the library raises leaves here as `Unreadable`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from typing import TypeVar

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError

from parsers.errors import ParsersError
from parsers.opening import LARGEST, refuse_at_once
from parsers.refusals import broken, encrypted, too_complex

_T = TypeVar("_T")

# pypdf tells its repairs to the log; without any handler Python would print them on the person's terminal.
logging.getLogger("pypdf").addHandler(logging.NullHandler())


def reading(pdf: bytes, look: Callable[[PdfReader], _T]) -> _T:
    """Give the opened file to `look` and return its answer; Unreadable for whatever goes wrong in there.

    Limits: 32 MiB of file, 16 MiB per decoded stream, bounded trees. pypdf repairs what it can; whether a file was
    signed as it stands is never decided from here.
    """
    refuse_at_once(pdf)
    try:
        with apply_configuration(
            disable_legacy_handling=True,
            maximum_declared_stream_length=LARGEST,
            zlib_maximum_output_length=16 * 2**20,
            lzw_maximum_output_length=16 * 2**20,
            run_length_maximum_output_length=16 * 2**20,
            brotli_maximum_output_length=16 * 2**20,
            array_based_stream_maximum_output_length=16 * 2**20,
            stream_decoding_work_maximum_length=48 * 2**20,
            zlib_maximum_recovery_input_length=2**16,
            jbig2dec_binary=None,
        ):
            reader = PdfReader(BytesIO(pdf), root_object_recovery_limit=1000, xref_stream_maximum_entries=200_000)
            return _look(reader, look)
    except ParsersError:
        raise
    except (LimitReachedError, MemoryError, RecursionError) as error:
        raise too_complex() from error
    except Exception as error:  # the library's own promise: broken files might cause any exception
        raise broken() from error


def _look(reader: PdfReader, look: Callable[[PdfReader], _T]) -> _T:
    if reader.is_encrypted:
        raise encrypted()
    return look(reader)
