"""The installation itself: how it is, and what happened in it."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from service.selfcheck import self_check, worst
from service.store.events import Wanted
from service.web.desk import desk

PORTION = 50
_MANY_UNKNOWN = 20  # look-ups of unknown numbers by one caller in a day: nobody mistypes that often
_FIRST_YEAR, _LAST_YEAR = 2000, 2999
_MOST = 2**63


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("", "overview", overview)
    blueprint.add_url_rule("/pemeriksaan", "health", health)
    blueprint.add_url_rule("/jejak", "trail", trail)


def overview() -> str:
    at = desk()
    since = at.clock() - dt.timedelta(days=1)
    with at.store.reading() as tx:
        people, accounts = tx.people.counts()
        checks, walks = tx.checks.count(since), tx.checks.walks(since, _MANY_UNKNOWN)
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
    before = before if before is not None and 0 < before < _MOST else None
    wanted = Wanted(
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
