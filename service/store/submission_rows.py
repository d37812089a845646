"""A submission as columns and back; its facts lie beside it in the same row, all there or all absent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, and_

from service.records import ActivityFacts, Decision, Status, Submission
from service.store.rows import columns_of
from service.store.tables import SUBMISSIONS

_FACTS = tuple(each.name for each in fields(ActivityFacts))


def facts_columns(facts: ActivityFacts | None) -> Mapping[str, Any]:
    return columns_of(facts) if facts is not None else dict.fromkeys(_FACTS)


def submission_of(row: Row[Any]) -> Submission:
    told = row._asdict()
    facts = {name: told.pop(name) for name in _FACTS}
    return Submission(
        **told
        | {
            "status": Status(row.status),
            "decision": Decision(row.decision),
            "facts": None if facts["employee_nip"] is None else ActivityFacts(**facts),
        }
    )


def within(year: int) -> ColumnElement[bool]:
    """Activities of a calendar year, as a range so that the index on the date is used."""
    return SUBMISSIONS.c.date.between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def standing(but: BindParameter[str]) -> ColumnElement[bool]:
    """Submissions an activity is compared with: passed or awaiting a person, not rejected by Biro SDM; not `but`."""
    return and_(
        SUBMISSIONS.c.status.in_([Status.VERIFIED, Status.REVIEW]),
        SUBMISSIONS.c.decision != Decision.REJECTED,
        SUBMISSIONS.c.id != but,
    )
