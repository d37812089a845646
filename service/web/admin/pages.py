"""The installation itself: how it is, and what happened in it."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.accounts.accounts import open_account, reset_password, set_active
from service.errors import ServiceError
from service.people.roles import set_roles
from service.people.staff import ROLES
from service.selfcheck import self_check, worst
from service.store.events import EventFilter
from service.store.staff import PersonRow
from service.web.auth import signed_in
from service.web.context import desk

PORTION = 50
_MANY_UNKNOWN = 20  # look-ups of unknown numbers by one caller in a day: nobody mistypes that often
_FIRST_YEAR, _LAST_YEAR = 2000, 2999
_LATEST_EVENT = 2**63


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("", "overview", overview)
    blueprint.add_url_rule("/pemeriksaan", "health", health)
    blueprint.add_url_rule("/jejak", "trail", trail)
    blueprint.add_url_rule("/pengguna", "people", people)
    blueprint.add_url_rule("/pengguna/<nip>", "person", person)
    blueprint.add_url_rule("/pengguna/<nip>/sandi", "give_password", give_password, methods=["POST"])
    blueprint.add_url_rule("/pengguna/<nip>/akun", "set_open", set_open, methods=["POST"])
    blueprint.add_url_rule("/pengguna/<nip>/peran", "give_roles", give_roles, methods=["POST"])


def overview() -> str:
    at = desk()
    since = at.clock() - dt.timedelta(days=1)
    with at.store.reading() as tx:
        people, accounts = tx.people.counts()
        checks, walks = tx.checks.count(since), tx.checks.unknown_by_caller(since, _MANY_UNKNOWN)
    return render_template("admin/overview.html", people=people, accounts=accounts, checks=checks, walks=walks)


def health() -> str:
    at = desk()
    found = self_check(at.settings, clock=at.clock)
    return render_template("admin/health.html", found=found, tone=worst(found).value, now=at.clock())


def trail() -> tuple[str, int]:
    """The event log, searched; days are those of the agency's clock."""
    told = {name: request.args.get(name, "").strip() for name in ("subjek", "pelaku", "tindakan", "dari", "sampai")}
    since, until = _day(told["dari"]), _day(told["sampai"])
    wrong = {name: _("Tulis tanggalnya sebagai 2026-04-07.") for name in ("dari", "sampai") if told[name]}
    wrong = {name: text for name, text in wrong.items() if not _day(told[name])}
    before = request.args.get("sebelum", type=int)
    before = before if before is not None and 0 < before < _LATEST_EVENT else None
    wanted = EventFilter(
        subject=told["subjek"],
        actor=told["pelaku"],
        action=told["tindakan"],
        since=since,
        until=until + dt.timedelta(days=1) if until else None,
    )
    found = []
    if not wrong:
        with desk().store.reading() as tx:
            found = list(tx.events.search(wanted, before=before, limit=PORTION + 1))
    more = found[PORTION - 1].place if len(found) > PORTION else None
    page = render_template("admin/trail.html", found=found[:PORTION], told=told, wrong=wrong, more=more, before=before)
    return page, 422 if wrong else 200


def _day(text: str) -> dt.datetime | None:
    """The beginning of that day where the agency is; None for what is no day of this service's life."""
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        return None
    if not _FIRST_YEAR <= date.year <= _LAST_YEAR:
        return None
    return dt.datetime.combine(date, dt.time(), tzinfo=desk().settings.timezone)


# --- People and their accounts: found, opened, reset, closed, and given roles

Page = str | Response | tuple[str, int]
_MOST = 10**6
ENDPOINTS = frozenset(f"admin.{name}" for name in ("people", "person", "give_password", "set_open", "give_roles"))


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
