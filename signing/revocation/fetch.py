"""Permission to ask the network for revocation data, and a folder in which answers are kept between files."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from signing.fetch import Request, exchange

# An address that failed, or gave something stale, is left in peace for that long: a batch must not wait per file.
_PAUSE = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Having one is the permission; there is none by default.

    `hosts`: only these are asked, wherever they are; empty: any host at a public address. `folder` keeps answers for
    other files and processes; None: nothing is kept. `seconds` bounds each step of an exchange.
    """

    hosts: frozenset[str] = frozenset()
    folder: Path | None = None
    seconds: float = 4.0

    def ask(self, request: Request, *, fresh: Callable[[bytes], bool], now: dt.datetime) -> bytes | None:
        """The kept answer while it is fresh, else a new one, else whatever is kept; None when there is nothing."""
        if self.folder is None:
            return exchange(request, hosts=self.hosts, seconds=self.seconds)
        name = hashlib.sha256(request.address.encode() + b"\0" + (request.question or b"")).hexdigest()
        place, asked = self.folder / name, self.folder / f"{name}.asked"
        kept = _read(place)
        if kept is not None and fresh(kept):
            return kept
        if _recent(asked, now):
            return kept
        _write(asked, now.isoformat().encode())
        content = exchange(request, hosts=self.hosts, seconds=self.seconds)
        if content is not None:
            _write(place, content)
        return content if content is not None else kept


def _recent(asked: Path, now: dt.datetime) -> bool:
    try:
        return abs(now - dt.datetime.fromisoformat((_read(asked) or b"").decode())) < _PAUSE
    except (ValueError, TypeError):
        return False


def _read(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except OSError:
        return None


def _write(place: Path, content: bytes) -> None:
    """The whole file or none, also when several processes write it at once. A folder that is full costs only time."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, delete=False) as beside:
            beside.write(content)
        os.replace(beside.name, place)  # noqa: PTH105 - the temporary file has a name, no path
    except OSError:
        return
