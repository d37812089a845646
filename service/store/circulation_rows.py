"""A form on its way as columns and back; beside it what lists show of its blank and its people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Select, select

from service.records import BlankEntry
from service.store.circulation_tables import CIRCULATIONS
from service.store.onway import Circulation, Listed, State
from service.store.rows import columns_of
from service.store.tables import BLANKS, EMPLOYEES


def columns_from(circulation: Circulation) -> dict[str, Any]:
    return columns_of(circulation) | {"answers": dict(circulation.answers), "signed": list(circulation.signed)}


def circulation_of(told: Mapping[str, Any]) -> Circulation:
    return Circulation(**dict(told) | {"state": State(told["state"]), "signed": tuple(told["signed"])})


_AWAITED = EMPLOYEES.alias("awaited")


def listing() -> Select[Any]:
    """Circulations with what `listed_of` needs beside them."""
    columns = [
        *(each.label(f"c_{each.name}") for each in CIRCULATIONS.c),
        *(each.label(f"b_{each.name}") for each in BLANKS.c),
        EMPLOYEES.c.name.label("employee_name"),
        EMPLOYEES.c.unit.label("unit"),
        _AWAITED.c.name.label("awaits_name"),
    ]
    return (
        select(*columns)
        .join_from(CIRCULATIONS, BLANKS, CIRCULATIONS.c.serial == BLANKS.c.serial)
        .join(EMPLOYEES, CIRCULATIONS.c.employee_nip == EMPLOYEES.c.nip)
        .outerjoin(_AWAITED, CIRCULATIONS.c.awaits_nip == _AWAITED.c.nip)
    )


def listed_of(row: Row[Any]) -> Listed:
    told = row._asdict()
    return Listed(
        circulation=circulation_of({name[2:]: told[name] for name in told if name.startswith("c_")}),
        blank=BlankEntry(**{name[2:]: told[name] for name in told if name.startswith("b_")}),
        employee_name=told["employee_name"],
        unit=told["unit"],
        awaits_name=told["awaits_name"],
    )
