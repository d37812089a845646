"""People with their accounts side by side, as whoever opens and closes accounts looks for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, cast, func, or_, select

from service.store.account_tables import ACCOUNTS
from service.store.tables import EMPLOYEES

_E, _A = EMPLOYEES.c, ACCOUNTS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One employee; the account's columns are None for somebody without one."""

    nip: str
    name: str
    unit: str
    roles: tuple[str, ...]
    login: str | None
    active: bool | None
    must_change: bool | None
    has_password: bool
    oidc_subject: str | None
    locked_until: dt.datetime | None
    signed_in_at: dt.datetime | None


class PeopleRead:
    """Looking for people and their accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def search(self, text: str = "", *, role: str = "", offset: int = 0, limit: int = 50) -> Sequence[PersonRow]:
        """By part of a name, or the beginning of a NIP, in the order of names; `role`: only who holds it."""
        query = _joined().order_by(_E.name, _E.nip).offset(offset).limit(limit)
        if text.strip():
            wanted = text.strip().lower()
            name = func.lower(_E.name).contains(wanted, autoescape=True)
            query = query.where(or_(name, _E.nip.startswith("".join(wanted.split()), autoescape=True)))
        if role:
            query = query.where(cast(_E.roles, Text).contains(f'"{role}"', autoescape=True))
        return [_person(row) for row in self._connection.execute(query)]

    def get(self, nip: str) -> PersonRow | None:
        row = self._connection.execute(_joined().where(_E.nip == nip)).one_or_none()
        return _person(row) if row else None

    def who_can(self, role: str) -> Sequence[PersonRow]:
        """Those who hold a role and have an account that is open."""
        query = _joined().where(cast(_E.roles, Text).contains(f'"{role}"', autoescape=True), _A.active.is_(True))
        return [_person(row) for row in self._connection.execute(query)]

    def counts(self) -> tuple[int, int]:
        """How many people the register has, and how many open accounts there are."""
        people = self._connection.execute(select(func.count()).select_from(EMPLOYEES)).scalar_one()
        accounts = self._connection.execute(
            select(func.count()).select_from(ACCOUNTS).where(_A.active.is_(True))
        ).scalar_one()
        return people, accounts

    def database_clock(self) -> dt.datetime:
        """What time the database server has."""
        told: dt.datetime = self._connection.execute(select(func.clock_timestamp())).scalar_one()
        return told.astimezone(dt.UTC)


def _joined() -> Select[Any]:
    columns = (_A.login, _A.active, _A.must_change, _A.password_hash, _A.oidc_subject, _A.locked_until, _A.signed_in_at)
    return select(_E.nip, _E.name, _E.unit, _E.roles, *columns).join_from(
        EMPLOYEES, ACCOUNTS, _A.nip == _E.nip, isouter=True
    )


def _person(row: Row[Any]) -> PersonRow:
    told = row._asdict()
    has_password = told.pop("password_hash") is not None
    return PersonRow(**told | {"roles": tuple(row.roles), "has_password": has_password})
