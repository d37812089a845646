"""The staff register brought in by a table: what would change is shown first, then kept."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.config import local_day
from service.errors import BadInput, BadRows
from service.people.staff import ADMIN_GIVES, Told, import_staff, new_roles
from service.web.auth import require_visitor, roles_required
from service.web.context import current_services
from service.web.requests import rows_apart, table_sent


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/pegawai", "employees", employees, methods=["GET", "POST"])
    blueprint.add_url_rule("/pegawai/simpan", "keep_employees", keep, methods=["POST"])


@roles_required("biro_sdm")
def employees() -> str | tuple[str, int]:
    """Upload a table; everything it would change, or every row that is wrong."""
    if request.method == "GET":
        return render_template("biro/employees.html", told=None, problem=None)
    services = current_services()
    try:
        content, name = table_sent()
        told = _told(content, name, preview=True)
    except BadInput as problem:
        details = problem.problems if isinstance(problem, BadRows) else ()
        return render_template("biro/employees.html", told=None, problem=problem, details=details), 422
    # Kept under its digest until it is confirmed: what is written is what was shown.
    digest = services.store.keep_document(content)
    return render_template(
        "biro/employees.html",
        told=told,
        problem=None,
        digest=digest,
        name=name,
        since=request.form.get("since", ""),
        new_roles=new_roles,
    )


@roles_required("biro_sdm")
def keep() -> Answer:
    """Write down what was shown."""
    content = current_services().store.document(request.form.get("digest", ""))
    name = request.form.get("name", "pegawai.xlsx")
    told = _told(content, name, preview=False)
    counts = told.counts
    flash(_("%(new)s pegawai baru, %(changed)s diperbarui, %(same)s tetap.", **counts), "good")
    return redirect(url_for("biro.employees"))


def _since() -> dt.date | None:
    told = request.form.get("since", "")
    try:
        return dt.date.fromisoformat(told) if told else None
    except ValueError as error:
        raise BadInput(_("Tanggal berlaku tidak terbaca."), _("Pilih tanggalnya lagi.")) from error


def _told(content: bytes, name: str, *, preview: bool) -> Told:
    services = current_services()
    now = services.clock()
    return import_staff(
        content,
        name,
        store=services.store,
        now=now,
        today=local_day(now, services.settings),
        actor=require_visitor().actor,
        since=_since(),
        preview=preview,
        reserved=ADMIN_GIVES,
        read=rows_apart,
    )
