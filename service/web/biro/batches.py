"""Biro SDM's pages of batches: hand in many files, watch progress, cancel, resume, download as a table."""

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
from werkzeug.wrappers import Response as BaseResponse

from service.access import Act, may
from service.access_lookup import of_batch
from service.errors import BadInput
from service.jobs.requests import add_file, cancel_batch, mark_ready, request_batch, write_table
from service.names import cleaned
from service.store.jobs import Batch, BatchState, Progress
from service.web.auth import require_visitor, roles_required
from service.web.context import Services, current_services
from service.web.requests import XLSX, file_answer, name_of, number_in_address

_PAGE = 50
_TABLES = {
    "csv": "text/csv",
    "xlsx": XLSX,
}
OPEN = {BatchState.GATHERING, BatchState.WAITING, BatchState.RUNNING}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/periksa", "batches", batches, methods=["GET", "POST"])
    blueprint.add_url_rule("/periksa/<batch_id>", "batch", batch)
    blueprint.add_url_rule("/periksa/<batch_id>/hentikan", "cancel", cancel, methods=["POST"])
    blueprint.add_url_rule("/periksa/<batch_id>/lanjutkan", "resume", resume, methods=["POST"])
    blueprint.add_url_rule("/periksa/<batch_id>/ringkasan.<kind>", "table", table)
    blueprint.add_url_rule("/periksa/<batch_id>/kemajuan", "progress", progress)


@roles_required("biro_sdm")
def batches() -> str | BaseResponse:
    """List recent batches, or start one from PDF and ZIP files, which are stored before anything else."""
    services = current_services()
    if request.method == "POST":
        files = [file for file in request.files.getlist("files") if file.filename]
        if not files:
            raise BadInput(_("Belum ada berkas yang dipilih."), _("Pilih PDF, atau satu ZIP berisi PDF."))
        now, actor = services.clock(), require_visitor().actor
        title = cleaned(request.form.get("title", "")) or name_of(files[0])
        started = request_batch(
            "submit",
            title,
            {},
            store=services.store,
            now=now,
            actor=actor,
            randomness=services.randomness,
            complete=False,
        )
        for file in files:
            add_file(started.id, name_of(file), cast("BinaryIO", file.stream), store=services.store, now=now)
        mark_ready(started.id, store=services.store)
        return redirect(url_for("biro.batch", batch_id=started.id))
    with services.store.reading() as tx:
        listed = [(batch, tx.batches.progress(batch.id, services.clock())) for batch in tx.batches.list(20)]
    return render_template("biro/batches.html", listed=listed)


@roles_required("biro_sdm")
def batch(batch_id: str) -> str:
    """Show a batch's progress, and each file with its result."""
    services, stored = current_services(), _visible_batch(batch_id)
    after = request.args.get("sesudah", -1, type=number_in_address)
    outcome = request.args.get("hasil") or None
    with services.store.reading() as tx:
        progress = tx.batches.progress(batch_id, services.clock())
        items = tx.batches.items(batch_id, _PAGE, after=after, outcome=outcome)
    return render_template(
        "biro/batch.html",
        batch=stored,
        progress=progress,
        items=items,
        outcome=outcome,
        more=items[-1].place if len(items) == _PAGE else None,
        open=stored.state in OPEN,
    )


@roles_required("biro_sdm")
def cancel(batch_id: str) -> BaseResponse:
    """Cancel a batch after the files being processed; finished ones stay."""
    services = current_services()
    _visible_batch(batch_id)
    cancel_batch(batch_id, store=services.store, now=services.clock(), actor=require_visitor().actor)
    return redirect(url_for("biro.batch", batch_id=batch_id))


@roles_required("biro_sdm")
def resume(batch_id: str) -> BaseResponse:
    """Resume a cancelled batch with the files that are left."""
    _visible_batch(batch_id)
    services = current_services()
    with services.store.transaction() as tx:
        tx.batches.resume(batch_id)
    return redirect(url_for("biro.batch", batch_id=batch_id))


@roles_required("biro_sdm")
def table(batch_id: str, kind: str) -> Response:
    """Send every file with its result and reason, as CSV or XLSX."""
    stored = _visible_batch(batch_id)
    if kind not in _TABLES:
        abort(404)
    with TemporaryDirectory(prefix="cmb-table-") as folder:
        path = Path(folder) / f"ringkasan.{kind}"
        target = {"table" if kind == "csv" else "sheet": path}
        write_table(batch_id, store=current_services().store, **target)
        content = path.read_bytes()
    return file_answer(content, name=f"{stored.title}-{batch_id}.{kind}", media_type=_TABLES[kind], save=True)


def _visible_batch(batch_id: str) -> Batch:
    with current_services().store.reading() as tx:
        stored = tx.batches.get(batch_id)
    if stored is None or not may(require_visitor().viewer, Act.SEE, of_batch(stored.asked_by)):
        abort(404)
    return stored


# --- Progress by server-sent events; a page without script reloads itself instead

_INTERVAL = 1.0  # seconds between two events
# Each open stream holds a thread of the server; further clients get one event and ask again after a second.
_STREAMS = BoundedSemaphore(6)
_LONGEST = 55.0  # seconds; then the browser reconnects, so that threads are freed and a stopped server is noticed


@roles_required("biro_sdm")
def progress(batch_id: str) -> Response:
    """Stream `data: {...}` once a second until the batch ends or for `_LONGEST`; once when all streams are taken."""
    _visible_batch(batch_id)
    answer = Response(stream_with_context(_stream(current_services(), batch_id)), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _stream(services: Services, batch_id: str) -> Iterator[str]:
    if not _STREAMS.acquire(blocking=False):
        yield from _events(services, batch_id, seconds=0)
        return
    try:
        yield from _events(services, batch_id, seconds=_LONGEST)
    finally:
        _STREAMS.release()


def _events(services: Services, batch_id: str, *, seconds: float) -> Iterator[str]:
    until = time.monotonic() + seconds
    yield "retry: 1000\n\n"
    while True:
        with services.store.reading() as tx:
            batch, counts = tx.batches.get(batch_id), tx.batches.progress(batch_id, services.clock())
        over = batch is None or batch.state not in OPEN
        state = {"over": over, "state": batch.state if batch else ""}
        yield f"data: {json.dumps(progress_payload(counts) | state, ensure_ascii=False)}\n\n"
        if over or time.monotonic() >= until:
            return
        time.sleep(_INTERVAL)


def progress_payload(counts: Progress) -> dict[str, object]:
    """Return counts, pace and time left for the page's script."""
    return {
        "done": counts.done + counts.failed,
        "total": counts.total,
        "outcomes": dict(counts.outcomes),
        "per_second": round(counts.per_second, 1),
        "seconds_left": round(counts.seconds_left) if counts.seconds_left is not None else None,
    }
