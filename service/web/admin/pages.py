"""The admin's pages: overview, self-check, event log, people and their accounts."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from service.accounts.accounts import open_account, reset_password, set_active
from service.errors import ServiceError
from service.jobs.selfcheck import self_check, worst
from service.names import cleaned
from service.people.roles import set_roles
from service.people.staff import ROLES
from service.store.events import EventFilter
from service.store.staff import PersonRow
from service.web.auth import require_visitor
from service.web.context import Page, current_services
from service.web.requests import number_in_address

PAGE_SIZE = 50
_MANY_UNKNOWN = 20  # checks of unknown numbers by one caller in a day: more than typing errors
_FIRST_YEAR, _LAST_YEAR = 2000, 2999
_LATEST_EVENT = 2**63


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("", "overview", overview)
    blueprint.add_url_rule("/pemeriksaan", "health", health)
    blueprint.add_url_rule("/jejak", "trail", trail)
    blueprint.add_url_rule("/pengguna", "people", people)
    blueprint.add_url_rule("/pengguna/<nip>", "person", person)
    blueprint.add_url_rule("/pengguna/<nip>/sandi", "give_password", give_password, methods=["POST"])
    blueprint.add_url_rule("/pengguna/<nip>/akun", "set_open", set_account_active, methods=["POST"])
    blueprint.add_url_rule("/pengguna/<nip>/peran", "give_roles", give_roles, methods=["POST"])


def overview() -> str:
    services = current_services()
    since = services.clock() - dt.timedelta(days=1)
    with services.store.reading() as tx:
        people, accounts = tx.people.counts()
        checks, probes = tx.checks.count(since), tx.checks.unknown_by_caller(since, _MANY_UNKNOWN)
    return render_template("admin/overview.html", people=people, accounts=accounts, checks=checks, probes=probes)


def health() -> str:
    services = current_services()
    findings = self_check(services.settings, clock=services.clock)
    return render_template("admin/health.html", findings=findings, tone=worst(findings).value, now=services.clock())


def trail() -> tuple[str, int]:
    """Search the event log; days are in the agency's time zone."""
    fields = {name: cleaned(request.args.get(name, "")) for name in ("subjek", "pelaku", "tindakan", "dari", "sampai")}
    since, until = _day(fields["dari"]), _day(fields["sampai"])
    wrong = {name: _("Tulis tanggalnya sebagai 2026-04-07.") for name in ("dari", "sampai") if fields[name]}
    wrong = {name: text for name, text in wrong.items() if not _day(fields[name])}
    before = request.args.get("sebelum", type=number_in_address)
    before = before if before is not None and 0 < before < _LATEST_EVENT else None
    wanted = EventFilter(
        subject=fields["subjek"],
        actor=fields["pelaku"],
        action=fields["tindakan"],
        since=since,
        until=until + dt.timedelta(days=1) if until else None,
    )
    events = []
    if not wrong:
        with current_services().store.reading() as tx:
            events = list(tx.events.search(wanted, before=before, limit=PAGE_SIZE + 1))
    more = events[PAGE_SIZE - 1].place if len(events) > PAGE_SIZE else None
    page = render_template(
        "admin/trail.html", events=events[:PAGE_SIZE], fields=fields, wrong=wrong, more=more, before=before
    )
    return page, 422 if wrong else 200


def _day(text: str) -> dt.datetime | None:
    """Return the beginning of that day in the agency's time zone; None for no date, or one out of range."""
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        return None
    if not _FIRST_YEAR <= date.year <= _LAST_YEAR:
        return None
    return dt.datetime.combine(date, dt.time(), tzinfo=current_services().settings.timezone)


# --- People and accounts

_MAX_OFFSET = 10**6
ENDPOINTS = frozenset(f"admin.{name}" for name in ("people", "person", "give_password", "set_open", "give_roles"))


def people() -> str:
    text, role = cleaned(request.args.get("cari", "")), request.args.get("peran", "")
    offset = min(max(request.args.get("mulai", 0, type=number_in_address), 0), _MAX_OFFSET)
    role = role if role in ROLES else ""
    with current_services().store.reading() as tx:
        rows = tx.people.search(text, role=role, offset=offset, limit=PAGE_SIZE + 1)
    return render_template(
        "admin/people.html",
        rows=rows[:PAGE_SIZE],
        more=offset + PAGE_SIZE if len(rows) > PAGE_SIZE else None,
        less=max(offset - PAGE_SIZE, 0) if offset else None,
        text=text,
        role=role,
        roles=ROLES,
        now=current_services().clock(),
    )


def person(nip: str) -> str:
    return _person(nip)


def give_password(nip: str) -> Page:
    """Give a first password to a new account or for a forgotten one; it is shown on this answer only."""
    row, account_context, actor = _row(nip), current_services().account_context, require_visitor().actor
    try:
        if row.login is None:
            password = open_account(nip, account_context=account_context, actor=actor)[1]
        else:
            password = reset_password(row.login, account_context=account_context, actor=actor)
    except ServiceError as problem:
        return _person(nip, problem=problem), 409
    return _person(nip, password=password)


def set_account_active(nip: str) -> Page:
    """Close an account, or open it again."""
    row, active = _row(nip), request.form.get("active") == "1"
    if row.login is None:
        abort(404)
    try:
        set_active(
            row.login, active=active, account_context=current_services().account_context, actor=require_visitor().actor
        )
    except ServiceError as problem:
        return _person(nip, problem=problem), 409
    flash(_("Akun dibuka lagi.") if active else _("Akun ditutup; semua sesinya berakhir."), "good")
    return redirect(url_for("admin.person", nip=nip))


def give_roles(nip: str) -> Page:
    try:
        set_roles(
            nip,
            request.form.getlist("peran"),
            account_context=current_services().account_context,
            actor=require_visitor().actor,
        )
    except ServiceError as problem:
        return _person(nip, problem=problem), 409
    flash(_("Peran disimpan."), "good")
    return redirect(url_for("admin.person", nip=nip))


def _person(nip: str, *, password: str = "", problem: ServiceError | None = None) -> str:
    row = _row(nip)
    return render_template(
        "admin/person.html", row=row, roles=ROLES, password=password, problem=problem, now=current_services().clock()
    )


def _row(nip: str) -> PersonRow:
    with current_services().store.reading() as tx:
        row = tx.people.get(nip)
    if row is None:
        abort(404)
    return row
