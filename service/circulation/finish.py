"""Everybody has signed: the form is handed in, once; what a killed process or an unknown signer left is taken up."""

from __future__ import annotations

from dataclasses import replace

from service.circulation.desk import Desk, Json
from service.circulation.log import note
from service.circulation.taken import Taken
from service.limits import GaveUp
from service.store.circulations import Circulation, State


def hand_in(taken: Taken, *, desk: Desk, actor: str) -> Taken:
    """Submit the complete form. When the reader gives up it stays complete, and `settle` tries again."""
    assert taken.circulation is not None
    try:
        circulation, submission = _submitted(taken.circulation, desk=desk, actor=actor)
    except GaveUp:
        return taken
    return replace(taken, circulation=circulation, submission=submission)


def settle(*, desk: Desk, actor: str) -> int:
    """Hand in what is complete and was left there; how many. A worker calls it when it starts and now and then."""
    with desk.store.reading() as tx:
        left = [each.circulation for each in tx.circulations.complete()]
    done = 0
    for circulation in left:
        try:
            _submitted(circulation, desk=desk, actor=actor)
        except GaveUp:
            continue
        done += 1
    return done


def _submitted(circulation: Circulation, *, desk: Desk, actor: str) -> tuple[Circulation, Json]:
    content = desk.store.document(circulation.digest)
    submission = desk.submit(content, f"{circulation.serial}.pdf", actor)
    with desk.store.transaction() as tx:
        kept = tx.circulations.get(circulation.serial) or circulation
        # What was verified ended its way together with the submission; what was refused ends it here.
        if kept.state is State.COMPLETE and tx.circulations.close(kept.serial, submission["submission"], desk.clock()):
            detail = {"submission": submission["submission"], "status": submission["status"]}
            note(tx, desk, actor, "submitted", kept.serial, **detail)
            kept = tx.circulations.get(kept.serial) or kept
    return kept, submission
