"""The periodic report as JSON: decimals as strings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.monitoring.periodic import Periodic, UnitTotal
from service.policy import jp_text
from service.policy.month import Tally


def periodic_json(report: Periodic) -> dict[str, Any]:
    """The whole report as one object."""
    outcomes = report.outcomes
    return {
        "from": report.span.starts.isoformat(),
        "to": report.span.ends.isoformat(),
        "total": jp_text(report.whole.jp),
        "before": jp_text(report.jp_before),
        "whole": _unit(report.whole),
        "units": [_unit(each) for each in report.units],
        "months": [
            {
                "month": f"{each.month[0]}-{each.month[1]:02}",
                "people": each.people,
                "jp": jp_text(each.jp),
                "kinds": _kinds(each.by_kind),
            }
            for each in report.months
        ],
        "received": outcomes.received,
        "outcomes": [
            {"status": status, "decision": decision, "number": number}
            for (status, decision), number in sorted(outcomes.counts.items())
        ],
        "refusals": dict(outcomes.refusals.most_common()),
        "rejections": dict(outcomes.rejections.most_common()),
        "certificates": dict(report.certificates),
        "other_learning": {
            kind: {"number": number, "jp": jp_text(jp)} for kind, (number, jp) in report.other_learning.items()
        },
    }


def _unit(told: UnitTotal) -> dict[str, Any]:
    return {
        "unit": told.unit,
        "people": told.people,
        "active": told.active,
        "reached": told.reached,
        "jp": jp_text(told.jp),
        "kinds": _kinds(told.by_kind),
    }


def _kinds(by_kind: Mapping[str, Tally]) -> dict[str, Any]:
    return {
        kind: {"activities": each.activities, "counted": each.counted, "jp": jp_text(each.jp)}
        for kind, each in by_kind.items()
    }
