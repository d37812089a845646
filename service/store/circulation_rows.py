"""A form on its way as a value, as columns, and back; beside it what lists show of its blank and its people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, select

from service.records import BlankEntry
from service.store.circulation_tables import CIRCULATIONS
from service.store.rows import columns_of
from service.store.tables import BLANKS, EMPLOYEES


class State(StrEnum):
    """Where a form is. `draft` and `returned`: with the employee, nobody has signed; `awaiting`: with its next signer.

    `complete`: everybody has signed, not handed in yet; `submitted` and `withdrawn` are ends.
    """

    DRAFT = "draft"
    AWAITING = "awaiting"
    COMPLETE = "complete"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


OPEN = (State.DRAFT, State.RETURNED, State.AWAITING, State.COMPLETE)
WITH_EMPLOYEE = (State.DRAFT, State.RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circulation:
    """One form on its way. `digest` names its newest bytes, `signed` the roles that have signed them.

    `awaits` and `awaits_nip`: whose turn it is, as the form names them. `changed_at`: since when it is where it is.
    """

    serial: str
    employee_nip: str
    state: State
    answers: Mapping[str, str]
    digest: str
    revision: int
    created_at: dt.datetime
    changed_at: dt.datetime
    awaits: str | None = None
    awaits_nip: str | None = None
    signed: tuple[str, ...] = ()
    unsettled_digest: str | None = None
    replaces: str | None = None
    returned_by: str | None = None
    return_reason: str | None = None
    submission_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A form on its way as lists show it: with its blank, and the names of the employee and of whoever it waits for."""

    circulation: Circulation
    blank: BlankEntry
    employee_name: str
    unit: str
    awaits_name: str | None


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
