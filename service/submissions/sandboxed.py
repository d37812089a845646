"""Forms judged in a confined child against the installation's register: verified, or submitted and kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from service.bootstrap import moment_of, store_of
from service.config import Settings
from service.sandbox.inputs import Readable, Unopened
from service.sandbox.limits import GaveUp, Limits, followed, kept_within

if TYPE_CHECKING:
    from service.store import Store
    from service.verification.prove import Moment
    from service.verification.result import Answer

Json = dict[str, Any]
# The answer for one file; given what a reader gave up with before, the answer without reading it again.
Judge = Callable[..., Json]
_MODULES = (
    "service.cli",
    "service.submissions.intake",
    "service.store",
    "service.verification.result",
    "service.identifiers",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Verify (`keep` False) or submit (`keep` True). The store is opened once in every child."""

    settings: Settings
    now: dt.datetime
    actor: str
    keep: bool
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = _MODULES

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        with store_of(self.settings) as store:
            desk = _Desk(work=self, store=store, moment=moment_of(store, self.settings, self.now))
            yield desk.judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """The same for a door that stays open: when and for whom is said with each file."""

    settings: Settings
    keep: bool = True
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = _MODULES

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        with store_of(self.settings) as store:

            def receive(source: Readable, now: dt.datetime, actor: str, gave_up: GaveUp | None = None) -> Json:
                work = Judging(settings=self.settings, now=now, actor=actor, keep=self.keep, limits=self.limits)
                moment = moment_of(store, self.settings, now)
                return _Desk(work=work, store=store, moment=moment).judge(source, gave_up)

            yield receive


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """One child's open store, and the moment its files are judged at."""

    work: Judging
    store: Store
    moment: Moment

    def judge(self, source: Readable, gave_up: GaveUp | None = None) -> Json:
        """The answer for one file; after a reader `gave_up` on it, without reading it again."""
        from service.verification.prove import prove
        from service.verification.result import answer_unread

        def proof(content: bytes, file: str, **rest: Any) -> Answer:
            if gave_up is not None:
                return answer_unread(file, gave_up, hashlib.sha256(content).hexdigest())
            with kept_within(self.work.limits):
                return prove(content, file, **rest)

        try:
            content = followed(source.read, limits=self.work.limits)
        except Unopened as error:
            digest = followed(source.digest, limits=self.work.limits)
            return self._unkept(source, answer_unread(source.name, error, digest))
        return self._kept(source, content, proof) if self.work.keep else self._told(source, content, proof)

    def _told(self, source: Readable, content: bytes, proof: Callable[..., Answer]) -> Json:
        with self.store.reading() as tx:
            return _json(proof(content, source.name, tx=tx, moment=self.moment))

    def _kept(self, source: Readable, content: bytes, proof: Callable[..., Answer]) -> Json:
        from service.identifiers import submission_id
        from service.submissions.intake import ingest

        kept = ingest(
            content,
            source.name,
            store=self.store,
            moment=self.moment,
            actor=self.work.actor,
            new_id=lambda: submission_id(secrets.token_bytes),
            judge=proof,
        )
        codes = {each["code"] for each in kept.answer["reasons"]}
        status = "duplicate" if "duplicate_activity" in codes and kept.status == "refused" else kept.status.value
        return {
            **kept.answer,
            "file": source.name,
            "digest": kept.digest,
            "submission": kept.id,
            "status": status,
            "decision": kept.decision.value,
        }

    def _unkept(self, source: Readable, answer: Answer) -> Json:
        """Of a file that cannot be had only the attempt is kept."""
        from service.records import Event

        told = _json(answer)
        if not self.work.keep:
            return told
        action = f"submission.{answer.reasons[0].code}"
        detail = {"digest": told["sha256"]}
        event = Event(at=self.work.now, actor=self.work.actor, action=action, subject=source.name, detail=detail)
        with self.store.transaction() as tx:
            tx.events.append(event)
        return {**told, "digest": told["sha256"], "submission": None, "status": "refused"}


def _json(answer: Answer) -> Json:
    from service.verification.result import answer_json

    return answer_json(answer)


def rejudge_at(settings: Settings, submission_id: str, now: dt.datetime, actor: str) -> str | None:
    """The same for a confined child, which opens the store itself: the new status, None where there is none."""
    from service.submissions.intake import rejudge

    with store_of(settings) as store:
        moment = moment_of(store, settings, now)
        judged = rejudge(submission_id, store=store, moment=moment, actor=actor)
    return judged.status.value if judged else None
