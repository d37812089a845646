"""Job 2, ingest: keep a received PDF, prove it, keep the answer in one transaction; refusals are kept too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from service.errors import BadInput
from service.notifications.messages import notify_verdict
from service.people.enrolment import propose_unknown
from service.records import Event, Existence, Status, Submission, Verification
from service.sandbox.limits import Defect, GaveUp
from service.store import Store, Transaction, WriteTransaction
from service.store.errors import DocumentMissing, StoredDocumentDamaged
from service.store.submissions import KeptMaterial
from service.verification.prove import Moment, prove, verification_of
from service.verification.reasons import Verdict
from service.verification.register_checks import against_circulation, against_earlier
from service.verification.result import Answer, ProofPayload, payload_of
from signing.trust import Trust

_STATUS = {Verdict.PASSED: Status.VERIFIED, Verdict.REVIEW: Status.REVIEW, Verdict.FAILED: Status.REFUSED}


Prove = Callable[..., Answer]


def ingest(
    content: bytes,
    file_name: str,
    *,
    store: Store,
    moment: Moment,
    actor: str,
    new_id: Callable[[], str],
    prover: Prove | None = None,
) -> Submission:
    """Keep a file, prove it, keep the answer. The same bytes give the same submission, no matter who sends them when.

    `prover` stands in for `prove` (same arguments, same result): within limits, or after a reader gave up. What it
    raises goes on; the file is then received and waits for the next time. A file on which only the reader gave up is
    read again when it is sent again.
    """
    # (0) The original before anything else; whatever happens next, nothing is lost.
    digest = store.keep_document(content)
    with store.transaction() as tx:
        submission = _received(tx, digest, file_name, now=moment.now, actor=actor, new_id=new_id)
    if submission.status is not Status.RECEIVED:
        return submission
    return _prove_and_keep(content, submission, store=store, moment=moment, actor=actor, prover=prover) or submission


def ingest_proved(
    content: bytes,
    file_name: str,
    proof: ProofPayload,
    *,
    store: Store,
    now: dt.datetime,
    zone: ZoneInfo,
    actor: str,
    new_id: Callable[[], str],
) -> Submission:
    """As `ingest`, for a file whose bytes were proved a moment ago: it is received and answered in one transaction."""
    digest, material = store.keep_document(content), _keep_material(proof, store)
    with store.transaction() as tx:
        submission = _received(tx, digest, file_name, now=now, actor=actor, new_id=new_id)
        if submission.status is not Status.RECEIVED:
            return submission
        return _keep_answer(tx, submission, proof, material, now=now, zone=zone, actor=actor)


def _received(
    tx: WriteTransaction, digest: str, file_name: str, *, now: dt.datetime, actor: str, new_id: Callable[[], str]
) -> Submission:
    """Return the submission of these bytes; it is in RECEIVED when it has to be answered."""
    submission, new = tx.submissions.receive(digest, file_name, now, new_id())
    if new:
        tx.events.append(Event(at=now, actor=actor, action="submission.received", subject=submission.id))
    if _only_gave_up(submission.answer) and tx.submissions.reopen(submission.id):
        return replace(submission, status=Status.RECEIVED)
    return submission


def _prove_and_keep(
    content: bytes,
    submission: Submission,
    *,
    store: Store,
    moment: Moment,
    actor: str,
    prover: Prove | None,
    reopen: bool = False,
) -> Submission | None:
    """Steps (1) to (8) for a file that is kept. `reopen`: its answer sent it to a person, who has not decided yet.

    None when a decision came first, or somebody else judged it again.
    """
    # (1) to (7) without holding a write lock.
    with store.reading() as tx:
        judged = len(tx.verifications.of(submission.id))
        answer = (prover or prove)(content, submission.file_name, tx=tx, moment=moment, excluding=submission.id)
    proof = payload_of(answer)
    material = _keep_material(proof, store)
    with suppress(_JudgedMeanwhile), store.transaction() as tx:
        # Taking the answer back holds the row; whoever judged it again meanwhile has added a verification.
        if reopen and not tx.submissions.reopen(submission.id):
            return None
        if reopen and len(tx.verifications.of(submission.id)) != judged:
            raise _JudgedMeanwhile
        return _keep_answer(
            tx, submission, proof, material, now=moment.now, zone=moment.zone, actor=actor, reopened=reopen
        )
    return None


class _JudgedMeanwhile(Exception):
    """Rolls back what was to be judged again and was, by somebody else."""


def _keep_answer(
    tx: WriteTransaction,
    submission: Submission,
    proof: ProofPayload,
    material: Mapping[str, Sequence[str]],
    *,
    now: dt.datetime,
    zone: ZoneInfo,
    actor: str,
    reopened: bool = False,
) -> Submission:
    """Step (8): keep the answer and everything that follows from it, in the caller's transaction."""
    # Two files of one activity may have been proved side by side, or the form withdrawn meanwhile: look once more
    # under the lock.
    facts = proof.facts
    if facts is not None and proof.verdict is not Verdict.FAILED:
        late = against_earlier(facts, tx, excluding=submission.id)
        proof = proof.with_reasons(late + against_circulation(facts.serial, tx, zone=zone))
    status = _STATUS[proof.verdict]
    written = tx.submissions.answer(submission.id, status, facts, proof.answer)
    kept = tx.submissions.kept(submission.id)
    if not written:
        # Somebody else judged the same file meanwhile: who writes the row writes everything that follows from it.
        return kept
    earlier = tx.verifications.of(submission.id)
    if reopened or not earlier or _only_gave_up(earlier[-1].answer):
        tx.verifications.append(verification_of(submission.id, proof, now))
        tx.verifications.keep_material(submission.id, now, material)
    detail = {"reasons": [reason["code"] for reason in proof.answer["reasons"]]}
    action = f"submission.{status.value}"
    tx.events.append(Event(at=now, actor=actor, action=action, subject=submission.id, detail=detail))
    notify_verdict(tx, kept, now)
    if proof.answer.get("unknown_signers"):
        propose_unknown(tx, proof.answer, seen_in=submission.id, now=now)
    if facts is not None and status is not Status.REFUSED:
        tx.gateway_calls.resolve_by_file(facts.serial, proof.answer["roles"], digest=submission.digest, at=now)
    _end_circulation(tx, kept, now, actor)
    return kept


def _keep_material(proof: ProofPayload, store: Store) -> Mapping[str, Sequence[str]]:
    """Keep the bytes of the revocation data, and return their digests by kind; a list of the day is kept once."""
    return {
        "crl": [store.keep_document(content) for content in proof.crls],
        "ocsp": [store.keep_document(content) for content in proof.ocsps],
    }


def _end_circulation(tx: WriteTransaction, kept: Submission, now: dt.datetime, actor: str) -> None:
    """Close the circulation of a form that has arrived, however it was handed in."""
    if kept.facts is None or kept.status is Status.REFUSED:
        return
    serial, detail = kept.facts.serial, {"submission": kept.id, "status": kept.status.value}
    if tx.circulations.close(serial, kept.id, now):
        tx.events.append(Event(at=now, actor=actor, action="circulation.submitted", subject=serial, detail=detail))


def _only_gave_up(answer: Mapping[str, Any]) -> bool:
    """Tell whether the answer says nothing about the file: a reader gave up, or the service had a defect."""
    return [reason["code"] for reason in answer.get("reasons", ())] in ([GaveUp.code], [Defect.code])


def submission_json(submission: Submission, file_name: str) -> dict[str, Any]:
    """Return the object of `submit` (contract); `file_name` is what this sender calls the file."""
    codes = {reason["code"] for reason in submission.answer["reasons"]}
    duplicate = "duplicate_activity" in codes and submission.status is Status.REFUSED
    return {
        **submission.answer,
        "file": file_name,
        "digest": submission.digest,
        "submission": submission.id,
        "status": "duplicate" if duplicate else submission.status.value,
        "decision": submission.decision.value,
    }


# --- Proving again


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverified:
    """The new verification, its number among those of its submission (from 1), and the one before."""

    number: int
    verification: Verification
    before: Verification


# A sealed day also names the judgements made in it, and is sealed when it is over: a proof this much younger than the
# first judgement proves the judgement itself, and the data it was made by.
_SEALED_WITHIN = dt.timedelta(days=2)


def reverify(
    submission_id: str,
    *,
    store: Store,
    moment: Moment,
    actor: str,
    existence_of: Callable[[Submission, Transaction], Existence | None] | None = None,
) -> Reverified:
    """Prove the kept bytes by today's policy, trust and register; keep the verification beside the earlier ones.

    The revocation data of earlier judgements count beside those of today. `existence_of` says by when a submission
    provably existed: its signatures are then judged by that moment, so that certificates and algorithms may have ended
    since; the answer names it (`existence`). The answer and the decision stay as they are. BadInput for an unknown
    submission or one that was never answered; DocumentMissing and its like from the store.
    """
    with store.reading() as tx:
        submission = tx.submissions.get(submission_id)
        if submission is None:
            raise BadInput("submission_unknown", submission=submission_id)
        if submission.status is Status.RECEIVED:
            raise BadInput("submission_unfinished", submission=submission_id)
        content = store.document(submission.digest)
        existence = existence_of(submission, tx) if existence_of is not None else None
        earlier, kept = tx.verifications.of(submission.id), tx.verifications.material(submission.id)
        known = _with_kept(moment.trust, kept, store=store)
        if existence is not None and existence.at <= moment.now:
            known = replace(known, existed_at=_judged_by(existence, earlier))
        answer = prove(
            content, submission.file_name, tx=tx, moment=replace(moment, trust=known), excluding=submission.id
        )
    proof = payload_of(answer)
    if known.existed_at is not None and existence is not None:
        proven = {"at": existence.at.isoformat(), "by": existence.by, "judged_at": known.existed_at.isoformat()}
        proof = replace(proof, answer={**proof.answer, "existence": proven})
    new, material = verification_of(submission.id, proof, moment.now), _keep_material(proof, store)
    with store.transaction() as tx:
        earlier = tx.verifications.of(submission.id)
        tx.verifications.append(new)
        tx.verifications.keep_material(submission.id, moment.now, material)
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


def _judged_by(existence: Existence, earlier: Sequence[Verification]) -> dt.datetime:
    """Return the moment to judge by: that of the first judgement where the proof covers it, else the proven one."""
    first = earlier[0].at if earlier else existence.at
    return first if first <= existence.at <= first + _SEALED_WITHIN else existence.at


def _with_kept(trust: Trust, kept: Sequence[KeptMaterial], *, store: Store) -> Trust:
    """Return the trust with the revocation data of earlier judgements; what is lost or damaged is left out."""
    contents: dict[str, list[bytes]] = {"crl": [], "ocsp": []}
    for kind, digest in dict.fromkeys((one.kind, one.digest) for one in kept):
        with suppress(DocumentMissing, StoredDocumentDamaged):
            contents[kind].append(store.document(digest))
    return replace(trust, crls=(*trust.crls, *contents["crl"]), ocsps=(*trust.ocsps, *contents["ocsp"]))


def reevaluate(
    submission_id: str,
    *,
    store: Store,
    moment: Moment,
    actor: str,
    prover: Prove | None = None,
) -> Submission | None:
    """Prove a submission in review again, when what it waited for is known, and replace its answer.

    The new verification is kept beside the earlier ones. None for a submission that is not in review any more or was
    decided: a decision stands. `prover` as for `ingest`.
    """
    with store.reading() as tx:
        submission = tx.submissions.get(submission_id)
    if submission is None or submission.status is not Status.REVIEW:
        return None
    content = store.document(submission.digest)
    return _prove_and_keep(content, submission, store=store, moment=moment, actor=actor, prover=prover, reopen=True)
