"""Pages of quarterly recaps (Lampiran III): preview, confirm and send to Biro SDM, late ones."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

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
from service.web.auth import require_visitor, roles_required
from service.web.context import current_services
from service.web.requests import XLSX, file_answer, number_in_address, pdf_answer
from service.web.unit.overview import ROLES, unit_of_request, units


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/rekapitulasi", "recap", recap)
    blueprint.add_url_rule("/rekapitulasi.<kind>", "recap_file", recap_file)
    blueprint.add_url_rule("/rekapitulasi/kirim", "send_recap", send, methods=["POST"])


@roles_required(*ROLES)
def recap() -> str:
    """Show one quarter as it is now and what was sent of it."""
    services, unit, quarter = current_services(), unit_of_request(), _quarter()
    today = local_day(services.clock(), services.settings)
    with services.store.reading() as tx:
        now = recap_now(unit, quarter, tx, today=today, zone=services.settings.timezone)
        late = late_recaps(quarter.year, tx, today=today)
    mine = late if require_visitor().holds("biro_sdm") else [entry for entry in late if entry.unit == unit]
    return render_template(
        "unit/recap.html",
        unit=unit,
        units=units(),
        quarter=quarter,
        recap=now,
        late=mine,
        over=today > quarter.ends,
        today=today,
        may_send=may(require_visitor().viewer, Act.FORWARD, of_recap(unit)),
    )


@roles_required(*ROLES)
def recap_file(kind: str) -> Response:
    """Send the recap as it is now, or as it was sent (`?versi=`)."""
    services, unit, quarter = current_services(), unit_of_request(), _quarter()
    found = _recap(unit, quarter, request.args.get("versi", type=number_in_address))
    printed = printed_at(services.clock(), services.settings.timezone)
    name = f"rekapitulasi-{quarter}.{kind}"
    if kind == "xlsx":
        return file_answer(recap_xlsx(found.content, found.status, printed), name=name, media_type=XLSX, save=True)
    if kind != "pdf":
        abort(404)
    return pdf_answer(recap_pdf(found.content, found.status, FontFamily(), printed), name=name)


@roles_required(*ROLES)
def send() -> Response:
    """Send the recap that was confirmed; nothing is sent when it has changed since."""
    services, unit, quarter = current_services(), unit_of_request(), _quarter()
    if not may(require_visitor().viewer, Act.FORWARD, of_recap(unit)):
        abort(403)
    sent, new = send_recap(
        unit,
        quarter,
        store=services.store,
        now=services.clock(),
        zone=services.settings.timezone,
        actor=require_visitor().actor,
        confirmed=request.form.get("confirmed"),
    )
    version = sent.status.version
    message = _("Terkirim ke Biro SDM sebagai versi %(version)s.", version=version)
    flash(message if new else _("Sudah pernah dikirim; tidak ada yang berubah."), "good")
    return redirect(url_for("unit.recap", unit=unit, triwulan=str(quarter)))


def _quarter() -> Quarter:
    services = current_services()
    text = request.values.get("triwulan")
    return read_quarter(text) if text else quarter_of(local_day(services.clock(), services.settings))


def _recap(unit: str, quarter: Quarter, version: int | None) -> Recap:
    services = current_services()
    today = local_day(services.clock(), services.settings)
    with services.store.reading() as tx:
        if version is None:
            return recap_now(unit, quarter, tx, today=today, zone=services.settings.timezone)
        sent = recap_sent(unit, quarter, tx, zone=services.settings.timezone, version=version)
    if sent is None:
        abort(404)
    return sent
