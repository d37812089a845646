"""Forms judged in a confined child against the installation's register: verified, or submitted and kept."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.cli.door import moment_of
from service.cli.work import Json, Judge
from service.config import Settings
from service.confined import Cause
from service.records import Event
from service.sources import Source

if TYPE_CHECKING:
    from service.ingest import Moment
    from service.proof.answer import Answer
    from service.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Verify (`keep` False) or submit (`keep` True). The store is opened once in every child."""

    settings: Settings
    now: dt.datetime
    actor: str
    keep: bool
    modules: tuple[str, ...] = ("service.ingest", "service.store", "service.proof.unread", "service.numbers")

    @contextmanager
    def opened(self) -> Iterator[Judge]:
        with self._store() as store:
            moment = moment_of(store, self.settings, self.now)
            judge = self._submit if self.keep else self._verify
            yield lambda source: judge(source, store, moment)

    def gave_up(self, source: Source, cause: Cause) -> Json:
        """A file that was submitted stays received, and the next run tries it again: nothing is known against it."""
        from service.proof.unread import given_up

        answer = given_up(source, cause)
        if not self.keep:
            return _json(answer)
        with self._store() as store:
            detail = {"digest": answer.report.sha256, "cause": cause}
            self._note(store, "submission.reader_gave_up", source, detail)
            with store.reading() as tx:
                kept = tx.submissions.find_by_digest(answer.report.sha256)
        return _unjudged(answer, "review", kept.id if kept else None)

    def _verify(self, source: Source, store: Store, moment: Moment) -> Json:
        from service.ingest import prove
        from service.proof.unread import content_of, refused_unread

        content = content_of(source)
        if not isinstance(content, bytes):
            return _json(refused_unread(source, content))
        with store.reading() as tx:
            return _json(prove(content, source.name, tx=tx, moment=moment))

    def _submit(self, source: Source, store: Store, moment: Moment) -> Json:
        from service.ingest import ingest
        from service.numbers import submission_id
        from service.proof.unread import content_of, refused_unread

        content = content_of(source)
        if not isinstance(content, bytes):
            answer = refused_unread(source, content)
            detail = {"digest": answer.report.sha256, "size": source.size}
            self._note(store, f"submission.{answer.reasons[0].code}", source, detail)
            return _unjudged(answer, "refused", None)
        kept = ingest(
            content,
            source.name,
            store=store,
            moment=moment,
            actor=self.actor,
            new_id=lambda: submission_id(secrets.token_bytes),
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

    def _store(self) -> Store:
        from service.store import open_store

        return open_store(database_url=self.settings.database_url, storage_url=self.settings.storage_url)

    def _note(self, store: Store, action: str, source: Source, detail: Json) -> None:
        with store.transaction() as tx:
            tx.events.append(Event(at=self.now, actor=self.actor, action=action, subject=source.name, detail=detail))


def _unjudged(answer: Answer, status: str, submission: str | None) -> Json:
    return {**_json(answer), "digest": answer.report.sha256, "submission": submission, "status": status}


def _json(answer: Answer) -> Json:
    from service.proof.answer import answer_json

    return answer_json(answer)
