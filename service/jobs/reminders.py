"""What the calendar makes worth telling, looked at once a day by every worker; each message is told once by all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from service.config import Settings, local_day
from service.reminders import remind
from service.store import Store


class Occasions:
    """A round that looks once a day, where the agency is."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], dt.datetime]) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        self._looked: dt.date | None = None

    def look(self) -> bool:
        """Always False: there is nothing left to do right away."""
        now = self._clock()
        today = local_day(now, self._settings)
        if today != self._looked:
            remind(store=self._store, now=now, zone=self._settings.timezone, actor="cmb:worker")
            self._looked = today
        return False
