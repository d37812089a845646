"""What Biro SDM decides on submissions (circular 5.b.6: "melakukan verifikasi/validasi"); each decision once, kept."""

from __future__ import annotations

import datetime as dt

from service.errors import BadInput, NotGranted
from service.records import Decision, Event, Status, Submission
from service.store import Store
from service.telling import tell_decided


def approve(submission_id: str, *, store: Store, now: dt.datetime, actor: str) -> str:
    """Approve one submission, once; NotGranted when it was refused or decided otherwise."""
    submission = _find(submission_id, store)
    if submission.decision is Decision.APPROVED:
        return submission.id
    if submission.status not in {Status.VERIFIED, Status.REVIEW} or submission.facts is None:
        raise NotGranted(
            f"Kiriman {submission.id} tidak lulus pemeriksaan, sehingga tidak dapat disahkan.",
            "Lihat alasannya pada jawaban `cmb submit`; pegawai perlu mengirim formulir yang benar.",
        )
    return _decide(submission, Decision.APPROVED, None, store=store, now=now, actor=actor)


def approve_verified(*, store: Store, now: dt.datetime, actor: str) -> tuple[list[str], list[str]]:
    """Approve everything that passed and waits; what is in review is left alone.

    Gives the approved ids, and those of them that carry a notice (an overlap in time) somebody should look at.
    """
    with store.reading() as tx:
        waiting = [(each.id, bool(each.answer.get("reasons"))) for each in tx.submissions.waiting()]
    done = [approve(submission_id, store=store, now=now, actor=actor) for submission_id, _ in waiting]
    return done, [submission_id for submission_id, noticed in waiting if noticed]


def reject(submission_id: str, reason: str, *, store: Store, now: dt.datetime, actor: str) -> str:
    """Reject one submission with a reason the employee reads; a decision already made stays."""
    if not reason.strip():
        raise BadInput("Alasan penolakan kosong.", "Tuliskan apa yang kurang, supaya pegawai tahu langkah berikutnya.")
    submission = _find(submission_id, store)
    return _decide(submission, Decision.REJECTED, reason.strip(), store=store, now=now, actor=actor)


def _find(submission_id: str, store: Store) -> Submission:
    with store.reading() as tx:
        submission = tx.submissions.get(submission_id.strip().upper())
    if submission is None:
        raise BadInput(f"Kiriman {submission_id} tidak ada.", "Periksa nomornya pada jawaban `cmb submit`.")
    return submission


def _decide(
    submission: Submission, decision: Decision, reason: str | None, *, store: Store, now: dt.datetime, actor: str
) -> str:
    with store.transaction() as tx:
        if not tx.submissions.decide(submission.id, decision, now, actor, reason):
            raise NotGranted(
                f"Kiriman {submission.id} sudah diputuskan.", "Keputusan tidak diubah; lihat riwayat kiriman itu."
            )
        detail = {"reason": reason} if reason else {}
        event = Event(at=now, actor=actor, action=f"submission.{decision.value}", subject=submission.id, detail=detail)
        tx.events.append(event)
        tell_decided(tx, submission, decision, now)
    return submission.id
