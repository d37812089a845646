"""The typed record of a completed Lampiran I, and the problems of one that cannot be read."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
    """Something wrong in a file. `code` is of the outside contract; `wording` is the code of its words, with `params`.

    A wording is the code and, after a dot, which of its sentences is meant. `grave` is False where a person may decide
    that nothing is wrong.
    """

    field: str | None
    code: str
    wording: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)
    grave: bool = True


def make_problem(wording: str, /, *, field: str | None = None, grave: bool = True, **params: Any) -> Problem:
    """Return the problem of a wording; its code is what the wording says before a dot."""
    code = wording.partition(".")[0]
    return Problem(field=field, code=code, wording=wording, params=params, grave=grave)


def field_label(name: str) -> Problem:
    """Return the label of a field of the form, as a message inside another one."""
    return make_problem(f"form_field.{name}")
