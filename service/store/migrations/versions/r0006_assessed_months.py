"""What the law says of everybody's months, in sums; filled from what was approved before."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from alembic import op
from sqlalchemy import CheckConstraint, Column, ColumnClause, Date, Integer, Time, column, select, table

from service.law import Activity
from service.law.month import month_of_activities
from service.store.types import Thousandths, Words

revision = "0006"
down_revision = "0005"

KINDS = ("coaching", "mentoring", "belajar_mandiri")
PORTION = 500


def upgrade() -> None:
    made = op.create_table(
        "assessed_months",
        Column("year", Integer, primary_key=True, autoincrement=False),
        Column("nip", Words, primary_key=True),
        Column("month", Integer, primary_key=True, autoincrement=False),
        *(
            each
            for kind in KINDS
            for each in (
                Column(f"{kind}_activities", Integer, nullable=False),
                Column(f"{kind}_counted", Integer, nullable=False),
                Column(f"{kind}_jp", Thousandths, nullable=False),
            )
        ),
        Column("most_national", Thousandths, nullable=False),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        sqlite_with_rowid=False,
    )
    rows: list[dict[str, object]] = []
    for row in _months():
        rows.append(row)
        if len(rows) == PORTION:
            op.bulk_insert(made, rows)
            rows = []
    if rows:
        op.bulk_insert(made, rows)


def _months() -> Iterator[dict[str, object]]:
    names = {"employee_nip": Words, "kind": Words, "scope": Words, "date": Date, "minutes": Integer, "begins": Time}
    columns: list[ColumnClause[Any]] = [column(name, kind) for name, kind in names.items()]
    kept = table("submissions", *columns, column("id", Words), column("decision", Words))
    query = select(*columns).where(kept.c.decision == "approved")
    query = query.order_by(kept.c.employee_nip, kept.c.date, kept.c.begins, kept.c.id)
    found = op.get_bind().execute(query).all()
    for (nip, first), gathered in groupby(found, lambda row: (row.employee_nip, row.date.replace(day=1))):
        listed = [
            Activity(**{name: getattr(row, name) for name in names if name != "employee_nip"}) for row in gathered
        ]
        month = month_of_activities(first, listed)
        told: dict[str, object] = {"year": first.year, "nip": nip, "month": first.month}
        for kind, tally in month.by_kind.items():
            told |= {f"{kind}_{name}": getattr(tally, name) for name in ("activities", "counted", "jp")}
        yield told | {"most_national": month.most_national}
