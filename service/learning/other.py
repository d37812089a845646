"""Enter a piece of other learning, with its evidence kept by digest; it counts once Biro SDM approved it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from service.errors import BadInput
from service.learning.draft import Draft, wrong
from service.learning.evidence import Evidence, require_evidence
from service.numbers import short_id
from service.records import Event
from service.store import Store, Writing
from service.store.other_learning import OtherLearning


def enter(
    draft: Draft,
    *,
    store: Store,
    now: dt.datetime,
    today: dt.date,
    randomness: Callable[[int], bytes],
    actor: str,
    evidence: Evidence | None = None,
    assignment_id: str | None = None,
) -> OtherLearning:
    """Keep it, undecided; BadInput saying everything that is wrong, RowExists when it is there already."""
    troubles = wrong(draft, today)
    with store.reading() as tx:
        if tx.employees.get(draft.nip) is None:
            troubles.append(f"NIP {draft.nip} tidak ada pada data kepegawaian.")
        assignment = tx.assignments.get(assignment_id) if assignment_id else None
        known = draft.key in tx.other_learning.known()
    if assignment_id and (assignment is None or assignment.nip != draft.nip):
        troubles.append(f"penugasan {assignment_id} tidak ada untuk pegawai ini.")
    if known:
        troubles.append("pembelajaran ini sudah tercatat (pegawai, jenis, judul, dan tanggal mulai yang sama).")
    if troubles:
        raise BadInput(f"Pembelajaran tidak dapat dicatat: {' '.join(troubles)}", "Perbaiki, lalu ulangi.")
    digest = store.keep_document(require_evidence(evidence).content) if evidence else None
    learning = learning_of(draft, now=now, randomness=randomness, actor=actor)
    with store.transaction() as tx:
        kept = replace(
            learning,
            evidence_digest=digest,
            evidence_name=evidence.name if evidence else None,
            assignment_id=assignment_id,
        )
        keep(kept, tx, now=now, actor=actor)
    return kept


def learning_of(draft: Draft, *, now: dt.datetime, randomness: Callable[[int], bytes], actor: str) -> OtherLearning:
    return OtherLearning(
        id=short_id("L", randomness),
        nip=draft.nip,
        kind=draft.kind,
        title=draft.title,
        organiser=draft.organiser,
        starts=draft.starts,
        ends=draft.ends,
        jp=draft.jp,
        entered_at=now,
        entered_by=actor,
    )


def keep(learning: OtherLearning, tx: Writing, *, now: dt.datetime, actor: str) -> None:
    """The row and its event, together."""
    tx.other_learning.add(learning)
    tx.events.append(Event(at=now, actor=actor, action="learning.entered", subject=learning.id))
