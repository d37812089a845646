"""Whose signature is due: employee, then pembimbing, then direct supervisor; one person signs once for all roles."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms.schema import Role
from service.records import BlankEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One signature: whose, in which slot (`role`), and for which roles it stands (a coach is the supervisor)."""

    role: Role
    roles: tuple[Role, ...]
    nip: str


def dues_of_blank(blank: BlankEntry) -> tuple[Due, ...]:
    """The signatures a blank was made for."""
    return _dues(blank.employee_nip, blank.pembimbing_nip, blank.supervisor_nip)


def dues_of_record(record: Mapping[str, Any]) -> tuple[Due, ...]:
    """The signatures a record (contract) asks for, by the people its form names."""
    pembimbing = record["pembimbing"]
    return _dues(record["employee"]["nip"], pembimbing and pembimbing["nip"], record["supervisor"]["nip"])


def next_due(dues: tuple[Due, ...], signed: Collection[str]) -> Due | None:
    """The first that is missing; None when everybody has signed.

    Somebody who stood in for one of two roles of a person leaves the other due.
    """
    for due in dues:
        missing = [role for role in due.roles if role.value not in signed]
        if missing:
            return replace(due, role=missing[-1])
    return None


def in_order(dues: tuple[Due, ...], signed: Collection[str]) -> bool:
    """Whether nobody signed before somebody who was due earlier."""
    begun = [any(role.value in signed for role in due.roles) for due in dues]
    return begun == sorted(begun, reverse=True)


def _dues(employee: str, pembimbing: str | None, supervisor: str) -> tuple[Due, ...]:
    dues: dict[str, Due] = {}
    for role, nip in zip(Role, (employee, pembimbing, supervisor), strict=True):
        if nip:
            held = dues[nip].roles if nip in dues else ()
            dues[nip] = Due(role=role, roles=(*held, role), nip=nip)
    return tuple(dues.values())
