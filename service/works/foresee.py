"""The dry run of a year's certificates: who gets one, who does not and why. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from service.config import Settings
from service.errors import NotGranted
from service.granting import grant, nothing_approved, require_over, still_says
from service.store import Store, Transaction

_PORTION = 200  # people of one transaction
Fate = Literal["new", "unchanged", "supersedes", "not_granted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What the issue would come to for one person; `number` is that of the certificate there is already.

    `message` and `hint` say why there is none to give; they are empty for everybody else.
    """

    nip: str
    name: str
    unit: str
    fate: Fate
    jp: Decimal = Decimal(0)
    number: str | None = None
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: the year, perhaps before it is over, by whose clock and settings."""

    year: int
    early: bool
    settings: Settings
    now: dt.datetime


def foresee(question: Question, *, store: Store, nips: Sequence[str] | None = None) -> Iterator[Foreseen]:
    """Everybody in the register (or those named), by NIP. Between portions others may write: it is a forecast."""
    with store.reading() as tx:
        approved = set(tx.submissions.approved_nips(question.year))
        asked = [each.nip for each in tx.employees.all()] if nips is None else list(nips)
    for start in range(0, len(asked), _PORTION):
        with store.reading() as tx:
            yield from [_one(nip, question, tx, approved=nip in approved) for nip in asked[start : start + _PORTION]]


def _one(nip: str, question: Question, tx: Transaction, *, approved: bool) -> Foreseen:
    year, now, settings = question.year, question.now, question.settings
    person = tx.employees.in_year(nip, year) or tx.employees.get(nip)
    name, unit = (person.name, person.unit) if person else ("", "")
    try:
        if person is not None and not approved:
            require_over(year, settings=settings, now=now, early=question.early)
            raise nothing_approved(name, year)
        granted = grant(nip, year, tx=tx, settings=settings, now=now, early=question.early)
    except NotGranted as error:
        return Foreseen(nip=nip, name=name, unit=unit, fate="not_granted", message=error.message, hint=error.hint)
    living, accumulation = granted.living, granted.accumulation
    fate: Fate = "new"
    if living is not None:
        fate = "unchanged" if still_says(living, accumulation, granted.employee) else "supersedes"
    number = living.number if living else None
    return Foreseen(nip=nip, name=name, unit=unit, fate=fate, jp=accumulation.assessment.total, number=number)
