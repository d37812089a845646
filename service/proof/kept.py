"""Signature facts read back from a kept answer, so that an old judgement can be told again in another form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from signing.report import Changes, Indication, SignatureReport, Signer, TimeSource


def signatures_of(told: Mapping[str, Any]) -> tuple[SignatureReport, ...]:
    """The signatures of an answer as `verify` gives it (contract). KeyError or ValueError for anything else."""
    return tuple(_signature(each) for each in told["signatures"])


def _signature(each: Mapping[str, Any]) -> SignatureReport:
    return SignatureReport(
        field=each["field"],
        kind=each["kind"],
        indication=Indication(each["indication"]),
        sub_indication=each["sub_indication"],
        intact=each["intact"],
        valid=each["valid"],
        trusted=each["trusted"],
        covers_whole_file=each["covers_whole_file"],
        changes_after=Changes(each["changes_after"]),
        permitted=each["permitted"],
        signer=Signer(**each["signer"]) if each["signer"] else None,
        signed_at=dt.datetime.fromisoformat(each["signed_at"]) if each["signed_at"] else None,
        time_source=TimeSource(each["time_source"]),
        profile=each["profile"],
        covered=each.get("covered", 0),
        registered=each.get("registered", True),
        early=each.get("early", False),
    )
