"""One's learning besides CMB: what Biro SDM decided on it and why, and a way to hand in more, with its evidence."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.access import Act, may
from service.access_lookup import of_learning
from service.config import local_day
from service.errors import BadInput
from service.learning.other import KINDS, MOST_BYTES, Evidence, draft_of, employee_learning, enter
from service.store.learning import OtherLearning
from service.web.auth import only, signed_in
from service.web.context import desk
from service.web.filters import learned
from service.web.requests import file_answer, name_of, year_of_request

_TYPED = ("jenis", "judul", "penyelenggara", "mulai", "selesai", "jp")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/pembelajaran-lain", "learning", learning, methods=["GET", "POST"])
    blueprint.add_url_rule("/pembelajaran-lain/<learning_id>/bukti", "learning_evidence", evidence)


@only()
def learning() -> str | Answer | tuple[str, int]:
    """One year's, newest first; what is handed in awaits Biro SDM."""
    if request.method == "GET":
        return _page()
    try:
        kept = _enter()
    except BadInput as problem:
        return _page(problem), 422
    flash(_("Tercatat dan menunggu keputusan Biro SDM."), "good")
    return redirect(url_for("pegawai.learning", tahun=kept.ends.year))


@only()
def evidence(learning_id: str) -> Response:
    """The evidence as it was handed in; always saved, never shown in the page's own place."""
    at = desk()
    with at.store.reading() as tx:
        found = tx.other_learning.get(learning_id)
        visible = found is not None and may(signed_in().viewer, Act.SEE, of_learning(tx, found))
    if found is None or not visible or found.evidence_digest is None:
        abort(404)
    content = at.store.document(found.evidence_digest)
    return file_answer(content, name=found.evidence_name or "bukti", media_type="application/octet-stream", save=True)


def _page(problem: BadInput | None = None) -> str:
    at, who = desk(), signed_in()
    today = local_day(at.clock(), at.settings)
    year = year_of_request(today.year)
    with at.store.reading() as tx:
        mine, past = employee_learning(who.nip, year, tx), tx.past_activities.of_year(year)
    return render_template(
        "pegawai/learning.html",
        mine=mine,
        past=past,
        today=today,
        kinds=[(each, learned(each)) for each in KINDS],
        problem=problem,
        typed={name: request.form.get(name, "") for name in (*_TYPED, "penugasan")},
    )


def _enter() -> OtherLearning:
    at, who, now = desk(), signed_in(), desk().clock()
    today = local_day(now, at.settings)
    sent = request.files.get("bukti")
    if sent is None or not sent.filename:
        raise BadInput(_("Belum ada bukti yang dipilih."), _("Pilih sertifikat atau surat tugasnya: PDF, PNG, JPEG."))
    proof = Evidence(name=name_of(sent), content=sent.stream.read(MOST_BYTES + 1))
    cells = {name: request.form.get(name, "").strip() for name in _TYPED}
    return enter(
        draft_of(who.person.nip, cells, today),
        store=at.store,
        now=now,
        today=today,
        randomness=at.randomness,
        actor=who.actor,
        evidence=proof,
        assignment_id=request.form.get("penugasan") or None,
    )
