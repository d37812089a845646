"""Everybody has signed: the form is handed in, once; what a killed process or an unknown signer left is taken up."""

from __future__ import annotations

from dataclasses import replace

from service.circulation.log import note
from service.circulation.means import Json, Means
from service.circulation.taken import Taken
from service.limits import GaveUp
from service.store.circulations import Circulation, State


def hand_in(taken: Taken, *, means: Means, actor: str) -> Taken:
    """Submit the complete form. When the reader gives up it stays complete, and `settle` tries again."""
    assert taken.circulation is not None
    try:
        circulation, submission = _submitted(taken.circulation, means=means, actor=actor)
    except GaveUp:
        return taken
    return replace(taken, circulation=circulation, submission=submission)


def settle(*, means: Means, actor: str) -> int:
    """Hand in what is complete and was left there; how many. A worker calls it when it starts and now and then."""
    with means.store.reading() as tx:
        left = [each.circulation for each in tx.circulations.complete()]
    done = 0
    for circulation in left:
        try:
            _submitted(circulation, means=means, actor=actor)
        except GaveUp:
            continue
        done += 1
    return done


def _submitted(circulation: Circulation, *, means: Means, actor: str) -> tuple[Circulation, Json]:
    content = means.store.document(circulation.digest)
    submission = means.submit(content, f"{circulation.serial}.pdf", actor)
    with means.store.transaction() as tx:
        kept = tx.circulations.get(circulation.serial) or circulation
        # What was verified ended its way together with the submission; what was refused ends it here.
        if kept.state is State.COMPLETE and tx.circulations.close(kept.serial, submission["submission"], means.clock()):
            detail = {"submission": submission["submission"], "status": submission["status"]}
            note(tx, means, actor, "submitted", kept.serial, **detail)
            kept = tx.circulations.get(kept.serial) or kept
    return kept, submission
