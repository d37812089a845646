"""Calls of unknown outcome cleared up by a file somebody handed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from service.store import Writing


def settle_by_file(tx: Writing, subject: str, roles: Mapping[str, Any], *, digest: str, now: dt.datetime) -> int:
    """A judged file shows signatures in these roles (`roles` of `verify`): whatever call may have made them is settled.

    Part of the transaction that keeps the file; how many.
    """
    shown = [role for role, whose in roles.items() if whose]
    said = "berkas yang diterima kemudian memuat tanda tangannya"
    return tx.gateway_calls.settle(subject, shown, at=now, digest=digest, message=said)
