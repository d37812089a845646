"""A document as an answer: shown in place or saved, never sniffed, never run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from flask import Response, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_PIECE = 2**16


def pdf_answer(content: bytes, *, name: str) -> Response:
    """A PDF, shown in the browser unless `?simpan` asks to save it.

    Whatever is in it cannot reach our pages: the answer is a sandbox of its own.
    """
    return file_answer(content, name=name, media_type="application/pdf", save="simpan" in request.args)


def streamed_answer(file: BinaryIO, *, name: str, media_type: str) -> Response:
    """A file of any size to be saved, read while it is sent and closed after."""
    answer = file_answer(b"", name=name, media_type=media_type, save=True)
    answer.response = _pieces(file)
    answer.call_on_close(file.close)
    del answer.headers["Content-Length"]
    return answer


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def file_answer(content: bytes, *, name: str, media_type: str, save: bool) -> Response:
    """Bytes under a name; `save` lets the browser keep them instead of showing them."""
    answer = Response(content, mimetype=media_type)
    way = "attachment" if save else "inline"
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'self'; sandbox"
    return answer
