"""Biro SDM's import of the staff register from a table: preview, then save."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.config import local_day
from service.errors import BadInput, BadRows, Unconfirmed
from service.people.staff import ADMIN_GIVES, StaffChanges, import_staff, new_roles
from service.web.auth import require_visitor, roles_required
from service.web.context import current_services
from service.web.requests import read_rows_sandboxed, uploaded_table


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/pegawai", "employees", employees, methods=["GET", "POST"])
    blueprint.add_url_rule("/pegawai/simpan", "keep_employees", save, methods=["POST"])


@roles_required("biro_sdm")
def employees() -> str | tuple[str, int]:
    """Upload a table; show everything it would change, or every wrong row."""
    if request.method == "GET":
        return render_template("biro/employees.html", result=None, problem=None)
    services = current_services()
    try:
        content, name = uploaded_table()
        result = _import(content, name, preview=True)
    except BadInput as problem:
        details = problem.problems if isinstance(problem, BadRows) else ()
        return render_template("biro/employees.html", result=None, problem=problem, details=details), 422
    # Stored under its digest until it is confirmed: what is saved is what was shown.
    digest = services.store.keep_document(content)
    return render_template(
        "biro/employees.html",
        result=result,
        problem=None,
        digest=digest,
        name=name,
        since=request.form.get("since", ""),
        new_roles=new_roles,
    )


@roles_required("biro_sdm")
def save() -> Response | tuple[str, int]:
    """Save the changes that were shown, once units that look like existing ones were confirmed."""
    content = current_services().store.document(request.form.get("digest", ""))
    name = request.form.get("name", "pegawai.xlsx")
    new_units = request.form.get("new_units") == "1"
    try:
        counts = _import(content, name, preview=False, new_units=new_units).counts
    except Unconfirmed as problem:
        return render_template("biro/employees.html", result=None, problem=problem, details=problem.problems), 422
    flash(_("%(new)s pegawai baru, %(changed)s diperbarui, %(same)s tetap.", **counts), "good")
    return redirect(url_for("biro.employees"))


def _since() -> dt.date | None:
    text = request.form.get("since", "")
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(_("Tanggal berlaku tidak terbaca."), _("Pilih tanggalnya lagi.")) from error


def _import(content: bytes, name: str, *, preview: bool, new_units: bool = False) -> StaffChanges:
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
        read=read_rows_sandboxed,
        new_units=new_units,
    )
