"""Many files at once: handed in, watched, stopped, and taken along as a table."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import BinaryIO, cast

from flask import Blueprint, Response, abort, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.access import Act, may
from service.access_lookup import of_batch
from service.errors import BadInput
from service.jobs.requests import add_file, cancel_batch, mark_ready, request_batch, write_table
from service.store.jobs import Batch, BatchState, Progress
from service.web.auth import only, signed_in
from service.web.context import Desk, desk
from service.web.requests import file_answer, name_of

_PAGE = 50
_TABLES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OPEN = {BatchState.GATHERING, BatchState.WAITING, BatchState.RUNNING}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/periksa", "batches", batches, methods=["GET", "POST"])
    blueprint.add_url_rule("/periksa/<batch_id>", "batch", batch)
    blueprint.add_url_rule("/periksa/<batch_id>/hentikan", "cancel", cancel, methods=["POST"])
    blueprint.add_url_rule("/periksa/<batch_id>/lanjutkan", "resume", resume, methods=["POST"])
    blueprint.add_url_rule("/periksa/<batch_id>/ringkasan.<kind>", "table", table)
    blueprint.add_url_rule("/periksa/<batch_id>/kemajuan", "progress", progress)


@only("biro_sdm")
def batches() -> str | Answer:
    """What was handed in lately; and handing in more: PDFs or ZIP files, each kept before anything else."""
    at = desk()
    if request.method == "POST":
        files = [each for each in request.files.getlist("files") if each.filename]
        if not files:
            raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih PDF, atau satu ZIP berisi PDF."))
        now, actor = at.clock(), signed_in().actor
        title = request.form.get("title", "").strip() or name_of(files[0])
        made = request_batch(
            "submit", title, {}, store=at.store, now=now, actor=actor, randomness=at.randomness, complete=False
        )
        for each in files:
            add_file(made.id, name_of(each), cast("BinaryIO", each.stream), store=at.store, now=now)
        mark_ready(made.id, store=at.store)
        return redirect(url_for("biro.batch", batch_id=made.id))
    with at.store.reading() as tx:
        listed = [(each, tx.batches.progress(each.id, at.clock())) for each in tx.batches.list(20)]
    return render_template("biro/batches.html", listed=listed)


@only("biro_sdm")
def batch(batch_id: str) -> str:
    """How far it is, and each file with its cause."""
    at, found = desk(), _seen(batch_id)
    after = request.args.get("sesudah", -1, type=int)
    outcome = request.args.get("hasil") or None
    with at.store.reading() as tx:
        progress = tx.batches.progress(batch_id, at.clock())
        items = tx.batches.items(batch_id, _PAGE, after=after, outcome=outcome)
    return render_template(
        "biro/batch.html",
        batch=found,
        progress=progress,
        items=items,
        outcome=outcome,
        more=items[-1].place if len(items) == _PAGE else None,
        open=found.state in OPEN,
    )


@only("biro_sdm")
def cancel(batch_id: str) -> Answer:
    """Stop after the files under way; what is done stays done."""
    at = desk()
    _seen(batch_id)
    cancel_batch(batch_id, store=at.store, now=at.clock(), actor=signed_in().actor)
    return redirect(url_for("biro.batch", batch_id=batch_id))


@only("biro_sdm")
def resume(batch_id: str) -> Answer:
    """Go on with what is left of a stopped one."""
    _seen(batch_id)
    at = desk()
    with at.store.transaction() as tx:
        tx.batches.resume(batch_id)
    return redirect(url_for("biro.batch", batch_id=batch_id))


@only("biro_sdm")
def table(batch_id: str, kind: str) -> Response:
    """Every file with its result and cause, for a spreadsheet."""
    found = _seen(batch_id)
    if kind not in _TABLES:
        abort(404)
    with TemporaryDirectory(prefix="cmb-table-") as folder:
        path = Path(folder) / f"ringkasan.{kind}"
        where = {"table" if kind == "csv" else "sheet": path}
        write_table(batch_id, store=desk().store, **where)
        content = path.read_bytes()
    return file_answer(content, name=f"{found.title}-{batch_id}.{kind}", media_type=_TABLES[kind], save=True)


def _seen(batch_id: str) -> Batch:
    with desk().store.reading() as tx:
        found = tx.batches.get(batch_id)
    if found is None or not may(signed_in().viewer, Act.SEE, of_batch(found.asked_by)):
        abort(404)
    return found


# --- Progress as it happens, by server-sent events; a page without script reloads itself instead

_PAUSE = 1.0  # seconds between two looks
# Each that is told as it happens holds a thread of the server: with more, the others ask once a second instead.
_AT_ONCE = BoundedSemaphore(6)
_LONGEST = 55.0  # then the browser asks again: no thread is held for ever, and a stopped server is noticed


@only("biro_sdm")
def progress(batch_id: str) -> Response:
    """`data: {...}` once a second until it ends, or for most of a minute; once, when many are watching."""
    _seen(batch_id)
    answer = Response(stream_with_context(_watched(desk(), batch_id)), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _watched(at: Desk, batch_id: str) -> Iterator[str]:
    if not _AT_ONCE.acquire(blocking=False):
        yield from _events(at, batch_id, seconds=0)
        return
    try:
        yield from _events(at, batch_id, seconds=_LONGEST)
    finally:
        _AT_ONCE.release()


def _events(at: Desk, batch_id: str, *, seconds: float) -> Iterator[str]:
    until = time.monotonic() + seconds
    yield "retry: 1000\n\n"
    while True:
        with at.store.reading() as tx:
            found, now = tx.batches.get(batch_id), tx.batches.progress(batch_id, at.clock())
        over = found is None or found.state not in OPEN
        standing = {"over": over, "state": found.state if found else ""}
        yield f"data: {json.dumps(told(now) | standing, ensure_ascii=False)}\n\n"
        if over or time.monotonic() >= until:
            return
        time.sleep(_PAUSE)


def told(now: Progress) -> dict[str, object]:
    """Counts, pace and time left, for the page."""
    return {
        "done": now.done + now.failed,
        "total": now.total,
        "outcomes": dict(now.outcomes),
        "per_second": round(now.per_second, 1),
        "seconds_left": round(now.seconds_left) if now.seconds_left is not None else None,
    }
