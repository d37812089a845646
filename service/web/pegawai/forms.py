"""One form on its way, for its employee: fill it, see it, hand it on, take it back, and what belongs to it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from parsers.records import Problem
from service.circulation.back import withdraw
from service.circulation.draft import check, preview, save_draft
from service.circulation.errors import Stale
from service.circulation.remind import remind
from service.circulation.start import again
from service.circulation.timeline import timeline
from service.store.circulations import WITH_EMPLOYEE, Listed
from service.web.desk import desk
from service.web.papers import pdf_answer
from service.web.pegawai.typed import SECTIONS, answers_in, input_kind, shown
from service.web.phrases import said
from service.web.visitor import only, signed_in

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


def _save(listed: Listed) -> Page:
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
    listed: Listed, answers: object, *, checked: bool = False, saved: bool = False, stale: Stale | None = None
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


def _own(serial: str) -> Listed:
    """The visitor's own form; what is somebody else's is told as if it were not there."""
    with desk().store.reading() as tx:
        listed = tx.circulations.listed(serial)
    if listed is None or listed.circulation.employee_nip != signed_in().nip:
        abort(404)
    return listed


def _revision() -> int:
    return request.form.get("revision", 0, type=int)
