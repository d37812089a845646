"""Sandbox tasks over received forms: prove one, verify or submit many, re-evaluate one; each child opens the store."""

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
from service.language.message import public_code
from service.sandbox.inputs import Readable, UnopenedFile
from service.sandbox.limits import GaveUp, Limits, run_within_limits, within_limits

if TYPE_CHECKING:
    from service.store import Store
    from service.verification.prove import Moment
    from service.verification.result import Answer, ProofPayload

Json = dict[str, Any]
# Returns the answer for one file; given the GaveUp of an earlier reader, the answer without reading the file again.
Judge = Callable[..., Json]
_MODULES = (
    "service.cli",
    "service.submissions.intake",
    "service.store",
    "service.verification.result",
    "service.identifiers",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofTask:
    """Prove a file and keep nothing: whoever asked keeps the answer in a transaction of its own."""

    settings: Settings
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = _MODULES

    @contextmanager
    def opened(self) -> Iterator[Callable[[Readable, dt.datetime], ProofPayload]]:
        with store_of(self.settings) as store:

            def prove_file(source: Readable, now: dt.datetime) -> ProofPayload:
                moment = moment_of(store, self.settings, now)
                return _Prover(store=store, moment=moment, limits=self.limits).proof_of(source)

            yield prove_file


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyTask:
    """Verify (`keep` False) or submit (`keep` True) the files of one command, for one actor at one time."""

    settings: Settings
    now: dt.datetime
    actor: str
    keep: bool
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = _MODULES

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        with store_of(self.settings) as store:
            moment = moment_of(store, self.settings, self.now)
            prover = _Prover(store=store, moment=moment, limits=self.limits)

            def judge(source: Readable, gave_up: GaveUp | None = None) -> Json:
                if self.keep:
                    return prover.submitted(source, self.actor, gave_up)
                return dict(prover.proof_of(source, gave_up).answer)

            yield judge


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitTask:
    """Submit files that arrive over a long time: the time and the actor come with each file."""

    settings: Settings
    limits: Limits = field(default_factory=Limits)
    modules: tuple[str, ...] = _MODULES

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        with store_of(self.settings) as store:

            def submit(source: Readable, now: dt.datetime, actor: str, gave_up: GaveUp | None = None) -> Json:
                moment = moment_of(store, self.settings, now)
                return _Prover(store=store, moment=moment, limits=self.limits).submitted(source, actor, gave_up)

            yield submit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prover:
    """The open store of one child, and the moment its files are proved at."""

    store: Store
    moment: Moment
    limits: Limits

    def proof_of(self, source: Readable, gave_up: GaveUp | None = None) -> ProofPayload:
        """Prove a file; nothing is kept."""
        from service.verification.result import answer_unread, payload_of

        try:
            content = run_within_limits(source.read, limits=self.limits)
        except UnopenedFile as error:
            return payload_of(answer_unread(source.name, error, self._digest(source)))
        with self.store.reading() as tx:
            return payload_of(self._prove(gave_up)(content, source.name, tx=tx, moment=self.moment))

    def submitted(self, source: Readable, actor: str, gave_up: GaveUp | None = None) -> Json:
        """Keep and prove a file; the object of `submit` (contract)."""
        from service.identifiers import submission_id
        from service.submissions.intake import ingest, submission_json

        try:
            content = run_within_limits(source.read, limits=self.limits)
        except UnopenedFile as error:
            return self._unopened(source, error, actor)
        submission = ingest(
            content,
            source.name,
            store=self.store,
            moment=self.moment,
            actor=actor,
            new_id=lambda: submission_id(secrets.token_bytes),
            prover=self._prove(gave_up),
        )
        return submission_json(submission, source.name)

    def _prove(self, gave_up: GaveUp | None) -> Callable[..., Answer]:
        """Return `prove` within limits; after a reader gave up, its answer without reading the file again."""
        from service.verification.prove import prove
        from service.verification.result import answer_unread

        def prove_within_limits(content: bytes, file_name: str, **context: Any) -> Answer:
            if gave_up is not None:
                return answer_unread(file_name, gave_up, hashlib.sha256(content).hexdigest())
            with within_limits(self.limits):
                return prove(content, file_name, **context)

        return prove_within_limits

    def _unopened(self, source: Readable, error: UnopenedFile, actor: str) -> Json:
        """Keep the attempt alone, for the file itself cannot be had."""
        from service.records import Event
        from service.verification.result import answer_json, answer_unread

        payload = answer_json(answer_unread(source.name, error, self._digest(source)))
        digest = payload["sha256"]
        event = Event(
            at=self.moment.now,
            actor=actor,
            action=f"submission.{public_code(error.code)}",
            subject=source.name,
            detail={"digest": digest},
        )
        with self.store.transaction() as tx:
            tx.events.append(event)
        return {**payload, "digest": digest, "submission": None, "status": "refused"}

    def _digest(self, source: Readable) -> str:
        return run_within_limits(source.digest, limits=self.limits)


def reevaluate_in_sandbox(settings: Settings, submission_id: str, now: dt.datetime, actor: str) -> str | None:
    """Prove a submission in review again, in a sandbox child; return its new status, None if it is not in review."""
    from service.submissions.intake import reevaluate

    with store_of(settings) as store:
        moment = moment_of(store, settings, now)
        submission = reevaluate(submission_id, store=store, moment=moment, actor=actor)
    return submission.status.value if submission else None
