"""What the calendar makes worth telling: a recap is due, a period ended below its target, a form waits for days.

Looked at once a day by every worker; each message is told once, whoever looks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from service.circulation.hears import hears
from service.config import Settings, local_day
from service.monitoring.evaluated import Mark
from service.monitoring.evaluation import evaluate
from service.monitoring.late_recaps import late_recaps
from service.policy.target import period_end
from service.store import Store, Writing
from service.telling import tell_again, tell_behind, tell_recap_due

# An installation that was just set up does not write to everybody about a past it did not see.
_LATELY = 31  # days
_WAITS, _EVERY = 3, 3  # days until the first reminder of a form, and between two
_PERIODS = (1, 2, 3)


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
            with self._store.transaction() as tx:
                tell_late_recaps(tx, today, now)
            self._tell_behind(today, now)
            with self._store.transaction() as tx:
                self._remind(tx, today, now)
            self._looked = today
        return False

    def _tell_behind(self, today: dt.date, now: dt.datetime) -> None:
        for year, period in ((year, period) for year in (today.year - 1, today.year) for period in _PERIODS):
            if not 0 < (today - period_end(year, period)).days <= _LATELY:
                continue
            with self._store.reading() as tx:
                told = evaluate(year, period, tx, today=today)
            with self._store.transaction() as tx:
                for each in told.people:
                    if each.mark is not Mark.REACHED:
                        tell_behind(tx, nip=each.nip, year=year, period=f"{year}-{period}", now=now)

    def _remind(self, tx: Writing, today: dt.date, now: dt.datetime) -> None:
        zone = self._settings.timezone
        for each in tx.circulations.awaiting(before=now - dt.timedelta(days=_WAITS - 1)):
            days = (today - each.changed_at.astimezone(zone).date()).days
            if days < _WAITS or (days - _WAITS) % _EVERY:
                continue
            for nip in hears(tx, each, now=now, zone=zone):
                tell_again(
                    tx,
                    nip=nip,
                    serial=each.serial,
                    role=each.awaits or "",
                    employee_nip=each.employee_nip,
                    day=today,
                    now=now,
                )


def tell_late_recaps(tx: Writing, today: dt.date, now: dt.datetime) -> None:
    """Whoever keeps a unit's papers hears that the recap of a quarter that is over was not sent yet."""
    late = [each for year in (today.year - 1, today.year) for each in late_recaps(year, tx, today=today)]
    late = [each for each in late if each.days <= _LATELY]
    if not late:
        return
    keepers = [each for each in tx.employees.all() if "pengelola" in each.roles]
    for each in late:
        for keeper in keepers:
            if keeper.unit == each.unit:
                tell_recap_due(tx, nip=keeper.nip, unit=each.unit, quarter=str(each.quarter), now=now)
