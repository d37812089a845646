"""Uploaded bytes on their way to the jobs: through a file of our own, into a confined child, never read here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from werkzeug.datastructures import FileStorage

from service.judging import Json
from service.limits import GaveUp
from service.sources import Source
from service.web.desk import desk

_LONGEST_NAME = 120


@contextmanager
def laid_down(file: FileStorage) -> Iterator[Source]:
    """The upload as a file that readers can open; gone afterwards (what is to be kept was kept meanwhile)."""
    name = (file.filename or "formulir.pdf").replace("\\", "/").rsplit("/", 1)[-1]
    with TemporaryDirectory(prefix="cmb-upload-") as folder:
        path = Path(folder) / "upload"
        file.save(path)
        yield Source(path=path, called=name[-_LONGEST_NAME:])


def receive(file: FileStorage, *, actor: str) -> Json:
    """Keep and judge one uploaded form; the answer of `submit` (contract)."""
    at = desk()
    with laid_down(file) as source:
        try:
            return at.receive(source, at.clock(), actor)
        except GaveUp as given_up:
            # Its bytes are kept; the answer says that the reader could not go through with them.
            return at.receive(source, at.clock(), actor, given_up)
