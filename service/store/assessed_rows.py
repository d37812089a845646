"""A month's sums as columns and back, and months computed anew from what was approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from service.policy import KINDS, Activity
from service.policy.month import Month, Tally, month_of_activities
from service.records import Decision
from service.store.rows import stream
from service.store.tables import SUBMISSIONS

_S = SUBMISSIONS.c
TALLIES = ("activities", "counted", "jp")


def columns_of_month(nip: str, first: dt.date, activities: Sequence[Activity]) -> dict[str, Any]:
    """The row of the month that begins on `first`, by the law as it is now."""
    month = month_of_activities(first, activities)
    told: dict[str, Any] = {"year": first.year, "nip": nip, "month": first.month, "most_national": month.most_national}
    for kind, tally in month.by_kind.items():
        told |= {f"{kind}_{name}": getattr(tally, name) for name in TALLIES}
    return told


def month_of_row(row: Row[Any]) -> Month:
    return Month(by_kind=tallies_of(row), most_national=row.most_national)


def tallies_of(row: Row[Any]) -> dict[str, Tally]:
    """By kind, from columns named after it."""
    told = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name for columns by name
    return {kind: Tally(**{name: told[f"{kind}_{name}"] for name in TALLIES}) for kind in KINDS}


def months_of(connection: Connection, condition: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    """The rows of every employee-month with something approved, read in one pass, a portion in memory at a time."""
    for nip, first, activities in approved_months(connection, condition):
        yield columns_of_month(nip, first, activities)


def approved_months(
    connection: Connection, condition: ColumnElement[bool]
) -> Iterator[tuple[str, dt.date, list[Activity]]]:
    """NIP, first day and approved activities of every employee-month that has any, in that order."""
    query = select(_S.employee_nip, _S.kind, _S.scope, _S.date, _S.minutes, _S.begins)
    query = query.where(_S.decision == Decision.APPROVED, condition).order_by(
        _S.employee_nip, _S.date, _S.begins, _S.id
    )
    for (nip, first), rows in groupby(stream(connection, query, lambda row: row), _place):
        listed = [
            Activity(kind=row.kind, scope=row.scope, date=row.date, minutes=row.minutes, begins=row.begins)
            for row in rows
        ]
        yield nip, first, listed


def _place(row: Row[Any]) -> tuple[str, dt.date]:
    return row.employee_nip, row.date.replace(day=1)
