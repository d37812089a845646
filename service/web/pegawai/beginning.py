"""A new activity: which kind, with whom, at what level; then the form that already knows the employee."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.circulation.start import start
from service.errors import BadInput, NotGranted
from service.policy import KINDS, SCOPES
from service.prepare import Request
from service.web.desk import desk
from service.web.visitor import only, signed_in

_MEETINGS = range(1, 5)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kegiatan/baru", "new", new, methods=["GET", "POST"])
    blueprint.add_url_rule("/kegiatan/pembimbing", "guides", guides)


@only()
def new() -> str | Response | tuple[str, int]:
    """Choose; the blank is made when the choice is sent."""
    who, at = signed_in(), desk()
    supervisor = _supervisor(who.employee.supervisor_nip if who.employee else None)
    if request.method == "GET":
        return render_template("pegawai/new.html", supervisor=supervisor, chosen=request.args, problem=None)
    chosen = request.form
    try:
        begun = start(_wanted(who.nip), means=at.means, actor=who.actor)
    except (BadInput, NotGranted) as problem:
        page = render_template("pegawai/new.html", supervisor=supervisor, chosen=chosen, problem=problem)
        return page, 422
    return redirect(url_for("pegawai.circulation", serial=begun.serial))


@only()
def guides() -> str:
    """Who could be the coach or mentor: those whose name or NIP has the words, for the search as one types."""
    words = request.args.get("cari", "").strip()
    who = signed_in()
    with desk().store.reading() as tx:
        found = tx.employees.search(words, limit=8) if len(words) > 1 else []
    found = [each for each in found if each.nip != who.nip]
    field = "f-to" if request.args.get("untuk") == "f-to" else "f-pembimbing"
    return render_template("pegawai/guides.html", found=found, words=words, field=field)


def _wanted(nip: str) -> Request:
    form = request.form
    kind, scope = form.get("kind", ""), form.get("scope", "")
    meeting = form.get("meeting", type=int)
    if kind not in KINDS or scope not in SCOPES or meeting is None or meeting not in _MEETINGS:
        raise BadInput(_("Pilihan jenis, tingkat, atau pertemuan belum lengkap."), _("Pilih ketiganya."))
    return Request(
        kind=kind,
        scope=scope,
        meeting=meeting,
        employee_nip=nip,
        pembimbing_nip=_guide(form.get("pembimbing", "").strip(), nip) if kind == "mentoring" else None,
        day=_day(form.get("day", "")),
    )


def _day(typed: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise BadInput(_("Tanggal kegiatan tidak terbaca."), _("Pilih tanggalnya lagi.")) from error


def _guide(words: str, own: str) -> str | None:
    """The NIP that was typed or chosen; of a name, whoever alone has it."""
    nip = words.replace(" ", "")
    if not nip or nip.isdecimal():
        return nip or None
    with desk().store.reading() as tx:
        found = [each.nip for each in tx.employees.search(words, limit=8) if each.nip != own]
    if len(found) == 1:
        return found[0]
    said = (
        _("Ada beberapa pegawai yang cocok dengan “%(words)s”.")
        if found
        else _("Tidak ada pegawai lain yang cocok dengan “%(words)s”.")
    )
    raise BadInput(said % {"words": words}, _("Ketik sebagian nama atau NIP mentor, lalu pilih dari daftarnya."))


def _supervisor(nip: str | None) -> str | None:
    with desk().store.reading() as tx:
        found = tx.employees.get(nip) if nip else None
    return found.name if found else None
