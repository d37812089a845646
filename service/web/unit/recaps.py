"""Quarterly recaps (Lampiran III): looked at, confirmed and sent to Biro SDM; what is late is said."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from forms.typesetting.fonts import FontFamily
from service.access import Act, may
from service.access_lookup import of_recap
from service.config import local_day
from service.monitoring.cards import printed_at
from service.monitoring.recaps import (
    Quarter,
    Recap,
    late_recaps,
    quarter_of,
    read_quarter,
    recap_now,
    recap_pdf,
    recap_sent,
    recap_xlsx,
    send_recap,
)
from service.web.auth import only, signed_in
from service.web.context import desk
from service.web.requests import XLSX, file_answer, pdf_answer
from service.web.unit.overview import ROLES, unit_of_request, units


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/rekapitulasi", "recap", recap)
    blueprint.add_url_rule("/rekapitulasi.<kind>", "recap_file", recap_file)
    blueprint.add_url_rule("/rekapitulasi/kirim", "send_recap", send, methods=["POST"])


@only(*ROLES)
def recap() -> str:
    """One quarter as it is now, beside what was sent of it."""
    at, unit, quarter = desk(), unit_of_request(), _quarter()
    today = local_day(at.clock(), at.settings)
    with at.store.reading() as tx:
        now = recap_now(unit, quarter, tx, today=today, zone=at.settings.timezone)
        late = late_recaps(quarter.year, tx, today=today)
    mine = late if signed_in().holds("biro_sdm") else [each for each in late if each.unit == unit]
    return render_template(
        "unit/recap.html",
        unit=unit,
        units=units(),
        quarter=quarter,
        recap=now,
        late=mine,
        over=today > quarter.ends,
        today=today,
        may_send=may(signed_in().viewer, Act.FORWARD, of_recap(unit)),
    )


@only(*ROLES)
def recap_file(kind: str) -> Response:
    """As it is now, or (`?versi=`) as it was sent."""
    at, unit, quarter = desk(), unit_of_request(), _quarter()
    found = _found(unit, quarter, request.args.get("versi", type=int))
    printed = printed_at(at.clock(), at.settings.timezone)
    name = f"rekapitulasi-{quarter}.{kind}"
    if kind == "xlsx":
        return file_answer(recap_xlsx(found.content, found.standing, printed), name=name, media_type=XLSX, save=True)
    if kind != "pdf":
        abort(404)
    return pdf_answer(recap_pdf(found.content, found.standing, FontFamily(), printed), name=name)


@only(*ROLES)
def send() -> Answer:
    """Confirm what was looked at and send it; when it changed meanwhile, nothing is sent."""
    at, unit, quarter = desk(), unit_of_request(), _quarter()
    if not may(signed_in().viewer, Act.FORWARD, of_recap(unit)):
        abort(403)
    sent, new = send_recap(
        unit,
        quarter,
        store=at.store,
        now=at.clock(),
        zone=at.settings.timezone,
        actor=signed_in().actor,
        confirmed=request.form.get("confirmed"),
    )
    version = sent.standing.version
    said = _("Terkirim ke Biro SDM sebagai versi %(version)s.", version=version)
    flash(said if new else _("Sudah pernah dikirim; tidak ada yang berubah."), "good")
    return redirect(url_for("unit.recap", unit=unit, triwulan=str(quarter)))


def _quarter() -> Quarter:
    at = desk()
    told = request.values.get("triwulan")
    return read_quarter(told) if told else quarter_of(local_day(at.clock(), at.settings))


def _found(unit: str, quarter: Quarter, version: int | None) -> Recap:
    at = desk()
    today = local_day(at.clock(), at.settings)
    with at.store.reading() as tx:
        if version is None:
            return recap_now(unit, quarter, tx, today=today, zone=at.settings.timezone)
        found = recap_sent(unit, quarter, tx, zone=at.settings.timezone, version=version)
    if found is None:
        abort(404)
    return found
