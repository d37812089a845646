"""The employee's pages of one circulating form: new activity, draft, preview, withdrawal, reminders, attachments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forms.catalog import LAMPIRAN_I_V1
from forms.schema import Kind
from parsers.records import Problem
from parsers.values import coerce, indonesian_date, is_24_00
from service.access import Act, may
from service.access_lookup import of_attachments
from service.blanks import Request
from service.circulation.drafts import TYPED, again, check, preview, save_draft, start
from service.circulation.errors import Stale
from service.circulation.history import timeline
from service.circulation.returns import remind, withdraw
from service.errors import BadInput, NotGranted
from service.identifiers import nip_as_typed
from service.language import Message
from service.law import KINDS, SCOPES
from service.names import cleaned
from service.store.circulations import WITH_EMPLOYEE, ListedCirculation
from service.submissions.attachments import LARGEST, attach, detach
from service.web.auth import require_visitor, sign_in_required
from service.web.context import Page, current_services
from service.web.i18n import translate
from service.web.requests import file_answer, name_of, number_in_form, pdf_answer


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/formulir/<serial>", "circulation", circulation, methods=["GET", "POST"])
    blueprint.add_url_rule("/formulir/<serial>/draf", "draft", draft, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/pratinjau", "preview", show_preview, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/formulir.pdf", "form_file", form_file)
    blueprint.add_url_rule("/formulir/<serial>/kosong.pdf", "blank_file", blank_file)
    blueprint.add_url_rule("/formulir/<serial>/tarik", "withdraw", take_back, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/ingatkan", "remind", remind_next, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/ulang", "again", start_again, methods=["POST"])
    blueprint.add_url_rule("/kegiatan/baru", "new", new_activity, methods=["GET", "POST"])
    blueprint.add_url_rule("/kegiatan/pembimbing", "guides", suggest_employees)
    blueprint.add_url_rule("/formulir/<serial>/lampiran", "attach", add_attachments, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/lampiran/<attachment_id>", "attachment", attachment)
    blueprint.add_url_rule(
        "/formulir/<serial>/lampiran/<attachment_id>/hapus", "detach", remove_attachment, methods=["POST"]
    )


@sign_in_required
def circulation(serial: str) -> Page:
    """Show a draft to fill in, or the document and history of a form on its way."""
    listed = _own_form(serial)
    if listed.circulation.state in WITH_EMPLOYEE:
        return _save(listed) if request.method == "POST" else _draft_page(listed, listed.circulation.answers)
    with current_services().store.reading() as tx:
        history = timeline(tx, serial)
        successor = tx.circulations.successor(serial)
        attachments = tx.attachments.of(serial)
    return render_template(
        "pegawai/circulation.html", listed=listed, history=history, successor=successor, attachments=attachments
    )


@sign_in_required
def draft(serial: str) -> tuple[dict[str, object], int]:
    """Save the draft for the page's script: the new revision, or 409 when another window saved first."""
    visitor = require_visitor()
    _own_form(serial)
    try:
        saved = save_draft(
            serial,
            answers_in(request.form),
            revision=_revision(),
            context=current_services().circulation_context,
            actor=visitor.actor,
        )
    except Stale as stale:
        return {"stale": translate(stale.message)}, 409
    return {"revision": saved.revision}, 200


@sign_in_required
def show_preview(serial: str) -> Response:
    """Send the PDF of these answers; an answer that does not fit is an error."""
    _own_form(serial)
    return pdf_answer(
        preview(serial, answers_in(request.form), context=current_services().circulation_context), name=f"{serial}.pdf"
    )


@sign_in_required
def form_file(serial: str) -> Response:
    """Send the form as it is now: a draft filled with its saved answers, else the newest bytes."""
    listed = _own_form(serial)
    current = listed.circulation
    if current.state in WITH_EMPLOYEE:
        return pdf_answer(
            preview(serial, current.answers, context=current_services().circulation_context), name=f"{serial}.pdf"
        )
    return pdf_answer(current_services().store.document(current.digest), name=f"{serial}.pdf")


@sign_in_required
def blank_file(serial: str) -> Response:
    """Send the blank, to be filled in with another program."""
    return pdf_answer(current_services().store.document(_own_form(serial).blank.digest), name=f"{serial}-kosong.pdf")


@sign_in_required
def take_back(serial: str) -> Page:
    _own_form(serial)
    withdraw(
        serial, revision=_revision(), context=current_services().circulation_context, actor=require_visitor().actor
    )
    return redirect(url_for("pegawai.activities"))


@sign_in_required
def remind_next(serial: str) -> Page:
    """Remind the next signer."""
    listed = _own_form(serial)
    remind(serial, context=current_services().circulation_context, actor=require_visitor().actor)
    flash(_("%(name)s sudah diingatkan.", name=listed.awaits_name), "good")
    return redirect(url_for("pegawai.circulation", serial=serial))


@sign_in_required
def start_again(serial: str) -> Page:
    """Start a new form with the answers of this one."""
    listed = _own_form(serial)
    started = again(
        serial,
        revision=listed.circulation.revision,
        context=current_services().circulation_context,
        actor=require_visitor().actor,
    )
    return redirect(url_for("pegawai.circulation", serial=started.serial))


def _save(listed: ListedCirculation) -> Page:
    """Save the draft; then show it, or go on to sign it when it has no problems."""
    serial, answers = listed.circulation.serial, answers_in(request.form)
    try:
        saved = save_draft(
            serial,
            answers,
            revision=_revision(),
            context=current_services().circulation_context,
            actor=require_visitor().actor,
        )
    except Stale as stale:
        return _draft_page(_own_form(serial), answers, stale=stale), 409
    if request.form.get("then") == "sign":
        checked = check(serial, saved.answers, context=current_services().circulation_context)
        if not checked.problems and not checked.refusals:
            for reason in checked.reasons:
                flash(translate(reason), "doubt")
            return redirect(url_for("signing.document", serial=serial))
        return _draft_page(_own_form(serial), answers, checked=True), 422
    return _draft_page(_own_form(serial), answers, saved=True)


def _draft_page(
    listed: ListedCirculation,
    answers: object,
    *,
    checked: bool = False,
    saved: bool = False,
    stale: Stale | None = None,
) -> str:
    serial, typed = listed.circulation.serial, dict(answers)  # type: ignore[call-overload]  # a mapping of texts
    result = check(serial, typed, context=current_services().circulation_context) if checked else None
    problems: dict[str, list[str]] = {}
    for problem in result.problems if result else ():
        problems.setdefault(problem.field or "", []).append(_problem_text(problem))
    values = input_values(typed)
    with current_services().store.reading() as tx:
        attachments = tx.attachments.of(serial)
    return render_template(
        "pegawai/draft.html",
        listed=listed,
        sections=SECTIONS,
        titles=_titles(),
        values=values,
        kinds={name: input_kind(name, value) for name, value in values.items()},
        fields={field.name: field for field in current_services().blank_context.form.fields},
        problems=problems,
        reasons=result.reasons if result else (),
        refused=result.refusals if result else (),
        saved=saved,
        stale=stale,
        attachments=attachments,
    )


def _problem_text(problem: Problem) -> str:
    """Return a problem's text below its field, which need not name the field."""
    if problem.code == "missing_value":
        return str(_("Belum diisi."))
    said = Message.of(problem)
    return f"{translate(said)} {translate(said.hint)}".strip()


def _titles() -> dict[str, str]:
    return {
        "when": _("Kapan dan di mana"),
        "what": _("Apa kegiatannya"),
        "how": _("Uraian"),
        "signed": _("Tempat dan tanggal formulir"),
    }


def _own_form(serial: str) -> ListedCirculation:
    """Return the visitor's own form; 404 for somebody else's as for a missing one."""
    with current_services().store.reading() as tx:
        listed = tx.circulations.listed(serial)
    if listed is None or listed.circulation.employee_nip != require_visitor().nip:
        abort(404)
    return listed


def _revision() -> int:
    return request.form.get("revision", 0, type=number_in_form)


# --- New activity

_MEETINGS = range(1, 5)


@sign_in_required
def new_activity() -> str | Response | tuple[str, int]:
    """Let the employee choose kind, level and mentor, then prepare the blank and start the draft."""
    visitor, services = require_visitor(), current_services()
    supervisor = _supervisor_name(visitor.employee.supervisor_nip if visitor.employee else None)
    if request.method == "GET":
        return render_template("pegawai/new.html", supervisor=supervisor, chosen=request.args, problem=None)
    chosen = request.form
    try:
        started = start(_blank_request(visitor.nip), context=services.circulation_context, actor=visitor.actor)
    except (BadInput, NotGranted) as problem:
        page = render_template("pegawai/new.html", supervisor=supervisor, chosen=chosen, problem=problem)
        return page, 422
    return redirect(url_for("pegawai.circulation", serial=started.serial))


@sign_in_required
def suggest_employees() -> str:
    """Return employees whose name or NIP contains the words: suggestions for a coach, mentor or delegate."""
    text = cleaned(request.args.get("cari", ""))
    visitor = require_visitor()
    with current_services().store.reading() as tx:
        employees = tx.employees.search(text, limit=8) if len(text) > 1 else []
    employees = [employee for employee in employees if employee.nip != visitor.nip]
    field = "f-to" if request.args.get("untuk") == "f-to" else "f-pembimbing"
    return render_template("pegawai/suggestions.html", employees=employees, text=text, field=field)


def _blank_request(nip: str) -> Request:
    form = request.form
    kind, scope = form.get("kind", ""), form.get("scope", "")
    meeting = form.get("meeting", type=number_in_form)
    if kind not in KINDS or scope not in SCOPES or meeting is None or meeting not in _MEETINGS:
        raise BadInput(_("Pilihan jenis, tingkat, atau pertemuan belum lengkap."), _("Pilih ketiganya."))
    return Request(
        kind=kind,
        scope=scope,
        meeting=meeting,
        employee_nip=nip,
        pembimbing_nip=_mentor_nip(form.get("pembimbing", "").strip(), nip) if kind == "mentoring" else None,
        day=_day(form.get("day", "")),
    )


def _day(typed: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise BadInput(_("Tanggal kegiatan tidak terbaca."), _("Pilih tanggalnya lagi.")) from error


def _mentor_nip(text: str, own: str) -> str | None:
    """Return the NIP that was typed or chosen, or of the only employee whose name was typed."""
    text = cleaned(text)
    nip = nip_as_typed(text)
    if not nip or nip.isdecimal():
        return nip or None
    with current_services().store.reading() as tx:
        nips = [employee.nip for employee in tx.employees.search(text, limit=8) if employee.nip != own]
    if len(nips) == 1:
        return nips[0]
    message = (
        _("Ada beberapa pegawai yang cocok dengan “%(words)s”.")
        if nips
        else _("Tidak ada pegawai lain yang cocok dengan “%(words)s”.")
    )
    raise BadInput(message % {"words": text}, _("Ketik sebagian nama atau NIP mentor, lalu pilih dari daftarnya."))


def _supervisor_name(nip: str | None) -> str | None:
    with current_services().store.reading() as tx:
        supervisor = tx.employees.get(nip) if nip else None
    return supervisor.name if supervisor else None


# --- Values of browser inputs (ISO dates and times) and of the form (as people write them)

# Fields in the order of the page.
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("when", ("tanggal", "waktu_mulai", "waktu_selesai", "tempat")),
    ("what", ("nama_kegiatan", "sumber_pembelajaran")),
    (
        "how",
        ("identifikasi_kebutuhan", "hubungan_tanggung_jawab", "kegiatan_pengembangan", "hasil_pengembangan"),
    ),
    ("signed", ("tempat_tanda_tangan", "tanggal_tanda_tangan")),
)


def answers_in(form: Mapping[str, str]) -> dict[str, str]:
    """Return typed values as they go into the form: `2026-04-07` becomes `7 April 2026`, `09:00` becomes `09.00`."""
    return {name: _form_value(name, form[name].replace("\r\n", "\n").strip()) for name in TYPED if name in form}


def input_values(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the inputs' values: dates and times as browsers want them, others as they were typed."""
    return {name: _input_value(name, answers.get(name, "")) for name in TYPED}


def input_kind(name: str, value: str) -> str:
    """Return the input's kind: `date`, `time`, `textarea` or `text`; an unreadable date is shown as text."""
    kind = LAMPIRAN_I_V1.field(name).kind
    if kind is Kind.LONG_TEXT:
        return "textarea"
    with suppress(ValueError):
        if kind is Kind.DATE and (not value or dt.date.fromisoformat(value)):
            return "date"
        if kind is Kind.TIME and (not value or (not is_24_00(value) and dt.time.fromisoformat(value))):
            return "time"
    return "text"


def _form_value(name: str, value: str) -> str:
    kind = LAMPIRAN_I_V1.field(name).kind
    if kind is Kind.TIME and is_24_00(value):  # newer Pythons read it as 00:00
        return "24.00"
    with suppress(ValueError):
        if kind is Kind.DATE:
            return indonesian_date(dt.date.fromisoformat(value))
        if kind is Kind.TIME:
            return dt.time.fromisoformat(value).strftime("%H.%M")
    return value


def _input_value(name: str, value: str) -> str:
    field = LAMPIRAN_I_V1.field(name)
    if value and field.kind in {Kind.DATE, Kind.TIME}:
        read = coerce(value, field)
        if isinstance(read, dt.date):
            return read.isoformat()
        # A time input has no 24:00, and 00:00 might be a mistake: it stays as it was typed, in a text input.
        if isinstance(read, dt.time) and not is_24_00(value):
            return f"{read:%H:%M}"
    return value


# --- Attachments


@sign_in_required
def add_attachments(serial: str) -> Response:
    """Add files to the visitor's own form, until the first that is refused."""
    services, visitor = current_services(), require_visitor()
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        raise BadInput(_("Belum ada lampiran yang dipilih."), _("Pilih PDF, JPEG, atau PNG."))
    for file in files:
        content = file.stream.read(LARGEST + 1)
        attach(
            serial,
            name_of(file),
            content,
            store=services.store,
            now=services.clock(),
            randomness=services.randomness,
            actor=visitor.actor,
        )
    return redirect(url_for("pegawai.circulation", serial=serial, _anchor="attached"))


@sign_in_required
def attachment(serial: str, attachment_id: str) -> Response:
    """Send an attachment to those who may see it."""
    services = current_services()
    with services.store.reading() as tx:
        stored = tx.attachments.get(attachment_id)
        visible = may(require_visitor().viewer, Act.SEE, of_attachments(tx, serial))
    if not visible or stored is None or stored.serial != serial or stored.removed_at is not None:
        abort(404)
    return file_answer(
        services.store.document(stored.digest), name=stored.file_name, media_type=stored.media_type, save=False
    )


@sign_in_required
def remove_attachment(serial: str, attachment_id: str) -> Response:
    services = current_services()
    detach(attachment_id, store=services.store, now=services.clock(), actor=require_visitor().actor)
    return redirect(url_for("pegawai.circulation", serial=serial, _anchor="attached"))
