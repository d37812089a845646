"""Who is at the door: account and employee behind the session of this request, looked up once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g, redirect, request, session, url_for
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response

from service.access import Viewer
from service.access_lookup import in_office
from service.accounts.login import account_of
from service.config import local_day
from service.records import EmployeeEntry
from service.store.accounts import Account
from service.web.context import desk

P = ParamSpec("P")
R = TypeVar("R")
TOKEN = "token"  # noqa: S105 - the name of a place in the signed cookie
# While a first password has to be changed, nothing else opens.
_OPEN_MEANWHILE = {"session.password", "session.sign_out", "session.language", "static"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody signed in. `roles` are those of the staff register; being pembimbing or atasan follows from papers."""

    account: Account
    employee: EmployeeEntry | None

    @property
    def nip(self) -> str:
        return self.employee.nip if self.employee else ""

    @property
    def name(self) -> str:
        return self.employee.name if self.employee else self.account.login

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.employee.roles) if self.employee else frozenset()

    @property
    def unit(self) -> str:
        return self.employee.unit if self.employee else ""

    @property
    def actor(self) -> str:
        """How the event log names this person."""
        return self.nip or self.account.login

    @property
    def person(self) -> EmployeeEntry:
        """The employee, for jobs that ask on whose word; Forbidden for an account without one."""
        # To those jobs nobody is the operator of the installation, who may do everything: never a visitor.
        if self.employee is None:
            raise Forbidden
        return self.employee

    @property
    def viewer(self) -> Viewer:
        """As `service.access` sees them."""
        return Viewer(nip=self.nip, roles=self.roles, unit=self.unit)

    def holds(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


def introduce() -> Response | None:
    """Before every request: find out who it is; a first password is changed before anything else."""
    g.visitor = None
    if for_programs():
        return None
    token = session.get(TOKEN)
    if not token or request.endpoint == "static":
        return None
    at = desk()
    account = account_of(token, account_context=at.account_context)
    if account is None:
        session.pop(TOKEN)
        return None
    g.visitor = visitor_of(account)
    if account.must_change and request.endpoint not in _OPEN_MEANWHILE:
        return redirect(url_for("session.password"))
    return None


def visitor_of(account: Account) -> Visitor:
    """Who comes in with that account."""
    at = desk()
    with at.store.reading() as tx:
        employee = in_office(tx, account.nip, local_day(at.clock(), at.settings)) if account.nip else None
    return Visitor(account=account, employee=employee)


def for_programs() -> bool:
    """Whether this is a request to the API, where a cookie says nothing (see `service.web.api.calls`)."""
    return request.path == "/api" or request.path.startswith("/api/")


def visitor() -> Visitor | None:
    """Who is at the door of this request; None when nobody signed in."""
    found: Visitor | None = g.get("visitor")
    return found


def signed_in() -> Visitor:
    """Whoever is at the door; Unauthorized (shown as the sign-in page) when nobody is."""
    who = visitor()
    if who is None:
        raise Unauthorized
    return who


def only(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A view for those who hold one of the roles (none named: for everybody signed in); Forbidden for others."""

    def wall(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **words: P.kwargs) -> R:
            who = signed_in()
            if roles and not who.holds(*roles):
                raise Forbidden
            return view(*args, **words)

        return guarded

    return wall
