"""Files whose signer nobody knew are looked at once more when an enrolment may have told whose signature it is."""

from __future__ import annotations

from service.circulation.means import Means
from service.circulation.take import take_signed
from service.circulation.taken import Outcome, Taken


def reconsider(*, means: Means, actor: str, serial: str | None = None) -> tuple[Taken, ...]:
    """Take up the files that wait, of one form or all; those that moved their form or were refused at last."""
    with means.store.reading() as tx:
        waiting = [
            each.circulation for each in tx.circulations.unsettled() if serial in {None, each.circulation.serial}
        ]
    found = []
    for each in waiting:
        content = means.store.document(each.unsettled_digest or "")
        found.append(take_signed(content, f"{each.serial}.pdf", means=means, actor=actor, serial=each.serial))
    return tuple(taken for taken in found if taken.outcome is not Outcome.UNKNOWN_SIGNER)
