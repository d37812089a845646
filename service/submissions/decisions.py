"""What Biro SDM decides on submissions (circular 5.b.6: "melakukan verifikasi/validasi"); each decision once, kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.errors import BadInput, NotGranted
from service.overlaps import OverlapNeedsLook, overlaps, reasons_now
from service.records import Decision, Event, Status, Submission
from service.store import Store
from service.telling import tell_decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """What became of many: the ids `approved`, what was `left_out` because a person has to see it first.

    `noticed`: by the title of a notice, those approved whose answer carries it.
    """

    approved: tuple[str, ...]
    left_out: tuple[OverlapNeedsLook, ...]
    noticed: Mapping[str, Sequence[str]]


def approve(submission_id: str, *, store: Store, now: dt.datetime, actor: str, seen: Collection[str] = ()) -> str:
    """Approve one submission, once; NotGranted when it was refused or decided otherwise.

    OverlapNeedsLook (a NotGranted) when it shares time with another standing activity of the person whose id is not
    among `seen`: those which the one who decides has been shown beside it.
    """
    return _approve(_find(submission_id, store), store=store, now=now, actor=actor, seen=seen)


def approve_many(ids: Iterable[str], *, store: Store, now: dt.datetime, actor: str) -> Approvals:
    """Approve those of which nothing needs a look; NotGranted at the first that cannot be approved at all."""
    approved: list[str] = []
    left_out: list[OverlapNeedsLook] = []
    noticed: dict[str, list[str]] = {}
    for submission_id in ids:
        submission = _find(submission_id, store)
        try:
            approved.append(_approve(submission, store=store, now=now, actor=actor, seen=()))
        except OverlapNeedsLook as held:
            left_out.append(held)
            continue
        notices = reasons_now(submission, ())
        for title in dict.fromkeys(str(notice.get("title") or notice["message"]) for notice in notices):
            noticed.setdefault(title, []).append(submission.id)
    return Approvals(approved=tuple(approved), left_out=tuple(left_out), noticed=noticed)


def approve_verified(*, store: Store, now: dt.datetime, actor: str) -> Approvals:
    """Approve everything that passed and waits; what is in review, and what needs a look, is left alone."""
    with store.reading() as tx:
        waiting = [submission.id for submission in tx.submissions.waiting()]
    return approve_many(waiting, store=store, now=now, actor=actor)


def overlaps_of(submission_id: str, *, store: Store) -> Sequence[Submission]:
    """What one has to see before approving that submission: every other standing activity that shares its time."""
    submission = _find(submission_id, store)
    with store.reading() as tx:
        return overlaps(submission, tx)


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


def _approve(submission: Submission, *, store: Store, now: dt.datetime, actor: str, seen: Collection[str]) -> str:
    if submission.decision is Decision.APPROVED:
        return submission.id
    if submission.status not in {Status.VERIFIED, Status.REVIEW} or submission.facts is None:
        raise NotGranted(
            f"Kiriman {submission.id} tidak lulus pemeriksaan, sehingga tidak dapat disahkan.",
            "Lihat alasannya pada jawaban `cmb submit`; pegawai perlu mengirim formulir yang benar.",
        )
    return _decide(submission, Decision.APPROVED, None, store=store, now=now, actor=actor, seen=seen)


def _decide(
    submission: Submission,
    decision: Decision,
    reason: str | None,
    *,
    store: Store,
    now: dt.datetime,
    actor: str,
    seen: Collection[str] = (),
) -> str:
    with store.transaction() as tx:
        if not tx.submissions.decide(submission.id, decision, now, actor, reason):
            raise NotGranted(
                f"Kiriman {submission.id} sudah diputuskan.", "Keputusan tidak diubah; lihat riwayat kiriman itu."
            )
        # After the decision, which holds the person: no other file of theirs is answered until the commit. What is
        # raised here takes the decision back with it.
        others = overlaps(submission, tx) if decision is Decision.APPROVED else ()
        if any(other.id not in seen for other in others):
            raise OverlapNeedsLook(submission, others)
        detail = {"reason": reason} if reason else {}
        event = Event(at=now, actor=actor, action=f"submission.{decision.value}", subject=submission.id, detail=detail)
        tx.events.append(event)
        tell_decided(tx, submission, decision, now)
    return submission.id
