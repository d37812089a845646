"""One answer of SIASN, and which of the things it can mean it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# So much of what it says is kept and shown.
SHOWN = 500
_FINE, _MOVED, _UNAUTHORISED, _NOT_FOUND, _TIMED_OUT, _TOO_MANY, _SERVER = 200, 300, 401, 404, 408, 429, 500
_STALE = re.compile(
    r"(expired|invalid|kedaluwarsa|kadaluarsa).{0,40}(jwt|token)|(jwt|token).{0,40}(expired|invalid)", re.IGNORECASE
)
_NOTHING = re.compile(r"tidak (ada|ditemukan)|not found", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. `status` None: none came; `connected` False: it was never asked. `body` is JSON, tokens removed."""

    status: int | None
    body: Any
    is_json: bool = False
    connected: bool = True

    @property
    def tokens_refused(self) -> bool:
        return self.status == _UNAUTHORISED or (not self.said_yes and bool(_STALE.search(self.message)))

    @property
    def said_yes(self) -> bool:
        return self._fine and self.body.get("success") is True

    @property
    def said_no(self) -> bool:
        """An explicit no: nothing was kept. A server's error, a time-out or rubbish is not one."""
        if self._fine:
            return self.body.get("success") is False
        return self.status is not None and _MOVED <= self.status < _SERVER and self.status != _TIMED_OUT

    @property
    def message(self) -> str:
        """What it said, shortened; empty when nothing readable came."""
        if isinstance(self.body, Mapping):
            fault = self.body.get("fault")
            told = self.body.get("message") or (fault.get("message") if isinstance(fault, Mapping) else None)
            return str(told or self.body.get("text") or "")[:SHOWN]
        return ""

    @property
    def _fine(self) -> bool:
        within = self.status is not None and _FINE <= self.status < _MOVED
        return within and self.is_json and isinstance(self.body, Mapping)

    @property
    def too_many(self) -> bool:
        return self.status == _TOO_MANY


def says_nothing(reply: Reply, found: Any) -> bool:
    """Whether it says plainly that there is nothing, in one of the ways seen: no rows, null, or a sentence."""
    told = f"{found if isinstance(found, str) else ''} {reply.message}"
    return reply.status == _NOT_FOUND or found == [] or bool(_NOTHING.search(told))
