"""One form on its way, for its employee: fill it, see it, hand it on, take it back, and what belongs to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer
from werkzeug.wrappers import Response as BaseResponse

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
from service.law import KINDS, SCOPES
from service.store.circulations import WITH_EMPLOYEE, ListedCirculation
from service.submissions.attachments import LARGEST, attach, detach
from service.web.auth import only, signed_in
from service.web.context import desk
from service.web.i18n import said
from service.web.requests import file_answer, name_of, pdf_answer

Page = str | Answer | tuple[str, int]


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/formulir/<serial>", "circulation", circulation, methods=["GET", "POST"])
    blueprint.add_url_rule("/formulir/<serial>/draf", "draft", draft, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/pratinjau", "preview", show_preview, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/formulir.pdf", "form_file", form_file)
    blueprint.add_url_rule("/formulir/<serial>/kosong.pdf", "blank_file", blank_file)
    blueprint.add_url_rule("/formulir/<serial>/tarik", "withdraw", take_back, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/ingatkan", "remind", remind_next, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/ulang", "again", begin_again, methods=["POST"])
    blueprint.add_url_rule("/kegiatan/baru", "new", new, methods=["GET", "POST"])
    blueprint.add_url_rule("/kegiatan/pembimbing", "guides", guides)
    blueprint.add_url_rule("/formulir/<serial>/lampiran", "attach", add, methods=["POST"])
    blueprint.add_url_rule("/formulir/<serial>/lampiran/<attachment_id>", "attachment", attachment)
    blueprint.add_url_rule("/formulir/<serial>/lampiran/<attachment_id>/hapus", "detach", remove, methods=["POST"])


@only()
def circulation(serial: str) -> Page:
    """While it is a draft: the form to fill in. Afterwards: where it is, and the document."""
    listed = _own(serial)
    if listed.circulation.state in WITH_EMPLOYEE:
        return _save(listed) if request.method == "POST" else _draft_page(listed, listed.circulation.answers)
    with desk().store.reading() as tx:
        history = timeline(tx, serial)
        successor = tx.circulations.successor(serial)
        attachments = tx.attachments.of(serial)
    return render_template(
        "pegawai/onway.html", listed=listed, history=history, successor=successor, attachments=attachments
    )


@only()
def draft(serial: str) -> tuple[dict[str, object], int]:
    """The page saves by itself while one types: the new revision, or that another window was faster."""
    who = signed_in()
    _own(serial)
    try:
        kept = save_draft(serial, answers_in(request.form), revision=_revision(), means=desk().means, actor=who.actor)
    except Stale as stale:
        return {"stale": said(stale.message)}, 409
    return {"revision": kept.revision}, 200


@only()
def show_preview(serial: str) -> Response:
    """The PDF these answers make; what does not fit is a failure with words."""
    _own(serial)
    return pdf_answer(preview(serial, answers_in(request.form), means=desk().means), name=f"{serial}.pdf")


@only()
def form_file(serial: str) -> Response:
    """The form as it is now: a draft with what is kept, else the newest bytes."""
    listed = _own(serial)
    kept = listed.circulation
    if kept.state in WITH_EMPLOYEE:
        return pdf_answer(preview(serial, kept.answers, means=desk().means), name=f"{serial}.pdf")
    return pdf_answer(desk().store.document(kept.digest), name=f"{serial}.pdf")


@only()
def blank_file(serial: str) -> Response:
    """The blank, for whoever fills it in with a program of their own."""
    return pdf_answer(desk().store.document(_own(serial).blank.digest), name=f"{serial}-kosong.pdf")


@only()
def take_back(serial: str) -> Page:
    _own(serial)
    withdraw(serial, revision=_revision(), means=desk().means, actor=signed_in().actor)
    return redirect(url_for("pegawai.activities"))


@only()
def remind_next(serial: str) -> Page:
    """Tell whoever it waits for once more."""
    listed = _own(serial)
    remind(serial, means=desk().means, actor=signed_in().actor)
    flash(_("%(name)s sudah diingatkan.", name=listed.awaits_name), "good")
    return redirect(url_for("pegawai.circulation", serial=serial))


@only()
def begin_again(serial: str) -> Page:
    """What was typed, on a fresh blank."""
    listed = _own(serial)
    begun = again(serial, revision=listed.circulation.revision, means=desk().means, actor=signed_in().actor)
    return redirect(url_for("pegawai.circulation", serial=begun.serial))


def _save(listed: ListedCirculation) -> Page:
    """Save; then stay, or go on to sign when everything is right. Another window's version is shown beside."""
    serial, answers = listed.circulation.serial, answers_in(request.form)
    try:
        kept = save_draft(serial, answers, revision=_revision(), means=desk().means, actor=signed_in().actor)
    except Stale as stale:
        return _draft_page(_own(serial), answers, stale=stale), 409
    if request.form.get("then") == "sign":
        checked = check(serial, kept.answers, means=desk().means)
        if not checked.problems and not checked.refusals:
            for each in checked.reasons:
                flash(each.message, "doubt")
            return redirect(url_for("signing.document", serial=serial))
        return _draft_page(_own(serial), answers, checked=True), 422
    return _draft_page(_own(serial), answers, saved=True)


def _draft_page(
    listed: ListedCirculation,
    answers: object,
    *,
    checked: bool = False,
    saved: bool = False,
    stale: Stale | None = None,
) -> str:
    serial, told = listed.circulation.serial, dict(answers)  # type: ignore[call-overload]  # a mapping of texts
    found = check(serial, told, means=desk().means) if checked else None
    problems: dict[str, list[str]] = {}
    for each in found.problems if found else ():
        problems.setdefault(each.field or "", []).append(_said(each))
    values = shown(told)
    with desk().store.reading() as tx:
        attachments = tx.attachments.of(serial)
    return render_template(
        "pegawai/draft.html",
        listed=listed,
        sections=SECTIONS,
        titles=_titles(),
        values=values,
        kinds={name: input_kind(name, value) for name, value in values.items()},
        fields={each.name: each for each in desk().press.form.fields},
        problems=problems,
        reasons=found.reasons if found else (),
        refused=found.refusals if found else (),
        saved=saved,
        stale=stale,
        attachments=attachments,
    )


def _said(problem: Problem) -> str:
    """Below its field a problem need not name it."""
    if problem.code == "missing_value":
        return str(_("Belum diisi."))
    return f"{said(problem.message)} {said(problem.hint)}".strip()


def _titles() -> dict[str, str]:
    return {
        "when": _("Kapan dan di mana"),
        "what": _("Apa kegiatannya"),
        "how": _("Uraian"),
        "signed": _("Tempat dan tanggal formulir"),
    }


def _own(serial: str) -> ListedCirculation:
    """The visitor's own form; what is somebody else's is told as if it were not there."""
    with desk().store.reading() as tx:
        listed = tx.circulations.listed(serial)
    if listed is None or listed.circulation.employee_nip != signed_in().nip:
        abort(404)
    return listed


def _revision() -> int:
    return request.form.get("revision", 0, type=int)


# --- A new activity: which kind, with whom, at what level; then the form that already knows the employee

_MEETINGS = range(1, 5)


@only()
def new() -> str | BaseResponse | tuple[str, int]:
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


# --- Between what a browser's inputs hold (ISO dates and times) and what is written into the form (as people write)

# The order of the page: when and where, what it was about, what became of it, where it is signed.
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
    """What was typed, as it goes into the form: `2026-04-07` becomes `7 April 2026`, `09:00` becomes `09.00`."""
    return {name: _written(name, form[name].replace("\r\n", "\n").strip()) for name in TYPED if name in form}


def shown(answers: Mapping[str, str]) -> dict[str, str]:
    """What stands in the inputs: dates and times as browsers want them; what is neither stays as it was typed."""
    return {name: _input(name, answers.get(name, "")) for name in TYPED}


def input_kind(name: str, value: str) -> str:
    """`date`, `time`, `textarea` or `text`; a date nobody can read is shown as the text it is."""
    kind = LAMPIRAN_I_V1.field(name).kind
    if kind is Kind.LONG_TEXT:
        return "textarea"
    with suppress(ValueError):
        if kind is Kind.DATE and (not value or dt.date.fromisoformat(value)):
            return "date"
        if kind is Kind.TIME and (not value or (not is_24_00(value) and dt.time.fromisoformat(value))):
            return "time"
    return "text"


def _written(name: str, value: str) -> str:
    kind = LAMPIRAN_I_V1.field(name).kind
    if kind is Kind.TIME and is_24_00(value):  # newer Pythons read it as 00:00
        return "24.00"
    with suppress(ValueError):
        if kind is Kind.DATE:
            return indonesian_date(dt.date.fromisoformat(value))
        if kind is Kind.TIME:
            return dt.time.fromisoformat(value).strftime("%H.%M")
    return value


def _input(name: str, value: str) -> str:
    field = LAMPIRAN_I_V1.field(name)
    if value and field.kind in {Kind.DATE, Kind.TIME}:
        read = coerce(value, field)
        if isinstance(read, dt.date):
            return read.isoformat()
        # A time input has no 24:00, and 00:00 might be a slip: it stays as it was typed, in an input for text.
        if isinstance(read, dt.time) and not is_24_00(value):
            return f"{read:%H:%M}"
    return value


# --- What belongs to an activity beside its form: resume and photos


@only()
def add(serial: str) -> Answer:
    """Add files to one's own activity; all or the first that is wrong is told."""
    at, who = desk(), signed_in()
    files = [each for each in request.files.getlist("files") if each.filename]
    if not files:
        raise BadInput(_("Belum ada lampiran yang dipilih."), _("Pilih PDF, JPEG, atau PNG."))
    for each in files:
        content = each.stream.read(LARGEST + 1)
        attach(
            serial,
            name_of(each),
            content,
            store=at.store,
            now=at.clock(),
            randomness=at.randomness,
            actor=who.actor,
        )
    return redirect(url_for("pegawai.circulation", serial=serial, _anchor="attached"))


@only()
def attachment(serial: str, attachment_id: str) -> Response:
    """The file, for whoever may see the form it belongs to."""
    at = desk()
    with at.store.reading() as tx:
        found = tx.attachments.get(attachment_id)
        visible = may(signed_in().viewer, Act.SEE, of_attachments(tx, serial))
    if not visible or found is None or found.serial != serial or found.removed_at is not None:
        abort(404)
    return file_answer(at.store.document(found.digest), name=found.file_name, media_type=found.media_type, save=False)


@only()
def remove(serial: str, attachment_id: str) -> Answer:
    at = desk()
    detach(attachment_id, store=at.store, now=at.clock(), actor=signed_in().actor)
    return redirect(url_for("pegawai.circulation", serial=serial, _anchor="attached"))
