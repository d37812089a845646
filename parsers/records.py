"""The typed record of a completed Lampiran I, and the problems of one that cannot be read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person named in a form; `nip` is 18 digits without spaces."""

    nip: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """The person who reports the activity, as in the form. `grade` is normalised (`III/b`, `IX`)."""

    nip: str
    name: str
    unit: str
    position: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRecord:
    """One activity. `kind`: coaching, mentoring, belajar_mandiri; `scope`: nasional, internasional.

    `date` is the day it began. `begins` and `ends` are wall-clock times at `place`; an end that is not later than the
    begin is on the next day. `minutes` is the time between them. `sections` are boxes A to D in order. `pembimbing` is
    None for self-study. `signed_place` and `signed_on` are from the signature block.
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
    """Something wrong in a file. `code` is part of the outside contract; `message` and `hint` are Indonesian.

    `grave` is False where a person may decide that nothing is wrong.
    """

    field: str | None
    code: str
    message: str
    hint: str
    grave: bool = True
