"""People and their accounts: found, opened, reset, closed, and given roles."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.accounts import open_account, reset_password, set_active
from service.errors import ServiceError
from service.roles import set_roles
from service.staff import ROLES
from service.store.people import PersonRow
from service.web.desk import desk
from service.web.visitor import signed_in

Page = str | Response | tuple[str, int]
PORTION = 50
_MOST = 10**6
ENDPOINTS = frozenset(f"admin.{name}" for name in ("people", "person", "give_password", "set_open", "give_roles"))


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/pengguna", "people", people)
    blueprint.add_url_rule("/pengguna/<nip>", "person", person)
    blueprint.add_url_rule("/pengguna/<nip>/sandi", "give_password", give_password, methods=["POST"])
    blueprint.add_url_rule("/pengguna/<nip>/akun", "set_open", set_open, methods=["POST"])
    blueprint.add_url_rule("/pengguna/<nip>/peran", "give_roles", give_roles, methods=["POST"])


def people() -> str:
    text, role = request.args.get("cari", "").strip(), request.args.get("peran", "")
    place = min(max(request.args.get("mulai", 0, type=int), 0), _MOST)
    role = role if role in ROLES else ""
    with desk().store.reading() as tx:
        found = tx.people.search(text, role=role, offset=place, limit=PORTION + 1)
    return render_template(
        "admin/people.html",
        found=found[:PORTION],
        more=place + PORTION if len(found) > PORTION else None,
        less=max(place - PORTION, 0) if place else None,
        text=text,
        role=role,
        roles=ROLES,
        now=desk().clock(),
    )


def person(nip: str) -> str:
    return _person(nip)


def give_password(nip: str) -> Page:
    """A first password: of a new account, or in place of a forgotten one. Shown on this answer and nowhere else."""
    row, gate, actor = _row(nip), desk().gate, signed_in().actor
    try:
        if row.login is None:
            password = open_account(nip, gate=gate, actor=actor)[1]
        else:
            password = reset_password(row.login, gate=gate, actor=actor)
    except ServiceError as problem:
        return _person(nip, problem=problem), 409
    return _person(nip, password=password)


def set_open(nip: str) -> Page:
    """Close the account, or open it again."""
    row, active = _row(nip), request.form.get("active") == "1"
    if row.login is None:
        abort(404)
    try:
        set_active(row.login, active=active, gate=desk().gate, actor=signed_in().actor)
    except ServiceError as problem:
        return _person(nip, problem=problem), 409
    flash(_("Akun dibuka lagi.") if active else _("Akun ditutup; semua sesinya berakhir."), "good")
    return redirect(url_for("admin.person", nip=nip))


def give_roles(nip: str) -> Page:
    try:
        set_roles(nip, request.form.getlist("peran"), gate=desk().gate, actor=signed_in().actor)
    except ServiceError as problem:
        return _person(nip, problem=problem), 409
    flash(_("Peran disimpan."), "good")
    return redirect(url_for("admin.person", nip=nip))


def _person(nip: str, *, password: str = "", problem: ServiceError | None = None) -> str:
    row = _row(nip)
    return render_template(
        "admin/person.html", row=row, roles=ROLES, password=password, problem=problem, now=desk().clock()
    )


def _row(nip: str) -> PersonRow:
    with desk().store.reading() as tx:
        row = tx.people.get(nip)
    if row is None:
        abort(404)
    return row
