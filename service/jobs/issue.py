"""The job that issues a year's certificates: one item per employee.

`asked`: `year`; `nips`, or nothing for everyone with an approved activity; `early`, before the year is over;
`reissue`, the number of a revoked certificate by NIP, with the `reason` to issue it again.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from service.bootstrap import store_of, utc_now
from service.certificates.issue import Reissue, open_issue_context
from service.config import Settings
from service.errors import NotGranted
from service.jobs.kind import DoItem, ItemResult, Json, Kind, reason_json
from service.language import Message
from service.law import jp_text
from service.sandbox.limits import GaveUp, Limits
from service.store import Store
from service.store.jobs import Batch, Item, NewItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """The work of a child. It reads nothing from strangers; a child only because it uses another core."""

    settings: Settings
    actor: str
    year: int
    early: bool
    reissues: Mapping[str, Reissue] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = ("service.cli", "service.certificates.issue", "service.jobs.issue", "service.store")

    @contextmanager
    def opened(self) -> Iterator[DoItem]:
        from service.certificates.issue import Issued, StillRevoked, issue

        with store_of(self.settings) as store:
            issue_context = open_issue_context(self.settings, store=store, clock=utc_now)

            def issue_one(nip: str, now: dt.datetime) -> Issued:
                return issue(
                    nip,
                    self.year,
                    store=store,
                    issue_context=issue_context,
                    now=now,
                    randomness=secrets.token_bytes,
                    actor=self.actor,
                    early=self.early,
                    reissue=self.reissues.get(nip),
                )

            def do(item: Item, now: dt.datetime, gave_up: GaveUp | None = None) -> ItemResult:
                if gave_up is not None:
                    raise gave_up
                try:
                    issued = issue_one(item.name, now)
                except StillRevoked as error:
                    return ItemResult(outcome="stays_revoked", answer=self._answer(item.name, [reason_json(error)]))
                except NotGranted as error:
                    reasons = [reason_json(Message("not_granted", why=Message.of(error)))]
                    return ItemResult(outcome="not_granted", answer=self._answer(item.name, reasons))
                certificate = issued.certificate
                payload = {
                    "number": certificate.number,
                    "jp": jp_text(certificate.jp),
                    "sha256": certificate.digest,
                    "new": issued.new,
                    "level": issued.level,
                }
                return ItemResult(
                    outcome="issued" if issued.new else "unchanged", answer=self._answer(item.name, []) | payload
                )

            yield do

    def _answer(self, nip: str, reasons: list[Json]) -> Json:
        return {"file": nip, "nip": nip, "year": self.year, "reasons": reasons, "record": {"employee": {"nip": nip}}}


def _lay_out(batch: Batch, store: Store, settings: Settings) -> Iterator[NewItem]:  # noqa: ARG001 - every kind's shape
    nips = batch.asked.get("nips")
    if nips is None:
        with store.reading() as tx:
            nips = tx.submissions.approved_nips(int(batch.asked["year"]))
    yield from (NewItem(name=nip) for nip in nips)


def _work(batch: Batch, settings: Settings) -> Issuing:
    year, early = int(batch.asked["year"]), bool(batch.asked.get("early"))
    reason = str(batch.asked.get("reason") or "")
    numbers = batch.asked.get("reissue") or {}
    reissues = {nip: Reissue(number=number, reason=reason) for nip, number in numbers.items()}
    return Issuing(settings=settings, actor=batch.asked_by, year=year, early=early, reissues=reissues)


ISSUE = Kind(name="issue", lay_out=_lay_out, work=_work)
