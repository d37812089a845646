"""The two steps of importing a table on a page: what it says is shown first, then written when confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import request

from service.config import local_day
from service.errors import BadInput, BadRows
from service.spreadsheets.imports import ImportContext, ImportResult, TableKind, import_table
from service.web.auth import require_visitor
from service.web.context import current_services
from service.web.requests import read_rows_sandboxed, uploaded_table

Entry = TypeVar("Entry")
Outcome = TypeVar("Outcome")


def preview_table(kind: TableKind[Entry, Outcome], show: Callable[..., str]) -> str | tuple[str, int]:
    """Return the page with what the uploaded table would do, or (422) with everything that is wrong with it.

    `show` gets the result as `result` with `digest`, `name` and `notes`, or the `problem` and its `details`.
    """
    try:
        content, name = uploaded_table()
        result = import_table(kind, content, name, context=_import_context(), preview=True)
    except BadInput as problem:
        details = problem.problems if isinstance(problem, BadRows) else ()
        return show(problem=problem, details=details), 422
    # Kept under its digest until it is confirmed: what is written is what was shown.
    return show(result=result, digest=current_services().store.keep_document(content), name=name, notes=result.notes)


def import_confirmed(kind: TableKind[Entry, Outcome], *, default_name: str) -> ImportResult[Entry, Outcome]:
    """Import the table that was shown, found by its digest, and return the result."""
    content = current_services().store.document(request.form.get("digest", ""))
    return import_table(kind, content, request.form.get("name", default_name), context=_import_context())


def _import_context() -> ImportContext:
    """Return who imports on this page and when; the rows are read in the sandbox."""
    services = current_services()
    now = services.clock()
    return ImportContext(
        store=services.store,
        now=now,
        today=local_day(now, services.settings),
        actor=require_visitor().actor,
        read_rows=read_rows_sandboxed,
    )
