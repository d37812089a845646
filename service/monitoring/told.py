"""An evaluation as JSON: decimals as strings, dates ISO 8601."""

from __future__ import annotations

from typing import Any

from service.monitoring.evaluated import Evaluated, Evaluation
from service.policy import jp_text
from service.policy.target import pro_rata


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """The whole evaluation as one object."""
    return {
        "year": evaluation.year,
        "period": evaluation.period,
        "unit": evaluation.unit,
        "ends": evaluation.ends.isoformat(),
        "day": evaluation.day.isoformat(),
        "target": jp_text(pro_rata(evaluation.year, evaluation.period)),
        "people": [person_json(each) for each in evaluation.people],
        "total": jp_text(evaluation.total),
        "distribution": list(evaluation.distribution),
    }


def person_json(each: Evaluated) -> dict[str, Any]:
    """One person, with what can still be done."""
    return {
        "nip": each.nip,
        "name": each.name,
        "unit": each.unit,
        "joined": each.came.isoformat() if each.came else None,
        "jp": jp_text(each.jp),
        "kinds": {
            kind: {"activities": tally.activities, "counted": tally.counted, "jp": jp_text(tally.jp)}
            for kind, tally in each.by_kind.items()
        },
        "target": jp_text(each.target),
        "short": jp_text(each.short),
        "year_jp": jp_text(each.year_jp),
        "other_jp": jp_text(each.other_jp),
        "with_other": jp_text(each.with_other),
        "state": each.mark.value,
        "reachable": each.reachable,
        "only_international": each.only_international,
        "most": jp_text(each.most),
        "most_national": jp_text(each.most_national),
        "room": dict(each.left),
        "ways": [
            {"kind": way.kind, "scope": way.scope, "times": way.times, "jp": jp_text(way.jp), "until": way.until}
            for way in each.suggestion.ways
        ],
        "rest": jp_text(each.suggestion.rest),
        "waiting": each.waiting,
        "assigned": each.assigned,
    }
