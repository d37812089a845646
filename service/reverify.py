"""Judge a kept file again, by today's policy, trust and register; the new judgement stands beside the earlier ones."""

from __future__ import annotations

from dataclasses import dataclass

from service.errors import BadInput
from service.ingest import Moment, prove, verification_of
from service.proof.answer import answer_json
from service.records import Event, Status, Verification
from service.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverified:
    """The new judgement, its place among all of its submission (from 1), and the one before."""

    number: int
    verification: Verification
    before: Verification


def reverify(submission_id: str, *, store: Store, moment: Moment, actor: str) -> Reverified:
    """Read the kept bytes and keep one more judgement. What was answered and decided before stays as it is.

    BadInput for an unknown submission or one that was never answered; DocumentMissing and its like from the store.
    """
    with store.reading() as tx:
        submission = tx.submissions.get(submission_id)
        if submission is None:
            raise BadInput(f"Kiriman {submission_id} tidak ada.", "Periksa nomornya pada jawaban `cmb submit`.")
        if submission.status is Status.RECEIVED:
            raise BadInput(f"Kiriman {submission_id} belum selesai diperiksa.", "Kirim lagi berkasnya: `cmb submit`.")
        content = store.document(submission.digest)
        answer = prove(content, submission.file_name, tx=tx, moment=moment, excluding=submission.id)
    new = verification_of(submission.id, answer, answer_json(answer), moment)
    with store.transaction() as tx:
        earlier = tx.verifications.of(submission.id)
        tx.verifications.append(new)
        tx.events.append(
            Event(
                at=moment.now,
                actor=actor,
                action="submission.reverified",
                subject=submission.id,
                detail={"verdict": new.verdict, "before": earlier[-1].verdict, "policy": new.policy},
            )
        )
    return Reverified(number=len(earlier) + 1, verification=new, before=earlier[-1])
