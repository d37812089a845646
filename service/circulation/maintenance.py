"""What a worker does for forms on their way: hand in what is complete, look again at what waited for an enrolment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from service.circulation.finish import settle
from service.circulation.means import Means
from service.circulation.reconsider import reconsider
from service.store import Store

# A form that is complete is being handed in by whoever signed last; after this long, nobody is.
_LEFT = dt.timedelta(minutes=2)


@dataclass(slots=True, kw_only=True)
class Upkeep:
    """`opened` gives the means, for as long as there is something to do; one for each worker."""

    store: Store
    clock: Callable[[], dt.datetime]
    opened: Callable[[], AbstractContextManager[Means]]
    actor: str = "cmb:worker"
    _looked_at: dt.datetime | None = None

    def round(self) -> bool:
        """Whether anything was moved. Files of unknown signers are read again only after somebody was enrolled."""
        now = self.clock()
        with self.store.reading() as tx:
            left = [each for each in tx.circulations.complete() if each.circulation.changed_at <= now - _LEFT]
            unsettled = bool(tx.circulations.unsettled())
            newest = tx.signers.newest() if unsettled else None
        anew = newest is not None and (self._looked_at is None or newest >= self._looked_at)
        if not (left or anew):
            return False
        self._looked_at = now
        with self.opened() as means:
            moved = settle(means=means, actor=self.actor) if left else 0
            moved += len(reconsider(means=means, actor=self.actor)) if anew else 0
        return moved > 0
