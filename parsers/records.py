"""Typed answers: what one completed Lampiran I says, once every value was understood."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody named in a form; `nip` is 18 digits without spaces."""

    nip: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """The person who reports the activity, as the form shows them that day. `grade` is normalised (`III/b`, `IX`)."""

    nip: str
    name: str
    unit: str
    position: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRecord:
    """One activity. `kind`: coaching, mentoring, belajar_mandiri; `scope`: nasional, internasional.

    `date` is the day it began. `begins` and `ends` are wall-clock times at `place`; an end that is not later than the
    begin is on the next day. `minutes` is what lies between them. `sections` are boxes A to D in order. `pembimbing`
    is None for self-study. `signed_place` and `signed_on` are what the signature block states.
    """

    kind: str
    scope: str
    meeting: int
    date: dt.date
    begins: dt.time
    ends: dt.time
    minutes: int
    place: str
    title: str
    source: str | None
    sections: tuple[str, str, str, str]
    employee: Employee
    pembimbing: Person | None
    supervisor: Person
    signed_place: str
    signed_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong in what was read. `code` is a word of the contract; `message` and `hint` are Indonesian.

    `grave` is False where a person may find that nothing is wrong.
    """

    field: str | None
    code: str
    message: str
    hint: str
    grave: bool = True
