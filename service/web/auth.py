"""Who asks: the account and employee behind the session of a request, looked up once, and views for some roles."""

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
from service.web.context import current_services

P = ParamSpec("P")
R = TypeVar("R")
TOKEN = "token"  # noqa: S105 - a key of the signed session cookie
# What is open while a first password has to be changed.
_OPEN_MEANWHILE = {"session.password", "session.sign_out", "session.language", "static"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody signed in. `roles` are those of the staff register; being pembimbing or atasan follows from forms."""

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
        """The name of this person in the event log."""
        return self.nip or self.account.login

    @property
    def person(self) -> EmployeeEntry:
        """The employee, for functions that ask who decides; Forbidden for an account without one."""
        # To those functions None is the operator of the installation, who may do everything: never a visitor.
        if self.employee is None:
            raise Forbidden
        return self.employee

    @property
    def viewer(self) -> Viewer:
        """The same person as `service.access` knows them."""
        return Viewer(nip=self.nip, roles=self.roles, unit=self.unit)

    def holds(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


def identify_visitor() -> Response | None:
    """Find out, before every request, who asks; a first password has to be changed before anything else."""
    g.visitor = None
    if for_programs():
        return None
    token = session.get(TOKEN)
    if not token or request.endpoint == "static":
        return None
    account = account_of(token, account_context=current_services().account_context)
    if account is None:
        session.pop(TOKEN)
        return None
    g.visitor = visitor_of(account)
    if account.must_change and request.endpoint not in _OPEN_MEANWHILE:
        return redirect(url_for("session.password"))
    return None


def visitor_of(account: Account) -> Visitor:
    """Return the visitor that the account belongs to, with the employee in office today."""
    services = current_services()
    today = local_day(services.clock(), services.settings)
    with services.store.reading() as tx:
        employee = in_office(tx, account.nip, today) if account.nip else None
    return Visitor(account=account, employee=employee)


def for_programs() -> bool:
    """Tell whether this request is to the API, where cookies are ignored (see `service.web.api.calls`)."""
    return request.path == "/api" or request.path.startswith("/api/")


def current_visitor() -> Visitor | None:
    """Return the visitor of this request; None when nobody is signed in."""
    visitor: Visitor | None = g.get("visitor")
    return visitor


def require_visitor() -> Visitor:
    """Return the visitor of this request; Unauthorized (shown as the sign-in page) when nobody is signed in."""
    visitor = current_visitor()
    if visitor is None:
        raise Unauthorized
    return visitor


def sign_in_required(view: Callable[P, R]) -> Callable[P, R]:
    """Make a view answer only those who are signed in."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        require_visitor()
        return view(*args, **kwargs)

    return guarded


def roles_required(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a view answer only those who hold one of the roles; Forbidden for others."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not require_visitor().holds(*roles):
                raise Forbidden
            return view(*args, **kwargs)

        return guarded

    return decorate
