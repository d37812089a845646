"""A form on its way to its signers, as the store gives it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.records import BlankEntry


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
