"""Recaps on their way to Biro SDM: sent and frozen, corrected by a next version that says what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.recap import Change, RecapContent, Standing
from service.errors import NotGranted
from service.monitoring.quarter import Quarter
from service.monitoring.recap import recap_of
from service.monitoring.recap_changes import differences
from service.records import Event
from service.stamps import moment_text
from service.store import Store, Transaction
from service.store.errors import RowExists
from service.store.recaps import SentRecap


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """What a unit reports and how that stands. `latest` is the last version that was sent, None for none.

    `content` is what holds now, or, of a version that was asked for, what was sent word for word.
    """

    content: RecapContent
    standing: Standing
    latest: SentRecap | None

    @property
    def changed(self) -> bool:
        """Something was sent, and it says something else than what holds now."""
        return self.latest is not None and not self.standing.version


def recap_now(unit: str, quarter: Quarter, tx: Transaction, *, today: dt.date, zone: ZoneInfo) -> Recap:
    """What the unit would report now, held against what it sent last. BadInput as from `recap_of`."""
    content = recap_of(unit, quarter, tx, today=today)
    versions = tx.recaps.versions(unit, quarter.year, quarter.number)
    if not versions:
        return Recap(content=content, standing=Standing(), latest=None)
    latest = versions[0]
    if latest.digest == content.digest:
        return Recap(content=content, standing=_standing(versions, 0, zone), latest=latest)
    changes = differences(RecapContent.from_json(latest.content), content)
    return Recap(content=content, standing=Standing(changes=changes), latest=latest)


def recap_sent(
    unit: str, quarter: Quarter, tx: Transaction, *, zone: ZoneInfo, version: int | None = None
) -> Recap | None:
    """A version (None: the last) as it was sent, with what it changed; None when there is none."""
    versions = tx.recaps.versions(unit, quarter.year, quarter.number)
    places = [place for place, each in enumerate(versions) if version in {None, each.version}]
    if not places:
        return None
    found = versions[places[0]]
    content = RecapContent.from_json(found.content)
    return Recap(content=content, standing=_standing(versions, places[0], zone), latest=versions[0])


def send_recap(
    unit: str,
    quarter: Quarter,
    *,
    store: Store,
    now: dt.datetime,
    zone: ZoneInfo,
    actor: str,
    confirmed: str | None = None,
) -> tuple[Recap, bool]:
    """Send what holds now: the first version, or a correction; and whether anything new was sent.

    What says the same as the last version is not sent again. `confirmed` is the digest of the recap that somebody
    looked at before sending. NotGranted before the last day of the quarter, and when it changed since it was looked at.
    """
    today = now.astimezone(zone).date()
    if today < quarter.ends:
        raise NotGranted(
            f"Triwulan {quarter} belum berakhir, jadi belum dapat dikirim.",
            "Kirim pada hari terakhir triwulan atau sesudahnya; sampai saat itu rekapitulasi masih berubah.",
        )
    while True:
        with store.reading() as tx:
            recap = recap_now(unit, quarter, tx, today=today, zone=zone)
        if recap.latest is not None and not recap.changed:
            return recap, False
        if confirmed is not None and confirmed != recap.content.digest:
            raise NotGranted(
                "Rekapitulasi ini berubah sejak Anda melihatnya; belum dikirim.",
                "Lihat sekali lagi, lalu kirim.",
            )
        sent = _version(recap, now, actor)
        try:
            with store.transaction() as tx:
                tx.recaps.add(sent)
                detail = {"quarter": str(quarter), "version": sent.version, "digest": sent.digest}
                tx.events.append(Event(at=now, actor=actor, action="recap.sent", subject=unit, detail=detail))
        except RowExists:  # somebody else sent this version meanwhile: hold what we have against theirs
            continue
        standing = Standing(version=sent.version, sent=moment_text(now, zone), changes=recap.standing.changes)
        return Recap(content=recap.content, standing=standing, latest=sent), True


def _version(recap: Recap, now: dt.datetime, actor: str) -> SentRecap:
    content = recap.content
    return SentRecap(
        unit=content.unit,
        year=content.year,
        quarter=content.quarter,
        version=recap.latest.version + 1 if recap.latest else 1,
        content=content.to_json(),
        digest=content.digest,
        sent_at=now,
        sent_by=actor,
    )


def _standing(versions: Sequence[SentRecap], place: int, zone: ZoneInfo) -> Standing:
    """How the version at that place (newest first) stands, with what it changed in the one before."""
    this = versions[place]
    changes: tuple[Change, ...] = ()
    if place + 1 < len(versions):
        before = RecapContent.from_json(versions[place + 1].content)
        changes = differences(before, RecapContent.from_json(this.content))
    return Standing(version=this.version, sent=moment_text(this.sent_at, zone), changes=changes)
