"""Biro SDM's decisions on other learning, each once; an approval ends the assignment it fulfils."""

from __future__ import annotations

import datetime as dt

from service.errors import BadInput, NotGranted
from service.records import Decision, Event
from service.store import Store
from service.store.assignments import State
from service.store.other_learning import OtherLearning
from service.telling import tell_learning


def approve(learning_id: str, *, store: Store, now: dt.datetime, actor: str) -> OtherLearning:
    """Approve one piece, once; NotGranted when it was decided otherwise."""
    learning = _find(learning_id, store)
    if learning.decision is Decision.APPROVED:
        return learning
    return _decide(learning, Decision.APPROVED, None, store=store, now=now, actor=actor)


def reject(learning_id: str, reason: str, *, store: Store, now: dt.datetime, actor: str) -> OtherLearning:
    """Reject one piece with a reason the employee reads; a decision already made stays."""
    if not reason.strip():
        raise BadInput("Alasan penolakan kosong.", "Tuliskan apa yang kurang, supaya pegawai tahu langkah berikutnya.")
    return _decide(_find(learning_id, store), Decision.REJECTED, reason.strip(), store=store, now=now, actor=actor)


def _find(learning_id: str, store: Store) -> OtherLearning:
    with store.reading() as tx:
        learning = tx.other_learning.get(learning_id.strip().upper())
    if learning is None:
        raise BadInput(f"Pembelajaran {learning_id} tidak ada.", "Lihat nomornya dengan `cmb learning list`.")
    return learning


def _decide(
    learning: OtherLearning, decision: Decision, reason: str | None, *, store: Store, now: dt.datetime, actor: str
) -> OtherLearning:
    with store.transaction() as tx:
        tx.past_activities.hold()
        if not tx.other_learning.decide(learning.id, decision, now, actor, reason):
            raise NotGranted(f"Pembelajaran {learning.id} sudah diputuskan.", "Keputusan tidak diubah.")
        detail = {"reason": reason} if reason else {}
        # What was rejected gives its room back, what was approved comes before what waits.
        tx.past_activities.refresh(learning.nip, learning.starts)
        action = f"learning.{decision.value}"
        tx.events.append(Event(at=now, actor=actor, action=action, subject=learning.id, detail=detail))
        tell_learning(tx, learning, decision, now)
        fulfilled = learning.assignment_id if decision is Decision.APPROVED else None
        if fulfilled and tx.assignments.end(fulfilled, State.DONE, now):
            tx.events.append(Event(at=now, actor=actor, action="assignment.done", subject=fulfilled))
        decided = tx.other_learning.get(learning.id)
    return decided or learning
