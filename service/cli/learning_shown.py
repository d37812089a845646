"""How the command shows other learning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from service.cli.door import emit

if TYPE_CHECKING:
    from service.learning.draft import Draft
    from service.learning.past import PastRow
    from service.store.other_learning import OtherLearning

_STATES = {"pending": "menunggu", "approved": "disahkan", "rejected": "ditolak"}


def show_learning(learning: OtherLearning, *, as_json: bool) -> None:
    """One line, or one object."""
    if as_json:
        emit(learning_json(learning))
        return
    state = _STATES[learning.decision.value]
    click.echo(f"{learning.id}  {_line(learning)}  {state}  {learning.decision_reason or ''}".rstrip())


def show_draft(draft: Draft, *, as_json: bool) -> None:
    """What an import would keep."""
    if as_json:
        emit(_told(draft))
    else:
        click.echo(_line(draft))


def show_past(row: PastRow, *, as_json: bool) -> None:
    """A past activity with its JP, and under it what took from them."""
    told = row.draft.activity
    if as_json:
        found = [{"rule": each.rule, "because": each.because, "cites": each.cites_text} for each in row.findings]
        activity = {"activity": told.kind, "scope": told.scope, "minutes": told.minutes}
        emit({"line": row.draft.line} | _told(row.learning) | activity | {"findings": found})
        return
    click.echo(_line(row.learning))
    for each in row.findings:
        click.echo(f"    {each.because} ({'; '.join(each.cites_text)})")


def show_count(rows: int, kept: int, *, preview: bool, as_json: bool) -> None:
    """How many rows an import kept, or would keep."""
    if as_json:
        emit({"rows": rows, "kept": kept} | ({"dry_run": True} if preview else {}))
    else:
        click.echo(f"Pratinjau, belum disimpan: {rows} baris." if preview else f"{rows} baris menunggu pengesahan.")


def learning_json(learning: OtherLearning) -> dict[str, Any]:
    """Everything of it but who entered it."""
    return (
        {"id": learning.id}
        | _told(learning)
        | {
            "state": learning.decision.value,
            "reason": learning.decision_reason,
            "evidence": learning.evidence_digest,
            "assignment": learning.assignment_id,
        }
    )


def _told(told: Draft | OtherLearning) -> dict[str, Any]:
    from service.policy import jp_text

    return {
        "nip": told.nip,
        "kind": told.kind,
        "title": told.title,
        "organiser": told.organiser,
        "starts": told.starts.isoformat(),
        "ends": told.ends.isoformat(),
        "jp": jp_text(told.jp),
    }


def _line(told: Draft | OtherLearning) -> str:
    from forms.indonesian import comma

    return f"{told.nip}  {told.ends}  {comma(told.jp)} JP  {told.kind}  {told.title} ({told.organiser})"
