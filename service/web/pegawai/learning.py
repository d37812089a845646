"""The employee's other learning (5.f.6): entries with decisions, and a form to enter more with evidence."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from service.access import Act, may
from service.access_lookup import of_learning
from service.config import local_day
from service.errors import BadInput
from service.learning.other import KINDS, MOST_BYTES, Evidence, draft_of, employee_learning, enter
from service.store.learning import OtherLearning
from service.web.auth import require_visitor, sign_in_required
from service.web.context import current_services
from service.web.filters import learned
from service.web.requests import file_answer, name_of, year_of_request

_TYPED = ("jenis", "judul", "penyelenggara", "mulai", "selesai", "jp")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/pembelajaran-lain", "learning", learning, methods=["GET", "POST"])
    blueprint.add_url_rule("/pembelajaran-lain/<learning_id>/bukti", "learning_evidence", evidence)


@sign_in_required
def learning() -> str | Response | tuple[str, int]:
    """List one year's entries, or add one that awaits Biro SDM's decision."""
    if request.method == "GET":
        return _page()
    try:
        entry = _enter()
    except BadInput as problem:
        return _page(problem), 422
    flash(_("Tercatat dan menunggu keputusan Biro SDM."), "good")
    return redirect(url_for("pegawai.learning", tahun=entry.ends.year))


@sign_in_required
def evidence(learning_id: str) -> Response:
    """Send the evidence as it was uploaded; browsers save it and never show it as a page of ours."""
    services = current_services()
    with services.store.reading() as tx:
        entry = tx.other_learning.get(learning_id)
        visible = entry is not None and may(require_visitor().viewer, Act.SEE, of_learning(tx, entry))
    if entry is None or not visible or entry.evidence_digest is None:
        abort(404)
    content = services.store.document(entry.evidence_digest)
    return file_answer(content, name=entry.evidence_name or "bukti", media_type="application/octet-stream", save=True)


def _page(problem: BadInput | None = None) -> str:
    services, visitor = current_services(), require_visitor()
    today = local_day(services.clock(), services.settings)
    year = year_of_request(today.year)
    with services.store.reading() as tx:
        mine, past = employee_learning(visitor.nip, year, tx), tx.past_activities.of_year(year)
    return render_template(
        "pegawai/learning.html",
        mine=mine,
        past=past,
        today=today,
        kinds=[(kind, learned(kind)) for kind in KINDS],
        problem=problem,
        typed={name: request.form.get(name, "") for name in (*_TYPED, "penugasan")},
    )


def _enter() -> OtherLearning:
    services, visitor, now = current_services(), require_visitor(), current_services().clock()
    today = local_day(now, services.settings)
    sent = request.files.get("bukti")
    if sent is None or not sent.filename:
        raise BadInput(_("Belum ada bukti yang dipilih."), _("Pilih sertifikat atau surat tugasnya: PDF, PNG, JPEG."))
    proof = Evidence(name=name_of(sent), content=sent.stream.read(MOST_BYTES + 1))
    cells = {name: request.form.get(name, "").strip() for name in _TYPED}
    return enter(
        draft_of(visitor.person.nip, cells, today),
        store=services.store,
        now=now,
        today=today,
        randomness=services.randomness,
        actor=visitor.actor,
        evidence=proof,
        assignment_id=request.form.get("penugasan") or None,
    )
