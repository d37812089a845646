"""A day as an option of the command: ISO 8601, or as people write it in Indonesia."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click


class Day(click.ParamType[dt.date]):
    """`2026-07-01`, `01/07/2026`, `1 Juli 2026`."""

    name = "tanggal"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        from parsers.records import Problem
        from parsers.values import read_date

        if isinstance(value, dt.date):
            return value
        day = read_date(str(value))
        if isinstance(day, Problem):
            self.fail(f"{day.message} {day.hint}", param, ctx)
        return day


DAY = Day()
