"""Reminders of the calendar's duties: every worker checks once a day, and each reminder is sent once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from service.config import Settings, local_day
from service.reminders import remind
from service.store import Store


class DailyReminders:
    """A round of the worker that sends the reminders of the day, in the agency's time zone."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], dt.datetime]) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        self._last_day: dt.date | None = None

    def send_due(self) -> bool:
        """Send the reminders of a new day; always False, as nothing is left to do at once."""
        now = self._clock()
        today = local_day(now, self._settings)
        if today != self._last_day:
            remind(store=self._store, now=now, zone=self._settings.timezone, actor="cmb:worker")
            self._last_day = today
        return False
